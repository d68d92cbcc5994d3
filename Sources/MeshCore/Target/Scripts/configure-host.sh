# What the client needs of its host: packets that are forwarded, and no logs to the vendor.
#
# FORWARD  address families whose packets the host shall forward: `4`, `6`, `4 6` or empty
# LOGS     `off`, or `keep`: whatever is configured
{
  meshctl_mkdir
  OUT=$MESHCTL_TMP/out
  : >"$OUT"
  sysctl_file=/etc/sysctl.d/99-tailscale.conf
  pending=/run/meshctl-restart-tailscaled

  ended() { # STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$OUT"
    answer forwarding 0 "$(forwarding)"
    answer client-logs 0 "$(client_logs)"
    finish
  }

  # put FILE TARGET: atomically.
  put() {
    cmp -s "$1" "$2" && return 0
    mkdir -p "${2%/*}" 2>>"$OUT" && cp "$1" "$2.meshctl-new" 2>>"$OUT" &&
      chmod 0644 "$2.meshctl-new" && mv -f "$2.meshctl-new" "$2" 2>>"$OUT" && return 0
    rm -f "$2.meshctl-new"
    return 1
  }

  # forward KEY: on now and after a reboot; other lines of the file stay.
  forward() {
    { [ ! -r "$sysctl_file" ] || grep -v -e "^[[:space:]]*$1[[:space:]]*=" "$sysctl_file"
      printf '%s = 1\n' "$1"
    } >"$MESHCTL_TMP/sysctl"
    says "$sysctl_file" "^[[:space:]]*$1[[:space:]]*=[[:space:]]*1" ||
      put "$MESHCTL_TMP/sysctl" "$sysctl_file" || return 1
    forward_path=/proc/sys/$(printf '%s' "$1" | tr . /)
    [ "$(cat "$forward_path" 2>/dev/null)" = 1 ] || echo 1 2>>"$OUT" >"$forward_path"
  }

  # The daemon that runs was started without it.
  daemon_logs() {
    logs_pid=$(daemon_pid)
    [ -n "$logs_pid" ] || return 1
    ! tr '\0' '\n' <"/proc/$logs_pid/environ" 2>/dev/null |
      grep -q -e '^TS_NO_LOGS_NO_SUPPORT=\(true\|1\)$' &&
      ! tr '\0' '\n' <"/proc/$logs_pid/cmdline" 2>/dev/null |
      grep -q -e '^--no-logs-no-support\(=true\)*$'
  }

  # logs_off: writes it down where the daemon's start reads it.
  logs_off() {
    case $(daemon_init) in
      systemd)
        printf '# Written by meshctl (client_logs: off)\n[Service]\nEnvironment=TS_NO_LOGS_NO_SUPPORT=true\n' \
          >"$MESHCTL_TMP/logs"
        put "$MESHCTL_TMP/logs" /etc/systemd/system/tailscaled.service.d/meshctl-logs.conf &&
          limited 30 systemctl daemon-reload >>"$OUT" 2>&1
        ;;
      openrc) add_line /etc/conf.d/tailscale 'export TS_NO_LOGS_NO_SUPPORT=true' ;;
      *) add_line /etc/default/tailscaled 'TS_NO_LOGS_NO_SUPPORT=true' ;;
    esac
  }

  add_line() { # FILE LINE
    says "$1" "^$2\$" && return 0
    { [ ! -r "$1" ] || cat "$1"
      printf '%s\n' "$2"
    } >"$MESHCTL_TMP/lines"
    put "$MESHCTL_TMP/lines" "$1"
  }

  for family in $FORWARD; do
    case $family in
      4) forward net.ipv4.ip_forward || ended 1 forwarding ;;
      6)
        [ -d /proc/sys/net/ipv6 ] || {
          echo 'IPv6 is off here' >>"$OUT"
          ended 1 forwarding
        }
        forward net.ipv6.conf.all.forwarding || ended 1 forwarding
        ;;
    esac
  done

  if [ "$LOGS" = off ]; then
    # Until the daemon was started anew the next probe has to say that it is not in force.
    if [ "$(client_logs)" != off ]; then : >"$pending" 2>/dev/null; fi
    logs_off || ended 1 logs
    if daemon_logs; then
      daemon_restart || ended 1 restart
    fi
    rm -f "$pending"
  fi
  ended 0 ''
} </dev/null
