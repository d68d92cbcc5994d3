# Installs the distribution's package with apk, whose repositories hold one version.
{
  repositories=/etc/apk/repositories

  run_apk() {
    # `--wait`: for another apk.
    patiently 'Unable to lock database' 600 apk --wait 120 --no-progress "$@"
  }

  # The package is in `community`, which setup-alpine leaves out; it is added beside `main`, from the
  # same mirror.
  add_community() {
    ! grep -q -e '^[^#].*/community/*$' "$repositories" || return 1
    main=$(sed -n 's/^[[:space:]]*\(https\{0,1\}:.*\)\/main\/*$/\1/p' "$repositories" | head -n 1)
    [ -n "$main" ] || return 1
    { cat "$repositories" && printf '%s/community\n' "$main"; } >"$MESHCTL_TMP/repositories" &&
      place "$MESHCTL_TMP/repositories" "$repositories" || return 1
    echo "added $main/community to $repositories" >>"$OUT"
  }

  keep_installed
  have apk || failed install 'apk: not found'

  case $VERSION in
    present | latest) ;;
    *)
      run_apk update || ended 1 update
      limited 30 apk policy tailscale 2>>"$OUT" | grep -q -e "^  $VERSION-r[0-9]*:" ||
        failed version "apk's repositories do not hold tailscale $VERSION"
      ;;
  esac

  set -- add
  [ "$VERSION" = present ] || set -- "$@" --upgrade
  if ! run_apk --update-cache "$@" tailscale; then
    if ! ran 'tailscale (no such package)' || ! add_community; then ended 1 install; fi
    run_apk --update-cache "$@" tailscale || ended 1 install
  fi
  settled
} </dev/null
