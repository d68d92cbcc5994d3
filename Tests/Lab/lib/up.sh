# shellcheck shell=bash
# Bringing a lab up. The order is that of the slowest way: hosts boot while the control server starts.

parse_up() {
  HOSTS="" OWNER="" SERVER="" WITH_SERVER=yes CURL_HOSTS="" PLAIN_HOSTS="" NO_TUN_HOSTS=""
  declare -gA SUITES=()
  local name
  while (($#)); do
    case $1 in
    --no-server) WITH_SERVER=no && shift && continue ;;
    --hosts=* | --owner=* | --server=* | --curl=* | --suite=* | --plain=* | --no-tun=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      ;;
    esac
    (($# > 1)) || die "up: $1 needs a value — $LAB_SH --help"
    case $1 in
    --hosts) HOSTS=$2 ;;
    --owner) OWNER=$2 ;;
    --server) SERVER=$2 ;;
    --curl) CURL_HOSTS=$2 ;;
    --plain) PLAIN_HOSTS=$2 ;;
    --no-tun) NO_TUN_HOSTS=$2 ;;
    --suite)
      [[ $2 =~ ^([a-z]+):([a-z0-9,-]+)$ ]] || die "up: --suite takes SUITE:a,b such as trixie:n3 — $LAB_SH --help"
      for name in ${BASH_REMATCH[2]//,/ }; do SUITES[$name]=${BASH_REMATCH[1]}; done
      ;;
    *) die "up: unknown argument $1 — $LAB_SH --help" ;;
    esac
    shift 2
  done
  if [[ $HOSTS =~ ^[0-9]+$ ]]; then
    mapfile -t NAMES < <(seq -f 'n%g' 1 "$HOSTS")
  else
    IFS=, read -ra NAMES <<<"$HOSTS"
  fi
  ((${#NAMES[@]} >= 1 && ${#NAMES[@]} <= 240)) || die "up: --hosts takes 1 to 240 hosts, a number or names — $LAB_SH up --hosts 3"
  [[ -z $(printf '%s\n' "${NAMES[@]}" | sort | uniq -d) ]] || die "up: --hosts names a host twice"
  for name in "${NAMES[@]}"; do
    [[ $name =~ ^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$ ]] || die "up: '$name' is no host name — letters a-z, digits and inner dashes, at most 42"
  done
  for name in ${CURL_HOSTS//,/ } ${PLAIN_HOSTS//,/ } ${NO_TUN_HOSTS//,/ } ${!SUITES[*]}; do
    listed "$name" "$(IFS=, && printf '%s' "${NAMES[*]}")" || die "up: there is no host '$name' among: ${NAMES[*]}"
  done
}

listed() { [[ ,$2, == *,$1,* ]]; } # NAME A,B,C

verb_up() {
  parse_up "$@"
  verb_deps
  local binary=""
  [[ $WITH_SERVER == no ]] || binary=$(server_binary "$SERVER")
  local suite name mirror began
  declare -gA ROOTFS=()
  for suite in "$LAB_SUITE" "${SUITES[@]}"; do ROOTFS[$suite]=$(verb_rootfs "$suite"); done
  mirror=$(ensure_mirror)
  for name in ${CURL_HOSTS//,/ }; do
    suite=$(suite_of "$name")
    ensure_curl_layer "${ROOTFS[$suite]}" "$suite" >/dev/null
  done
  began=$(date +%s%N)

  lock_state
  # Whatever stands there is from a run that did not end well, or is not wanted any more.
  if [[ -e $STATE/marker ]]; then note "taking down the lab that was at $STATE"; fi
  tear_down
  private_folder "$STATE"
  mkdir "$STATE/hosts" "$STATE/pids"
  echo "$LAB_ID" >"$STATE/marker"
  [[ -z $OWNER ]] || start_reaper "$OWNER"

  network_up
  mirror_start "$mirror"
  if [[ -n $binary ]]; then
    server_prepare "$binary"
    server_start
  fi
  make_access
  make_hosts
  if [[ -n $binary ]]; then
    server_wait
    server_first_use
  fi
  wait_for_hosts
  mirror_wait
  write_lab_json "$binary"
  note "up: ${#NAMES[@]} hosts in $((($(date +%s%N) - began) / 1000000)) ms; ssh -F $STATE/ssh_config ${NAMES[0]}"
}

# The key everybody logs in with, pat's password, and an ssh_config.
make_access() {
  local name number=$LAB_FIRST_HOST
  ssh-keygen -q -t ed25519 -N '' -C meshctl-lab -f "$STATE/id_ed25519"
  (
    umask 077
    openssl rand -hex 12 >"$STATE/pat.password"
    openssl passwd -6 -stdin <"$STATE/pat.password" >"$STATE/pat.hash"
  )
  : >"$STATE/known_hosts"
  {
    for name in "${NAMES[@]}"; do
      mkdir "$STATE/hosts/$name"
      printf '%s.%s\n' "$LAB_NET" "$number" >"$STATE/hosts/$name/address"
      suite_of "$name" >"$STATE/hosts/$name/suite"
      : >"$STATE/hosts/$name/traits"
      if listed "$name" "$PLAIN_HOSTS"; then echo plain >>"$STATE/hosts/$name/traits"; fi
      if listed "$name" "$NO_TUN_HOSTS"; then echo no-tun >>"$STATE/hosts/$name/traits"; fi
      printf 'Host %s\n  HostName %s.%s\n' "$name" "$LAB_NET" "$number"
      number=$((number + 1))
    done
    printf 'Host *\n  User root\n  IdentityFile %s\n  IdentitiesOnly yes\n  UserKnownHostsFile %s\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n  LogLevel ERROR\n' \
      "$STATE/id_ed25519" "$STATE/known_hosts"
  } >"$STATE/ssh_config"
}

make_hosts() {
  local name jobs=()
  for name in "${NAMES[@]}"; do
    host_lower "$name" >"$STATE/hosts/$name/lower"
    (host_disk_up "$name" "$(<"$STATE/hosts/$name/lower")" && host_identity "$name" && host_boot "$name") &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || die "a host could not be made — see the lines above"; done
  record_host_keys
}

wait_for_hosts() {
  local name jobs=() failed=0
  for name in "${NAMES[@]}"; do
    host_wait "$name" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=$((failed + 1)); done
  ((failed == 0)) || die "$failed of ${#NAMES[@]} hosts did not come up — they stay for you to look at; then: $LAB_SH down --state $STATE"
}

# The folders below a host's disk: the shared root file system, with curl and wget above it where asked.
host_lower() { # NAME
  local rootfs
  rootfs=${ROOTFS[$(suite_of "$1")]}
  if listed "$1" "$CURL_HOSTS"; then
    printf '%s-curl:%s\n' "$rootfs" "$rootfs"
  else
    printf '%s\n' "$rootfs"
  fi
}

suite_of() { printf '%s\n' "${SUITES[$1]:-$LAB_SUITE}"; }

# A second layer over the root file system, in which apt-get installed curl and wget.
ensure_curl_layer() { # ROOTFS SUITE
  local layer=$1-curl building=$1-curl.building
  exec 9>"$LAB_CACHE/curl-layer.lock"
  flock 9
  if [[ ! -d $layer ]]; then
    note "building the layer with curl and wget once (log: $layer.log)"
    if mountpoint -q "$building/root"; then umount -l "$building/root"; fi
    rm -rf --one-file-system "$building"
    mkdir -p "$building"/{upper,work,root,debs}
    mount -t overlay -o "lowerdir=$1,upperdir=$building/upper,workdir=$building/work" "meshctl-lab-$LAB_ID" "$building/root"
    local status=0
    install_curl "$1" "$building" "$2" >"$layer.log" 2>&1 || status=$?
    umount "$building/root"
    ((status == 0)) || die "installing curl and wget failed: $(tail -1 "$layer.log") — see $layer.log"
    mv "$building/upper" "$layer"
    rm -rf --one-file-system "$building"
  fi
  exec 9>&-
}

# debootstrap fetches a package set with its dependencies and checks its signatures, so it serves as downloader.
install_curl() ( # ROOTFS BUILDING SUITE
  set -euo pipefail
  use_apt_proxy
  debootstrap --variant=minbase --download-only --include=curl,wget "$3" "$2/debs" "$(debian_mirror "$3")"
  mkdir "$2/root/debs"
  local deb package
  for deb in "$2"/debs/var/cache/apt/archives/*.deb; do
    package=$(dpkg-deb --field "$deb" Package)
    # shellcheck disable=SC2016 # dpkg-query's own variable
    chroot "$1" dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || cp "$deb" "$2/root/debs/"
  done
  chroot "$2/root" sh -c 'dpkg --install /debs/*.deb'
  rm -rf "$2/root/debs"
)
