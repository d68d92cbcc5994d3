#!/bin/bash
# Runs every test: the lab's stand-ins in Python, the CI examples and the schedules, then all of Swift's; ends with swift test's own summary.
#
# MESHCTL_LAB=0 leaves the lab out, 1 insists on it; unset runs it where it can run (Linux, root).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf 'test: %s\n' "$*" >&2; }

lab_reason() {
  [[ ${MESHCTL_LAB:-} != 0 ]] || echo "MESHCTL_LAB=0"
  [[ $(uname -s) == Linux ]] || echo "it needs Linux"
  [[ $EUID -eq 0 ]] || echo "it needs root"
  [[ -c /dev/net/tun ]] || echo "there is no /dev/net/tun"
  command -v systemd-nspawn >/dev/null || echo "systemd-nspawn is missing"
}

reason=$(lab_reason | head -n 1)
if [[ -z $reason ]]; then
  export MESHCTL_LAB=1
elif [[ ${MESHCTL_LAB:-} == 1 ]]; then
  say "the lab was asked for and cannot run: $reason"
  exit 1
else
  say "the lab is skipped: $reason"
  unset MESHCTL_LAB
fi

python=0
if [[ $(uname -s) == Linux ]]; then
  # Debian's own interpreter, which the stand-ins run on in the lab.
  (cd Tests/Lab/tailscale && exec "$([[ -x /usr/bin/python3 ]] && echo /usr/bin/python3 || echo python3)" -m unittest) || python=$?
else
  say "the stand-ins of the lab are for Linux; their tests are skipped"
fi

check=(--explicit-target-dependency-import-check error)
# The programs that the tests run; `swift test` adds the tests to the same build.
swift build "${check[@]}"
examples=0
python3 Tests/Scripts/ci-examples.py "$(swift build --show-bin-path)/meshctl" || examples=$?
schedules=0
python3 Tests/Scripts/schedules.py "$(swift build --show-bin-path)/meshctl" || schedules=$?
# No color and no stdin: the output is the same on a terminal and in CI.
status=0
run() { swift test --disable-xctest "${check[@]}" "$@" </dev/null || status=$?; }
if (($#)); then
  run "$@"
else
  # Worlds by the thousand keep every thread busy; what waits for sockets and processes goes apart.
  run --filter 'YAMLReaderTests|MeshEngineTests|MeshAdaptersTests.Headscale|meshctlTests'
  # Scripts in real shells, by the hundred: more than a few at a time starve each other of processor time.
  SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 run --filter MeshAdaptersTests --skip MeshAdaptersTests.Headscale
  run --filter MeshSimulationTests
  run --skip 'YAMLReaderTests|MeshEngineTests|MeshAdaptersTests|meshctlTests|MeshSimulationTests|LabTests'
  if [[ -n ${MESHCTL_LAB:-} ]]; then run --filter LabTests; fi
fi
if ((python != 0)); then
  say "the Python tests failed, see above"
  exit "$python"
fi
if ((examples != 0)); then
  say "the CI examples failed, see above"
  exit "$examples"
fi
if ((schedules != 0)); then
  say "the schedules failed, see above"
  exit "$schedules"
fi
exit "$status"
