# Joins the mesh, or starts a stopped client, with a complete flag set.
#
# ARGS           one `tailscale up` flag a line, without key and timeout; empty for a bare `up`
# TIMEOUT        seconds for `up`
# AUTH_KEY_FILE  path of the key file (0600, in MESHCTL_TMP); unset where no key is needed
{
  forget_key() {
    [ -z "${AUTH_KEY_FILE-}" ] || rm -f "$AUTH_KEY_FILE"
  }
  trap 'forget_key; meshctl_clean' EXIT
  meshctl_mkdir

  set --
  while IFS= read -r flag; do
    [ -z "$flag" ] || set -- "$@" "$flag"
  done <<MESHCTL_ARGS
$ARGS
MESHCTL_ARGS
  [ -z "${AUTH_KEY_FILE-}" ] || set -- "$@" "--auth-key=file:$AUTH_KEY_FILE"
  # `up` without any flag only starts a stopped client; with a single one, `--timeout` too, it wants
  # all that are not default. So a bare `up` is bounded by the outer limit alone.
  [ "$#" -eq 0 ] || set -- "$@" "--timeout=${TIMEOUT}s"

  # Two controllers share no lock file, so a join holds one here; the kernel frees it.
  locked=yes
  # An operator who is not root has a lock of its own, where others can put none first.
  for lock in /run/meshctl-join.lock "/run/user/$(id -u)/meshctl-join.lock" \
    "/run/lock/meshctl-join.$(id -u).lock"; do
    if have flock && (: >>"$lock") 2>/dev/null; then
      exec 9>>"$lock"
      flock -n 9 || locked=no
      break
    fi
  done

  if [ "$locked" = no ]; then
    echo 'another meshctl run is joining this host' >"$MESHCTL_TMP/out"
    code=75
  elif have tailscale; then
    # `--timeout` counts only from the moment the preferences are applied; the outer limit always.
    limited "$((TIMEOUT + 15))" tailscale up "$@" >"$MESHCTL_TMP/out" 2>&1 9>&-
    code=$?
    # Said, not left to the closing: busybox's own `timeout` keeps a copy of the descriptor open.
    if have flock; then flock -u 9 2>/dev/null; fi
  else
    echo 'tailscale: not found' >"$MESHCTL_TMP/out"
    code=127
  fi
  forget_key

  answer_file up "$code" "$MESHCTL_TMP/out"
  client_state
  finish
} </dev/null
