# shellcheck shell=bash
# The two programs in the server namespace: the control server (real or stand-in, same argv) and the package mirror.

# Their cgroup; no host can have this name.
readonly PROGRAMS=_programs

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
  local dir=$STATE/headscale
  cat >"$dir/config.yaml" <<CONFIG
server_url: $LAB_API_URL
listen_addr: 0.0.0.0:$LAB_API_PORT
metrics_listen_addr: 127.0.0.1:9090
grpc_listen_addr: 127.0.0.1:50443
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
    stun_listen_addr: "0.0.0.0:3478"
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
  private_folder "$STATE/headscale"
  ln -sfn "$1" "$STATE/headscale/binary"
  write_server_config
}

has_server() { [[ -x $STATE/headscale/binary ]]; }
server_cli() { in_server_ns "$STATE/headscale/binary" -c "$STATE/headscale/config.yaml" "$@"; }

server_start() {
  has_server || die "this lab was brought up with --no-server — down it and bring it up with --server PATH"
  if live_pid server >/dev/null; then return 0; fi
  # A socket left by a killed server would make the next one refuse to listen.
  rm -f "$STATE/headscale/headscale.sock"
  spawn server "$PROGRAMS" "$STATE/headscale/server.log" nsenter --net="/run/netns/$SERVER_NS" -- \
    "$STATE/headscale/binary" serve -c "$STATE/headscale/config.yaml"
}

server_wait() {
  wait_for 30 server_answers_or_gone || true
  local words
  words=$(tail -1 "$STATE/headscale/server.log")
  http_ok "$LAB_API_URL/health" ||
    die "the control server does not answer $LAB_API_URL/health; its last words: ${words:-none} — see: $LAB_SH log server --state $STATE"
}
server_answers_or_gone() { http_ok "$LAB_API_URL/health" || ! live_pid server >/dev/null; }

server_stop() { stop_recorded server 10; }

# Everything after these two command lines goes by REST.
server_first_use() {
  local output key
  output=$(server_cli users create "$LAB_USER" 2>&1) ||
    die "headscale users create $LAB_USER failed: $(tail -1 <<<"$output") — see: $LAB_SH log server --state $STATE"
  output=$(server_cli apikeys create -e 90d 2>"$STATE/headscale/apikeys.stderr") ||
    die "headscale apikeys create failed: $(tail -1 "$STATE/headscale/apikeys.stderr") — see: $LAB_SH log server --state $STATE"
  key=$(grep -v '^[[:space:]]*$' <<<"$output" | tail -1)
  [[ -n $key ]] || die "headscale apikeys create printed no key — run it by hand: $STATE/headscale/binary -c $STATE/headscale/config.yaml apikeys create -e 90d"
  (umask 077 && printf '%s\n' "$key" >"$STATE/api.key")
}

http_ok() {
  "$PYTHON" - "$1" 2>/dev/null <<'PROBE'
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.exit(opener.open(sys.argv[1], timeout=2).status != 200)
PROBE
}

mirror_start() { # FOLDER that holds stable/
  spawn mirror "$PROGRAMS" "$STATE/mirror.log" nsenter --net="/run/netns/$SERVER_NS" -- \
    "$PYTHON" -m http.server "$LAB_MIRROR_PORT" --bind "$LAB_SERVER_IP" --directory "$1"
}
