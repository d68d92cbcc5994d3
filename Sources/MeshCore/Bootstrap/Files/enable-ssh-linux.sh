# Enables the SSH server of a Linux host: installs openssh-server by the system's package manager where
# there is no sshd, makes missing host keys, starts the service now and at every boot, and opens a
# firewall only where one is active. Safe to run again. enable-ssh-prelude.sh stands in front.

# From the prelude.
root=${root-} user=${user-} port=${port-} from=${from-} output=''

account=${user:-${SUDO_USER:-${DOAS_USER:-root}}}
home='' uid=''
while IFS=: read -r name _ id _ _ folder _; do
  [ "$name" = "$account" ] || continue
  home=$folder uid=$id
  break
done <"$root/etc/passwd"
if [ -z "$uid" ] && has getent; then
  # Accounts of a directory service.
  entry=$(getent passwd "$account") || entry=''
  home=$(printf '%s\n' "$entry" | cut -d: -f6) uid=$(printf '%s\n' "$entry" | cut -d: -f3)
fi
if [ -z "$uid" ] || [ -z "$home" ]; then fail "there is no account $account here"; fi

# --- The server.

if ! has sshd; then
  say "installing the OpenSSH server"
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  if has apt-get; then
    run apt-get -q -y -o DPkg::Lock::Timeout=120 install openssh-server || {
      run apt-get -q -o DPkg::Lock::Timeout=120 update
      run apt-get -q -y -o DPkg::Lock::Timeout=120 install openssh-server
    } || fail "apt-get cannot install openssh-server: $(last_words)"
  elif has dnf; then
    run dnf -y install openssh-server || fail "dnf cannot install openssh-server: $(last_words)"
  elif has yum; then
    run yum -y install openssh-server || fail "yum cannot install openssh-server: $(last_words)"
  elif has zypper; then
    run zypper --non-interactive install openssh-server || run zypper --non-interactive install openssh ||
      fail "zypper cannot install openssh: $(last_words)"
  elif has pacman; then
    run pacman -S --noconfirm --needed openssh ||
      fail "pacman cannot install openssh (its lists may be old: pacman -Syu): $(last_words)"
  elif has apk; then
    run apk add openssh || fail "apk cannot install openssh: $(last_words)"
  else
    fail "there is no sshd, and no package manager that I know (apt, dnf, yum, zypper, pacman, apk)"
  fi
fi
sshd=$(command -v sshd) || fail "the OpenSSH server is installed, but there is no sshd on PATH"
run ssh-keygen -A || fail "ssh-keygen cannot make host keys: $(last_words)"
mkdir -p "$root/run/sshd" || fail "$root/run/sshd cannot be made"
chmod 755 "$root/run/sshd"

ports() {
  found=$("$sshd" -T 2>/dev/null </dev/null | sed -n 's/^port //p' | sort -un)
  printf '%s\n' "${found:-22}"
}

# --- Another port.

restart=''
if [ -n "$port" ] && ! ports | grep -qx "$port"; then
  config=$root/etc/ssh/sshd_config
  # openSUSE: the vendor's file counts as long as there is none in /etc; a new one would hide it.
  [ -e "$config" ] || config=$root/usr/etc/ssh/sshd_config
  [ -r "$config" ] || fail "there is no $root/etc/ssh/sshd_config that --port could be added to"
  lines="Port $port"
  # A Port line takes the place of the default, so 22 has to be said where no line says a port.
  cat "$config" "$root"/etc/ssh/sshd_config.d/*.conf "$root"/usr/etc/ssh/sshd_config.d/*.conf 2>/dev/null |
    grep -qiE '^[[:space:]]*Port[[:space:]=]' || [ "$port" = 22 ] || lines="Port 22
$lines"
  if grep -qiE '^[[:space:]]*Include[[:space:]]+(.*[[:space:]])?"?(/etc/ssh/)?sshd_config\.d/' "$config"; then
    changed=$root/etc/ssh/sshd_config.d/10-meshctl-port.conf
    mkdir -p "${changed%/*}" || fail "${changed%/*} cannot be made"
    old=''
    [ ! -f "$changed" ] || old=$(cat "$changed")
    # Behind what is there: the ports of an earlier run stay.
    printf '%s\n' "${old:+$old
}$lines" >"$changed" || fail "$changed cannot be written"
  elif [ "$config" != "$root/etc/ssh/sshd_config" ]; then
    fail "sshd reads $config, which includes nothing of /etc/ssh/sshd_config.d: copy it to /etc/ssh/sshd_config and run this again"
  else
    changed=$config
    old=$(cat "$config")
    # In front: further down it might fall into a Match block.
    printf '%s\n%s\n' "$lines" "$old" >"$changed" || fail "$changed cannot be written"
  fi
  if ! run "$sshd" -t; then
    if [ -n "$old" ]; then printf '%s\n' "$old" >"$changed"; else rm -f "$changed"; fi
    fail "sshd does not accept port $port; its configuration is as before: $(last_words)"
  fi
  say "sshd listens on port $port too ($changed)"
  if has getenforce && [ "$(getenforce)" = Enforcing ]; then
    if ! has semanage; then
      say "WARNING: SELinux may forbid port $port: semanage port -a -t ssh_port_t -p tcp $port"
    elif ! run semanage port -a -t ssh_port_t -p tcp "$port" && ! run semanage port -m -t ssh_port_t -p tcp "$port"; then
      say "WARNING: SELinux may forbid port $port: $(last_words)"
    fi
  fi
  restart=yes
fi

# --- The service, now and at every boot.

listens() { # PORT
  cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null |
    grep -q "^ *[0-9]*: [0-9A-F]*:$(printf '%04X' "$1") [0-9A-F]*:[0-9A-F]* 0A "
}

all_listen() {
  for one in $(ports); do listens "$one" || return 1; done
}

if [ -d "$root/run/systemd/system" ]; then
  unit=''
  for name in ssh sshd; do
    if run systemctl cat "$name.service"; then
      unit=$name
      break
    fi
  done
  [ -n "$unit" ] || fail "systemd has neither ssh.service nor sshd.service"
  if run systemctl is-enabled --quiet "$unit.socket" && run systemctl is-active --quiet "$unit.socket"; then
    # Ubuntu starts sshd by its socket; the ports come from sshd_config by a generator.
    if [ -n "$restart" ]; then
      run systemctl daemon-reload
      run systemctl restart "$unit.socket" || fail "$unit.socket does not restart: $(last_words)"
    fi
  else
    run systemctl enable --now "$unit.service" || fail "$unit.service does not start: $(last_words)"
    [ -z "$restart" ] || run systemctl restart "$unit.service" || fail "$unit.service does not restart: $(last_words)"
  fi
elif has rc-service && [ -d "$root/run/openrc" ]; then
  run rc-update add sshd default || fail "rc-update cannot add sshd: $(last_words)"
  if [ -n "$restart" ]; then
    run rc-service sshd restart || fail "sshd does not restart: $(last_words)"
  else
    run rc-service sshd status || run rc-service sshd start || fail "sshd does not start: $(last_words)"
  fi
else
  if [ -n "$restart" ] && [ -s "$root/run/sshd.pid" ]; then
    run kill -HUP "$(cat "$root/run/sshd.pid")"
  elif ! all_listen; then
    run "$sshd" || fail "sshd does not start: $(last_words)"
  fi
  say "WARNING: no init system (systemd, OpenRC) runs here: sshd will not start again by itself"
fi

# --- A firewall that is active.

open_port() { # PORT
  if has firewall-cmd && run firewall-cmd --state; then
    rule=--add-port=$1/tcp
    if [ -n "$from" ]; then
      family=ipv4
      case $from in *:*) family=ipv6 ;; esac
      rule="--add-rich-rule=rule family=$family source address=$from port port=$1 protocol=tcp accept"
    fi
    # Both, because a reload would drop what others set for now only.
    if ! run firewall-cmd "$rule" || ! run firewall-cmd --permanent "$rule"; then
      say "WARNING: firewalld does not take $rule: $(last_words)"
    fi
  fi
  if has ufw && run ufw status && printf '%s\n' "$output" | grep -q '^Status: active'; then
    run ufw allow proto tcp from "${from:-any}" to any port "$1" ||
      say "WARNING: ufw does not open port $1: $(last_words)"
  fi
}

for one in ${port:-$(ports)}; do open_port "$one"; done

add_keys
if has restorecon && [ -d "$root$home/.ssh" ]; then run restorecon -R "$root$home/.ssh"; fi

# --- What would still be in the way.

"$sshd" -T -C "user=$account,host=localhost,addr=127.0.0.1" 2>/dev/null </dev/null | while read -r word value; do
  case $word in
  pubkeyauthentication)
    [ "$value" != no ] || say "WARNING: sshd_config forbids keys: PubkeyAuthentication no" ;;
  permitrootlogin)
    [ "$uid$value" != 0no ] || say "WARNING: sshd_config forbids root: PermitRootLogin no" ;;
  authorizedkeysfile)
    case $value in *.ssh/authorized_keys*) ;; *) say "WARNING: sshd reads other files: AuthorizedKeysFile $value" ;; esac ;;
  usepam)
    [ "$value" = yes ] || ! grep -q "^$account:!" "$root/etc/shadow" 2>/dev/null ||
      say "WARNING: $account is locked, and this sshd refuses locked accounts: usermod -p '*' $account" ;;
  esac
done

tries=0
until all_listen; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || fail "sshd was started, but does not listen on port $(ports | tr '\n' ' ')"
  sleep 0.5 2>/dev/null || sleep 1
done
say "ok: sshd listens on port $(ports | tr '\n' ' ' | sed 's/ $//')"
