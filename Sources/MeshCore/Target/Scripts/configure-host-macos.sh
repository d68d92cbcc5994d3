# What the client needs of its host: no logs to the vendor.
#
# FORWARD  ignored: the client on macOS forwards packets of routes by itself
# LOGS     `off`, or `keep`: whatever is configured
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"

  ended() { # STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$out"
    answer forwarding 0 ''
    answer client-logs 0 "$(client_logs)"
    finish
  }

  # Other lines of the file stay.
  logs_off() {
    {
      if [ -r "$MAC_ENVIRONMENT" ]; then
        grep -v -E -e '^[[:space:]]*TS_NO_LOGS_NO_SUPPORT[[:space:]]*=' "$MAC_ENVIRONMENT"
      fi
      echo 'TS_NO_LOGS_NO_SUPPORT=true'
    } >"$MESHCTL_TMP/environment"
    mkdir -p "${MAC_ENVIRONMENT%/*}" 2>>"$out" &&
      cp "$MESHCTL_TMP/environment" "$MAC_ENVIRONMENT.meshctl-new" 2>>"$out" &&
      chmod 0644 "$MAC_ENVIRONMENT.meshctl-new" 2>>"$out" &&
      mv -f "$MAC_ENVIRONMENT.meshctl-new" "$MAC_ENVIRONMENT" 2>>"$out"
  }

  if [ "$LOGS" = off ] && [ "$(client_logs)" != off ]; then
    # Until the daemon was started anew the next probe has to say that it is not in force.
    : >"$MAC_PENDING" 2>/dev/null || :
    logs_off || ended 1 logs
    if daemon_answers; then
      label=$(launchd_label) || {
        echo 'tailscaled is no LaunchDaemon here; restart it by hand' >>"$out"
        ended 1 restart
      }
      limited 60 launchctl kickstart -k "system/$label" >>"$out" 2>&1 || ended 1 restart
      wait_until_answers || ended 1 restart
    fi
    rm -f "$MAC_PENDING"
  fi
  ended 0 ''
} </dev/null
