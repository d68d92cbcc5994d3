# Takes the client off the mesh without logging it out.
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  code=0

  if ! have tailscale; then
    echo 'no client is installed' >"$out"
  elif limited 10 tailscale status --json --peers=false >/dev/null 2>&1; then
    limited 60 tailscale down >"$out" 2>&1
    code=$?
  elif [ -d /run/systemd/system ]; then
    # A daemon that does not run cannot be told: it stays off after a reboot too.
    limited 30 systemctl disable tailscaled >"$out" 2>&1
    code=$?
  elif have rc-update; then
    limited 30 rc-update del tailscale default >"$out" 2>&1
    code=$?
  else
    echo 'the daemon does not run' >"$out"
  fi

  answer_file down "$code" "$out"
  client_state
  finish
} </dev/null
