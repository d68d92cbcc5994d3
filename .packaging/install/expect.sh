# shellcheck shell=bash
# What both halves of the test say when something is not as it has to be. Run inside the Debian.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

is() { # WHAT EXPECTED ACTUAL
  [[ $2 == "$3" ]] || fail "$1: expected '$2', is '$3'"
}

version_of() { dpkg-query -W -f '${Version}' meshctl; }
mode_of() { stat -c '%U:%G %a' "$1"; }
