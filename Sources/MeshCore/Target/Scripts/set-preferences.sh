# Changes only the preferences that are named.
#
# ARGS  one `tailscale set` flag a line
{
  meshctl_mkdir
  set --
  while IFS= read -r flag; do
    [ -z "$flag" ] || set -- "$@" "$flag"
  done <<MESHCTL_ARGS
$ARGS
MESHCTL_ARGS

  if have tailscale; then
    limited 60 tailscale set "$@" >"$MESHCTL_TMP/out" 2>&1
    code=$?
  else
    echo 'tailscale: not found' >"$MESHCTL_TMP/out"
    code=127
  fi

  answer_file set "$code" "$MESHCTL_TMP/out"
  client_state
  finish
} </dev/null
