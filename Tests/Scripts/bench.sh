#!/bin/bash
# Builds the release binary and the two floors, and measures (Tests/Bench/bench.py).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v cc >/dev/null || {
  echo "bench: no C compiler for Tests/Bench/floor.c; apt-get install gcc" >&2
  exit 1
}
build=(swift build -c release --explicit-target-dependency-import-check error)
"${build[@]}" --product json-floor
"${build[@]}" --product meshctl
bin=$("${build[@]}" --show-bin-path)

read -ra flags <<<"$(pkg-config --cflags --libs yaml-0.1)"
cc -O2 -o "$bin/yaml-floor" Tests/Bench/floor.c "${flags[@]}"
exec "${MESHCTL_PYTHON:-python3}" Tests/Bench/bench.py "$bin/meshctl" "$bin/json-floor" "$bin/yaml-floor"
