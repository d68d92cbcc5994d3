# Enables and starts the daemon and waits until it answers.
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"

  ended() { # STAGE-STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$out"
    client_section state tailscale status --json --peers=false
    client_section prefs tailscale debug prefs
    finish
  }

  # 20 seconds: a daemon on a slow disk takes several to load its state.
  wait_until_answers() {
    tries=0
    while [ "$tries" -lt 20 ]; do
      limited 10 tailscale status --json --peers=false >/dev/null 2>&1 && return 0
      tries=$((tries + 1))
      sleep 1
    done
    return 1
  }

  have tailscaled || {
    echo 'tailscaled: not found' >"$out"
    ended 1 missing
  }

  # Without the device the daemon does not start; loading the module is all that is missing on most
  # fresh machines. In a container both fail, and the daemon says so itself.
  if [ ! -c /dev/net/tun ]; then
    limited 10 modprobe tun >/dev/null 2>&1
    if [ ! -c /dev/net/tun ] && mkdir -p /dev/net 2>/dev/null; then
      mknod -m 0666 /dev/net/tun c 10 200 2>/dev/null || :
    fi
  fi

  if [ -d /run/systemd/system ]; then
    limited 30 systemctl enable tailscaled >>"$out" 2>&1 || ended 1 enable
    limited 60 systemctl start tailscaled >>"$out" 2>&1 || {
      limited 10 journalctl -u tailscaled -n 10 --no-pager -o cat >>"$out" 2>&1
      ended 1 start
    }
  elif have rc-service; then
    limited 30 rc-update add tailscale default >>"$out" 2>&1 || ended 1 enable
    limited 60 rc-service tailscale start >>"$out" 2>&1 || ended 1 start
  elif ! limited 10 tailscale status --json --peers=false >/dev/null 2>&1; then
    mkdir -p /var/lib/tailscale /var/run/tailscale 2>>"$out" || ended 1 start
    chmod 0755 /var/run/tailscale
    set -- tailscaled --state=/var/lib/tailscale/tailscaled.state \
      --socket=/var/run/tailscale/tailscaled.sock
    if [ ! -c /dev/net/tun ]; then
      set -- "$@" --tun=userspace-networking
      echo 'no /dev/net/tun: started with userspace networking' >>"$out"
    fi
    if have setsid; then set -- setsid "$@"; fi
    nohup "$@" >/var/log/tailscaled.log 2>&1 </dev/null &
    echo 'no init system (systemd, OpenRC) runs here: tailscaled will not start again after a reboot' >>"$out"
  fi

  wait_until_answers || {
    limited 10 tailscale status --json --peers=false >>"$out" 2>&1
    ended 1 answer
  }
  ended 0 ''
} </dev/null
