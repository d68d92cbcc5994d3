#!/bin/bash
# Installs what building, testing and the lab need, and only what is missing.
#
# usage: deps.sh [build|deb|package|check]      (build: only what building and the demo need; deb: and what makes the Debian
#     package; package: and what checks and installs it; check: installs nothing, looks for a server that would start)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
scope=${1:-all}

say() { printf 'deps: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# Programs with the Debian package that brings each; sshd is in a folder that PATH often lacks.
# g++ brings the C and C++ headers and libraries that Swift links with.
wanted="make=make git=git pkg-config=pkg-config c++=g++"
of_deb="dpkg-shlibdeps=dpkg-dev python3=python3"
of_package="$of_deb man=man-db lintian=lintian zsh=zsh fish=fish debootstrap=debootstrap systemd-nspawn=systemd-container"
of_all="ssh=openssh-client sshd=openssh-server python3=python3 shellcheck=shellcheck busybox=busybox dash=dash crontab=cron systemd-analyze=systemd promtool=prometheus"
case $scope in
build) ;;
deb) wanted+=" $of_deb" ;;
package) wanted+=" $of_package" ;;
check) wanted+=" $of_package $of_all" ;;
*) wanted+=" $of_all" ;;
esac

missing() {
  local pair
  for pair in $wanted; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || printf '%s\n' "${pair#*=}"
  done
  # git fetches the dependencies over https.
  [[ -s /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
  [[ $scope != all ]] || python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
  # pkg-config itself may be missing too, so the header is looked for as well.
  pkg-config --exists yaml-0.1 2>/dev/null || compgen -G '/usr/include/yaml.h' >/dev/null || echo libyaml-dev
  # swift-nio-extras links with it.
  [[ -e /usr/include/zlib.h ]] || echo zlib1g-dev
}

# What Debian would start of a package.
units_of() { # PACKAGE
  case $1 in
  openssh-server) echo ssh.service ssh.socket ;;
  cron) echo cron.service ;;
  prometheus) echo prometheus.service ;; # on :9090; without what it recommends, so without the exporter on :9100
  esac
}

# A wanted package that would start a server which units_of does not name is an error: its postinst says what it enables.
check_servers() {
  local pair unit status=0
  for pair in $wanted; do
    [[ -e /var/lib/dpkg/info/${pair#*=}.postinst ]] || continue
    while read -r unit; do
      [[ " $(units_of "${pair#*=}") " != *" $unit "* ]] || continue
      say "${pair#*=} would start $unit; units_of has to name it"
      status=1
    done < <(sed -nE "s/.*deb-systemd-helper enable '(.*\.(service|socket))'.*/\1/p" "/var/lib/dpkg/info/${pair#*=}.postinst")
  done
  return "$status"
}

debian() {
  local packages
  mapfile -t packages < <(missing)
  ((${#packages[@]} > 0)) || return 0
  [[ $EUID -eq 0 ]] || die "these packages are missing: ${packages[*]}; run as root: apt-get install ${packages[*]}"
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${packages[@]}")
  # Debian starts a server as soon as it is installed; the tests need the programs, not an open port or a cron.
  local policy=/usr/sbin/policy-rc.d package servers=()
  for package in "${packages[@]}"; do
    if [[ -n $(units_of "$package") ]]; then servers+=("$package"); fi
  done
  if ((${#servers[@]} > 0)) && [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    # shellcheck disable=SC2064 # the path is fixed now
    trap "rm -f $policy" EXIT
  fi
  # Package lists may be absent or too old; a fresh image has none.
  if ! "${install[@]}" >/dev/null 2>&1; then
    apt-get update -q >&2 || die "apt-get update failed; check /etc/apt/sources.list.d"
    "${install[@]}" >&2 || die "apt-get install ${packages[*]} failed; see the lines above"
  fi
  command -v systemctl >/dev/null || return 0
  for package in "${servers[@]}"; do
    # shellcheck disable=SC2046 # several units
    systemctl disable -q $(units_of "$package") 2>/dev/null || true
    say "$package was installed for its programs, which the tests use; it was not started and does not start at boot"
  done
}

# The lab needs namespaces, overlayfs and a tun device, which many containers lack; then it is skipped, unless it
# was asked for.
lab() {
  [[ ${MESHCTL_LAB:-} != 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    say "not root, so the lab's packages are left alone and 'make test' skips the lab"
  elif ! bash Tests/Lab/lab.sh deps; then
    [[ ${MESHCTL_LAB:-} != 1 && ${CI:-} != true ]] || die "the lab cannot run here (see above)"
    say "the lab cannot run here (see above), so 'make test' skips it"
  fi
}

# Checkers of the CI examples and the manifests, and the grammar that PowerShell files are checked with, beside the build and not into the system's Python.
python_tools() {
  local folder=.build/python-tools
  local tools=(check-jsonschema==0.39.0 kubernetes-validate==1.37.0 pre-commit==4.7.0 tree-sitter==0.26.1 tree-sitter-powershell==0.26.4)
  [[ "$(cat "$folder/installed" 2>/dev/null)" != "${tools[*]}" ]] || return 0
  say "installing ${tools[*]} into $folder"
  rm -rf "$folder"
  python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --target "$folder" "${tools[@]}" ||
    die "pip cannot install ${tools[*]}; see the lines above"
  printf '%s\n' "${tools[*]}" >"$folder/installed"
}

macos() {
  pkg-config --exists yaml-0.1 2>/dev/null && return 0
  command -v brew >/dev/null || die "libyaml is missing; install Homebrew (https://brew.sh), then: brew install libyaml pkgconf"
  command -v pkg-config >/dev/null || brew install pkgconf
  brew install libyaml
}

if [[ $scope == check ]]; then
  check_servers
  exit
fi
command -v swift >/dev/null || die "there is no swift on PATH; meshctl needs Swift 6.3: https://www.swift.org/install"
case $(uname -s) in
Darwin)
  macos
  [[ $scope != all ]] || say "the lab is for Linux and is skipped on macOS"
  [[ $scope != all ]] || python_tools
  ;;
Linux)
  if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    debian
    [[ $scope != all ]] || python_tools
    [[ $scope != all ]] || lab
  else
    pkg-config --exists yaml-0.1 2>/dev/null ||
      die "packages are installed on Debian only; install git, make, a C++ compiler, pkg-config, libyaml and zlib with their headers, OpenSSH (client, server), Python 3, shellcheck"
  fi
  ;;
*) die "meshctl builds on Linux and macOS, not on $(uname -s)" ;;
esac
