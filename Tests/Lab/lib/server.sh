# shellcheck shell=bash
# The two programs in the server namespace: the control server (real or stand-in, same argv) and the package mirror.

# Their cgroup; no host can have this name.
readonly PROGRAMS=_programs

# Which control server is meant: the lab's own, or the other one that a host may be joined to.
use_server() { # main|other
  SERVER_NAME=server SERVER_DIR=$STATE/headscale SERVER_KEY=$STATE/api.key
  SERVER_PORT=$LAB_API_PORT SERVER_LOCAL_PORTS=(9090 50443 3478)
  if [[ $1 == other ]]; then
    SERVER_NAME=other-server SERVER_DIR=$STATE/other SERVER_KEY=$STATE/other.key
    SERVER_PORT=$LAB_OTHER_PORT SERVER_LOCAL_PORTS=(9091 50444 3479)
  fi
  SERVER_URL=http://$LAB_SERVER_IP:$SERVER_PORT
}

server_binary() { # PATH or empty
  local binary=${1:-${MESHCTL_LAB_HEADSCALE:-}} candidate
  for candidate in "$LAB_DIR"/../../.build/{release,debug}/headscale-standin; do
    if [[ -z $binary && -x $candidate ]]; then binary=$candidate; fi
  done
  [[ -n $binary ]] || die "no control server — give --server PATH, set MESHCTL_LAB_HEADSCALE, run swift build, or say --no-server"
  [[ -x $binary && -f $binary ]] || die "the control server $binary is no program — build it, or correct --server or MESHCTL_LAB_HEADSCALE"
  realpath "$binary"
}

write_server_config() {
  local dir=$SERVER_DIR
  cat >"$dir/config.yaml" <<CONFIG
server_url: $SERVER_URL
listen_addr: 0.0.0.0:$SERVER_PORT
metrics_listen_addr: 127.0.0.1:${SERVER_LOCAL_PORTS[0]}
grpc_listen_addr: 127.0.0.1:${SERVER_LOCAL_PORTS[1]}
grpc_allow_insecure: false
noise: {private_key_path: $dir/noise_private.key}
prefixes: {v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48", allocation: sequential}
derp:
  server:
    enabled: true
    region_id: 999
    region_code: lab
    region_name: Lab
    verify_clients: true
    stun_listen_addr: "0.0.0.0:${SERVER_LOCAL_PORTS[2]}"
    private_key_path: $dir/derp_server_private.key
    automatically_add_embedded_derp_region: true
    ipv4: $LAB_SERVER_IP
  urls: []
  paths: []
  auto_update_enabled: false
disable_check_updates: true
node: {expiry: 0, ephemeral: {inactivity_timeout: 30m}}
database: {type: sqlite, sqlite: {path: $dir/db.sqlite, write_ahead_log: true}}
log: {level: info, format: text}
policy: {mode: database}
dns: {magic_dns: true, base_domain: tail.example.test, override_local_dns: false, nameservers: {global: []}}
unix_socket: $dir/headscale.sock
unix_socket_permission: "0770"
logtail: {enabled: false}
CONFIG
}

# Installs the binary of this lab and writes its configuration; the process is started apart.
server_prepare() { # BINARY
  private_folder "$SERVER_DIR"
  ln -sfn "$1" "$SERVER_DIR/binary"
  write_server_config
}

has_server() { [[ -x $SERVER_DIR/binary ]]; }
server_cli() { in_server_ns "$SERVER_DIR/binary" -c "$SERVER_DIR/config.yaml" "$@"; }

server_start() {
  has_server || die "this lab was brought up with --no-server — down it and bring it up with --server PATH"
  if live_pid "$SERVER_NAME" >/dev/null; then return 0; fi
  # A socket left by a killed server would make the next one refuse to listen.
  rm -f "$SERVER_DIR/headscale.sock"
  spawn "$SERVER_NAME" "$PROGRAMS" "$SERVER_DIR/server.log" nsenter --net="/run/netns/$SERVER_NS" -- \
    "$SERVER_DIR/binary" serve -c "$SERVER_DIR/config.yaml"
}

server_wait() {
  wait_for 30 server_answers_or_gone || true
  local words
  words=$(tail -1 "$SERVER_DIR/server.log")
  http_ok "$SERVER_URL/health" ||
    die "the control server does not answer $SERVER_URL/health; its last words: ${words:-none} — see: $LAB_SH log server --state $STATE"
}
server_answers_or_gone() { http_ok "$SERVER_URL/health" || ! live_pid "$SERVER_NAME" >/dev/null; }

server_stop() { stop_recorded "$SERVER_NAME" 10; }

# Everything after these two command lines goes by REST.
server_first_use() {
  local output key
  output=$(server_cli users create "$LAB_USER" 2>&1) ||
    die "headscale users create $LAB_USER failed: $(tail -1 <<<"$output") — see: $LAB_SH log server --state $STATE"
  output=$(server_cli apikeys create -e 90d 2>"$SERVER_DIR/apikeys.stderr") ||
    die "headscale apikeys create failed: $(tail -1 "$SERVER_DIR/apikeys.stderr") — see: $LAB_SH log server --state $STATE"
  key=$(grep -v '^[[:space:]]*$' <<<"$output" | tail -1)
  [[ -n $key ]] || die "headscale apikeys create printed no key — run it by hand: $SERVER_DIR/binary -c $SERVER_DIR/config.yaml apikeys create -e 90d"
  (umask 077 && printf '%s\n' "$key" >"$SERVER_KEY")
}

# A shell on the control server's machine, as `server.api.ssh` needs it: sshd in its namespace, with the lab's key, where
# `headscale` is this lab's.
server_shell() {
  local dir=$STATE/shell sshd
  sshd=$(command -v sshd || true)
  [[ -n $sshd ]] || die "there is no sshd on this machine — apt-get install openssh-server"
  if live_pid shell >/dev/null; then return 0; fi
  private_folder "$dir"
  mkdir -p "$dir/bin" /run/sshd
  printf '#!/bin/sh\nexec %q -c %q "$@"\n' "$SERVER_DIR/binary" "$SERVER_DIR/config.yaml" >"$dir/bin/headscale"
  chmod 0755 "$dir/bin/headscale"
  [[ -e $dir/host_key ]] || ssh-keygen -q -t ed25519 -N '' -C mesh.lab.test -f "$dir/host_key"
  printf '%s %s\n' "$LAB_SERVER_IP" "$(cut -d' ' -f1,2 "$dir/host_key.pub")" >"$dir/known_hosts"
  printf '%s\n' "ListenAddress $LAB_SERVER_IP:22" "HostKey $dir/host_key" "AuthorizedKeysFile $STATE/id_ed25519.pub" \
    "StrictModes no" "UsePAM no" "PidFile none" "PasswordAuthentication no" "PermitRootLogin yes" \
    "SetEnv PATH=$dir/bin:/usr/bin:/bin" >"$dir/sshd_config"
  spawn shell "$PROGRAMS" "$dir/sshd.log" nsenter --net="/run/netns/$SERVER_NS" -- "$sshd" -D -e -f "$dir/sshd_config"
  wait_for 10 ssh_answers "$LAB_SERVER_IP" || die "sshd in the server's namespace does not answer: $(tail -1 "$dir/sshd.log")"
}
ssh_answers() { ssh-keyscan -T 2 "$1" 2>/dev/null | grep -q .; }

http_ok() {
  "$PYTHON" - "$1" 2>/dev/null <<'PROBE'
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.exit(opener.open(sys.argv[1], timeout=2).status != 200)
PROBE
}

mirror_start() { # FOLDER that holds stable/
  if live_pid mirror >/dev/null; then return 0; fi
  printf '%s\n' "$1" >"$STATE/mirror"
  spawn mirror "$PROGRAMS" "$STATE/mirror.log" nsenter --net="/run/netns/$SERVER_NS" -- \
    "$PYTHON" "$LAB_DIR/lib/mirror.py" "$LAB_SERVER_IP" "$LAB_MIRROR_PORT" "$1" "$STATE/mirror.refused"
}

mirror_wait() {
  wait_for 10 http_ok "$LAB_MIRROR_URL/?mode=json" || die "the package mirror does not answer: $(tail -1 "$STATE/mirror.log")"
}
