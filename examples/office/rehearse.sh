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

# Something happens on the Windows machine while meshctl does not look: OLD NEW, a line of the world's file.
meanwhile() {
  sed "s/$1/$2/" world.json >world.new
  mv world.new world.json
}

echo '# A dry run shows what would be done; --probe also looks at the hosts.'
run 2 plan --probe --detailed-exitcode

printf '\n# Two hosts need a person; each says so in one line. The server is done.\n'
run 4 apply --auto-approve --parallelism 1

printf '\n# Windows was set up before, so nothing read the files. Somebody starts its\n'
printf '# SSH server by hand, and puts the key into the own file of the user.\n'
meanwhile '"ssh": false' '"ssh": true'
run 2 plan --probe --detailed-exitcode --limit win-lab

printf '\n# The Linux host: sudo wants a password once.\n'
run 0 prepare office-one --one-time --auto-approve

printf '\n# The next run goes on by itself. While it waits for the key, somebody runs\n'
printf '# install.bat on the Windows host.\n'
meanwhile '"bootstrapWorks": false' '"bootstrapWorks": true'
run 4 apply --auto-approve --parallelism 1

printf '\n# Somebody logs on to the Windows host and runs the script that waits there.\n'
printf '# Then nothing is left to do.\n'
run 0 apply --auto-approve --parallelism 1
run 0 plan --detailed-exitcode
