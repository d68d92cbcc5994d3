# Installs the Tailscale formula with Homebrew, as Homebrew's owner and never as root.
#
# VERSION  present | latest; the formula has one version, so none can be asked for
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"

  client_version() {
    limited 10 tailscale version 2>/dev/null | sed -n '1s/^\([0-9][0-9.]*\).*/\1/p'
  }

  ended() { # STATUS STAGE
    answer stage "$1" "$2"
    answer_file evidence 0 "$out"
    answer version 0 "$(client_version)"
    finish
  }

  failed() { # STAGE WORDS
    [ -z "$2" ] || printf '%s\n' "$2" >>"$out"
    ended 1 "$1"
  }

  installed=$(client_version)
  if [ -n "$installed" ] && [ "$VERSION" = present ]; then ended 0 ''; fi
  # Two clients on one Mac take the network from each other.
  [ ! -d /Applications/Tailscale.app ] ||
    failed install '/Applications/Tailscale.app is there: a person has to decide which client stays'
  brew=$(brew_path) || failed install 'no Homebrew in /opt/homebrew or /usr/local'
  owner=$(owner_of "$brew")
  case $owner in
    '') failed install "nobody owns $brew" ;;
    root) failed install "$brew belongs to root, and Homebrew refuses to work as root" ;;
  esac

  # Its own settings stay; what would ask, report or clean up does not run now.
  set -- env HOMEBREW_NO_ANALYTICS=1 HOMEBREW_NO_ENV_HINTS=1 HOMEBREW_NO_INSTALL_CLEANUP=1 \
    NONINTERACTIVE=1 "$brew"
  if [ "$(id -un)" != "$owner" ]; then
    [ "$(id -u)" = 0 ] || failed install "$brew belongs to $owner, and this is $(id -un)"
    set -- sudo -n -H -u "$owner" -- "$@"
  fi
  # Homebrew wants a working directory that its owner may read.
  cd / || failed install 'no root directory'
  if [ -n "$installed" ]; then
    limited 1200 "$@" upgrade --formula tailscale >"$out" 2>&1 || failed install ''
  else
    limited 1200 "$@" install --formula tailscale >"$out" 2>&1 || failed install ''
  fi
  have tailscale || failed install 'the formula was installed, and there is no tailscale command'
  [ -n "$(client_version)" ] || failed install 'tailscale is installed, but does not answer'
  ended 0 ''
} </dev/null
