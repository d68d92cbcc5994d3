# How check-server asks a web server with whatever is there; stands in front of check-server.sh, which
# sets the variables below.
#
# body errors headers  files for an answer's body, a tool's complaints, an answer's headers
# wait_seconds         how long one question may take
# wget_kind            gnu or busybox
# clock                seconds that whoever answered is ahead of this host; empty until known
# shellcheck disable=SC2154,SC2034 # set and used there

error_text() {
  head -c 2048 "$errors"
}

# stage_of_text TEXT: for tools whose exit code does not tell (busybox wget, for one).
stage_of_text() {
  case $1 in
    *'bad address'* | *'esolv'* | *'ame or service not known'* | *'not known'* | \
      *'getaddrinfo'* | *'BIO_lookup'*) echo resolve ;;
    *'onnection refused'* | *'timed out'* | *'nreachable'* | *'No route to host'*) echo connect ;;
    *'ertificate'* | *'SSL'* | *'TLS'* | *'ssl_client'* | *'verify error'*) echo tls ;;
    *'server returned error'* | *'HTTP/1.'*[45][0-9][0-9]* | *'ERROR '[345][0-9][0-9]*) echo http ;;
    *) echo connect ;;
  esac
}

# epoch DAY MONTH YEAR HH:MM:SS: seconds since 1970; nothing where that is no date. Its words come
# from a server, so only digits reach the arithmetic.
epoch() {
  case $1$3$4 in '' | *[!0-9:]*) return 0 ;; esac
  case $2 in
    Jan) month=13 ;; Feb) month=14 ;; Mar) month=3 ;; Apr) month=4 ;; May) month=5 ;;
    Jun) month=6 ;; Jul) month=7 ;; Aug) month=8 ;; Sep) month=9 ;; Oct) month=10 ;;
    Nov) month=11 ;; Dec) month=12 ;; *) return 0 ;;
  esac
  case $1 in [0-9] | [0-9][0-9]) day=${1#0} ;; *) return 0 ;; esac
  case $3 in [12][0-9][0-9][0-9]) year=$3 ;; *) return 0 ;; esac
  case $4 in [0-9][0-9]:[0-9][0-9]:[0-9][0-9]) ;; *) return 0 ;; esac
  hour=${4%%:*}
  minute=${4#*:}
  minute=${minute%%:*}
  second=${4##*:}
  [ "$month" -lt 13 ] || year=$((year - 1))
  days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469))
  echo $((((days * 24 + ${hour#0}) * 60 + ${minute#0}) * 60 + ${second#0}))
}

# read_clock FILE: how far the clock of whoever answered is ahead of ours, from its last Date.
read_clock() {
  [ -z "$clock" ] || return 0
  now=$(date +%s)
  date_line=$(head -n 60 "$1" 2>/dev/null | tr -d '\r' | grep -i '^[[:space:]]*date:' | tail -n 1)
  # `Date: Tue, 15 Nov 1994 08:12:31 GMT`
  server=$(
    set -f
    # shellcheck disable=SC2086 # its words
    set -- $date_line
    [ $# -lt 6 ] || epoch "$3" "$4" "$5" "$6"
  )
  case $now in '' | *[!0-9]*) return 0 ;; esac
  [ -z "$server" ] || clock=$((server - now))
}

# Every fetch_… takes a URL, fills $body and $errors, sets $stage (ok: status 200), $code and $said.
fetch_curl() {
  # -q first: no ~/.curlrc; -g: brackets in a URL are an IPv6 address.
  limited $((wait_seconds + 4)) curl -q -g -sS -m "$wait_seconds" \
    --connect-timeout "$wait_seconds" --max-filesize 262144 --proto '=http,https' \
    -o "$body" -D "$headers" -w '%{http_code} %{time_connect} %{time_appconnect}' \
    --url "$1" >"$MESHCTL_TMP/measured" 2>"$errors"
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
      case $tls_time/$1 in /https:* | 0/https:* | 0.000000/https:*) stage=tls ;; esac
      case $connect_time in '' | 0 | 0.000000) stage=connect ;; esac
      ;;
    *) stage=http ;;
  esac
  read_clock "$headers"
}

# wget_has FLAG: GNU's has all; busybox's as it was built.
wget_has() {
  [ "$wget_kind" = gnu ] || wget --help 2>&1 |
    grep -q -e "^[[:space:]]*-$1" -e "\\[-[a-zA-Z]*${1}[] a-zA-Z]"
}

fetch_wget() {
  wget_flags=-q
  # -S shows the server's headers on standard error.
  if wget_has S; then wget_flags="$wget_flags -S"; fi
  if wget_has T; then wget_flags="$wget_flags -T $wait_seconds"; fi
  # shellcheck disable=SC2086 # flags
  limited $((wait_seconds + 4)) wget $wget_flags -O "$body" -- "$1" 2>"$errors"
  code=$?
  read_clock "$errors"
  # GNU wget says nothing of its troubles with -q; ask again for its words.
  case $wget_kind:$code in
    gnu:[1-7])
      limited $((wait_seconds + 4)) wget -nv -T "$wait_seconds" -t 1 -O /dev/null -- "$1" \
        2>"$errors"
      ;;
  esac
  said="wget exit $code: $(error_text)"
  case $code in
    0)
      stage=ok
      said='HTTP status 200'
      ;;
    5) stage=tls ;;
    8)
      stage=http
      said="wget exit 8: $(grep -e 'HTTP/1' -e 'ERROR ' "$errors" | tail -n 1)"
      ;;
    124 | 137 | 143)
      stage=connect
      said="no answer within $((wait_seconds + 4)) s"
      ;;
    *) stage=$(stage_of_text "$said") ;;
  esac
}

fetch_python3() {
  limited $((wait_seconds + 12)) python3 -c '
import socket, ssl, sys, urllib.error, urllib.request
def date(answer):
    print("Date:", answer.headers.get("Date", ""), file=open(sys.argv[3], "w"))
try:
    with urllib.request.urlopen(sys.argv[1], timeout=int(sys.argv[2])) as answer:
        date(answer)
        sys.stdout.buffer.write(answer.read(262144))
except urllib.error.HTTPError as error:
    date(error)
    print("http", error, file=sys.stderr); sys.exit(1)
except urllib.error.URLError as error:
    why = error.reason
    stage = "connect"
    if isinstance(why, socket.gaierror): stage = "resolve"
    elif isinstance(why, ssl.SSLError): stage = "tls"
    print(stage, why, file=sys.stderr); sys.exit(1)
except Exception as error:
    print("http", error, file=sys.stderr); sys.exit(1)
' "$1" "$wait_seconds" "$headers" >"$body" 2>"$errors"
  code=$?
  said=$(error_text)
  stage=ok
  if [ "$code" -ne 0 ]; then
    stage=${said%% *}
    said=${said#* }
    case $stage in resolve | connect | tls | http) ;; *) stage=connect ;; esac
  else
    said='HTTP status 200'
  fi
  read_clock "$headers"
}

# split_url URL: sets url_host (no brackets), url_port, url_authority and url_path.
split_url() {
  url_authority=${1#*://}
  case $url_authority in
    */*)
      url_path=/${url_authority#*/}
      url_authority=${url_authority%%/*}
      ;;
    *) url_path= ;;
  esac
  url_host=$url_authority
  url_port=
  case $url_authority in
    \[*\]:*) url_port=${url_authority##*:} ;;
    \[*\]) ;;
    *:*) url_port=${url_authority##*:} ;;
  esac
  [ -z "$url_port" ] || url_host=${url_host%:*}
  url_host=${url_host#\[}
  url_host=${url_host%\]}
  if [ -z "$url_port" ]; then
    case $1 in https:*) url_port=443 ;; *) url_port=80 ;; esac
  fi
}

# judge_raw: a whole answer with its head in $body, from a tool that speaks no HTTP itself.
judge_raw() {
  first=$(head -n 1 "$body" | tr -d '\r')
  read_clock "$body"
  case $first in
    'HTTP/1.'?' 200'*)
      stage=ok
      said='HTTP status 200'
      ;;
    *)
      stage=http
      said=${first:-'the connection was closed without an answer'}
      ;;
  esac
}

# http:// only; bash opens the connection itself.
fetch_bash() {
  split_url "$1"
  # shellcheck disable=SC2016 # the inner shell expands
  limited $((wait_seconds + 4)) bash -c '
exec 3<>"/dev/tcp/$1/$2" || exit 7
printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$3" "$4" >&3
head -c 262144 <&3
' bash "$url_host" "$url_port" "$url_path" "$url_authority" >"$body" 2>"$errors"
  code=$?
  said=$(error_text)
  stage=connect
  case $code in
    0) judge_raw ;;
    124 | 137 | 143) said="no answer within $((wait_seconds + 4)) s" ;;
    *)
      case $(stage_of_text "$said") in resolve) stage=resolve ;; esac
      ;;
  esac
}

# https:// only; openssl speaks TLS, the request is ours.
fetch_openssl() {
  split_url "$1"
  case $url_host in
    *:*) verify=-verify_ip ;;
    *[!0-9.]*) verify=-verify_hostname ;;
    *) verify=-verify_ip ;;
  esac
  case $url_host in *:*) place=[$url_host]:$url_port ;; *) place=$url_host:$url_port ;; esac
  # shellcheck disable=SC2016 # the inner shell expands
  limited $((wait_seconds + 4)) sh -c '
name=$5
[ "$4" = -verify_hostname ] || name=
{ printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$1" "$2"; } |
openssl s_client -connect "$3" ${name:+-servername "$name"} "$4" "$5" -verify_return_error -quiet
' sh "$url_path" "$url_authority" "$place" "$verify" "$url_host" >"$body" 2>"$errors"
  code=$?
  stage=connect
  said="openssl exit $code: $(grep -i -e error -e errno -e refused -e verif "$errors" | head -n 3)"
  if [ -s "$body" ]; then
    code=0
    judge_raw
  else
    case $code in
      124 | 137 | 143) said="no answer within $((wait_seconds + 4)) s" ;;
      *) stage=$(stage_of_text "$(error_text)") ;;
    esac
  fi
}

# What this system is inside of, since NAT and bridges stop multicast.
container() {
  if [ -e /.dockerenv ]; then echo docker
  elif [ -e /run/.containerenv ]; then echo podman
  elif [ -e /proc/sys/fs/binfmt_misc/WSLInterop ] || [ -d /mnt/wsl ] ||
    [ -e /proc/sys/fs/binfmt_misc/WSLInterop-late ]; then echo wsl
  elif grep -q -e docker -e kubepods -e containerd /proc/1/cgroup 2>/dev/null; then echo docker
  elif grep -q -e lxc /proc/1/cgroup 2>/dev/null || [ -e /dev/lxd/sock ]; then echo lxc
  else
    kind=
    [ ! -r /run/systemd/container ] || kind=$(head -c 64 /run/systemd/container)
    if [ -z "$kind" ] && have systemd-detect-virt; then
      kind=$(limited 5 systemd-detect-virt 2>/dev/null)
    fi
    case $kind in
      docker | podman | lxc* | wsl) echo "${kind%%-*}" ;;
      systemd-nspawn | container-other | openvz | rkt | proot | pouch) echo container ;;
      none) echo none ;;
      '')
        case $(cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null) in
          *QEMU* | *VMware* | *VirtualBox* | *innotek* | *'Virtual Machine'* | *KVM*) echo vm ;;
          *) if [ "$(sysctl -n kern.hv_vmm_present 2>/dev/null)" = 1 ]; then echo vm; else echo none; fi ;;
        esac
        ;;
      *) echo vm ;;
    esac
  fi
}
