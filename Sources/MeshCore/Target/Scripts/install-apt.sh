# Installs the client with apt, from a repository with the layout of pkgs.tailscale.com/stable.
#
# MIRROR              base URL; empty: from the sources that are configured
# REPO_OS, CODENAME   `debian` and `bookworm`
{
  keyring=/usr/share/keyrings/tailscale-archive-keyring.gpg
  list=/etc/apt/sources.list.d/tailscale.list
  base=$MIRROR/$REPO_OS
  DEBIAN_FRONTEND=noninteractive
  # needrestart would restart services of the machine, sshd among them.
  NEEDRESTART_SUSPEND=1
  export DEBIAN_FRONTEND NEEDRESTART_SUSPEND

  # apt_get SECONDS ARGUMENT…: `DPkg::Lock::Timeout` does not cover the lock of the package lists.
  apt_get() {
    apt_seconds=$1
    shift
    patiently 'Could not get lock\|Unable to lock directory' "$apt_seconds" \
      apt-get -q -y -o DPkg::Lock::Timeout=120 \
      -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
      -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
      -o APT::Update::Error-Mode=any "$@"
  }

  # Two things stand in the way of an install that may work the second time: an install that was
  # killed half-way (by us, say), and package lists that a fresh image does not have yet.
  apt_install() {
    apt_get 300 install --allow-downgrades "$@" && return 0
    if ran 'dpkg was interrupted'; then
      limited 120 dpkg --force-confdef --force-confold --configure -a >>"$OUT" 2>&1
    fi
    # An unrelated broken source fails this; what counts is whether the install works after it.
    apt_get 180 update
    apt_get 300 install --allow-downgrades "$@"
  }

  keep_installed
  have apt-get || failed install 'apt-get: not found'

  if [ -n "$MIRROR" ]; then
    # 1. The key; apt wants it binary.
    fetched "$base/$CODENAME.noarmor.gpg" "$MESHCTL_TMP/key"
    is_key "$MESHCTL_TMP/key" || failed key "$base/$CODENAME.noarmor.gpg is not an OpenPGP key"
    place "$MESHCTL_TMP/key" "$keyring" || ended 1 key

    # 2. The list, as upstream writes it, with our base; only this list is updated, so that an
    # unrelated broken source does not stop us.
    printf '# Tailscale packages for %s %s\ndeb [signed-by=%s] %s %s main\n' \
      "$REPO_OS" "$CODENAME" "$keyring" "$base" "$CODENAME" >"$MESHCTL_TMP/list"
    place "$MESHCTL_TMP/list" "$list" || ended 1 key
    apt_get 180 update -o "Dir::Etc::sourcelist=$list" -o Dir::Etc::sourceparts=- \
      -o APT::Get::List-Cleanup=0 || ended 1 update
  fi

  # 3. The package. The archive keyring keeps the key fresh, where the repository has it.
  set -- "$(package_name '=')"
  if [ -n "$MIRROR" ] &&
    [ -n "$(apt-cache show tailscale-archive-keyring 2>/dev/null | head -n 1)" ]; then
    set -- "$@" tailscale-archive-keyring
  fi
  apt_install "$@" || {
    ! ran 'was not found' || ended 1 version
    ended 1 install
  }
  # That package brings the vendor's key; a mirror that signs by itself needs its own back.
  if [ -n "$MIRROR" ]; then place "$MESHCTL_TMP/key" "$keyring" || ended 1 key; fi

  # 4. Does it answer, and is it the version that was asked for?
  settled
} </dev/null
