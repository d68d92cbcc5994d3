# shellcheck shell=bash
# Programs the lab needs on a bare Debian 12 or 13, each with the package that brings it.

readonly LAB_PROGRAMS="
debootstrap=debootstrap systemd-nspawn=systemd-container ssh=openssh-client ssh-keygen=openssh-client
gpg=gpg gpgconf=gpgconf gpg-agent=gpg-agent dpkg-deb=dpkg ip=iproute2 nsenter=util-linux setsid=util-linux
flock=util-linux python3=python3 openssl=openssl sha256sum=coreutils tar=tar xargs=findutils
journalctl=systemd wget=wget"

missing_packages() {
  local pair
  for pair in $LAB_PROGRAMS; do
    command -v "${pair%%=*}" >/dev/null || printf '%s\n' "${pair#*=}"
  done | sort -u
}

verb_deps() {
  need_root
  local packages
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} > 0)); then
    note "installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${packages[@]}")
    # Package lists may be absent or too old; a fresh image has none.
    if ! "${install[@]}" >/dev/null 2>&1; then
      apt-get update -q >&2 || die "apt-get update failed — check this machine's /etc/apt/sources.list.d"
      "${install[@]}" >&2 || die "apt-get install ${packages[*]} failed — see the lines above"
    fi
  fi
  [[ -c /dev/net/tun ]] || die "/dev/net/tun is missing — modprobe tun (or mknod /dev/net/tun c 10 200)"
  grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
    die "this kernel has no overlayfs — modprobe overlay"
}
