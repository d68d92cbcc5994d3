#!/bin/bash
# Lints everything that has a linter; runs all of them before it fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
failed=0

lint() { # NAME COMMAND…
  local name=$1
  shift
  if "$@"; then
    printf 'lint: %s: ok\n' "$name"
  else
    printf 'lint: %s: FAILED\n' "$name" >&2
    failed=1
  fi
}

scripts=() remote=() python=()
while IFS= read -r file; do
  case $file in
  ./Sources/MeshCore/Target/Scripts/*.sh | ./Sources/MeshCore/Bootstrap/Files/*.sh) remote+=("$file") ;;
  *.py) python+=("$file") ;;
  *) scripts+=("$file") ;;
  esac
done < <(
  find . \( -path './.build*' -o -path ./.git -o -name __pycache__ \) -prune -o \
    -type f \( -name '*.sh' -o -name '*.py' -o -path './.ci/run' -o -path './.packaging/deb/p*' \) -print | sort
)

# shellcheck disable=SC2317 # run by lint
python_syntax() {
  local cache status=0
  cache=$(mktemp -d) # a lint leaves nothing behind
  PYTHONPYCACHEPREFIX=$cache python3 -m py_compile "$@" || status=$?
  rm -rf "$cache"
  return "$status"
}

lint "swift format" swift format lint --strict -r -p Sources Tests Package.swift
lint "shellcheck, ${#scripts[@]} scripts" shellcheck -x "${scripts[@]}"
lint "no server starts with what tests need" bash Tests/Scripts/deps.sh check
# They run on whatever /bin/sh a host has.
lint "shellcheck, ${#remote[@]} remote scripts" shellcheck -s sh "${remote[@]}"
# No PowerShell runs here: a grammar reads the files, and the check has to find what is planted.
powershell=(Sources/MeshCore/Target/Scripts/*.ps1 Sources/MeshCore/Bootstrap/Files/*.ps1)
lint "powershell, ${#powershell[@]} files" python3 Tests/Scripts/check-powershell.py "${powershell[@]}"
lint "powershell, planted faults" python3 Tests/Scripts/check-powershell.py --self-test
lint "python, ${#python[@]} files" python_syntax "${python[@]}"
exit "$failed"
