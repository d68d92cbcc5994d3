# Restarts the daemon so that it forgets a key that was refused (it would try that one again, and
# a later `up` would show the old error).
{
  meshctl_mkdir
  OUT=$MESHCTL_TMP/out
  : >"$OUT"
  if [ "$(id -u)" -eq 0 ]; then
    daemon_restart
    code=$?
  else
    # The client itself offers its operator no safe way: `up --auth-key=` wants every setting again,
    # and `logout` takes the profile along that names the operator.
    echo 'only root restarts the daemon; until that happens it may try the refused key again' >"$OUT"
    code=77
  fi
  answer_file restart "$code" "$OUT"
  client_section state tailscale status --json --peers=false
  finish
} </dev/null
