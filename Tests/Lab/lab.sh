#!/bin/bash
# The lab: real Debian hosts (systemd-nspawn), a control server and a package mirror, on a network of their own.
set -euo pipefail
# Files made here are private unless said otherwise below.
umask 022

LAB_SH=$0
LAB_DIR=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
for part in common deps rootfs packages network host server teardown up access inventory; do
  # shellcheck source=/dev/null
  source "$LAB_DIR/lib/$part.sh"
done

usage() {
  cat <<'USAGE'
usage: lab.sh VERB [--state DIR] …            (root; DIR: default $MESHCTL_LAB_STATE or /run/meshctl-lab/default)

  deps                          install the programs the lab needs (apt-get), only what is missing
  rootfs [SUITE]                build the Debian root file system once and print where it is
  up --hosts N|a,b,c            bring up hosts, control server and package mirror
     [--server PATH|--no-server]   control server program; default $MESHCTL_LAB_HEADSCALE or the built headscale-standin
     [--owner PID]                 take the lab down when that process is gone
     [--curl a,b]                  these hosts have curl and wget; the others have neither
     [--suite trixie:a,b]          these hosts run another Debian than the others
     [--plain a,b]                 these hosts have no init system, only sshd
     [--no-tun a,b]                these hosts have no /dev/net/tun
  status                        what runs
  exec HOST -- COMMAND…         run a command as root over SSH
  inside HOST -- COMMAND…       the same without SSH, through the host's namespaces
  ssh HOST [ARGUMENT…]          an SSH session (-l USER for another user than root)
  stop HOST [--hard] | start HOST    power off (--hard: pull the plug), boot again; the disk stays
  freshen HOST [--keep-keys]    a new disk, and new SSH host keys
  server stop|start|restart     the control server
  server shell                  sshd on its address, where `headscale` is its command
  mirror stop|start             the package mirror
  mirror refuse PATH…|allow     a part of it (/stable/debian) answers 503, until allowed again
  other-server start|stop       a second control server, on port 8090
  log HOST|server|mirror        journal or log
  demo-inventory                an inventory.yaml of this lab
  down                          remove everything; safe to repeat

environment: MESHCTL_LAB_SUITE (bookworm), MESHCTL_LAB_CACHE (/var/cache/meshctl-lab),
  MESHCTL_LAB_HEADSCALE (a real headscale), MESHCTL_LAB_TAILSCALE_DIR (folder with real tailscale and tailscaled)
USAGE
}

# Reads `--state DIR` wherever it stands before `--`; the rest is the verb's.
main() {
  local verb=${1:-} state=${MESHCTL_LAB_STATE:-/run/meshctl-lab/default} rest=()
  [[ $# -eq 0 ]] || shift
  while (($#)); do
    case $1 in
    --state)
      (($# > 1)) || die "--state needs a folder — $LAB_SH --help"
      state=$2
      shift 2
      ;;
    --state=*)
      state=${1#*=}
      shift
      ;;
    --)
      rest+=("$@")
      break
      ;;
    *)
      rest+=("$1")
      shift
      ;;
    esac
  done
  use_state "$state"
  use_server main
  set -- ${rest[@]+"${rest[@]}"}
  case $verb in
  deps | rootfs | up | down | status | log | freshen | stop | start | supervise | reap | server | mirror | inside)
    need_root && "verb_$verb" "$@"
    ;;
  other-server) need_root && verb_other_server "$@" ;;
  exec | ssh) "verb_$verb" "$@" ;;
  demo-inventory) verb_demo_inventory ;;
  -h | --help | help) usage ;;
  '')
    usage >&2
    exit 64
    ;;
  *) die "no verb '$verb' — $LAB_SH --help" ;;
  esac
}

main "$@"
