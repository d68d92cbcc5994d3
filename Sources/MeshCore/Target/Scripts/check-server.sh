# Finds out whether this host reaches the control server, and if not, at which stage it fails.
#
# SCHEME HOST PORT  of the login server; HOST without the brackets of an IPv6 address
# URL               normalised, without a final slash
# CANDIDATES        URLs of the same server by address, one a line; asked only where the name gives
#                   the client nothing
#
# The questions themselves are asked by check-server-tools.sh, which stands in front of this.
# shellcheck disable=SC2034,SC2154 # read and set there
{
  meshctl_mkdir
  body=$MESHCTL_TMP/body
  errors=$MESHCTL_TMP/errors
  headers=$MESHCTL_TMP/headers
  address=
  mdns=
  tool=
  clock=
  proxy=
  proxied=
  candidate=
  tried=
  wait_seconds=8

  # What Headscale answers: /health says pass; behind a proxy that hides /health, /key is proof too.
  is_health() {
    grep -q '"status"[[:space:]]*:[[:space:]]*"pass"' "$body"
  }
  is_key() {
    grep -qi '"publicKey"[[:space:]]*:' "$body"
  }

  # ask URL: sets $result and $result_said; takes the first tool that works here.
  ask() {
    for try in curl wget python3 bash openssl busybox-wget; do
      case $try in busybox-wget) have wget || continue ;; *) have "$try" || continue ;; esac
      # busybox wget does not check certificates, so it comes last for https.
      case $try:$wget_kind:$1 in
        wget:busybox:https:* | busybox-wget:gnu:* | busybox-wget:*:http:*) continue ;;
        bash:*:https:* | openssl:*:http:*) continue ;;
      esac
      tool=$try
      : >"$body"
      : >"$headers"
      "fetch_${tool#busybox-}" "$1/health"
      # A tool that crashes or cannot run says nothing about the server.
      case $code in 126 | 127 | 132 | 134 | 135 | 136 | 139) tool= ;; *) break ;; esac
    done
    result=no-tool
    result_said='none of curl, wget, python3, bash (http) and openssl (https) works here'
    [ -n "$tool" ] || return 0
    result=$stage
    result_said=$said
    if [ "$stage" = ok ] && is_health; then return 0; fi
    case $stage in ok | http) ;; *) return 0 ;; esac
    # Somebody speaks HTTP there. Is it a control server whose /health is hidden?
    first_stage=$stage
    first_body=$(head -c 200 "$body" 2>/dev/null | tr -c '[:print:]' ' ')
    "fetch_${tool#busybox-}" "$1/key?v=100"
    if [ "$stage" = ok ] && is_key; then
      result=ok
      result_said="$said (/key)"
    elif [ "$first_stage" = ok ]; then
      result=body
      result_said="/health answered: $first_body"
    else
      result=http
    fi
  }

  # try_candidates: the first that answers as a control server; what each said.
  try_candidates() {
    wait_seconds=5
    while IFS= read -r url; do
      [ -n "$url" ] || continue
      ask "$url"
      tried="$tried${tried:+
}$url $result $(printf '%s' "$result_said" | tr '\n' ' ')"
      if [ "$result" = ok ]; then
        candidate=$url
        break
      fi
    done <<END_OF_CANDIDATES
$CANDIDATES
END_OF_CANDIDATES
  }

  verdict() { # VERDICT EVIDENCE
    answer verdict 0 "$1"
    answer evidence 0 "$2"
    answer tool 0 "$tool"
    answer address 0 "$address"
    answer mdns 0 "$mdns"
    answer candidate 0 "$candidate"
    answer candidates 0 "$tried"
    answer clock 0 "$clock"
    answer proxy 0 "$proxy"
    answer proxied 0 "$proxied"
    answer container 0 "$(container)"
    finish
  }

  # The client's service knows nothing of a login's proxy, so the question goes without it first.
  proxy_url=
  case $SCHEME in
    https) proxy_names='https_proxy HTTPS_PROXY all_proxy ALL_PROXY' ;;
    *) proxy_names='http_proxy HTTP_PROXY all_proxy ALL_PROXY' ;;
  esac
  for name in $proxy_names; do
    eval "value=\${$name-}"
    if [ -z "$proxy_url" ] && [ -n "$value" ]; then
      proxy_url=$value
      # A name and password in it stay here.
      case $value in
        *://*@*) value=${value%%://*}://${value##*@} ;;
        *@*) value=${value##*@} ;;
      esac
      proxy=$name=$value
    fi
    unset "$name"
  done

  wget_kind=gnu
  if have wget && wget --help 2>&1 | head -n 2 | grep -qi busybox; then wget_kind=busybox; fi

  # 1. The name, as this system resolves it.
  resolver=
  case $HOST in
    *:*) address=$HOST ;;
    *[!0-9.]*)
      : >"$errors"
      if have getent; then
        resolver=getent
        address=$(limited 8 getent ahosts "$HOST" 2>"$errors")
        [ -n "$address" ] || address=$(limited 8 getent hosts "$HOST" 2>>"$errors")
        address=$(printf '%s\n' "$address" | head -n 1)
        address=${address%%[[:space:]]*}
        # The client asks the hosts file and DNS only; what nss-mdns adds is nothing to it. -s is
        # glibc's, so where it is unknown nothing is said.
        if [ -n "$address" ] && limited 8 getent -s 'hosts:files' hosts localhost >/dev/null 2>&1; then
          mdns=no
          [ -n "$(limited 8 getent -s 'hosts:files dns' ahosts "$HOST" 2>/dev/null)" ] || mdns=yes
        fi
      elif have dscacheutil; then
        # Its exit code is 0 even where it found nothing.
        resolver=dscacheutil
        address=$(limited 8 dscacheutil -q host -a name "$HOST" 2>"$errors" |
          sed -n -e 's/^ip_address: //p' -e 's/^ipv6_address: //p' | head -n 1)
      elif have python3; then
        resolver=python3
        address=$(limited 8 python3 -c \
          'import socket, sys; print(socket.getaddrinfo(sys.argv[1], None)[0][4][0])' \
          "$HOST" 2>"$errors")
      fi
      ;;
    *) address=$HOST ;;
  esac

  # 2. Connect, TLS, HTTP, body.
  if [ -n "$resolver" ] && [ -z "$address" ]; then
    final=resolve
    final_said="$HOST does not resolve here ($resolver) $(tail -n 1 "$errors")"
    final_tool=$resolver
  else
    ask "$URL"
    final=$result
    final_said=$result_said
    final_tool=$tool
  fi
  if [ "$final" = resolve ] || [ "$mdns" = yes ]; then try_candidates; fi

  # 3. Through the login's proxy, where there is one and nothing else works.
  case $final in
    resolve | connect | tls | http | body)
      if [ -n "$proxy_url" ] && [ -z "$candidate" ]; then
        http_proxy=$proxy_url
        https_proxy=$proxy_url
        export http_proxy https_proxy
        ask "$URL"
        proxied=$result
      fi
      ;;
  esac
  tool=$final_tool
  verdict "$final" "$final_said"
} </dev/null
