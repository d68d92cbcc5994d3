# shellcheck shell=bash
# The package mirror, laid out as pkgs.tailscale.com: a signed apt repository, and the static tarballs.
# The `tailscale` package holds the stand-in client, or real binaries where MESHCTL_LAB_TAILSCALE_DIR has them.

readonly STANDIN_VERSIONS="1.100.0 1.102.3"
readonly MIRROR_SUITES="bookworm trixie"

package_arch() { dpkg --print-architecture; }

mirror_path() {
  local real=${MESHCTL_LAB_TAILSCALE_DIR:-} sources=("$LAB_DIR/tailscale/debian" "$LAB_DIR/lib/packages.sh")
  if [[ -n $real ]]; then
    [[ -x $real/tailscale && -x $real/tailscaled ]] ||
      die "MESHCTL_LAB_TAILSCALE_DIR=$real does not hold the programs tailscale and tailscaled — correct or unset it"
    sources+=("$real/tailscale" "$real/tailscaled")
  else
    sources+=("$LAB_DIR/tailscale/standin")
  fi
  printf '%s/mirror-%s-%s' "$LAB_CACHE" "$(package_arch)" "$(hash_of "${sources[@]}")"
}

# Prints the folder to serve; builds it where the cache does not have it.
ensure_mirror() {
  local mirror
  mirror=$(mirror_path)
  mkdir -p "$LAB_CACHE"
  exec 9>"$LAB_CACHE/mirror.lock"
  flock 9
  if [[ ! -d $mirror ]]; then
    note "building the package mirror"
    rm -rf --one-file-system "$mirror.building"
    mkdir -p "$mirror.building/stable/debian/pool"
    build_mirror "$mirror.building/stable" >"$mirror.log" 2>&1 ||
      die "building the package mirror failed: $(tail -1 "$mirror.log") — see $mirror.log"
    mv "$mirror.building" "$mirror"
  fi
  exec 9>&-
  printf '%s\n' "$mirror"
}

build_mirror() ( # STABLE
  set -euo pipefail
  local stable=$1 work=$1/../work versions version suite
  signing_key
  versions=$STANDIN_VERSIONS
  if [[ -n ${MESHCTL_LAB_TAILSCALE_DIR:-} ]]; then
    versions=$("$MESHCTL_LAB_TAILSCALE_DIR/tailscale" version | head -1)
  fi
  for version in $versions; do
    mkdir -p "$work/$version"
    client_programs "$version" "$work/$version"
    build_client_package "$version" "$work/$version" "$stable/debian/pool"
    build_tarball "$version" "$work/$version" "$stable"
  done
  build_keyring_package "$stable/debian/pool" "$work"
  printf '{"Version":"%s","TarballsVersion":"%s","Tarballs":{"%s":"tailscale_%s_%s.tgz"}}\n' \
    "$version" "$version" "$(package_arch)" "$version" "$(package_arch)" >"$stable/packages.json"
  for suite in $MIRROR_SUITES; do
    build_suite "$stable/debian" "$suite"
  done
  rm -rf "$work"
)

# One signing key per cache, so that every mirror of this machine is trusted by the same keyring.
signing_key() {
  export GNUPGHOME=$LAB_CACHE/gnupg
  if [[ ! -e $LAB_CACHE/signing-key.gpg ]]; then
    rm -rf "$GNUPGHOME"
    mkdir -m 0700 "$GNUPGHOME"
    gpg --batch --quiet --passphrase '' --quick-generate-key 'meshctl lab package mirror' rsa3072 sign never
    gpg --batch --export >"$LAB_CACHE/signing-key.gpg.new"
    mv "$LAB_CACHE/signing-key.gpg.new" "$LAB_CACHE/signing-key.gpg"
  fi
  # gpg leaves its agent running otherwise.
  trap 'gpgconf --kill all' EXIT
}

# tailscale and tailscaled as single files, as the real ones are.
client_programs() { # VERSION FOLDER
  if [[ -n ${MESHCTL_LAB_TAILSCALE_DIR:-} ]]; then
    cp "$MESHCTL_LAB_TAILSCALE_DIR"/tailscale{,d} "$2/"
  else
    "$PYTHON" "$LAB_DIR/tailscale/bundle.py" "$1" "$2"
  fi
  chmod 0755 "$2"/tailscale{,d}
}

build_client_package() { # VERSION PROGRAMS POOL
  local tree=$2/tree from=$LAB_DIR/tailscale/debian script depends="iproute2, iptables"
  [[ -n ${MESHCTL_LAB_TAILSCALE_DIR:-} ]] || depends="python3"
  install -D -m 0755 "$2/tailscale" "$tree/usr/bin/tailscale"
  install -D -m 0755 "$2/tailscaled" "$tree/usr/sbin/tailscaled"
  install -D -m 0644 "$from/tailscaled.service" "$tree/lib/systemd/system/tailscaled.service"
  install -D -m 0644 "$from/tailscaled.default" "$tree/etc/default/tailscaled"
  for script in postinst prerm postrm; do
    install -D -m 0755 "$from/$script" "$tree/DEBIAN/$script"
  done
  printf '/etc/default/tailscaled\n' >"$tree/DEBIAN/conffiles"
  package_control tailscale "$1" "$(package_arch)" "Depends: $depends
Recommends: tailscale-archive-keyring (>= 1.35.181)" "$tree"
  dpkg-deb --root-owner-group -Zgzip --build "$tree" "$3/tailscale_$1_$(package_arch).deb"
}

build_keyring_package() { # POOL WORK
  local tree=$2/keyring
  install -D -m 0644 "$LAB_CACHE/signing-key.gpg" "$tree/usr/share/keyrings/tailscale-archive-keyring.gpg"
  package_control tailscale-archive-keyring 1.35.181 all "Multi-Arch: foreign" "$tree"
  dpkg-deb --root-owner-group -Zgzip --build "$tree" "$1/tailscale-archive-keyring_1.35.181_all.deb"
}

package_control() { # NAME VERSION ARCH MORE-FIELDS TREE
  mkdir -p "$5/DEBIAN"
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: meshctl lab <lab@example.test>\n%s\nSection: net\nPriority: extra\nDescription: %s of the meshctl lab\n' \
    "$1" "$2" "$3" "$4" "$1" >"$5/DEBIAN/control"
}

build_tarball() { # VERSION PROGRAMS STABLE
  local name tree
  name=tailscale_$1_$(package_arch)
  tree=$2/$name
  install -D -m 0755 -t "$tree" "$2/tailscale" "$2/tailscaled"
  install -D -m 0644 "$LAB_DIR/tailscale/debian/tailscaled.service" "$tree/systemd/tailscaled.service"
  install -D -m 0644 "$LAB_DIR/tailscale/debian/tailscaled.default" "$tree/systemd/tailscaled.defaults"
  tar -C "$2" -czf "$3/$name.tgz" --owner=0 --group=0 "$name"
  sha256sum <"$3/$name.tgz" | cut -d' ' -f1 >"$3/$name.tgz.sha256"
}

build_suite() { # DEBIAN SUITE
  local debian=$1 suite=$2 dist=$1/dists/$2 deb file keyring=/usr/share/keyrings/tailscale-archive-keyring.gpg
  local index
  index=$dist/main/binary-$(package_arch)
  mkdir -p "$index"
  for deb in "$debian"/pool/*.deb; do
    dpkg-deb --field "$deb"
    printf 'Filename: pool/%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d' ' -f1)"
  done >"$index/Packages"
  gzip -9nk "$index/Packages"
  {
    printf 'Origin: Tailscale\nLabel: Tailscale\nSuite: %s\nCodename: %s\nArchitectures: %s\nComponents: main\nDate: %s\nSHA256:\n' \
      "$suite" "$suite" "$(package_arch)" "$(LC_ALL=C date -Ru)"
    for file in "$index/Packages" "$index/Packages.gz"; do
      printf ' %s %s %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)" "$(stat -c %s "$file")" "${file#"$dist"/}"
    done
  } >"$dist/Release.new"
  mv "$dist/Release.new" "$dist/Release"
  gpg --batch --quiet --digest-algo SHA512 --clearsign --output "$dist/InRelease" "$dist/Release"
  gpg --batch --quiet --digest-algo SHA512 --armor --detach-sign --output "$dist/Release.gpg" "$dist/Release"
  cp "$LAB_CACHE/signing-key.gpg" "$debian/$suite.noarmor.gpg"
  printf '# Tailscale packages for debian %s\ndeb [signed-by=%s] %s/debian %s main\n' \
    "$suite" "$keyring" "$LAB_MIRROR_URL" "$suite" >"$debian/$suite.tailscale-keyring.list"
  mkdir -p "$debian/$suite"
  printf 'OK\n' >"$debian/$suite/installer-supported"
}
