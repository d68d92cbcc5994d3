#!/bin/bash
# Inside a Debian that runs, without a network: what systemd makes of the package.
# shellcheck source=/dev/null
source /packages/expect.sh

# Everything in the unit's journal that is not the service manager's: what meshctl says, and what a library should not.
said() {
  journalctl --sync
  journalctl -q -u meshctl.service --no-hostname -o short-unix |
    sed -E 's/^[0-9.]+ //; /^systemd\[1\]: /d; s/^meshctl\[[0-9]+\]: //'
}

is timer disabled "$(systemctl is-enabled meshctl.timer || true)"
is timer inactive "$(systemctl is-active meshctl.timer || true)"

# Without an inventory nothing runs, and that is no failure.
systemctl start meshctl.service
is condition no "$(systemctl show -P ConditionResult meshctl.service)"

# The hardened unit runs the program, which finds no server there and says so.
cp /usr/share/doc/meshctl/examples/quickstart/inventory.yaml /etc/meshctl/
sed -i 's,https://mesh.example.com,http://127.0.0.1:9,' /etc/meshctl/inventory.yaml
chgrp meshctl /etc/meshctl/inventory.yaml
chmod 640 /etc/meshctl/inventory.yaml
(umask 077 && echo not-a-key >/etc/meshctl/api-key && echo not-a-key >/etc/meshctl/ssh-key)
if systemctl start meshctl.service; then fail "the run succeeded without a server"; fi
is status 1 "$(systemctl show -P ExecMainStatus meshctl.service)"
is result exit-code "$(systemctl show -P Result meshctl.service)"
journalctl -u meshctl.service | tee /packages/journal
said >/packages/said
grep -q '^error\[MESH-' /packages/said || fail "the run says something else than that the server is not reached"
is "noise beside meshctl's error" "" "$(grep -vE '^(error\[MESH-[A-Z0-9-]+\]: |  )' /packages/said || true)"
! grep -q not-a-key /packages/journal || fail "the key is in the journal"
systemctl reset-failed meshctl.service

# What is no failure; and the state lies where another run of that user, by cron say, looks for it.
is "exit statuses" "4 5 143" "$(systemctl show -P SuccessExitStatus meshctl.service)"
is "another place of the state" "" "$(systemctl show -P Environment meshctl.service | grep XDG_STATE_HOME || true)"

# In the same unit, on a simulated mesh: a run that has something to do says so, one that has nothing is silent.
mkdir -p /run/systemd/system/meshctl.service.d
cat >/run/systemd/system/meshctl.service.d/simulate.conf <<'END'
[Service]
ExecStart=
ExecStart=/usr/bin/meshctl apply --auto-approve --quiet --simulate --world %S/meshctl/world.json /etc/meshctl/inventory.yaml
END
systemctl daemon-reload
systemctl start meshctl.service
said >/packages/said
grep -q '^Apply: 3 changed' /packages/said || fail "the simulated run says something else than what it changed"
systemctl start meshctl.service
is "what a converged run says" "" "$(said | tail -n "+$(($(wc -l </packages/said) + 1))")"
rm -r /run/systemd/system/meshctl.service.d
systemctl daemon-reload

# An upgrade leaves an enabled timer as it is.
systemctl enable --now meshctl.timer
is timer active "$(systemctl is-active meshctl.timer)"
dpkg -i /packages/new.deb
is timer enabled "$(systemctl is-enabled meshctl.timer)"
is timer active "$(systemctl is-active meshctl.timer)"

# A removal stops it, a purge forgets it.
dpkg -r meshctl
is timer inactive "$(systemctl is-active meshctl.timer || true)"
dpkg -P meshctl
[[ ! -e /var/lib/meshctl ]] || fail "a purge leaves /var/lib/meshctl"
[[ ! -h /etc/systemd/system/timers.target.wants/meshctl.timer ]] || fail "a purge leaves the timer enabled"
is unit not-found "$(systemctl show -P LoadState meshctl.timer)"
