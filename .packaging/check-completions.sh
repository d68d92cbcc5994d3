#!/bin/bash
# Has bash, zsh and fish read their completion scripts and complete with them, as a person with the Tab key would.
#
# usage: check-completions.sh MESHCTL FOLDER      (FOLDER holds meshctl.bash, _meshctl and meshctl.fish)
set -euo pipefail
program=$(realpath "$1")
folder=$(cd "$2" && pwd)
offers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/shell-offers.py
failed=0
checks=0
scratch=$(mktemp -d)
# A shell's child may still write while the folder goes; that is no fault of the completions.
trap 'rm -rf "$scratch" 2>/dev/null || { sleep 2 && rm -rf "$scratch"; } || true' EXIT
# The scripts call the program by its name.
mkdir "$scratch/bin" "$scratch/home" "$scratch/zsh"
# Where this folder is missing, fish reads all manual pages of the system in the background.
mkdir -p "$scratch/home/.local/share/fish/generated_completions"
ln -s "$program" "$scratch/bin/meshctl"
export PATH=$scratch/bin:$PATH HOME=$scratch/home LC_ALL=C.UTF-8 TERM=dumb
unset ZDOTDIR
cd "$scratch"
cat >inventory.yaml <<'END'
version: 1
server: {url: "https://mesh.example.com"}
groups: {edge-hosts: {hosts: [web-1]}}
hosts: {web-1: {}, web-2: {}, nas: {}}
END
echo 'no inventory' >notes.txt

expect() { # SHELL LINE WANTED… [! UNWANTED…]
  local shell=$1 line=$2 offered word want=1
  shift 2
  checks=$((checks + 1))
  offered=$("offered_by_$shell" "$line") || {
    printf 'check-completions: %s failed on "%s"\n' "$shell" "$line" >&2
    failed=1
    return
  }
  for word; do
    if [[ $word == '!' ]]; then
      want=0
    elif grep -qxF -- "$word" <<<"$offered"; then
      ((want)) || bad "$shell" "$line" "offers $word" "$offered"
    else
      ((!want)) || bad "$shell" "$line" "does not offer $word" "$offered"
    fi
  done
}

bad() {
  printf 'check-completions: %s: "%s": %s, but: %s\n' "$1" "$2" "$3" "$(xargs <<<"$4" | cut -c1-300)" >&2
  failed=1
}

# shellcheck disable=SC2016 # for the inner shell
offered_by_bash() { # a clean bash loads the script by the name that bash-completion looks for
  bash --norc --noprofile -uc '
    set +u
    source "$1" || exit 1
    line=$2
    read -ra COMP_WORDS <<<"$line"
    [[ $line != *" " ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE=9 COMP_KEY=9
    function=$(complete -p meshctl | sed -E "s/.* -F ([^ ]+) .*/\1/")
    "$function" meshctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}" | sed "s/ *$//; s,/$,,"
  ' bash "$folder/meshctl.bash" "$1"
}

offered_by_fish() { python3 "$offers" fish "$folder" "$1"; }
offered_by_zsh() { python3 "$offers" zsh "$folder" "$1"; }

bash -n "$folder/meshctl.bash" || failed=1
zsh -n "$folder/_meshctl" || failed=1
fish -n "$folder/meshctl.fish" || failed=1

for shell in bash zsh fish; do
  expect "$shell" 'meshctl pla' plan
  expect "$shell" 'meshctl ' validate plan apply init '!' --generate-completion-script
  expect "$shell" 'meshctl plan --detailed' --detailed-exitcode
  expect "$shell" 'meshctl plan --format ' text json markdown html
  expect "$shell" 'meshctl bootstrap ' linux macos windows
  expect "$shell" 'meshctl validate ' inventory.yaml '!' notes.txt
  expect "$shell" 'meshctl apply --limit ' web-1 web-2 nas edge-hosts
  expect "$shell" 'meshctl doctor we' web-1 web-2 '!' nas
  expect "$shell" 'meshctl explain MESH-LOCK-H' MESH-LOCK-HELD
done
((failed == 0)) || exit 1
printf 'check-completions: bash, zsh and fish: %d lines completed\n' "$checks"
