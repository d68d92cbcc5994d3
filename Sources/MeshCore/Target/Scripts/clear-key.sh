# Restarts the daemon so that it forgets a key that was refused (it would try that one again, and
# a later `up` would show the old error).
{
  meshctl_mkdir
  OUT=$MESHCTL_TMP/out
  : >"$OUT"
  daemon_restart
  code=$?
  answer_file restart "$code" "$OUT"
  client_section state tailscale status --json --peers=false
  finish
} </dev/null
