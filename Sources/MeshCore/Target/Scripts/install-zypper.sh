# Installs the client with zypper.
#
# REPOSITORY  base URL of a repository as pkgs.tailscale.com/stable/opensuse/tumbleweed; empty: from
#             the repositories that are configured
{
  repo=/etc/zypp/repos.d/tailscale.repo
  # zypper waits this long for another one.
  ZYPP_LOCK_TIMEOUT=120
  export ZYPP_LOCK_TIMEOUT

  # zypp SECONDS ARGUMENT…: codes from 100 on are remarks (107: a package's script complained; what
  # counts is whether the client answers), except 104, which is an unknown package.
  zypp() {
    zypp_seconds=$1
    shift
    patiently 'System management is locked' "$zypp_seconds" zypper --non-interactive "$@"
    zypp_code=$?
    case $zypp_code in
      100 | 101 | 102 | 103 | 106 | 107) return 0 ;;
    esac
    return "$zypp_code"
  }

  installed=
  keep_installed
  have zypper || failed install 'zypper: not found'

  if [ -n "$REPOSITORY" ]; then
    # 1. The key, into rpm's keyring, where zypper looks.
    fetched "$REPOSITORY/repo.gpg" "$MESHCTL_TMP/key"
    is_key "$MESHCTL_TMP/key" || is_armored_key "$MESHCTL_TMP/key" ||
      failed key "$REPOSITORY/repo.gpg is not an OpenPGP key"
    limited 60 rpm --import "$MESHCTL_TMP/key" >>"$OUT" 2>&1 || ended 1 key

    # 2. The file that `addrepo` would write.
    cat >"$MESHCTL_TMP/repo" <<REPO
[tailscale-stable]
name=Tailscale stable
baseurl=$REPOSITORY/\$basearch
enabled=1
autorefresh=1
type=rpm-md
gpgcheck=1
repo_gpgcheck=1
gpgkey=$REPOSITORY/repo.gpg
REPO
    place "$MESHCTL_TMP/repo" "$repo" || ended 1 key
    zypp 300 refresh tailscale-stable || ended 1 update
  fi

  # 3. The package; `--oldpackage` lets it go down.
  if [ "$VERSION" = latest ] && [ -n "$installed" ]; then
    zypp 600 update tailscale || ended 1 install
    settled
  fi
  zypp 600 install --oldpackage --auto-agree-with-licenses "$(package_name '=')" || {
    [ "$zypp_code" -ne 104 ] || ended 1 version
    ended 1 install
  }
  settled
} </dev/null
