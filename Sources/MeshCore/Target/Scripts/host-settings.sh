# What a host says of forwarding and of the client's logs, as `probe` and `configure-host` answer it.

# forwarding: the address families whose packets the host forwards now, one a line.
forwarding() {
  [ "$(cat /proc/sys/net/ipv4/ip_forward 2>/dev/null)" != 1 ] || echo 4
  [ "$(cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null)" != 1 ] || echo 6
}

# client_logs: `off` where the daemon sends none to its vendor, else `on`. Everybody may read what it
# was started with and the files that its start reads; a change that waits for a restart is not in force.
client_logs() {
  logs_pid=$(daemon_pid)
  if [ -n "$logs_pid" ] && tr '\0' '\n' <"/proc/$logs_pid/cmdline" 2>/dev/null |
    grep -q -e '^--no-logs-no-support\(=true\)*$'; then
    echo off
    return
  fi
  if [ ! -e /run/meshctl-restart-tailscaled ] &&
    cat /etc/systemd/system/tailscaled.service.d/*.conf /etc/conf.d/tailscale \
      /etc/default/tailscaled 2>/dev/null | grep -v '^[[:space:]]*#' |
    grep -q -e 'TS_NO_LOGS_NO_SUPPORT="*\(true\|1\)' -e '--no-logs-no-support' \
      -e '^no_logs_no_support="*yes'; then
    echo off
  else
    echo on
  fi
}
