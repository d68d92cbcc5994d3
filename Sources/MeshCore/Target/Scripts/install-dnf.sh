# Installs the client with dnf (4 or 5) or yum.
#
# REPOSITORY  base URL of a repository as pkgs.tailscale.com/stable/fedora; empty: from the
#             repositories that are configured
{
  repo=/etc/yum.repos.d/tailscale.repo
  if have dnf; then dnf=dnf; else dnf=yum; fi

  # run_dnf SECONDS ARGUMENT…: dnf and yum wait for a lock by themselves; dnf 5 gives up at times.
  run_dnf() {
    dnf_seconds=$1
    shift
    patiently 'Failed to obtain\( the\)* transaction lock\|Failed to obtain rpm transaction lock' \
      "$dnf_seconds" "$dnf" -y "$@"
  }

  installed=
  keep_installed
  have "$dnf" || failed install 'neither dnf nor yum is here'

  if [ -n "$REPOSITORY" ]; then
    # 1. The key; the repository's description points to this copy, so that nothing else is trusted.
    fetched "$REPOSITORY/repo.gpg" "$MESHCTL_TMP/key"
    is_key "$MESHCTL_TMP/key" || is_armored_key "$MESHCTL_TMP/key" ||
      failed key "$REPOSITORY/repo.gpg is not an OpenPGP key"
    place "$MESHCTL_TMP/key" /etc/pki/rpm-gpg/RPM-GPG-KEY-tailscale || ended 1 key

    # 2. The file that `config-manager` would write, whose arguments differ between dnf 4 and 5.
    cat >"$MESHCTL_TMP/repo" <<REPO
[tailscale-stable]
name=Tailscale stable
baseurl=$REPOSITORY/\$basearch
enabled=1
type=rpm
repo_gpgcheck=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-tailscale
REPO
    place "$MESHCTL_TMP/repo" "$repo" || ended 1 key
    # Only this repository, so that an unrelated broken one does not stop us.
    run_dnf 300 --disablerepo='*' --enablerepo=tailscale-stable makecache || ended 1 update
  fi

  # 3. The package; `install` does not go down everywhere, `downgrade` does nothing else.
  if [ "$VERSION" = latest ] && [ -n "$installed" ]; then
    run_dnf 600 upgrade tailscale || ended 1 install
    settled
  fi
  package=$(package_name -)
  if ! run_dnf 600 install "$package"; then
    if ran 'No match for argument\|No package .* available\|Unable to find a match'; then
      ended 1 version
    fi
    if [ -z "$installed" ] || ! run_dnf 600 downgrade "$package"; then ended 1 install; fi
  fi
  case $VERSION in
    present | latest) ;;
    *)
      if [ "$(client_version)" != "$VERSION" ]; then
        run_dnf 600 downgrade "$package" || ended 1 install
      fi
      ;;
  esac
  settled
} </dev/null
