# What the installing scripts share; ScriptText puts this in front of them, after client-common.sh.
#
# VERSION  `present` (keep what is there), `latest`, or `x.y.z`

meshctl_mkdir
OUT=$MESHCTL_TMP/out
: >"$OUT"

client_version() {
  limited 10 tailscale version 2>/dev/null | head -n 1
}

ended() { # STATUS STAGE
  answer stage "$1" "$2"
  section evidence 0
  # The end of the output says what failed.
  printf '%s\n' "$(tail -c 8192 "$OUT")"
  answer version 0 "$(client_version)"
  finish
}

# failed STAGE WORDS
failed() {
  printf '%s\n' "$2" >>"$OUT"
  ended 1 "$1"
}

# renew_daemon VERSION: a daemon that still runs another version is restarted.
renew_daemon() {
  renew_running=$(daemon_version)
  case $renew_running in
    '' | "$1") return 0 ;;
  esac
  daemon_restart
}

# keep_installed: ends the script where nothing has to be installed.
keep_installed() {
  installed=$(client_version)
  [ -n "$installed" ] || return 0
  case $VERSION in
    present) ended 0 '' ;;
    "$installed")
      renew_daemon "$installed" || failed restart 'the daemon does not answer after its restart'
      ended 0 ''
      ;;
  esac
}

# settled: ends the script by what answers now.
settled() {
  installed=$(client_version)
  if [ -z "$installed" ]; then
    limited 10 tailscale version >>"$OUT" 2>&1
    failed install 'tailscale is installed, but does not answer'
  fi
  case $VERSION in
    present | latest | "$installed") ;;
    *) failed version "asked for $VERSION, but $installed answers" ;;
  esac
  renew_daemon "$installed" || failed restart 'the daemon does not answer after its restart'
  ended 0 ''
}

# fetch URL FILE [SECONDS], by whatever is there; apt's own helper is always there with apt.
fetch() {
  fetch_seconds=${3:-60}
  if have curl; then
    limited "$fetch_seconds" curl -q -g -fsSL --proto '=http,https' -m "$((fetch_seconds - 5))" \
      -o "$2" --url "$1" >>"$OUT" 2>&1
  elif have wget; then
    limited "$fetch_seconds" wget -q -T 20 -O "$2" -- "$1" >>"$OUT" 2>&1
  elif [ -x /usr/lib/apt/apt-helper ]; then
    limited "$fetch_seconds" /usr/lib/apt/apt-helper -o Acquire::Retries=1 \
      download-file "$1" "$2" >>"$OUT" 2>&1
  elif have python3; then
    limited "$fetch_seconds" python3 -c '
import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=20) as answer, open(sys.argv[2], "wb") as file:
    shutil.copyfileobj(answer, file)
' "$1" "$2" >>"$OUT" 2>&1
  else
    echo 'none of curl, wget, apt-helper, python3 is here to download with' >>"$OUT"
    return 127
  fi
}

# fetched URL FILE [SECONDS]: ends the script where it fails, with the last words of what fetched.
fetched() {
  fetched_before=$(wc -l <"$OUT")
  fetch "$@" && return 0
  fetched_said=$(tail -n "+$((fetched_before + 1))" "$OUT" | grep -v -e '^E: Download Failed' -e '^$' |
    tail -n 1)
  failed download "could not fetch $1${fetched_said:+ ($fetched_said)}"
}

# A captive portal answers with a page. is_key FILE: an OpenPGP key, as apt wants it; is_armored_key
# FILE: as rpm publishes them.
is_key() {
  case $(head -c 1 "$1" | od -An -tx1 | tr -d ' \n') in
    98 | 99 | c6) return 0 ;;
  esac
  return 1
}
is_armored_key() {
  head -n 1 "$1" | grep -q -e '^-----BEGIN PGP PUBLIC KEY BLOCK-----'
}

# place FILE TARGET [MODE]: atomically, 0644 unless said, only where the content differs.
place() {
  if cmp -s "$1" "$2"; then return 0; fi
  place_temp=$2.meshctl-new
  rm -f "$place_temp"
  if mkdir -p "${2%/*}" 2>>"$OUT" && cp "$1" "$place_temp" 2>>"$OUT" && chmod "${3:-0644}" "$place_temp" 2>>"$OUT" &&
    mv -f "$place_temp" "$2" 2>>"$OUT"; then
    return 0
  fi
  rm -f "$place_temp"
  return 1
}

# patiently PATTERN SECONDS COMMAND…: what fails because somebody else holds the lock is tried again
# for two minutes; its last output stays in the file `run`.
patiently() {
  patiently_pattern=$1
  patiently_seconds=$2
  shift 2
  patiently_until=$(($(date +%s) + 120))
  while :; do
    limited "$patiently_seconds" "$@" >"$MESHCTL_TMP/run" 2>&1
    patiently_code=$?
    cat "$MESHCTL_TMP/run" >>"$OUT"
    [ "$patiently_code" -ne 0 ] || return 0
    grep -q -e "$patiently_pattern" "$MESHCTL_TMP/run" || return "$patiently_code"
    [ "$(date +%s)" -lt "$patiently_until" ] || return "$patiently_code"
    sleep 5
  done
}

# ran PATTERN: the last command of `patiently` said this.
ran() {
  grep -q -e "$1" "$MESHCTL_TMP/run"
}

# package_name SEPARATOR: the package, with its version where one is asked for.
package_name() {
  case $VERSION in
    present | latest) echo tailscale ;;
    *) echo "tailscale$1$VERSION" ;;
  esac
}
