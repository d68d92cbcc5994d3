# shellcheck shell=bash
# The Debian every host boots: built once per suite and recipe, shared by all labs, never written again.

LAB_CACHE=${MESHCTL_LAB_CACHE:-/var/cache/meshctl-lab}
LAB_SUITE=${MESHCTL_LAB_SUITE:-bookworm}

# Where this machine itself gets Debian from: "SUITE COMPONENT URI" of each index apt knows.
debian_mirror() { # SUITE
  # shellcheck disable=SC2016 # apt-get's own variables
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v want="$1" '
      $2 != "main" { next }
      $1 == want { exact = $3 }
      $1 ~ /^(bookworm|trixie|forky|sid|stable|testing)$/ && !any { any = $3 }
      END { print exact ? exact : any }'
}

# debootstrap fetches by wget, which does not read apt's proxy.
use_apt_proxy() {
  local proxy=""
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  if [[ -n $proxy && $proxy != DIRECT ]]; then export http_proxy=$proxy; fi
}

rootfs_path() { printf '%s/rootfs-%s-%s' "$LAB_CACHE" "$1" "$(hash_of "$LAB_DIR/rootfs")"; }

verb_rootfs() { # [SUITE]
  need_root
  verb_deps
  local suite=${1:-$LAB_SUITE} rootfs
  rootfs=$(rootfs_path "$suite")
  mkdir -p "$LAB_CACHE"
  exec 9>"$LAB_CACHE/rootfs-$suite.lock"
  flock 9
  if [[ ! -d $rootfs ]]; then build_rootfs "$rootfs" "$suite"; fi
  exec 9>&-
  printf '%s\n' "$rootfs"
}

build_rootfs() { # ROOTFS SUITE
  local rootfs=$1 suite=$2 building=$1.building mirror log=$1.log
  mirror=$(debian_mirror "$suite")
  [[ -n $mirror ]] || die "apt on this machine names no Debian mirror — add one to /etc/apt/sources.list.d and run apt-get update"
  note "building the Debian $suite root file system once (about two minutes; log: $log)"
  rm -rf --one-file-system "$building"
  (
    use_apt_proxy
    local packages
    packages=$(grep -v '^#' "$LAB_DIR/rootfs/packages" | xargs | tr ' ' ,)
    debootstrap --variant=minbase --include="$packages" "$suite" "$building" "$mirror"
    "$LAB_DIR/rootfs/recipe.sh" "$building"
  ) >"$log" 2>&1 || die "building the root file system failed — the end of $log says why: $(grep -vE '^(I:|$)' "$log" | tail -1)"
  # A folder under this name is complete: a build that was killed never got it.
  mv "$building" "$rootfs"
}
