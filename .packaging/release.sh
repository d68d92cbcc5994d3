#!/bin/bash
# Builds the release of what is committed: one stripped binary with the Swift runtime inside, which says where it came from.
#
# usage: release.sh        writes .build-release/out/
# Works in a git clone and in a source archive; on Linux and, with the system's own Swift runtime, on macOS.
# Bash 3.2 (macOS) runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$PWD/.build-release
source=$work/source out=$work/out fresh=$work/fresh

say() { printf 'release: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# What is committed, nothing else; without git, what is there.
unpack() {
  rm -rf "$fresh"
  mkdir -p "$fresh" "$source" "$out"
  if [[ -e .git ]]; then
    [[ -z "$(git status --porcelain)" ]] || say "only what is committed is built; this tree has changes that are not"
    git archive HEAD | tar -x -C "$fresh"
    git archive --prefix="meshctl-$(version)/" HEAD | gzip -n -9 >"$out/meshctl-$(version).tar.gz"
  else
    say "no git here: the commit is the one that the source archive names, if it names one"
    tar -c --exclude './.build*' --exclude ./.swiftpm . | tar -x -C "$fresh"
  fi
  # The dependencies that were tested here, where something was; else the newest that Package.swift admits.
  if [[ -e Package.resolved ]]; then cp Package.resolved "$fresh/"; fi
}

version() { sed -n 's/.*static let current = "\(.*\)".*/\1/p' Sources/MeshCore/Report/MeshctlVersion.swift; }

# Swift's own description of itself; the first of each is the one meant.
target_info() { # KEY
  swift -print-target-info | sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" | head -n 1
}

provenance() {
  local compiler
  compiler=$(target_info compilerVersion | sed 's/.*version \([0-9.]*\).*/\1/')
  printf 'swift %s\ntarget %s\n' "$compiler" "$(target_info unversionedTriple)" \
    >>"$fresh/Sources/meshctl/Provenance/provenance.txt"
}

# Only files that differ are touched, so that a second release builds only what changed.
update_source() {
  local file
  (cd "$fresh" && find . ! -type d) | while IFS= read -r file; do
    cmp -s "$fresh/$file" "$source/$file" && continue
    mkdir -p "$(dirname "$source/$file")"
    cp -Pp "$fresh/$file" "$source/$file"
    touch -c "$source/$file" # an older time than the last build's would hide the change
  done
  (cd "$source" && find . -path ./.build -prune -o ! -type d -print) | while IFS= read -r file; do
    [[ -e $fresh/$file || -L $fresh/$file || $file == ./Package.resolved ]] || rm -f "$source/$file"
  done
  rm -rf "$fresh"
}

# Folders of this machine have no place in the binary; and two machines then build the same.
flags=(-c release --product meshctl --explicit-target-dependency-import-check error
  -Xswiftc -file-prefix-map -Xswiftc "$source=." -Xcc "-ffile-prefix-map=$source=." -Xcxx "-ffile-prefix-map=$source=.")

# The runtimes of C++ and GCC go into the binary as Swift's does: then glibc and libyaml are all it needs.
static_runtimes() {
  local libraries=$work/static archive
  archive=$(c++ -print-file-name=libstdc++.a)
  [[ -f $archive ]] || die "libstdc++.a is missing; install g++ (Debian: apt-get install g++)"
  rm -rf "$libraries"
  mkdir -p "$libraries"
  ln -s "$archive" "$libraries/libstdc++.a"
  # swift-nio-extras asks for the system's zlib and uses a copy of its own; nothing is in here, so nothing is needed of it.
  ar rc "$libraries/libz.a"
  # The first folder that the linker looks into is the one that libyaml's description names.
  sed "s|^Libs:|& -L$libraries|" "$(pkg-config --variable=pcfiledir yaml-0.1)/yaml-0.1.pc" >"$libraries/yaml-0.1.pc"
  export PKG_CONFIG_PATH=$libraries${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
  # No library is looked for beside the binary, and what it loads is settled before it runs.
  flags+=(--static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now -Xswiftc -Xclang-linker -Xswiftc -static-libgcc)
}

# What may be loaded from outside.
check_libraries() { # BINARY
  local name unexpected=""
  while IFS= read -r name; do
    case $name in
    libyaml-0.so.* | libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | ld-linux*.so.* | ld64.so.*) ;;
    *) unexpected="$unexpected $name" ;;
    esac
  done < <(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
  [[ -z $unexpected ]] || die "the binary needs more than glibc and libyaml:$unexpected"
  ! readelf -d "$1" | grep -E 'R(UN)?PATH' || die "the binary looks for libraries in a folder of its own"
}

check() { # BINARY
  local line
  line=$("$1" --version)
  case $line in
  "meshctl $(version) ("*"Swift "*", $(target_info unversionedTriple))") ;;
  *) die "the binary says another origin than it has: $line" ;;
  esac
  if [[ -e .git && $line != *"(commit $(git rev-parse HEAD | cut -c1-12), "* ]]; then
    die "the binary names another commit than $(git rev-parse HEAD): $line"
  fi
  if LC_ALL=C grep -qF "$source" "$1"; then die "the binary holds the path of this machine's build folder"; fi
  say "$line"
  say "$(du -k "$1" | cut -f1) KiB; 20 times --version: $(
    # shellcheck disable=SC2034 # bash's own
    TIMEFORMAT='%R s'
    { time for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$1" --version >/dev/null; done; } 2>&1
  )"
}

unpack
provenance
update_source
if [[ $(uname -s) == Linux ]]; then static_runtimes; fi
cd "$source"
swift build "${flags[@]}"
bin=$(swift build "${flags[@]}" --show-bin-path)
built=$bin/meshctl
cd - >/dev/null
bash .packaging/notices.sh "$source" "$bin" >"$out/NOTICES"
cp Package.resolved "$out/" 2>/dev/null || cp "$source/Package.resolved" "$out/"
if [[ $(uname -s) == Linux ]]; then
  strip --strip-unneeded -R .comment -o "$out/meshctl.new" "$built"
  check_libraries "$out/meshctl.new"
else
  strip -o "$out/meshctl.new" "$built"
fi
check "$out/meshctl.new"
mv "$out/meshctl.new" "$out/meshctl"
say "written: ${out#"$PWD/"}/meshctl"
