#!/bin/bash
# Inside a Debian that is not booted: apt installs, upgrades, removes and purges. Leaves the old version installed.
# shellcheck source=/dev/null
source /packages/expect.sh

apt() { apt-get -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "$@"; }

# Everything but what belongs to apt, dpkg and caches made from what is installed.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /packages -o -path /var/cache \
    -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg \) -prune -o -print | LC_ALL=C sort
}

apt update
! command -v meshctl || fail "meshctl is there already"
files >/packages/before

# --- installed -----------------------------------------------------------------------------------------------
apt install /packages/old.deb
dpkg -s libyaml-0-2 openssh-client >/dev/null || fail "what it depends on is missing"
case $(meshctl --version) in "meshctl "*" (commit "*) ;; *) fail "version: $(meshctl --version)" ;; esac
meshctl plan /usr/share/doc/meshctl/examples/quickstart/inventory.yaml --simulate | tee /packages/plan
grep -q '^Plan: 3 to join' /packages/plan || fail "the plan of the example says something else"
is timer disabled "$(systemctl is-enabled meshctl.timer || true)"
case $(systemctl is-enabled meshctl.service || true) in static | disabled) ;; *) fail "the service is enabled" ;; esac
is /etc/meshctl "root:meshctl 750" "$(mode_of /etc/meshctl)"
is /etc/meshctl/environment "root:root 644" "$(mode_of /etc/meshctl/environment)"
is home "meshctl:meshctl 700" "$(mode_of /var/lib/meshctl)"
is ssh_config "meshctl:meshctl 600" "$(mode_of /var/lib/meshctl/.ssh/config)"
is shell /usr/sbin/nologin "$(getent passwd meshctl | cut -d: -f7)"
is "files that differ from the package's" "" "$(dpkg --verify meshctl || true)"

# --- upgraded, with what an administrator changed -------------------------------------------------------------
echo 'HEADSCALE_URL=https://mesh.example.com' >>/etc/meshctl/environment
chmod 751 /etc/meshctl
(umask 077 && echo "version: 1" >/etc/meshctl/inventory.yaml)
echo remembered >/var/lib/meshctl/state
before=$(version_of)
apt install /packages/new.deb
dpkg --compare-versions "$(version_of)" gt "$before" || fail "the version is still $before"
grep -q '^HEADSCALE_URL=' /etc/meshctl/environment || fail "the upgrade lost the environment"
is /etc/meshctl "root:meshctl 751" "$(mode_of /etc/meshctl)"
is state remembered "$(cat /var/lib/meshctl/state)"

# --- removed ----------------------------------------------------------------------------------------------------
apt remove meshctl
! command -v meshctl || fail "a removal leaves the program"
[[ ! -e /usr/lib/systemd/system/meshctl.timer ]] || fail "a removal leaves the timer"
grep -q '^HEADSCALE_URL=' /etc/meshctl/environment || fail "a removal lost the environment"
is state remembered "$(cat /var/lib/meshctl/state)"
apt install /packages/new.deb
is state remembered "$(cat /var/lib/meshctl/state)"

# --- purged -------------------------------------------------------------------------------------------------------
apt purge meshctl | tee /packages/purge
grep -q '/etc/meshctl is kept' /packages/purge || fail "a purge does not say that files are kept"
is inventory "version: 1" "$(cat /etc/meshctl/inventory.yaml)"
rm /etc/meshctl/inventory.yaml
rmdir /etc/meshctl
apt install /packages/new.deb
apt purge --autoremove meshctl
files >/packages/after
# /etc/passwd and its like keep the user; `-` files are their backups.
diff /packages/before /packages/after >/packages/difference || true
is "what a purge leaves (>) or took away (<)" "" \
  "$(grep '^[<>]' /packages/difference | grep -vE '^[<>] /etc/(passwd|group|shadow|gshadow|subuid|subgid)-$' || true)"

# --- where documents are left out, as minimal machines and containers have it -------------------------------------------
excluded=/etc/dpkg/dpkg.cfg.d/meshctl-test
printf 'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\n' >$excluded
apt install /packages/old.deb
is state "install ok installed" "$(dpkg-query -W -f '${Status}' meshctl)"
[[ ! -e /usr/share/doc/meshctl/examples ]] || fail "the documents are there; nothing was left out"
is ssh_config "meshctl:meshctl 600" "$(mode_of /var/lib/meshctl/.ssh/config)"
cmp /usr/share/meshctl/ssh_config /var/lib/meshctl/.ssh/config
apt install /packages/new.deb
apt purge meshctl
rm $excluded

# --- for the second half --------------------------------------------------------------------------------------------
apt install man-db /packages/old.deb
for page in meshctl meshctl-plan meshctl-apply; do man -w "$page" || fail "no page $page"; done
man -w 5 meshctl-inventory
# With the pages that the units name.
systemd-analyze verify /usr/lib/systemd/system/meshctl.timer /usr/lib/systemd/system/meshctl.service
