# Enables and starts the daemon and waits until it answers.
{
  meshctl_mkdir
  OUT=$MESHCTL_TMP/out
  : >"$OUT"
  notes=

  ended() { # STAGE-STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$OUT"
    answer notes 0 "$notes"
    client_section state tailscale status --json --peers=false
    client_section prefs tailscale debug prefs
    finish
  }

  # The daemon's own words where it may not use the device, although it could be opened.
  lacks_tun() {
    grep -q -e 'tstun.New' -e 'CreateTUN' -e '/dev/net/tun' "$1"
  }

  have tailscaled || {
    echo 'tailscaled: not found' >"$OUT"
    ended 1 missing
  }

  init=$(daemon_init)
  if ! daemon_answers && ! make_tun; then
    notes=userspace
    use_userspace || {
      echo 'userspace networking could not be set up' >>"$OUT"
      ended 1 start
    }
  fi

  case $init in
    systemd)
      limited 30 systemctl enable tailscaled >>"$OUT" 2>&1 || ended 1 enable
      limited 60 systemctl start tailscaled >>"$OUT" 2>&1 || {
        limited 10 journalctl -u tailscaled -n 20 --no-pager -o cat >"$MESHCTL_TMP/journal" 2>&1
        if [ -z "$notes" ] && lacks_tun "$MESHCTL_TMP/journal" && use_userspace &&
          limited 60 systemctl restart tailscaled >>"$OUT" 2>&1; then
          notes=userspace
        else
          cat "$MESHCTL_TMP/journal" >>"$OUT"
          ended 1 start
        fi
      }
      ;;
    openrc)
      limited 30 rc-update add tailscale default >>"$OUT" 2>&1 || ended 1 enable
      limited 60 rc-service tailscale start >>"$OUT" 2>&1 || ended 1 start
      ;;
    *)
      notes=${notes:+$notes
}not-persistent
      if ! daemon_answers; then
        start_without_init || ended 1 start
        if ! wait_until_answers && [ "${DAEMON_USERSPACE-}" != yes ] &&
          lacks_tun /var/log/tailscaled.log; then
          stop_without_init || ended 1 start
          use_userspace
          start_without_init || ended 1 start
          notes="userspace
$notes"
        fi
      fi
      ;;
  esac

  wait_until_answers || {
    [ "$init" != none ] || tail -n 10 /var/log/tailscaled.log >>"$OUT" 2>/dev/null
    limited 10 tailscale status --json --peers=false >>"$OUT" 2>&1
    ended 1 answer
  }
  ended 0 ''
} </dev/null
