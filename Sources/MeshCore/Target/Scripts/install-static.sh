# Installs the client from the vendor's archive, where no package manager can.
#
# MIRROR  base URL with the layout of pkgs.tailscale.com/stable
# ARCH    as in the archive's name: `amd64`
# SHA256  what the archive must have; empty: what is published beside it
{
  cli=/usr/bin/tailscale
  daemon=/usr/sbin/tailscaled

  # index_value NAME: of `?mode=json`.
  index_value() {
    tr -d '\r\n' <"$MESHCTL_TMP/index" |
      sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'
  }

  sum_of() {
    if have sha256sum; then
      sha256sum <"$1" | cut -d ' ' -f 1
    elif have openssl; then
      openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
    elif have python3; then
      python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' <"$1"
    else
      echo 'none of sha256sum, openssl, python3 is here to check with' >>"$OUT"
      return 127
    fi
  }

  # owned FILE: a package manager would not notice that its file was replaced.
  owned() {
    [ -e "$1" ] || return 1
    if have dpkg-query; then limited 20 dpkg-query -S "$1" >/dev/null 2>&1 && return 0; fi
    if have rpm; then limited 20 rpm -qf "$1" >/dev/null 2>&1 && return 0; fi
    if have pacman; then limited 20 pacman -Qo "$1" >/dev/null 2>&1 && return 0; fi
    if have apk; then limited 20 apk info -W "$1" 2>/dev/null | grep -q 'owned by' && return 0; fi
    return 1
  }

  # With SELinux a program of another type does not start (systemd: 203/EXEC).
  relabel() {
    if have restorecon; then limited 20 restorecon "$@" >>"$OUT" 2>&1; fi
    return 0
  }

  # keep_old FILE / bring_back FILE: the old program stays until the new one answers.
  keep_old() {
    rm -f "$1.meshctl-old"
    [ ! -e "$1" ] || ln "$1" "$1.meshctl-old" 2>/dev/null || cp -p "$1" "$1.meshctl-old" 2>>"$OUT"
  }
  bring_back() {
    [ ! -e "$1.meshctl-old" ] || mv -f "$1.meshctl-old" "$1"
  }

  installed=
  keep_installed

  # 1. Which archive.
  case $VERSION in
    present | latest)
      fetched "$MIRROR/?mode=json" "$MESHCTL_TMP/index"
      wanted=$(index_value TarballsVersion)
      [ -n "$wanted" ] || wanted=$(index_value Version)
      case $wanted in
        '' | *[!0-9.]*) failed version "$MIRROR/?mode=json names no version" ;;
      esac
      [ "$wanted" != "$installed" ] || settled
      ;;
    *) wanted=$VERSION ;;
  esac
  name=tailscale_${wanted}_$ARCH
  for program in "$cli" "$daemon"; do
    ! owned "$program" ||
      failed place "$program belongs to a package; remove that package, or do without tailscale.source: static"
  done

  # 2. The archive is what it shall be, or nothing is done.
  fetched "$MIRROR/$name.tgz" "$MESHCTL_TMP/archive" 400
  expected=$SHA256
  if [ -z "$expected" ]; then
    fetched "$MIRROR/$name.tgz.sha256" "$MESHCTL_TMP/sum"
    expected=$(head -c 64 "$MESHCTL_TMP/sum")
  fi
  expected=$(printf '%s' "$expected" | tr 'A-F' 'a-f')
  case $expected in
    *[!0-9a-f]*) failed checksum "$MIRROR/$name.tgz.sha256 is no SHA-256" ;;
  esac
  [ "${#expected}" -eq 64 ] || failed checksum "$MIRROR/$name.tgz.sha256 is no SHA-256"
  actual=$(sum_of "$MESHCTL_TMP/archive") || ended 1 checksum
  [ "$actual" = "$expected" ] ||
    failed checksum "$name.tgz has the SHA-256 $actual, expected $expected"
  limited 120 tar -xzf "$MESHCTL_TMP/archive" -C "$MESHCTL_TMP" "$name" >>"$OUT" 2>&1 ||
    failed unpack "$name.tgz cannot be unpacked"
  tree=$MESHCTL_TMP/$name

  # 3. The programs: first beside their places, where they have to answer, then into them.
  if ! mkdir -p /usr/bin /usr/sbin 2>>"$OUT" || ! cp "$tree/tailscale" "$cli.meshctl-new" 2>>"$OUT" ||
    ! cp "$tree/tailscaled" "$daemon.meshctl-new" 2>>"$OUT" ||
    ! chmod 0755 "$cli.meshctl-new" "$daemon.meshctl-new" 2>>"$OUT"; then
    rm -f "$cli.meshctl-new" "$daemon.meshctl-new"
    ended 1 place
  fi
  relabel "$cli.meshctl-new" "$daemon.meshctl-new"
  answered=$(limited 10 "$cli.meshctl-new" version 2>>"$OUT" | head -n 1)
  if [ "$answered" != "$wanted" ]; then
    rm -f "$cli.meshctl-new" "$daemon.meshctl-new"
    failed install "the archive's client answers ${answered:-nothing} instead of $wanted"
  fi
  # 4. The service, before the programs: a run that is cut short here is begun again.
  case $(daemon_init) in
    systemd)
      # The unit fails without this file.
      if ! says /etc/default/tailscaled '^[[:space:]]*PORT='; then
        cp "$tree/systemd/tailscaled.defaults" "$MESHCTL_TMP/defaults" 2>>"$OUT" || ended 1 unit
        # What stands there already comes last and so goes on to count.
        cat /etc/default/tailscaled >>"$MESHCTL_TMP/defaults" 2>/dev/null
        place "$MESHCTL_TMP/defaults" /etc/default/tailscaled || ended 1 unit
      fi
      place "$tree/systemd/tailscaled.service" /etc/systemd/system/tailscaled.service ||
        ended 1 unit
      relabel /etc/systemd/system/tailscaled.service /etc/default/tailscaled
      limited 30 systemctl daemon-reload >>"$OUT" 2>&1 || ended 1 unit
      ;;
    openrc)
      if [ ! -e /etc/init.d/tailscale ]; then
        cat >"$MESHCTL_TMP/service" <<'SERVICE'
#!/sbin/openrc-run
# Written by meshctl for the client of the vendor's archive; options: /etc/conf.d/tailscale
supervisor=supervise-daemon
name=tailscaled
command=/usr/sbin/tailscaled
command_args="--state=/var/lib/tailscale/tailscaled.state --socket=/run/tailscale/tailscaled.sock --port=${TAILSCALED_PORT:-41641} ${TAILSCALED_OPTS}"
pidfile=/run/tailscaled.pid
output_log=/var/log/tailscaled.log
error_log=/var/log/tailscaled.log

depend() {
	need net
	after firewall
	use logger
}

start_pre() {
	checkpath -d -m 0755 /run/tailscale
	checkpath -d -m 0700 /var/lib/tailscale
}
SERVICE
        place "$MESHCTL_TMP/service" /etc/init.d/tailscale 0755 || ended 1 unit
      fi
      ;;
  esac

  # 5. The old programs stay until the new daemon answers.
  if ! keep_old "$cli" || ! keep_old "$daemon" || ! mv -f "$daemon.meshctl-new" "$daemon" ||
    ! mv -f "$cli.meshctl-new" "$cli"; then
    bring_back "$daemon"
    bring_back "$cli"
    rm -f "$cli.meshctl-new" "$daemon.meshctl-new"
    ended 1 place
  fi
  relabel "$cli" "$daemon"

  if [ -n "$(daemon_version)" ] && ! daemon_restart; then
    bring_back "$daemon"
    bring_back "$cli"
    daemon_restart || echo 'the old version does not answer either' >>"$OUT"
    failed restart "the daemon of $wanted does not answer; the old version is back"
  fi
  rm -f "$cli.meshctl-old" "$daemon.meshctl-old"
  settled
} </dev/null
