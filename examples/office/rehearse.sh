#!/bin/bash
# Rehearses the office fleet on a simulated mesh: what the field report met, and what meshctl makes of it.
# usage: rehearse.sh [MESHCTL]     (no connection is opened, no secret is read; the world lives in a folder of its own)
set -euo pipefail
meshctl=$(command -v "${1:-meshctl}")
cd "$(dirname "${BASH_SOURCE[0]}")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp inventory.yaml ops.pub world.json "$folder/"
cd "$folder"

run() { # EXPECTED-STATUS ARGUMENT…
  local expected=$1 status=0
  shift
  printf '\n$ meshctl %s\n' "$*"
  # One stream, so that progress and result stand in the order they came.
  "$meshctl" "$@" --simulate --world world.json </dev/null 2>&1 || status=$?
  if ((status != expected)); then
    printf 'rehearse: exit status %s, expected %s\n' "$status" "$expected" >&2
    exit 1
  fi
}

echo '# A dry run shows what would be done; --probe also looks at the hosts.'
run 2 plan --probe --detailed-exitcode

printf '\n# Two hosts need a person; each says so in one line, and the server is done meanwhile.\n'
run 4 apply --auto-approve --parallelism 1

printf '\n# The Linux host: sudo wants a password once. The Windows host: somebody ran the script that waits there.\n'
run 0 prepare office-one --one-time --auto-approve

printf '\n# The next run goes on by itself.\n'
run 0 apply --auto-approve --parallelism 1

printf '\n# And then nothing is left to do.\n'
run 0 plan --detailed-exitcode
