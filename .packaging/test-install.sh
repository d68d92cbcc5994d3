#!/bin/bash
# Installs, upgrades, removes and purges the package in clean Debians: first as apt does in a machine that is not booted, then
# under a running systemd without any network.
#
# usage: test-install.sh OLD.deb NEW.deb SUITE…      (Linux, root; NEW has a higher version of the same program)
# The Debians are those of the lab (Tests/Lab/lab.sh rootfs SUITE), each below a layer that is thrown away.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
old=$(realpath "$1") new=$(realpath "$2")
shift 2
cd "$here/.."

say() { printf 'test-install: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}
[[ $EUID -eq 0 ]] || die "it needs root"
# shellcheck source=/dev/null
source Tests/Lab/lib/rootfs.sh # debian_mirror

scratch=$(mktemp -d /var/tmp/meshctl-install.XXXXXX)
root=$scratch/root

unmount() {
  local place
  for place in "$root" "$scratch/disk"; do
    if mountpoint -q "$place"; then umount "$place" 2>/dev/null || umount -l "$place"; fi
  done
}
trap 'unmount; rm -rf --one-file-system "$scratch"' EXIT

nspawn() { # ARGUMENT…
  # Without a terminal and without this machine's settings; a hang is a failure.
  timeout --kill-after=20 600 systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --settings=no \
    --machine="meshctl-install-$$" --link-journal=no --timezone=off --console=pipe "$@" </dev/null
}

debian() { # SUITE
  local suite=$1 rootfs mirror
  rootfs=$(bash Tests/Lab/lab.sh rootfs "$suite")
  mkdir -p "$scratch/disk" "$root"
  mount -t tmpfs -o size=3g,mode=0755 meshctl-install "$scratch/disk"
  mkdir -m 0755 "$scratch/disk/upper" "$scratch/disk/work"
  mount -t overlay -o "lowerdir=$rootfs,upperdir=$scratch/disk/upper,workdir=$scratch/disk/work" meshctl-install "$root"
  mirror=$(debian_mirror "$suite")
  [[ -n $mirror ]] || die "apt on this machine names no Debian mirror"
  printf 'deb %s %s main\n' "$mirror" "$suite" >"$root/etc/apt/sources.list"
  apt-config dump Acquire::http | grep -i proxy >"$root/etc/apt/apt.conf.d/99proxy" || true
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  mkdir "$root/packages"
  cp "$old" "$root/packages/old.deb"
  cp "$new" "$root/packages/new.deb"
  cp "$here"/install/*.sh "$root/packages/"
}

for suite; do
  started=$SECONDS
  debian "$suite"
  nspawn --as-pid2 --resolv-conf=replace-host /bin/bash /packages/offline.sh >"$scratch/log" 2>&1 ||
    { tail -n 40 "$scratch/log" >&2 && die "$suite: failed in a machine that is not booted, see above"; }
  install -m 644 "$here/install/package-test.service" "$root/etc/systemd/system/"
  ln -s ../package-test.service "$root/etc/systemd/system/multi-user.target.wants/"
  nspawn --boot --private-network --resolv-conf=off >"$scratch/log" 2>&1 || true
  [[ "$(cat "$root/packages/result" 2>/dev/null)" == ok ]] ||
    { tail -n 60 "$root/packages/booted.log" "$scratch/log" >&2 && die "$suite: failed under systemd, see above"; }
  unmount
  say "$suite: installed, upgraded, removed and purged cleanly ($((SECONDS - started)) s)"
done
