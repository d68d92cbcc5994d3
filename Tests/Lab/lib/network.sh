# shellcheck shell=bash
# The wire: a bridge in the machine's own network namespace, and a namespace of its own for the control server and the mirror.

address_in_use() {
  ip -o -4 address show | awk -v want="$LAB_GATEWAY/24" '$4 == want { print $2 }'
}

network_up() {
  local other
  other=$(address_in_use)
  [[ -z $other || $other == "$BRIDGE" ]] ||
    die "$LAB_GATEWAY/24 is taken by interface $other, another lab — end that one first: $LAB_SH down --state ITS_STATE (or ip link del $other)"
  ip link add "$BRIDGE" type bridge
  ip address add "$LAB_GATEWAY/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  ip netns add "$SERVER_NS"
  ip link add "$SERVER_VETH" type veth peer name eth0 netns "$SERVER_NS"
  ip link set "$SERVER_VETH" master "$BRIDGE" up
  ip -n "$SERVER_NS" link set lo up
  ip -n "$SERVER_NS" address add "$LAB_SERVER_IP/24" dev eth0
  ip -n "$SERVER_NS" link set eth0 up
}

network_down() {
  ip link del "$SERVER_VETH" 2>/dev/null || true
  if [[ -e /run/netns/$SERVER_NS ]]; then ip netns del "$SERVER_NS"; fi
  ip link del "$BRIDGE" 2>/dev/null || true
}

in_server_ns() { nsenter --net="/run/netns/$SERVER_NS" -- "$@"; }

# --- cgroups ---------------------------------------------------------------------------------------------
# systemd in a host builds a tree below its cgroup in every hierarchy; each host therefore gets one of its own, which
# also tells, at the end, which processes are its.

cgroup_roots() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/self/mounts; }

# Moves the calling process into the host's cgroups.
enter_cgroups() {
  local root group setting
  while read -r root; do
    group=$root/$CGROUP/$1
    mkdir -p "$group" 2>/dev/null || continue
    # A cpuset takes no process until it has cpus and memory nodes.
    if [[ $root == */cpuset* ]]; then
      for setting in cpuset.cpus cpuset.mems; do
        cat "$root/$setting" >"$root/$CGROUP/$setting"
        cat "$root/$setting" >"$group/$setting"
      done
    fi
    echo $BASHPID >"$group/cgroup.procs"
  done < <(cgroup_roots)
}

cgroup_processes() {
  local root
  while read -r root; do
    [[ ! -d $root/$CGROUP/$1 ]] || find "$root/$CGROUP/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done < <(cgroup_roots) | sort -un
}

kill_cgroup() {
  local deadline=$((SECONDS + 20)) left
  while left=$(cgroup_processes "$1"); [[ -n $left ]]; do
    ((SECONDS < deadline)) || die "processes of $1 do not end: $(xargs <<<"$left") — see: ps -fp $(tr '\n' , <<<"$left")"
    # shellcheck disable=SC2086 # one pid a word
    kill -KILL $left 2>/dev/null || true
    sleep 0.05
  done
}

remove_cgroups() { # HOST, or nothing for the whole lab
  local root
  while read -r root; do
    [[ ! -d $root/$CGROUP/${1:-} ]] || find "$root/$CGROUP/${1:-}" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done < <(cgroup_roots)
}
