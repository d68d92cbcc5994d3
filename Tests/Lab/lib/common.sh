# shellcheck shell=bash
# What every verb shares: words to the user, where the state is, locks, and processes known by pid and start time.

note() { printf 'lab: %s\n' "$*" >&2; }

# One error: what failed, and after "—" what to do next.
die() {
  printf 'lab: error: %s\n' "$*" >&2
  exit 1
}

need_root() { [[ $EUID -eq 0 ]] || die "the lab needs root (namespaces, mounts, chroot) — run it with sudo"; }

# Always Debian's own interpreter: a pyenv shim on PATH costs 100 ms a call and may not see system modules.
readonly PYTHON=/usr/bin/python3

readonly LAB_NET=198.51.100
readonly LAB_GATEWAY=$LAB_NET.1
readonly LAB_SERVER_IP=$LAB_NET.10
readonly LAB_FIRST_HOST=11
readonly LAB_API_PORT=8080
readonly LAB_OTHER_PORT=8090
readonly LAB_MIRROR_PORT=8081
readonly LAB_API_URL="http://$LAB_SERVER_IP:$LAB_API_PORT"
readonly LAB_MIRROR_URL="http://$LAB_SERVER_IP:$LAB_MIRROR_PORT/stable"
readonly LAB_USER=lab

# Names of everything the lab makes outside its state folder come from that folder's path, so that `down`
# finds them even where `up` was killed before it could write anything.
use_state() {
  STATE=$(realpath -m -- "$1")
  [[ $STATE == /*/* ]] || die "--state $1 is no place for a lab — name a folder of its own, such as /run/meshctl-lab/default"
  LAB_ID=$(printf '%s' "$STATE" | sha256sum | cut -c1-6)
  BRIDGE=mcb-$LAB_ID
  SERVER_NS=mcs-$LAB_ID
  SERVER_VETH=mcv-$LAB_ID
  CGROUP=meshctl-lab-$LAB_ID
}

# Only a folder made here is made private: one that exists is its owner's business.
private_folder() {
  if [[ ! -d $1 ]]; then (umask 077 && mkdir -p "$1"); fi
}

machine_name() { printf 'mc%s-%s' "$LAB_ID" "$1"; }

need_lab() {
  [[ -e $STATE/marker ]] || die "no lab at $STATE — bring one up: $LAB_SH up --state $STATE --hosts 3"
}

need_host() {
  need_lab
  [[ $1 =~ ^[a-z0-9-]+$ && -d $STATE/hosts/$1 ]] || die "no host named '$1' in this lab — it has: $(lab_hosts | xargs)"
}

lab_hosts() { [[ ! -d $STATE/hosts ]] || ls "$STATE/hosts"; }

# One verb at a time changes a lab. The lock file stands beside the state, since `down` removes the state.
lock_state() {
  private_folder "$(dirname "$STATE")"
  exec 8>"$STATE.lock"
  flock -w 120 8 || die "another lab command still works on $STATE — wait for it, or see: fuser $STATE.lock"
}

# --- processes -------------------------------------------------------------------------------------------

# Field 22 of /proc/PID/stat; the command name before it may hold blanks and parentheses.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086 # split on purpose
  set -- $stat
  [[ $1 != Z ]] || return 1
  printf '%s' "${20}"
}

record_pid() { # NAME PID
  mkdir -p "$STATE/pids"
  printf '%s %s\n' "$2" "$(start_time "$2")" >"$STATE/pids/$1.new"
  mv "$STATE/pids/$1.new" "$STATE/pids/$1"
}

# Prints the pid recorded under NAME if that very process still runs.
live_pid() {
  local pid started
  read -r pid started 2>/dev/null <"$STATE/pids/$1" || return 1
  [[ -n $started && $(start_time "$pid" || true) == "$started" ]] || return 1
  printf '%s' "$pid"
}

stop_recorded() { # NAME [SECONDS before SIGKILL]
  local pid deadline
  if pid=$(live_pid "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    deadline=$((SECONDS + ${2:-5}))
    while live_pid "$1" >/dev/null; do
      if ((SECONDS >= deadline)); then
        kill -KILL "$pid" 2>/dev/null || true
      fi
      sleep 0.05
    done
  fi
  rm -f "$STATE/pids/$1"
}

# Runs a command detached from the caller's terminal, session and locks, in a cgroup by which `down` finds it even
# where this process is killed before it recorded the pid. Prints nothing.
spawn() { # NAME CGROUP-OR-EMPTY LOGFILE COMMAND…
  local name=$1 group=$2 log=$3
  shift 3
  (
    [[ -z $group ]] || enter_cgroups "$group"
    exec setsid -- "$@"
  ) </dev/null >>"$log" 2>&1 8>&- 9>&- &
  record_pid "$name" $!
  disown
}

wait_for() { # SECONDS COMMAND…
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# A hash over names and contents of files and folders: the key of everything cached.
hash_of() {
  find "$@" -type f ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum |
    awk '{print $1}' | sha256sum | cut -c1-12
}
