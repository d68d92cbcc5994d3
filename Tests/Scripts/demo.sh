#!/bin/bash
# plan, apply, plan on the quickstart inventory in a simulated world; fails unless the last plan is empty.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

swift build --product meshctl --explicit-target-dependency-import-check error
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
world=$folder/world.json
inventory=examples/quickstart/inventory.yaml
PATH=$(swift build --show-bin-path):$PATH

run() { # EXPECTED-STATUS COMMAND…
  local expected=$1 status=0
  shift
  printf '\n$ %s\n' "${*//$folder/\$TMP}"
  # One stream, so that progress and result stand in the order they came.
  "$@" </dev/null 2>&1 | tee "$folder/output" || status=${PIPESTATUS[0]}
  if ((status != expected)); then
    printf 'demo: exit status %s, expected %s\n' "$status" "$expected" >&2
    exit 1
  fi
}

run 0 meshctl validate "$inventory"
run 2 meshctl plan "$inventory" --simulate --world "$world" --detailed-exitcode
if [[ ${CI:-} == true ]] &&
  ! diff <(sed -n '/^\$ meshctl plan examples/,/^```/p' README.md | sed '1d;$d') "$folder/output" >&2; then
  echo 'demo: README.md shows another plan (< README, > now)' >&2
  exit 1
fi
run 0 meshctl apply "$inventory" --simulate --world "$world" --auto-approve
run 0 meshctl plan "$inventory" --simulate --world "$world" --detailed-exitcode
if ! grep -qF 'No changes.' "$folder/output"; then
  echo 'demo: the second plan does not say "No changes."' >&2
  exit 1
fi
printf '\nThe mesh matches the inventory, and nothing real was touched.\n'
