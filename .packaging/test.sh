#!/bin/bash
# Makes the Debian package from the release, and has everything read it that reads packages: lintian, man and mandb, the
# shells, and apt in clean Debians. Says all that is wrong before it fails.
#
# usage: test.sh        (Linux, root; `make package-test` builds the release first)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
out=.build-release/out
work=.build-release/test
failed=0
export MESHCTL_DEB_LEVEL=1 # packing takes most of the time, and is no matter of the tests

try() { # NAME COMMAND…
  local name=$1
  shift
  if "$@"; then
    printf 'package: %s: ok\n' "$name"
  else
    printf 'package: %s: FAILED\n' "$name" >&2
    failed=1
  fi
}

rm -rf "$work" $out/*.deb
mkdir -p "$work/man" "$work/completions"
bash .packaging/deb.sh || exit 1
package=$(echo $out/meshctl_*.deb)
cp "$package" "$work/first.deb"
bash .packaging/deb.sh >/dev/null
try "the same package twice" cmp "$package" "$work/first.deb"
# In another folder, which has files that are not committed.
if [[ -e .git ]]; then
  git clone -q --shared . "$work/clone"
  mkdir -p "$work/clone/$out"
  cp "$out/meshctl" "$out/NOTICES" "$work/clone/$out/"
  cp .packaging/deb.sh "$work/clone/.packaging/"
  for file in README.md docs/mine.md examples/mine/inventory.yaml examples/systemd/meshctl.timer .packaging/deb/control; do
    mkdir -p "$(dirname "$work/clone/$file")"
    echo '# not committed' >>"$work/clone/$file"
  done
  bash "$work/clone/.packaging/deb.sh" >/dev/null
  try "the same package from another folder" cmp "$package" "$work/clone/$package"
  rm -rf "$work/clone"
fi
# Debian's checker; what is overridden says why (deb/lintian-overrides).
try "lintian" lintian --allow-root --tag-display-limit 0 --fail-on error,warning "$package"

dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work" ./usr
find "$work/usr/share/man" -name '*.gz' -exec gunzip {} +
try "manual pages" bash .packaging/check-man.sh "$work/usr/share/man"
cp "$work/usr/share/bash-completion/completions/meshctl" "$work/completions/meshctl.bash"
cp "$work/usr/share/zsh/vendor-completions/_meshctl" "$work/usr/share/fish/vendor_completions.d/meshctl.fish" "$work/completions/"
try "completions" bash .packaging/check-completions.sh "$work/usr/bin/meshctl" "$work/completions"

if [[ $EUID -ne 0 || ${MESHCTL_LAB:-} == 0 ]] || ! command -v systemd-nspawn >/dev/null; then
  echo "package: not installed anywhere: that needs root, systemd-nspawn, and MESHCTL_LAB other than 0" >&2
  [[ ${CI:-} != true || ${MESHCTL_LAB:-} == 0 ]] || failed=1
  exit "$failed"
fi
# The next version, of the same program.
version=$(dpkg-deb -f "$package" Version)
bash .packaging/deb.sh "${version%-1}+next-1" >/dev/null
next=$(echo $out/meshctl_*+next-1_*.deb)
mv "$next" "$work/next.deb"
try "Debian 12 and 13" bash .packaging/test-install.sh "$package" "$work/next.deb" bookworm trixie
((failed == 0)) || exit 1
printf 'package: %s\n' "$package"
