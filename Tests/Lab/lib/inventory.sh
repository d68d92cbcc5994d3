# shellcheck shell=bash
# What a lab tells its users: lab.json for tests, an inventory for people.

write_lab_json() { # SERVER-BINARY or empty
  local name
  for name in $(lab_hosts); do printf '%s %s\n' "$name" "$(<"$STATE/hosts/$name/address")"; done |
    "$PYTHON" -c '
import json, sys
state, lab_id, bridge, api, mirror, user, suite, binary = sys.argv[1:]
hosts = dict(line.split() for line in sys.stdin)
json.dump({
    "id": lab_id, "state": state, "bridge": bridge, "suite": suite,
    "hosts": {name: {"address": address, "root": f"{state}/hosts/{name}/root"} for name, address in hosts.items()},
    "ssh": {"config": f"{state}/ssh_config", "identityFile": f"{state}/id_ed25519", "knownHosts": f"{state}/known_hosts"},
    "users": {"root": "root", "passwordless": "ops", "password": "pat", "none": "nosudo"},
    "patPasswordFile": f"{state}/pat.password",
    "server": {"url": api, "apiKeyFile": f"{state}/api.key", "user": user, "config": f"{state}/headscale/config.yaml",
               "log": f"{state}/headscale/server.log", "binary": binary} if binary else None,
    "mirror": {"url": mirror},
}, sys.stdout, indent=2)
print()' "$STATE" "$LAB_ID" "$BRIDGE" "$LAB_API_URL" "$LAB_MIRROR_URL" "$LAB_USER" "$LAB_SUITE" "$1" >"$STATE/lab.json.new"
  # Its presence says that the lab is complete.
  mv "$STATE/lab.json.new" "$STATE/lab.json"
}

# Each kind of user has a host, in turn: pat (sudo asks), ops (sudo does not), root.
verb_demo_inventory() {
  need_lab
  local name number=0
  cat <<YAML
version: 1
server:
  url: $LAB_API_URL
  api:
    key: {file: $STATE/api.key}
defaults:
  os: linux
  ssh: {identity_file: $STATE/id_ed25519, host_key: accept-new}
  tailscale: {mirror: $LAB_MIRROR_URL}
hosts:
YAML
  for name in $(lab_hosts | sort -V); do
    printf '  %s:\n    address: %s\n' "$name" "$(<"$STATE/hosts/$name/address")"
    case $((number % 3)) in
    0) printf '    ssh: {user: pat}\n    become: {password: {file: %s}}\n    tags: [tag:server]\n' "$STATE/pat.password" ;;
    1) printf '    ssh: {user: ops}\n    owner: %s\n    routes: [10.%s.0.0/24]\n' "$LAB_USER" $((77 + number)) ;;
    2) printf '    ssh: {user: root, host_key: "%s"}\n    owner: %s\n' \
      "$(cut -d' ' -f1,2 "$STATE/hosts/$name/ssh_host_ed25519_key.pub")" "$LAB_USER" ;;
    esac
    number=$((number + 1))
  done
}
