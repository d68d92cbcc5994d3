# Asks from this host whether a URL answers; changes nothing. check-server-tools.sh stands in front of this.
#
# URL  http:// or https://
# shellcheck disable=SC2034,SC2154 # read and set there
{
  meshctl_mkdir
  body=$MESHCTL_TMP/body
  errors=$MESHCTL_TMP/errors
  headers=$MESHCTL_TMP/headers
  clock=
  wait_seconds=8
  tool=
  wget_kind=gnu
  if have wget && wget --help 2>&1 | head -n 2 | grep -qi busybox; then wget_kind=busybox; fi
  stage=no-tool
  said='none of curl, wget, python3, bash (http) and openssl (https) works here'
  for try in curl wget python3 bash openssl busybox-wget; do
    case $try in busybox-wget) have wget || continue ;; *) have "$try" || continue ;; esac
    # busybox wget does not check certificates, so it comes last for https.
    case $try:$wget_kind:$URL in
      wget:busybox:https:* | busybox-wget:gnu:* | busybox-wget:*:http:*) continue ;;
      bash:*:https:* | openssl:*:http:*) continue ;;
    esac
    tool=$try
    : >"$body"
    : >"$headers"
    "fetch_${tool#busybox-}" "$URL"
    # A tool that crashes or cannot run says nothing about the place.
    case $code in
      126 | 127 | 132 | 134 | 135 | 136 | 139)
        tool=
        stage=no-tool
        ;;
      *) break ;;
    esac
  done
  # Larger than what is read: it is there.
  [ "$tool:$code" != curl:63 ] || stage=ok
  answer verdict 0 "$stage"
  answer evidence 0 "$said"
  answer tool 0 "$tool"
  finish
} </dev/null
