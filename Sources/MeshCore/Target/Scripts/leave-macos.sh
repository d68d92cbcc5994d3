# Takes the client off the mesh without logging it out.
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  code=0

  if ! have tailscale; then
    echo 'no client is installed' >"$out"
  elif daemon_answers; then
    limited 60 tailscale down >"$out" 2>&1
    code=$?
  elif label=$(launchd_label); then
    # A daemon that does not run cannot be told: it stays off after a reboot too.
    limited 30 launchctl disable "system/$label" >"$out" 2>&1
    code=$?
  else
    echo 'the daemon does not run' >"$out"
  fi

  answer_file down "$code" "$out"
  client_state
  finish
} </dev/null
