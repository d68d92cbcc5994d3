# Restarts the daemon so that it forgets a key that was refused (it would try that one again, and
# a later `up` would show the old error).
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  if [ -d /run/systemd/system ]; then
    limited 60 systemctl restart tailscaled >"$out" 2>&1
  elif have rc-service; then
    limited 60 rc-service tailscale restart >"$out" 2>&1
  else
    echo 'no init system (systemd, OpenRC) runs here; restart tailscaled by hand' >"$out"
    (exit 69)
  fi
  code=$?

  # The daemon answers a moment after its service counts as started.
  tries=0
  while [ "$code" -eq 0 ] && [ "$tries" -lt 20 ]; do
    limited 10 tailscale status --json --peers=false >/dev/null 2>&1 && break
    tries=$((tries + 1))
    sleep 1
  done

  answer_file restart "$code" "$out"
  client_section state tailscale status --json --peers=false
  finish
} </dev/null
