# Installs the daemon's LaunchDaemon where there is none, starts it, and waits until it answers.
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"

  ended() { # STAGE-STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$out"
    client_section state tailscale status --json --peers=false
    client_section prefs tailscale debug prefs
    finish
  }

  have tailscaled || {
    echo 'tailscaled: not found' >"$out"
    ended 1 missing
  }
  if daemon_answers; then ended 0 ''; fi

  if label=$(launchd_label); then
    limited 30 launchctl enable "system/$label" >>"$out" 2>&1
    # It fails where the job is loaded already, which is as good.
    limited 30 launchctl bootstrap system "$(launchd_plist "$label")" >>"$out" 2>&1
    limited 30 launchctl kickstart "system/$label" >>"$out" 2>&1 || ended 1 start
  else
    # Homebrew's job follows its upgrades; the daemon's own copies the program and goes stale.
    started=no
    if brew=$(brew_path) && limited 180 "$brew" services start tailscale >>"$out" 2>&1; then
      started=yes
    fi
    [ "$started" = yes ] || limited 60 tailscaled install-system-daemon >>"$out" 2>&1 ||
      ended 1 enable
  fi

  wait_until_answers || {
    limited 10 tailscale status --json --peers=false >>"$out" 2>&1
    ended 1 answer
  }
  ended 0 ''
} </dev/null
