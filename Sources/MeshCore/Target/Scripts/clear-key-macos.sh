# Restarts the daemon so that it forgets a key that was refused (it would try that one again, and
# a later `up` would show the old error).
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  if label=$(launchd_label); then
    limited 60 launchctl kickstart -k "system/$label" >"$out" 2>&1
    code=$?
    # An admin operates the client, but does not restart its daemon.
    if [ "$code" -ne 0 ] && [ "$(id -u)" -ne 0 ]; then code=77; fi
  else
    echo 'tailscaled is no LaunchDaemon here; restart it by hand' >"$out"
    code=69
  fi
  # The daemon answers a moment after its job counts as started.
  if [ "$code" -eq 0 ]; then wait_until_answers; fi

  answer_file restart "$code" "$out"
  client_section state tailscale status --json --peers=false
  finish
} </dev/null
