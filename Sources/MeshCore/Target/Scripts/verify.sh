# Asks from this host whom it reaches: peers by the client's own ping, endpoints by TCP or ICMP. It changes nothing.
#
# PEERS       mesh addresses, one a line
# ENDPOINTS   `HOST PORT`, one a line; with `-` for the port an ICMP echo is sent
# WIDTH       how many are asked at once
# PINGS WAIT  pings of one try, and seconds to wait for each
# LIMIT       seconds after which no further one is asked; what is left has no section
{
  meshctl_mkdir
  began=$(date +%s)
  workers=

  # The workers end with us; each ends what it runs.
  stop_workers() {
    trap '' HUP INT PIPE TERM
    # shellcheck disable=SC2086 # a list
    [ -z "$workers" ] || kill -TERM $workers 2>/dev/null
    meshctl_stop "$1"
  }
  trap 'stop_workers 129' HUP
  trap 'stop_workers 130' INT
  trap 'stop_workers 141' PIPE
  trap 'stop_workers 143' TERM

  in_time() {
    [ $(($(date +%s) - began)) -lt "$LIMIT" ]
  }

  # ping_peer ADDRESS: until the path is direct; prints what the client says.
  ping_peer() {
    limited "$ping_limit" tailscale ping --c="$PINGS" --timeout="$WAIT"s "$1" 2>&1
  }

  # The first ping to an idle peer often gets no answer, so every peer has a second try.
  ask_peer() { # ADDRESS FILE
    ping_peer "$1" >"$2"
    code=$?
    if [ "$code" -ne 0 ] && ! grep -q '^pong from ' "$2"; then
      sleep 1
      ping_peer "$1" >>"$2"
      code=$?
    fi
    printf '%s\n' "$code" >"$2.code"
  }

  tcp_python3() {
    limited 8 python3 -c '
import socket, sys, time
began = time.monotonic()
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 6).close()
except Exception as error:
    print(error)
    sys.exit(1)
print("took %.1f ms" % ((time.monotonic() - began) * 1000))
' "$1" "$2" 2>&1
  }

  tcp_bash() {
    # shellcheck disable=SC2016 # the inner shell expands
    limited 7 bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2" 2>&1
  }

  tcp_nc() {
    limited 8 nc -v -z -w 6 "$1" "$2" 2>&1
  }

  tcp_curl() {
    case $1 in *:*) set -- "[$1]" "$2" ;; esac
    # -v: newer versions keep the system's words to themselves otherwise.
    curl_said=$(limited 9 curl -q -g -sv -m 7 --connect-timeout 6 -w '\nconnected after %{time_connect} s\n' \
      --url "telnet://$1:$2" 2>&1)
    curl_code=$?
    printf '%s\n' "$curl_said" | tail -n 8
    # Connected is enough: the other end may wait for us to speak.
    case $curl_said in
      *'connected after 0.000000 s'* | *'connected after 0 s'*) return "$curl_code" ;;
      *'connected after '*) return 0 ;;
    esac
    return "$curl_code"
  }

  icmp() {
    if ! have ping; then
      printf 'ping: not found\n'
      return 127
    fi
    # Seconds everywhere; `-W` means milliseconds on macOS.
    case $(uname -s) in
      Darwin) limited 8 ping -c 1 -t 6 "$1" 2>&1 ;;
      *) limited 8 ping -c 1 -W 6 "$1" 2>&1 ;;
    esac
  }

  reach() { # HOST PORT
    if [ "$2" = - ]; then
      icmp "$1"
    elif [ -n "$tcp_tool" ]; then
      "tcp_$tcp_tool" "$1" "$2"
    else
      printf 'none of python3, bash, nc and curl is here\n'
      return 127
    fi
  }

  ask_endpoint() { # HOST PORT FILE
    reach "$1" "$2" >"$3"
    code=$?
    # What lies behind an idle peer may come too late once, too.
    case $code in
      0 | 126 | 127) ;;
      *)
        reach "$1" "$2" >"$3"
        code=$?
        ;;
    esac
    printf '%s\n' "$code" >"$3.code"
  }

  # work NUMBER: every WIDTH-th question, so that a silent peer holds up few others.
  work() {
    trap - EXIT
    trap 'meshctl_stop 143' HUP INT PIPE TERM
    index=0
    while read -r host port; do
      index=$((index + 1))
      [ $((index % WIDTH)) -eq "$1" ] || continue
      in_time || exit 0
      ask_endpoint "$host" "$port" "$MESHCTL_TMP/endpoint-$index"
    done <"$MESHCTL_TMP/endpoints"
    index=0
    while read -r address; do
      index=$((index + 1))
      [ $((index % WIDTH)) -eq "$1" ] || continue
      in_time || exit 0
      ask_peer "$address" "$MESHCTL_TMP/ping-$index"
    done <"$MESHCTL_TMP/peers"
    exit 0
  }

  # answers NAME LIST: the sections of one kind, in order.
  answers() {
    index=0
    while read -r _; do
      index=$((index + 1))
      [ -s "$MESHCTL_TMP/$1-$index.code" ] || continue
      read -r code <"$MESHCTL_TMP/$1-$index.code"
      answer "$1-$index" "$code" "$(tail -c 1024 "$MESHCTL_TMP/$1-$index")"
    done <"$2"
  }

  # A list without a line must stay one.
  if [ -n "$PEERS" ]; then printf '%s\n' "$PEERS"; fi >"$MESHCTL_TMP/peers"
  if [ -n "$ENDPOINTS" ]; then printf '%s\n' "$ENDPOINTS"; fi >"$MESHCTL_TMP/endpoints"
  ping_limit=$((PINGS * (WAIT + 1) + 3))
  tcp_tool=
  for candidate in python3 bash nc curl; do
    if have "$candidate"; then
      tcp_tool=$candidate
      break
    fi
  done

  client_section status tailscale status --json --peers=false
  # Without a daemon nobody can be pinged; the section above says why.
  # shellcheck disable=SC2154 # set by client_section
  [ "$meshctl_code" -eq 0 ] || : >"$MESHCTL_TMP/peers"
  number=0
  while [ "$number" -lt "$WIDTH" ]; do
    work "$number" &
    workers="$workers $!"
    number=$((number + 1))
  done
  wait
  workers=
  answers ping "$MESHCTL_TMP/peers"
  answers endpoint "$MESHCTL_TMP/endpoints"
  finish
} </dev/null
