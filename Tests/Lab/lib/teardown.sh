# shellcheck shell=bash
# The end of a lab, whole or half-built: everything `up` made, found by recorded pids, by the lab's own cgroups and by the
# names that follow from the state folder.

verb_down() {
  need_root
  lock_state
  tear_down
  rm -f "$STATE.lock"
  # Only where it is empty and ours; a folder the user named stays.
  if [[ $STATE == /run/meshctl-lab/* ]]; then rmdir /run/meshctl-lab 2>/dev/null || true; fi
}

tear_down() {
  local name
  stop_recorded reaper
  for name in $(lab_hosts); do host_kill "$name" & done
  stop_recorded server 2
  stop_recorded other-server 2
  stop_recorded shell 2
  stop_recorded mirror
  kill_cgroup "$PROGRAMS"
  wait
  for name in $(lab_hosts); do host_disk_down "$name"; done
  unmount_leftovers
  remove_cgroups
  network_down
  if [[ -e $STATE/marker ]]; then
    rm -rf --one-file-system "$STATE"
  elif [[ -d $STATE ]]; then
    rmdir "$STATE" 2>/dev/null || die "$STATE is not empty and was not made by the lab — choose another --state"
  fi
}

# This lab's own mounts (their source names it) that no host folder led to, deepest first.
unmount_leftovers() {
  local point
  while read -r point; do
    umount -l "$point" || true
  done < <(awk -v source="meshctl-lab-$LAB_ID" '$1 == source { print $2 }' /proc/self/mounts | sort -r)
}

start_reaper() { # OWNER-PID
  local started
  started=$(start_time "$1") || die "--owner $1: no such process — give the pid of the process that uses this lab"
  spawn reaper "" "$STATE/reaper.log" "$LAB_DIR/lab.sh" reap --state "$STATE" "$1" "$started"
}

# Outlives the test run that owns the lab, and ends the lab when that run is gone, however it went.
verb_reap() { # OWNER-PID START-TIME
  while [[ $(start_time "$1" || true) == "$2" ]]; do sleep 0.5; done
  # From here on this process is the one that tears down: it must not stop itself.
  rm -f "$STATE/pids/reaper"
  cd /
  exec "$LAB_DIR/lab.sh" down --state "$STATE" </dev/null >/dev/null 2>&1
}
