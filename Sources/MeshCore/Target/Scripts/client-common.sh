# Finding, starting and restarting the daemon; ScriptText puts this in front of the scripts that do so.
#
# OUT  file that takes what the commands say; each script sets it

: "${OUT:=/dev/null}"

# daemon_init: who starts services here.
daemon_init() {
  if [ -d /run/systemd/system ]; then
    echo systemd
  elif have rc-service; then
    echo openrc
  else
    echo none
  fi
}

daemon_answers() {
  limited 10 tailscale status --json --peers=false >/dev/null 2>&1
}

# 20 seconds: a daemon on a slow disk takes several to load its state.
wait_until_answers() {
  daemon_tries=0
  while [ "$daemon_tries" -lt 20 ]; do
    daemon_answers && return 0
    daemon_tries=$((daemon_tries + 1))
    sleep 1
  done
  return 1
}

# daemon_pid: of the running daemon; empty where none runs.
daemon_pid() {
  if have pidof; then
    pidof tailscaled 2>/dev/null | tr ' ' '\n' | head -n 1
  elif have pgrep; then
    pgrep -x tailscaled 2>/dev/null | head -n 1
  fi
}

# daemon_version: of the running daemon, which may be older than the programs on disk.
daemon_version() {
  limited 10 tailscale status --json --peers=false 2>/dev/null |
    sed -n 's/^ *"Version": *"\([0-9.]*\).*/\1/p' | head -n 1
}

# The device may be there and still be forbidden (a container's device rules).
tun_works() {
  [ -c /dev/net/tun ] && (exec 3<>/dev/net/tun) 2>/dev/null
}

# make_tun: loading the module is all that is missing on most fresh machines.
make_tun() {
  if tun_works; then return 0; fi
  limited 10 modprobe tun >/dev/null 2>&1
  if tun_works; then return 0; fi
  [ ! -e /dev/net/tun ] || return 1
  mkdir -p /dev/net 2>/dev/null && mknod -m 0666 /dev/net/tun c 10 200 2>/dev/null
  if tun_works; then return 0; fi
  rm -f /dev/net/tun
  return 1
}

# says FILE TEXT: a line of the file that is no comment holds the text.
says() {
  [ -r "$1" ] && grep -v '^[[:space:]]*#' "$1" | grep -q -e "$2"
}

# end_last_line FILE: a last line without its line feed would swallow what is appended.
end_last_line() {
  [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ] || return 0
  printf '\n' >>"$1"
}

# use_userspace: from the next start on the daemon does without /dev/net/tun.
use_userspace() {
  case $(daemon_init) in
    systemd)
      says /etc/default/tailscaled '--tun=userspace-networking' && return 0
      # systemd expands nothing in that file, so the flags that are there are written once more.
      flags=$(sed -n 's/^[[:space:]]*FLAGS=//p' /etc/default/tailscaled 2>/dev/null | tail -n 1)
      flags=${flags#[\"\']}
      flags=${flags%[\"\']}
      mkdir -p /etc/default && end_last_line /etc/default/tailscaled &&
        printf 'FLAGS="%s"\n' "${flags:+$flags }--tun=userspace-networking" >>/etc/default/tailscaled
      ;;
    openrc)
      says /etc/conf.d/tailscale '--tun=userspace-networking' && return 0
      # shellcheck disable=SC2016 # OpenRC expands it
      end_last_line /etc/conf.d/tailscale &&
        printf 'TAILSCALED_OPTS="$TAILSCALED_OPTS --tun=userspace-networking"\n' >>/etc/conf.d/tailscale
      ;;
    *) DAEMON_USERSPACE=yes ;;
  esac
}

# start_without_init: runs the daemon by itself; it does not come back after a reboot.
start_without_init() {
  mkdir -p /var/lib/tailscale /var/run/tailscale /var/log 2>>"$OUT" || return 1
  chmod 0755 /var/run/tailscale
  set -- tailscaled --state=/var/lib/tailscale/tailscaled.state \
    --socket=/var/run/tailscale/tailscaled.sock
  if [ "${DAEMON_USERSPACE-}" = yes ] || ! tun_works; then
    set -- "$@" --tun=userspace-networking
    DAEMON_USERSPACE=yes
  fi
  if says /etc/default/tailscaled '^TS_NO_LOGS_NO_SUPPORT=true'; then
    set -- "$@" --no-logs-no-support
  fi
  if have setsid; then set -- setsid "$@"; fi
  nohup "$@" >/var/log/tailscaled.log 2>&1 </dev/null &
  # What we started we may end; what somebody else supervises we may not.
  echo "$!" >/run/meshctl-tailscaled.pid 2>/dev/null
  return 0
}

# stop_without_init: ends the daemon that `start_without_init` started.
stop_without_init() {
  stop_pid=$(daemon_pid)
  [ -n "$stop_pid" ] || return 0
  if [ "$stop_pid" != "$(cat /run/meshctl-tailscaled.pid 2>/dev/null)" ]; then
    echo 'no init system (systemd, OpenRC) runs here, and something else started tailscaled; restart it by hand' >>"$OUT"
    return 69
  fi
  kill -TERM "$stop_pid" 2>>"$OUT" || return 1
  stop_tries=0
  while kill -0 "$stop_pid" 2>/dev/null && [ "$stop_tries" -lt 20 ]; do
    stop_tries=$((stop_tries + 1))
    sleep 1
  done
  rm -f /run/meshctl-tailscaled.pid
}

# daemon_restart: 0 when it answers again.
daemon_restart() {
  case $(daemon_init) in
    systemd) limited 60 systemctl restart tailscaled >>"$OUT" 2>&1 || return ;;
    openrc) limited 60 rc-service tailscale restart >>"$OUT" 2>&1 || return ;;
    *)
      stop_without_init || return
      start_without_init || return
      ;;
  esac
  rm -f /run/meshctl-restart-tailscaled
  wait_until_answers
}
