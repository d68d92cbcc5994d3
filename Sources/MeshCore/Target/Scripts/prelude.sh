# Helpers in front of every script; ScriptRendering puts both into one group, so that the shell has
# parsed everything before the first command runs.
#
# MESHCTL_MARK  random word that begins a section line
# MESHCTL_TMP   private directory, made on demand, removed by the EXIT trap

LC_ALL=C
LANG=C
export LC_ALL LANG
# Non-interactive logins often lack the sbin folders.
PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Homebrew of Apple silicon; last, because its owner may write there.
[ ! -d /opt/homebrew/bin ] || PATH=$PATH:/opt/homebrew/bin:/opt/homebrew/sbin
# A program in a folder where anybody may put one (or in one that depends on where we are) would get
# what only the real one may, the key of a join above all. One `find` looks at all of them.
meshctl_kept=
meshctl_open=
meshctl_ifs=$IFS
IFS=:
set -f
for meshctl_find in /usr/bin/find /bin/find; do
  [ ! -x "$meshctl_find" ] || break
done
if [ -x "$meshctl_find" ]; then
  set --
  for meshctl_dir in $PATH; do
    case $meshctl_dir in /*) set -- "$@" "$meshctl_dir/." ;; esac
  done
  meshctl_open=$("$meshctl_find" "$@" -prune -type d -perm -0002 2>/dev/null </dev/null)
fi
for meshctl_dir in $PATH; do
  case $meshctl_dir in /*) ;; *) continue ;; esac
  case "
$meshctl_open
" in *"
$meshctl_dir/.
"*) continue ;; esac
  meshctl_kept=$meshctl_kept${meshctl_kept:+:}$meshctl_dir
done
PATH=$meshctl_kept
set +f
IFS=$meshctl_ifs
export PATH
umask 022

unset AUTH_KEY_FILE
MESHCTL_TMP=
MESHCTL_CHILD=
MESHCTL_WATCHER=

meshctl_clean() {
  [ -z "$MESHCTL_TMP" ] || rm -rf "$MESHCTL_TMP"
  MESHCTL_TMP=
}

# A trap runs only between commands, so long commands run in the background (`limited`) and are
# ended here; dash leaves no EXIT trap on a signal unless that signal is trapped too. SIGPIPE comes
# when the connection is gone and we print.
meshctl_stop() {
  trap '' HUP INT PIPE TERM
  [ -z "$MESHCTL_WATCHER" ] || kill -TERM "$MESHCTL_WATCHER" 2>/dev/null
  [ -z "$MESHCTL_CHILD" ] || kill -TERM "$MESHCTL_CHILD" 2>/dev/null
  exit "$1"
}
trap meshctl_clean EXIT
trap 'meshctl_stop 129' HUP
trap 'meshctl_stop 130' INT
trap 'meshctl_stop 141' PIPE
trap 'meshctl_stop 143' TERM

# meshctl_mkdir: makes MESHCTL_TMP (0700).
meshctl_mkdir() {
  [ -z "$MESHCTL_TMP" ] || return 0
  meshctl_umask=$(umask)
  umask 077
  MESHCTL_TMP=$(mktemp -d "${TMPDIR:-/tmp}/meshctl.XXXXXXXXXX" 2>/dev/null) ||
    MESHCTL_TMP=$(mktemp -d /tmp/meshctl.XXXXXXXXXX 2>/dev/null) || {
    # Without mktemp: mkdir fails where the name exists, so nobody can put a link in the way.
    MESHCTL_TMP=/tmp/meshctl.$$
    mkdir "$MESHCTL_TMP" || {
      MESHCTL_TMP=
      exit 73
    }
  }
  umask "$meshctl_umask"
}

# section NAME STATUS: begins a section; its text is whatever follows on standard output.
section() {
  printf '%s %s %s\n' "$MESHCTL_MARK" "$1" "$2"
}

# answer NAME STATUS TEXT: a whole section.
answer() {
  section "$1" "$2"
  printf '%s\n' "$3"
}

# answer_file NAME STATUS FILE: a whole section from a file, at most 32 KiB.
answer_file() {
  section "$1" "$2"
  printf '%s\n' "$(head -c 32768 "$3")"
}

# finish: the last line; a report without it was cut short.
finish() {
  section end 0
  exit 0
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# What can end a command in time: busybox before 1.34 has no `-k`, before 1.30 another syntax.
if timeout -k 5 5 true >/dev/null 2>&1; then
  MESHCTL_LIMITER=hard
elif timeout 5 true >/dev/null 2>&1; then
  MESHCTL_LIMITER=soft
else
  MESHCTL_LIMITER=none
fi

# limited SECONDS COMMAND…: 124 (or 143, 137) when the time is up. The group of the command dies with it.
limited() {
  meshctl_seconds=$1
  shift
  case $MESHCTL_LIMITER in
    hard) timeout -k 5 "$meshctl_seconds" "$@" </dev/null & ;;
    soft) timeout "$meshctl_seconds" "$@" </dev/null & ;;
    *) "$@" </dev/null & ;;
  esac
  MESHCTL_CHILD=$!
  if [ "$MESHCTL_LIMITER" = none ]; then
    # Its output goes nowhere: a command substitution would wait for it otherwise.
    (
      trap 'kill "$meshctl_sleep" 2>/dev/null; exit 0' TERM
      sleep "$meshctl_seconds" &
      meshctl_sleep=$!
      wait "$meshctl_sleep"
      kill -TERM "$MESHCTL_CHILD" 2>/dev/null
      sleep 5 &
      meshctl_sleep=$!
      wait "$meshctl_sleep"
      kill -KILL "$MESHCTL_CHILD" 2>/dev/null
    ) >/dev/null 2>&1 </dev/null &
    MESHCTL_WATCHER=$!
  fi
  wait "$MESHCTL_CHILD"
  meshctl_status=$?
  MESHCTL_CHILD=
  if [ -n "$MESHCTL_WATCHER" ]; then
    kill -TERM "$MESHCTL_WATCHER" 2>/dev/null
    wait "$MESHCTL_WATCHER" 2>/dev/null
    MESHCTL_WATCHER=
  fi
  return "$meshctl_status"
}

# client_section NAME COMMAND…: the exit code as status, standard output as text; what went to
# standard error is added only where the command failed, since warnings there would spoil the JSON.
client_section() {
  meshctl_name=$1
  shift
  meshctl_mkdir
  if have "$1"; then
    limited 10 "$@" >"$MESHCTL_TMP/section" 2>"$MESHCTL_TMP/section-error"
    meshctl_code=$?
  else
    : >"$MESHCTL_TMP/section"
    printf '%s: not found\n' "$1" >"$MESHCTL_TMP/section-error"
    meshctl_code=127
  fi
  section "$meshctl_name" "$meshctl_code"
  meshctl_text=$(head -c 262144 "$MESHCTL_TMP/section")
  [ "$meshctl_code" -eq 0 ] || meshctl_text=$meshctl_text$(head -c 4096 "$MESHCTL_TMP/section-error")
  printf '%s\n' "$meshctl_text"
}

# client_state: the sections `status` and `prefs`, as after every step that touches the client.
client_state() {
  client_section status tailscale status --json --peers=false
  client_section prefs tailscale debug prefs
}
