#!/bin/bash
# Turns a fresh debootstrap at $1 into what every lab host boots. Run by lib/rootfs.sh; a change here makes a new cache entry.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$1

cp -a "$here/files/." "$root/"
chown -R root:root "$root/etc/sudoers.d" "$root/etc/ssh/sshd_config.d" "$root/etc/systemd"
chmod 0440 "$root"/etc/sudoers.d/lab
chmod 0755 "$root/usr/local/sbin/lab-network"

# Hosts have no internet: whatever apt can fetch comes from the lab's package mirror alone.
rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/* \
  "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/log/*.log \
  "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*

# Each host gets its own.
rm -f "$root"/etc/ssh/ssh_host_* "$root"/etc/machine-id "$root"/var/lib/dbus/machine-id "$root"/etc/resolv.conf "$root"/etc/hostname

for user in ops pat nosudo; do
  chroot "$root" useradd --create-home --shell /bin/bash "$user"
done
# "*" means no password; "!" means a locked account, which sshd without PAM refuses even with a key.
for user in root ops pat nosudo; do
  chroot "$root" usermod --password '*' "$user"
  home=$(chroot "$root" sh -c "echo ~$user")
  chroot "$root" install -d -m 0700 -o "$user" -g "$user" "$home/.ssh"
done

# The journal survives a reboot, and can be read from outside while a host is off.
mkdir -p "$root/var/log/journal"

chroot "$root" systemctl enable lab-network.service ssh.service
chroot "$root" systemctl set-default multi-user.target
# Nothing here serves a lab host, and each costs time at every boot.
chroot "$root" systemctl mask \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer \
  systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
  systemd-update-utmp.service \
  console-getty.service getty.target modprobe@.service systemd-tmpfiles-clean.timer
