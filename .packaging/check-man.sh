#!/bin/bash
# Has groff and man-db read the pages as `man`, `whatis` and `mandb` would; anything they say is a failure. And meshctl(1) names
# every variable that the sources read, and every file that they keep in the state folder.
#
# usage: check-man.sh FOLDER      (that holds man1, man5)
set -euo pipefail
folder=$(cd "$1" && pwd)
export LC_ALL=C.UTF-8 MANWIDTH=80
failed=0
pages=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'check-man: %s\n' "$*" >&2
  failed=1
}

for page in "$folder"/man?/*.?; do
  pages=$((pages + 1))
  name=$(basename "${page%.?}")
  said=$(man --warnings=w,mac,break -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null) || fail "$name: man failed"
  [[ -z $said ]] || fail "$name: $said"
  shown=$(man -E UTF-8 -l -Tutf8 "$page" | col -bx) || fail "$name cannot be shown"
  [[ $shown == *$'\n'NAME$'\n'* ]] || fail "$name shows no NAME"
  known=$(lexgrog -m "$page" 2>&1) || fail "$name: whatis would not find it: $known"
  [[ $known == *"\"$name - "* ]] || fail "$name: whatis would call it: $known"
done
((pages > 0)) || fail "there are no pages in $folder"

# As an installation would index them.
mkdir -p "$scratch/man"
cp -r "$folder"/man? "$scratch/man/"
said=$(mandb --create --quiet --user-db "$scratch/man" 2>&1) || fail "mandb failed"
[[ -z $said ]] || fail "mandb: $said"
for page in "$folder"/man?/*.?; do
  name=$(basename "${page%.?}")
  found=$(man -M "$scratch/man" -w "$name") || fail "man does not find $name"
  [[ $found == "$scratch"/* ]] || fail "man finds another $name: $found"
done

sources=$(dirname "${BASH_SOURCE[0]}")/../Sources
shown=$(man -E UTF-8 -l -Tutf8 "$folder/man1/meshctl.1" | col -bx)
named() { # EXPRESSION
  local words
  words=$(grep -rhoE --include='*.swift' "$1" "$sources" | sed -E 's/.*"(.*)".*/\1/' | sort -u)
  [[ -n $words ]] || fail "nothing in the sources looks like $1 any more"
  for word in $words; do
    [[ $word == HOME ]] || grep -qwF -- "$word" <<<"$shown" || fail "meshctl(1) does not name $word"
  done
}
named '(environment\[|[vV]ariable = )"[A-Z][A-Z_]+"'
sources+=/MeshAdapters/Files
named '"[a-z]+\.jsonl?"'
((failed == 0)) || exit 1
printf 'check-man: %d pages, no warnings\n' "$pages"
