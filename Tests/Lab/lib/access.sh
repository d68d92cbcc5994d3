# shellcheck shell=bash
# Working with a lab that is up.

verb_exec() {
  (($# >= 1)) || die "exec: give HOST -- COMMAND…"
  local name=$1
  shift
  need_host "$name"
  [[ ${1:-} != -- ]] || shift
  (($# >= 1)) || die "exec: give a command after --"
  # ssh joins its arguments with blanks for a shell on the other side; quoted, they arrive as they were given.
  exec ssh -F "$STATE/ssh_config" "$name" "$(printf '%q ' "$@")"
}

# Where no sshd answers: as a hypervisor's console does it.
verb_inside() {
  (($# >= 1)) || die "inside: give HOST -- COMMAND…"
  local name=$1 leader
  shift
  need_host "$name"
  [[ ${1:-} != -- ]] || shift
  (($# >= 1)) || die "inside: give a command after --"
  leader=$(host_leader "$name") || die "host $name is off — $LAB_SH start $name --state $STATE"
  exec nsenter --target "$leader" --mount --uts --ipc --net --pid -- \
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

verb_ssh() {
  (($# >= 1)) || die "ssh: give a host"
  need_host "$1"
  exec ssh -F "$STATE/ssh_config" "$@"
}

verb_stop() {
  need_host "${1:-}"
  lock_state
  case ${2:-} in
  --hard) host_kill "$1" ;;
  '') host_stop "$1" ;;
  *) die "stop: unknown argument $2 — $LAB_SH --help" ;;
  esac
}

verb_start() {
  need_host "${1:-}"
  lock_state
  if host_alive "$1"; then return 0; fi
  # A host that powered itself off left its cgroups.
  host_kill "$1"
  host_boot "$1"
  host_wait "$1"
}

verb_freshen() {
  need_host "${1:-}"
  lock_state
  host_kill "$1"
  host_disk_down "$1"
  case ${2:-} in
  --keep-keys) ;;
  '') rm -f "$STATE/hosts/$1"/ssh_host_* ;;
  *) die "freshen: unknown argument $2 — $LAB_SH --help" ;;
  esac
  host_disk_up "$1" "$(<"$STATE/hosts/$1/lower")"
  host_identity "$1"
  record_host_keys
  host_boot "$1"
  host_wait "$1"
}

verb_server() {
  need_lab
  lock_state
  case ${1:-} in
  stop) server_stop ;;
  start) server_start && server_wait ;;
  restart) server_stop && server_start && server_wait ;;
  shell) server_shell ;;
  *) die "server: say stop, start, restart or shell" ;;
  esac
}

# The package mirror; `refuse` makes a part of it answer 503 until `allow`.
verb_mirror() {
  need_lab
  lock_state
  local path
  case ${1:-} in
  stop) stop_recorded mirror ;;
  start) mirror_start "$(<"$STATE/mirror")" && mirror_wait ;;
  refuse)
    (($# > 1)) || die "mirror refuse: give paths such as /stable/debian"
    for path in "${@:2}"; do printf '%s\n' "$path"; done >"$STATE/mirror.refused"
    ;;
  allow) rm -f "$STATE/mirror.refused" ;;
  *) die "mirror: say stop, start, refuse PATH… or allow" ;;
  esac
}

# A second control server beside the lab's own, for hosts that are joined elsewhere.
verb_other_server() {
  need_lab
  lock_state
  has_server || die "this lab was brought up with --no-server"
  local binary
  binary=$(readlink "$SERVER_DIR/binary")
  use_server other
  case ${1:-} in
  start)
    if has_server; then server_start && server_wait && return 0; fi
    server_prepare "$binary"
    server_start
    server_wait
    server_first_use
    ;;
  stop) server_stop ;;
  *) die "other-server: say start or stop" ;;
  esac
}

verb_log() {
  need_lab
  case ${1:-} in
  server) cat "$STATE/headscale/server.log" ;;
  mirror) cat "$STATE/mirror.log" ;;
  '') die "log: name a host, server or mirror" ;;
  *)
    need_host "$1"
    cat "$STATE/hosts/$1/console.log"
    journalctl --no-pager --directory="$STATE/hosts/$1/root/var/log/journal" 2>/dev/null || true
    ;;
  esac
}

verb_status() {
  need_lab
  local name state
  printf 'state   %s\nbridge  %s\n' "$STATE" "$BRIDGE"
  for name in $(lab_hosts); do
    state=off
    if host_alive "$name"; then state=on; fi
    printf 'host    %-16s %-16s %s\n' "$name" "$(<"$STATE/hosts/$name/address")" "$state"
  done
  for name in server other-server shell mirror reaper; do
    state=off
    if live_pid "$name" >/dev/null; then state=on; fi
    printf '%-13s %s\n' "$name" "$state"
  done
}
