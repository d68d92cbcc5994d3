# Reads all facts of a host in one round trip; changes nothing, asks for no password.
{
  # probed NAME COMMAND…: exit code, both outputs; 127 where the command is missing.
  probed() {
    probed_name=$1
    shift
    if have "$1"; then
      probed_text=$(limited 10 "$@" 2>&1)
      answer "$probed_name" $? "$probed_text"
    else
      answer "$probed_name" 127 "$1: not found"
    fi
  }

  # Like client_section, but without a temporary file: a probe writes nothing. Warnings on standard
  # error are dropped where the command succeeded.
  client_probed() {
    client_name=$1
    shift
    if ! have tailscale; then
      client_code=127
      answer "$client_name" 127 'tailscale: not found'
      return
    fi
    client_text=$(limited 10 "$@" 2>/dev/null)
    client_code=$?
    if [ "$client_code" -ne 0 ]; then
      client_text=$(limited 10 "$@" 2>&1)
      client_code=$?
    fi
    answer "$client_name" "$client_code" "$client_text"
  }

  yes_if() {
    if "$@"; then echo yes; else echo no; fi
  }

  is_wsl() {
    [ -e /proc/sys/fs/binfmt_misc/WSLInterop ] || [ -e /proc/sys/fs/binfmt_misc/WSLInterop-late ] ||
      [ -d /mnt/wsl ]
  }

  # daemon_state INIT STATUS: STATUS is the exit code of `tailscale status`.
  daemon_state() {
    if [ "$2" -eq 0 ]; then
      echo running
      return
    fi
    case $1 in
      systemd)
        if [ "$(limited 10 systemctl is-active tailscaled 2>/dev/null)" = active ]; then
          echo running
        elif [ -n "$(limited 10 systemctl list-unit-files --no-legend tailscaled.service 2>/dev/null)" ]; then
          echo stopped
        else
          echo missing
        fi
        ;;
      openrc)
        if limited 10 rc-service tailscale status >/dev/null 2>&1; then
          echo running
        elif [ -e /etc/init.d/tailscale ]; then
          echo stopped
        else
          echo missing
        fi
        ;;
      *) if have tailscaled; then echo no-init; else echo missing; fi ;;
    esac
  }

  managers() {
    for manager in apt-get dnf yum zypper pacman apk xbps-install emerge tdnf; do
      if have "$manager"; then
        case $manager in
          apt-get) echo apt ;;
          xbps-install) echo xbps ;;
          *) echo "$manager" ;;
        esac
      fi
    done
  }

  tools() {
    for tool in curl wget python3 bash openssl; do
      if have "$tool"; then echo "$tool"; fi
    done
  }

  # client_package: which package manager knows the client's program; nothing where none does.
  client_package() {
    for package_file in "$(command -v tailscale)" /usr/bin/tailscale; do
      [ -e "$package_file" ] || continue
      if have dpkg-query && limited 10 dpkg-query -S "$package_file" >/dev/null 2>&1; then
        echo apt
      elif have rpm && limited 10 rpm -qf "$package_file" >/dev/null 2>&1; then
        echo rpm
      elif have pacman && limited 10 pacman -Qo "$package_file" >/dev/null 2>&1; then
        echo pacman
      elif have apk && limited 10 apk info -W "$package_file" 2>/dev/null | grep -q 'owned by'; then
        echo apk
      else
        continue
      fi
      return
    done
  }

  # An image-based system, or a container with a file system that cannot be written: nothing can be
  # installed into its system folders.
  is_image() {
    [ -e /run/ostree-booted ] || grep -q -e ' /usr [^ ]* ro[, ]' -e ' / [^ ]* ro[, ]' /proc/mounts
  }

  probed uname uname -s
  probed machine uname -m
  if [ -r /etc/os-release ]; then
    probed os-release cat /etc/os-release
  else
    probed os-release cat /usr/lib/os-release
  fi
  probed user id -un
  probed uid id -u
  probed hostname uname -n
  probed sudo sudo -n true
  probed doas doas -n true
  init=$(daemon_init)
  answer init 0 "$init"
  answer managers 0 "$(managers)"
  client_probed client-version tailscale version --json
  client_probed status tailscale status --json --peers=false
  answer service 0 "$(daemon_state "$init" "$client_code")"
  client_probed prefs tailscale debug prefs
  answer client-package 0 "$(client_package)"
  answer client-logs 0 "$(client_logs)"
  answer forwarding 0 "$(forwarding)"
  answer image 0 "$(yes_if is_image)"
  answer tun 0 "$(yes_if test -c /dev/net/tun)"
  answer ssh 0 "${SSH_CONNECTION-}"
  answer wsl 0 "$(yes_if is_wsl)"
  answer tools 0 "$(tools)"
  finish
} </dev/null
