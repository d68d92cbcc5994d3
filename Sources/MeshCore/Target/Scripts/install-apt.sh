# Installs the client from a repository with the layout of pkgs.tailscale.com/stable.
#
# MIRROR              base URL
# REPO_OS, CODENAME   `debian` and `bookworm`
# VERSION             `present` (keep what is there), `latest`, or `x.y.z`
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  keyring=/usr/share/keyrings/tailscale-archive-keyring.gpg
  list=/etc/apt/sources.list.d/tailscale.list
  base=$MIRROR/$REPO_OS
  DEBIAN_FRONTEND=noninteractive
  # needrestart would restart services of the machine, sshd among them.
  NEEDRESTART_SUSPEND=1
  export DEBIAN_FRONTEND NEEDRESTART_SUSPEND

  client_version() {
    limited 10 tailscale version 2>/dev/null | head -n 1
  }

  ended() { # STATUS STAGE
    answer stage "$1" "$2"
    section evidence 0
    # The end of the output says what failed.
    printf '%s\n' "$(tail -c 8192 "$out")"
    answer version 0 "$(client_version)"
    finish
  }

  # fetch URL FILE, by whatever is there; apt's own helper is always there.
  fetch() {
    if have curl; then
      limited 60 curl -q -g -fsSL --proto '=http,https' -m 50 -o "$2" --url "$1" >>"$out" 2>&1
    elif have wget; then
      limited 60 wget -q -T 20 -O "$2" -- "$1" >>"$out" 2>&1
    elif [ -x /usr/lib/apt/apt-helper ]; then
      limited 60 /usr/lib/apt/apt-helper -o Acquire::Retries=1 download-file "$1" "$2" >>"$out" 2>&1
    elif have python3; then
      limited 60 python3 -c '
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=20) as answer, open(sys.argv[2], "wb") as file:
    file.write(answer.read(1 << 20))
' "$1" "$2" >>"$out" 2>&1
    else
      echo 'none of curl, wget, apt-helper, python3 is here to fetch the key' >>"$out"
      return 127
    fi
  }

  # place FILE TARGET: atomically, 0644, only where the content differs.
  place() {
    if cmp -s "$1" "$2"; then return 0; fi
    place_temp=$2.meshctl-new
    rm -f "$place_temp"
    if cp "$1" "$place_temp" 2>>"$out" && chmod 0644 "$place_temp" 2>>"$out" &&
      mv -f "$place_temp" "$2" 2>>"$out"; then
      return 0
    fi
    rm -f "$place_temp"
    return 1
  }

  # apt_get SECONDS ARGUMENT…: `DPkg::Lock::Timeout` does not cover the lock of the package lists,
  # so that one is tried again for two minutes.
  apt_get() {
    apt_seconds=$1
    shift
    apt_until=$(($(date +%s) + 120))
    while :; do
      limited "$apt_seconds" apt-get -q -y -o DPkg::Lock::Timeout=120 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o APT::Update::Error-Mode=any "$@" >"$MESHCTL_TMP/run" 2>&1
      apt_code=$?
      cat "$MESHCTL_TMP/run" >>"$out"
      [ "$apt_code" -ne 0 ] || return 0
      grep -q -e 'Could not get lock' -e 'Unable to lock directory' "$MESHCTL_TMP/run" ||
        return "$apt_code"
      [ "$(date +%s)" -lt "$apt_until" ] || return "$apt_code"
      sleep 5
    done
  }

  # Two things stand in the way of an install that may work the second time: an install that was
  # killed half-way (by us, say), and package lists that a fresh image does not have yet.
  apt_install() {
    apt_get 300 install --allow-downgrades "$@" && return 0
    if grep -q 'dpkg was interrupted' "$MESHCTL_TMP/run"; then
      limited 120 dpkg --force-confdef --force-confold --configure -a >>"$out" 2>&1
    fi
    # An unrelated broken source fails this; what counts is whether the install works after it.
    apt_get 180 update
    apt_get 300 install --allow-downgrades "$@"
  }

  installed=$(client_version)
  case $VERSION in
    present) if [ -n "$installed" ]; then ended 0 ''; fi ;;
    "$installed") ended 0 '' ;;
  esac
  have apt-get || {
    echo 'apt-get: not found' >>"$out"
    ended 1 install
  }

  # 1. The key. A captive portal answers with a page, and apt wants this file binary.
  fetch "$base/$CODENAME.noarmor.gpg" "$MESHCTL_TMP/key" || {
    echo "could not fetch $base/$CODENAME.noarmor.gpg" >>"$out"
    ended 1 download
  }
  case $(head -c 1 "$MESHCTL_TMP/key" | od -An -tx1 | tr -d ' \n') in
    98 | 99 | c6) ;;
    *)
      echo "$base/$CODENAME.noarmor.gpg is not an OpenPGP key" >>"$out"
      ended 1 key
      ;;
  esac
  mkdir -p /usr/share/keyrings 2>>"$out" || ended 1 key
  place "$MESHCTL_TMP/key" "$keyring" || ended 1 key

  # 2. The list, as upstream writes it, with our base; only this list is updated, so that an
  # unrelated broken source does not stop us.
  printf '# Tailscale packages for %s %s\ndeb [signed-by=%s] %s %s main\n' \
    "$REPO_OS" "$CODENAME" "$keyring" "$base" "$CODENAME" >"$MESHCTL_TMP/list"
  place "$MESHCTL_TMP/list" "$list" || ended 1 key
  apt_get 180 update -o "Dir::Etc::sourcelist=$list" -o Dir::Etc::sourceparts=- \
    -o APT::Get::List-Cleanup=0 || ended 1 update

  # 3. The package. The archive keyring keeps the key fresh, where the repository has it.
  case $VERSION in
    present | latest) set -- tailscale ;;
    *) set -- "tailscale=$VERSION" ;;
  esac
  if [ -n "$(apt-cache show tailscale-archive-keyring 2>/dev/null | head -n 1)" ]; then
    set -- "$@" tailscale-archive-keyring
  fi
  apt_install "$@" || ended 1 install
  # That package brings the vendor's key; a mirror that signs by itself needs its own back.
  place "$MESHCTL_TMP/key" "$keyring" || ended 1 key

  # 4. Does it answer, and is it the version that was asked for?
  installed=$(client_version)
  if [ -z "$installed" ]; then
    limited 10 tailscale version >>"$out" 2>&1
    echo 'tailscale is installed, but does not answer' >>"$out"
    ended 1 install
  fi
  case $VERSION in
    present | latest | "$installed") ended 0 '' ;;
  esac
  echo "asked for $VERSION, but $installed answers" >>"$out"
  ended 1 install
} </dev/null
