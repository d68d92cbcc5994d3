# Installs the distribution's package with pacman, whose repositories hold one version.
{
  run_pacman() {
    patiently 'unable to lock database' 600 pacman --noconfirm --noprogressbar "$@"
  }

  keep_installed
  have pacman || failed install 'pacman: not found'

  case $VERSION in
    present | latest) ;;
    *)
      offered=$(limited 30 pacman -Si tailscale 2>>"$OUT" | sed -n 's/^Version *: *\([0-9.]*\).*/\1/p' | head -n 1)
      [ "$offered" = "$VERSION" ] ||
        failed version "pacman's repositories hold ${offered:-no version} of tailscale, not $VERSION"
      ;;
  esac

  # Lists that are old name a package that its mirrors do not have any more.
  if [ "$VERSION" = latest ] || ! run_pacman -S --needed tailscale; then
    run_pacman -Sy --needed tailscale || {
      ! ran 'failed to synchronize\|failed to update' || ended 1 update
      ended 1 install
    }
  fi
  settled
} </dev/null
