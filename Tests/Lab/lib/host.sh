# shellcheck shell=bash
# One host: a tmpfs over the shared root file system, booted by systemd-nspawn on the lab's bridge.
# Traits, one a line of its file: `plain` has no init system, only sshd; `no-tun` has no /dev/net/tun and cannot make it.

has_trait() { grep -qx "$2" "$STATE/hosts/$1/traits"; } # NAME TRAIT

host_disk_up() { # NAME ROOTFS
  local dir=$STATE/hosts/$1
  mkdir -p "$dir/disk" "$dir/root"
  mount -t tmpfs -o size=2g,mode=0755 "meshctl-lab-$LAB_ID" "$dir/disk"
  mkdir "$dir/disk/upper" "$dir/disk/work"
  # The upper folder becomes the host's "/".
  chmod 0755 "$dir/disk/upper"
  mount -t overlay -o "lowerdir=$2,upperdir=$dir/disk/upper,workdir=$dir/disk/work" "meshctl-lab-$LAB_ID" "$dir/root"
}

host_disk_down() {
  local dir=$STATE/hosts/$1 mountpoint
  for mountpoint in "$dir/root" "$dir/disk"; do
    if mountpoint -q "$mountpoint"; then umount "$mountpoint" 2>/dev/null || umount -l "$mountpoint"; fi
  done
}

# What makes this host itself: name, address, identity, who may log in.
host_identity() {
  local name=$1 dir=$STATE/hosts/$1 user home
  local root=$dir/root address
  address=$(<"$dir/address")
  printf '%s\n' "$name" >"$root/etc/hostname"
  printf '%s/24\n' "$address" >"$root/etc/lab-address"
  printf '%s\n' "127.0.0.1 localhost" "::1 localhost ip6-localhost" "$address $name" \
    "$LAB_SERVER_IP mesh.lab.test pkgs.lab.test" >"$root/etc/hosts"
  # Nothing listens there, so a name that is not in /etc/hosts fails at once instead of after 20 s.
  printf '%s\n' "nameserver 127.0.0.1" "options timeout:1 attempts:1" >"$root/etc/resolv.conf"
  if has_trait "$name" plain; then
    # What a drop-in of the unit says elsewhere; sudo and sshd of Debian read this file.
    sed -n 's/^Environment=//p' "$root/etc/systemd/system/tailscaled.service.d/lab.conf" >>"$root/etc/environment"
  fi
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  if [[ ! -e $dir/ssh_host_ed25519_key ]]; then
    ssh-keygen -q -t ed25519 -N '' -C "root@$name" -f "$dir/ssh_host_ed25519_key"
    ssh-keygen -q -t ecdsa -N '' -C "root@$name" -f "$dir/ssh_host_ecdsa_key"
  fi
  cp -p "$dir"/ssh_host_* "$root/etc/ssh/"
  for user in root ops pat nosudo; do
    home=/home/$user
    [[ $user != root ]] || home=/root
    cp "$STATE/id_ed25519.pub" "$root$home/.ssh/authorized_keys"
    chown --reference="$root$home" "$root$home/.ssh/authorized_keys"
    chmod 0600 "$root$home/.ssh/authorized_keys"
  done
  # sed reads the hash from a file of its own: not on argv.
  awk -F: -v OFS=: 'NR == FNR { hash = $0; next } $1 == "pat" { $2 = hash } { print }' \
    "$STATE/pat.hash" "$root/etc/shadow" >"$root/etc/shadow.new"
  chown --reference="$root/etc/shadow" "$root/etc/shadow.new"
  chmod --reference="$root/etc/shadow" "$root/etc/shadow.new"
  mv "$root/etc/shadow.new" "$root/etc/shadow"
}

host_boot() {
  note "booting $1 ($(<"$STATE/hosts/$1/address"))"
  spawn "host-$1" "$1" "$STATE/hosts/$1/console.log" "$LAB_DIR/lab.sh" supervise --state "$STATE" "$1"
}

# The process that stands for a host's power supply: as long as it lives, a reboot inside boots again.
verb_supervise() {
  local name=$1 status tun=(--bind=/dev/net/tun) init=(--boot)
  if has_trait "$name" no-tun; then tun=(--tmpfs=/dev/net --drop-capability=CAP_MKNOD); fi
  if has_trait "$name" plain; then
    # As in a container or a chroot: nothing but sshd, below a process that only collects the dead.
    init=(--as-pid2 /bin/sh -c "lab-network && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e")
  fi
  while :; do
    status=0
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=network systemd-nspawn --quiet --register=no --keep-unit --directory="$STATE/hosts/$name/root" \
      --machine="$(machine_name "$name")" --hostname="$name" --network-bridge="$BRIDGE" \
      --capability=CAP_NET_ADMIN --link-journal=no --resolv-conf=off --timezone=off \
      --settings=no --console=pipe "${tun[@]}" "${init[@]}" </dev/null || status=$?
    # 133: the host asked to be rebooted, which --keep-unit leaves to us.
    ((status == 133)) || break
    printf 'lab: %s reboots\n' "$name"
  done
  exit "$status"
}

# The process that is PID 1 inside.
host_leader() {
  local supervisor nspawn
  supervisor=$(live_pid "host-$1") || return 1
  nspawn=$(pgrep -x -P "$supervisor" systemd-nspawn) || return 1
  pgrep -P "$nspawn"
}

host_alive() { live_pid "host-$1" >/dev/null; }

# Pull the plug: nothing inside gets a chance to say goodbye.
host_kill() {
  local pid
  if pid=$(live_pid "host-$1"); then kill -KILL "$pid" 2>/dev/null || true; fi
  kill_cgroup "$1"
  rm -f "$STATE/pids/host-$1"
  remove_cgroups "$1"
  # What a killed nspawn leaves outside the host.
  rm -rf --one-file-system "/run/systemd/nspawn/propagate/$(machine_name "$1")" \
    "/run/systemd/nspawn/locks/inode-$(stat -c %d:%i "$STATE/hosts/$1/root" 2>/dev/null)"
}

# An orderly power-off; the disk stays.
host_stop() {
  local nspawn
  if host_alive "$1"; then
    # nspawn turns SIGTERM into the signal that makes systemd power off.
    nspawn=$(pgrep -x -P "$(live_pid "host-$1")" systemd-nspawn || true)
    if [[ -n $nspawn ]]; then kill -TERM "$nspawn" 2>/dev/null || true; fi
    wait_for 30 host_gone "$1" || note "$1 does not power off by itself, pulling the plug"
  fi
  host_kill "$1"
}
host_gone() { ! host_alive "$1"; }

host_wait() { # NAME: until sshd answers a real command and systemd has finished booting
  local name=$1 deadline=$((SECONDS + 60)) answer="" booted='systemctl is-system-running --wait'
  if has_trait "$name" plain; then booted=true; fi
  while ((SECONDS < deadline)); do
    if answer=$(lab_ssh "$name" -o ConnectTimeout=2 root@"$name" "$booted" 2>&1 8>&-) ||
      [[ $answer == degraded ]]; then
      return 0
    fi
    host_alive "$name" || break
    sleep 0.1
  done
  die "host $name did not come up (${answer:-no answer}) — see: $LAB_SH log $name --state $STATE"
}

lab_ssh() { # NAME SSH-ARGUMENTS…
  shift
  ssh -F "$STATE/ssh_config" "$@"
}

record_host_keys() {
  local name address
  for name in $(lab_hosts); do
    address=$(<"$STATE/hosts/$name/address")
    awk -v who="$name,$address" '{ print who, $1, $2 }' "$STATE/hosts/$name"/ssh_host_*_key.pub
  done >"$STATE/known_hosts.new"
  mv "$STATE/known_hosts.new" "$STATE/known_hosts"
}
