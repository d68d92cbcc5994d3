#!/bin/bash
# Makes a Debian package for this machine's architecture from what release.sh built.
#
# usage: deb.sh [VERSION]      writes .build-release/out/meshctl_VERSION_ARCHITECTURE.deb
#
# What is committed goes into it, nothing else. VERSION, else: the program's own with -1 where HEAD has its tag (or in a source archive), else one that sorts before it
# and after those of older commits. The same commit and binary give the same package, byte for byte: SOURCE_DATE_EPOCH is
# the date of the commit. DEB_MAINTAINER ("Name <address>") goes into it where it is set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

out=$PWD/.build-release/out
work=$PWD/.build-release/deb
root=$work/root
binary=$out/meshctl
architecture=$(dpkg --print-architecture)
maintainer=${DEB_MAINTAINER:-meshctl maintainers <meshctl@packages.invalid>}

die() {
  printf 'deb: %s\n' "$*" >&2
  exit 1
}

[[ -x $binary ]] || die "there is no $binary; make release builds it"
program_version=$("$binary" --version | cut -d' ' -f2)

if [[ -e .git ]]; then
  epoch=$(git log -1 --format=%ct)
  commit=$(git rev-parse HEAD)
  [[ "$("$binary" --version)" == *"(commit ${commit:0:12}, "* ]] || die "the binary is not of this commit; make release"
else
  date=$("$binary" --version | grep -oE '[0-9]{4}-[0-9]{2}-[0-9]{2}' | head -n 1 || true)
  epoch=${SOURCE_DATE_EPOCH:-$(if [[ -n $date ]]; then date -d "$date" +%s; else stat -c %Y CHANGELOG.md; fi)}
fi
export SOURCE_DATE_EPOCH=$epoch

default_version() {
  if [[ ! -e .git ]] || git describe --exact-match --match "v$program_version" HEAD >/dev/null 2>&1; then
    printf '%s-1' "$program_version"
  else
    printf '%s~git%s.%s-1' "$program_version" "$(date -d "@$epoch" +%Y%m%d%H%M%S)" "${commit:0:7}"
  fi
}
version=${1:-$(default_version)}
[[ $version =~ ^[0-9][A-Za-z0-9.+~]*-[A-Za-z0-9.+~]+$ ]] || die "$version is no version of a Debian package, such as 0.1.0-1"

put() { # MODE SOURCE PLACE
  install -D -m "$1" "$2" "$root/$3"
}

rm -rf "$work"
mkdir -p "$root/DEBIAN"
# As the binary: of the commit, whatever else lies in this folder.
if [[ -e .git ]]; then
  mkdir "$work/source"
  git archive HEAD | tar -x -C "$work/source"
  cd "$work/source"
fi

# --- the program, and what shells and people read about it ------------------------------------------------

put 755 "$binary" usr/bin/meshctl
mkdir -p "$work/completions"
bash .packaging/completions.sh "$binary" "$work/completions"
put 644 "$work/completions/meshctl.bash" usr/share/bash-completion/completions/meshctl
put 644 "$work/completions/_meshctl" usr/share/zsh/vendor-completions/_meshctl
put 644 "$work/completions/meshctl.fish" usr/share/fish/vendor_completions.d/meshctl.fish
python3 .packaging/man.py "$binary" "$work/man"
for page in "$work"/man/man?/*; do
  put 644 "$page" "usr/share/man/${page#"$work/man/"}"
done

# --- units and configuration: nothing runs until somebody says so -----------------------------------------

for unit in meshctl.service meshctl.timer; do
  put 644 "examples/systemd/$unit" "usr/lib/systemd/system/$unit"
done
put 644 examples/systemd/meshctl.sysusers usr/lib/sysusers.d/meshctl.conf
put 644 examples/systemd/ssh_config usr/share/meshctl/ssh_config # postinst reads it; /usr/share/doc may be left out
while read -r mode place; do
  put "$mode" ".packaging/deb/$place" "$place"
  printf '/%s\n' "$place" >>"$root/DEBIAN/conffiles"
done <.packaging/deb/conffiles
chmod 750 "$root/etc/meshctl" # it may get secrets

# --- documents ---------------------------------------------------------------------------------------------

doc=usr/share/doc/meshctl
put 644 README.md $doc/README.md
put 644 .packaging/deb/README.Debian $doc/README.Debian
put 644 "$out/NOTICES" $doc/NOTICES
put 644 CHANGELOG.md $doc/changelog
put 644 .packaging/deb/copyright $doc/copyright
put 644 .packaging/deb/lintian-overrides usr/share/lintian/overrides/meshctl
cp -r docs "$root/$doc/"
cp -r examples "$root/$doc/"
ln -s docs/unattended.md "$root/$doc/unattended.md" # where the units look
find "$root/$doc" -name __pycache__ -prune -exec rm -r {} +
find "$root/$doc/docs" "$root/$doc/examples" -type f -exec chmod 644 {} +
find "$root/$doc/docs" "$root/$doc/examples" -type d -exec chmod 755 {} +
find "$root/$doc/examples" -name '*.sh' -exec chmod 755 {} +
origin="a source archive"
if [[ -n ${commit:-} ]]; then origin="commit ${commit:0:12}"; fi
cat >"$root/$doc/changelog.Debian" <<END
meshctl ($version) unstable; urgency=medium

  * Built from $origin.
    What changed for users stands in changelog.gz.

 -- $maintainer  $(date -R -d "@$epoch")
END
gzip -n -9 "$root/$doc/changelog" "$root/$doc/changelog.Debian" "$root/$doc/NOTICES"
find "$root/usr/share/man" -type f -exec gzip -n -9 {} +

# --- control -----------------------------------------------------------------------------------------------

# What the binary needs of glibc and libyaml, in the versions that have it.
mkdir -p "$work/shlibs/debian"
printf 'Source: meshctl\n\nPackage: meshctl\nArchitecture: %s\n' "$architecture" >"$work/shlibs/debian/control"
needs=$(cd "$work/shlibs" && dpkg-shlibdeps -O -S"$root" "$root/usr/bin/meshctl" | sed -n 's/^shlibs:Depends=//p')
[[ $needs == *libc6* && $needs == *libyaml-0-2* ]] || die "dpkg-shlibdeps says another thing than expected: $needs"

for script in postinst prerm postrm; do
  put 755 ".packaging/deb/$script" "DEBIAN/$script"
done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -print | sed 's,^\./,,' | LC_ALL=C sort | tr '\n' '\0' |
  xargs -0 md5sum) >"$root/DEBIAN/md5sums"
size=$(find "$root" -path "$root/DEBIAN" -prune -o -printf '%s\n' | awk '{ k += int(($1 + 1023) / 1024) } END { print k }')
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@NEEDS@/$needs/" \
  -e "s/@MAINTAINER@/$maintainer/" .packaging/deb/control >"$root/DEBIAN/control"
chmod 644 "$root"/DEBIAN/{control,md5sums,conffiles}

find "$root" -exec touch -h -d "@$epoch" {} +
package=$out/meshctl_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz "-z${MESHCTL_DEB_LEVEL:-6}" --build "$root" "$package" >/dev/null
printf 'written: %s (%s KiB)\n' "${package#"${out%/*/*}/"}" "$(du -k "$package" | cut -f1)"
