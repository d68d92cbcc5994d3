# Finds out whether this host reaches the control server, and if not, at which stage it fails.
#
# SCHEME HOST PORT  of the login server; HOST without the brackets of an IPv6 address
# URL               normalised, without a final slash
{
  meshctl_mkdir
  body=$MESHCTL_TMP/body
  errors=$MESHCTL_TMP/errors
  address=
  tool=
  url_path=${URL#*://}
  case $url_path in
    */*) url_path=/${url_path#*/} ;;
    *) url_path= ;;
  esac

  verdict() { # VERDICT EVIDENCE
    answer verdict 0 "$1"
    answer evidence 0 "$2"
    answer tool 0 "$tool"
    answer address 0 "$address"
    finish
  }

  error_text() {
    head -c 2048 "$errors"
  }

  # What Headscale answers: /health says pass; behind a proxy that hides /health, /key is proof too.
  is_health() {
    grep -q '"status"[[:space:]]*:[[:space:]]*"pass"' "$body"
  }
  is_key() {
    grep -qi '"publicKey"[[:space:]]*:' "$body"
  }

  # stage_of_text TEXT: for tools whose exit code does not tell (busybox wget, for one).
  stage_of_text() {
    case $1 in
      *'bad address'* | *'esolv'* | *'Name or service not known'* | *'not known'*) echo resolve ;;
      *'ertificate'* | *'SSL'* | *'TLS'* | *'ssl_client'*) echo tls ;;
      *'server returned error'* | *'HTTP/1.'*[45][0-9][0-9]* | *'ERROR '[345][0-9][0-9]*) echo http ;;
      *) echo connect ;;
    esac
  }

  # Every fetch_… takes a path, fills $body and $errors, sets $stage (ok: status 200) and $said.
  fetch_curl() {
    # -q first: no ~/.curlrc; -g: brackets in a URL are an IPv6 address.
    limited 12 curl -q -g -sS -m 8 --connect-timeout 8 --max-filesize 262144 \
      --proto '=http,https' -o "$body" -w '%{http_code} %{time_connect} %{time_appconnect}' \
      --url "$URL$1" >"$MESHCTL_TMP/measured" 2>"$errors"
    code=$?
    http_code=
    connect_time=
    tls_time=
    # No final line feed, so read fails, though it has read.
    read -r http_code connect_time tls_time <"$MESHCTL_TMP/measured" || :
    said="curl exit $code: $(error_text)"
    case $code in
      0)
        said="HTTP status $http_code"
        if [ "$http_code" = 200 ]; then stage=ok; else stage=http; fi
        ;;
      5 | 6) stage=resolve ;;
      7) stage=connect ;;
      35 | 51 | 53 | 54 | 58 | 59 | 60 | 66 | 77 | 80 | 82 | 83 | 90 | 91) stage=tls ;;
      28 | 124 | 137 | 143)
        stage=http
        case $tls_time/$SCHEME in /https | 0/https | 0.000000/https) stage=tls ;; esac
        case $connect_time in '' | 0 | 0.000000) stage=connect ;; esac
        ;;
      *) stage=http ;;
    esac
  }

  fetch_wget() {
    set -- "$URL$1"
    limited 12 wget -q -T 8 -O "$body" -- "$1" 2>"$errors"
    code=$?
    said="wget exit $code: $(error_text)"
    case $code in
      0) stage=ok ;;
      5) stage=tls ;;
      8) stage=http ;;
      124 | 137 | 143)
        stage=connect
        said='no answer within 8 s'
        ;;
      *)
        stage=$(stage_of_text "$said")
        # GNU wget says little with -q; ask again for its words.
        if [ "$code" -eq 4 ] && [ ! -s "$errors" ]; then
          limited 12 wget -nv -T 8 -t 1 -O /dev/null -- "$1" 2>"$errors"
          said="wget exit $code: $(error_text)"
          stage=$(stage_of_text "$said")
        fi
        ;;
    esac
  }

  fetch_python3() {
    limited 20 python3 -c '
import socket, ssl, sys, urllib.error, urllib.request
try:
    with urllib.request.urlopen(sys.argv[1], timeout=8) as answer:
        sys.stdout.buffer.write(answer.read(262144))
except urllib.error.HTTPError as error:
    print("http", error, file=sys.stderr); sys.exit(1)
except urllib.error.URLError as error:
    why = error.reason
    stage = "connect"
    if isinstance(why, socket.gaierror): stage = "resolve"
    elif isinstance(why, ssl.SSLError): stage = "tls"
    print(stage, why, file=sys.stderr); sys.exit(1)
except Exception as error:
    print("http", error, file=sys.stderr); sys.exit(1)
' "$URL$1" >"$body" 2>"$errors"
    code=$?
    said=$(error_text)
    stage=ok
    if [ "$code" -ne 0 ]; then
      stage=${said%% *}
      said=${said#* }
      case $stage in resolve | connect | tls | http) ;; *) stage=connect ;; esac
    fi
  }

  # http:// only; bash opens the connection itself.
  fetch_bash() {
    # shellcheck disable=SC2016 # the inner shell expands
    limited 12 bash -c '
exec 3<>"/dev/tcp/$1/$2" || exit 7
printf "GET %s HTTP/1.0\r\nHost: %s:%s\r\nConnection: close\r\n\r\n" "$3" "$1" "$2" >&3
head -c 262144 <&3
' bash "$HOST" "$PORT" "$url_path$1" >"$body" 2>"$errors"
    code=$?
    said=$(error_text)
    first=$(head -n 1 "$body" | tr -d '\r')
    stage=connect
    case $code:$first in
      0:'HTTP/1.'?' 200'*) stage=ok ;;
      0:*)
        stage=http
        said=${first:-'the connection was closed without an answer'}
        ;;
      124:* | 137:* | 143:*) said='no answer within 12 s' ;;
    esac
  }

  # 1. The name, as this system resolves it.
  case $HOST in
    *:*) address=$HOST ;;
    *[!0-9.]*)
      resolver=none
      if have getent; then
        resolver=getent
        address=$(limited 8 getent ahosts "$HOST" 2>"$errors")
        [ -n "$address" ] || address=$(limited 8 getent hosts "$HOST" 2>>"$errors")
        address=$(printf '%s\n' "$address" | awk 'NF { print $1; exit }')
      elif have python3; then
        resolver=python3
        address=$(limited 8 python3 -c \
          'import socket, sys; print(socket.getaddrinfo(sys.argv[1], None)[0][4][0])' \
          "$HOST" 2>"$errors")
      fi
      if [ "$resolver" != none ] && [ -z "$address" ]; then
        tool=$resolver
        verdict resolve "$HOST does not resolve here ($resolver) $(tail -n 1 "$errors")"
      fi
      ;;
    *) address=$HOST ;;
  esac

  # 2. Connect, TLS, HTTP.
  for candidate in curl wget python3 bash; do
    have "$candidate" || continue
    if [ "$candidate" = bash ] && [ "$SCHEME" != http ]; then continue; fi
    tool=$candidate
    "fetch_$tool" /health
    # A tool that crashes or cannot run says nothing about the server.
    case $code in 126 | 127 | 132 | 134 | 135 | 136 | 139) tool= ;; *) break ;; esac
  done
  [ -n "$tool" ] || verdict no-tool "none of curl, wget, python3 (or bash for http) works here"

  if [ "$stage" = ok ] && is_health; then verdict ok "$said"; fi
  case $stage in ok | http) ;; *) verdict "$stage" "$said" ;; esac

  # 3. Somebody speaks HTTP there. Is it a control server whose /health is hidden?
  first_stage=$stage
  first_said=$said
  first_body=$(head -c 200 "$body" 2>/dev/null | tr -c '[:print:]' ' ')
  "fetch_$tool" '/key?v=100'
  if [ "$stage" = ok ] && is_key; then verdict ok "$said (/key)"; fi
  if [ "$first_stage" = ok ]; then verdict body "/health answered: $first_body"; fi
  verdict http "$first_said"
} </dev/null
