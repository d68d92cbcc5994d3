#!/bin/bash
# Checks what the compiler cannot: MeshCore stays pure, plan's ports have no writing method, targets import only what
# stands above them, and a few habits. Prints one line a finding and exits 1.
#
# usage: check-imports.sh [--self-test]      (self-test: plants every kind of violation and expects each to be found)
set -euo pipefail
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
cd "${CHECK_ROOT:-$(dirname "$self")/../..}"
findings=0

finding() { # WHERE WHAT
  printf '%s: %s\n' "$1" "$2"
  findings=$((findings + 1))
}

# Takes `file:line:text` lines, drops those whose match stands in a comment only, reports the rest.
report() { # WHAT PATTERN
  local what=$1 pattern=$2 file line text
  while IFS=: read -r file line text; do
    text=${text%%//*}
    if grep -qE -- "$pattern" <<<"$text"; then finding "$file:$line" "$what: $(xargs -0 <<<"$text" | sed 's/^ *//;/^$/d')"; fi
  done
}

forbid() { # FOLDER WHAT PATTERN
  report "$2" "$3" < <(grep -rnE --include='*.swift' -- "$3" "$1" || true)
}

level='^ *(@[A-Za-z_]+(\([A-Za-z]*\))? +)*((public|package|internal|fileprivate|private) +)?import +((struct|class|enum|func|var|let|typealias|protocol) +)?'

# --- 1. MeshCore is pure ---------------------------------------------------------------------------------

core=Sources/MeshCore
# Whatever is not named here is impure until somebody decided otherwise.
while IFS=: read -r file line text; do
  module=$(sed -E "s/$level//; s/[^A-Za-z0-9_].*//" <<<"$text")
  case $module in
  YAMLReader) ;;
  FoundationEssentials)
    grep -qE 'JSON(En|De)coder' "$file" ||
      finding "$file:$line" "MeshCore may import FoundationEssentials for JSON coders only"
    ;;
  Foundation)
    # The other half of `#if canImport(FoundationEssentials)`, for macOS.
    if ! grep -qE '^#if canImport\(FoundationEssentials\)' "$file" || ! grep -qE 'JSON(En|De)coder' "$file"; then
      finding "$file:$line" "MeshCore is pure: import Foundation"
    fi
    ;;
  *) finding "$file:$line" "MeshCore is pure: import $module" ;;
  esac
done < <(grep -rnE --include='*.swift' "$level" $core || true)

forbid $core "MeshCore has no clock" '\bDate *\(|(\bDate|Clock(\(\))?|Instant)\.now\b|(^|[^]A-Za-z0-9_)>?!])\.now\b|\bgettimeofday\b|\bclock_gettime\b|Task\.sleep'
forbid $core "MeshCore has no random" '\bUUID *\(|\.random\b|\.randomElement\b|\.shuffled?\b|RandomNumberGenerator'
forbid $core "MeshCore has no files, process or environment" '\bFileManager\b|\bFileHandle\b|\bProcessInfo\b|\bgetenv\b|\bProcess *\(|\bURLSession\b|\bCommandLine\.|(^|[^.A-Za-z0-9_])(print|readLine|debugPrint) *\(|contentsOf(File)?: *URL'

# --- 2. Plan never writes: the reading ports hold these members and no other ------------------------------

# The body of a declaration, without comments.
body() { # FILE DECLARATION
  awk -v head="$2" 'index($0, head) { inside = 1 } inside { sub(/\/\/.*/, ""); print } inside && /^}/ { exit }' "$1"
}

ports=Sources/MeshEngine/Ports.swift
reading() { # PROTOCOL MEMBER…
  local name=$1 text member
  shift
  text=$(body $ports "package protocol $name:")
  [[ -n $text ]] || finding $ports "there is no protocol $name here; check-imports.sh has to follow it"
  while IFS= read -r member; do
    [[ -z $member || " $* " == *" $member "* ]] ||
      finding $ports "$name is a reading port (design law 1) and has a new member '$member'; where it only reads, name it in check-imports.sh"
  done < <(grep -oE '\b(func|var|init|subscript) *[A-Za-z_]*' <<<"$text" | sed -E 's/^(func|var) +//')
  ! grep -qE '\bset\b' <<<"$text" || finding $ports "$name is a reading port and has a setter"
  grep -qE "^package protocol $name: Sendable \{" $ports || finding $ports "$name inherits more than Sendable"
}
reading ControlPlaneReading identify nodes users policy
reading HostProbing probe
reading HostReaching reach
reading HostExamining checkServer checkSource
reading ServerExamining examine

while IFS= read -r property; do
  case $property in
  'control: any ControlPlaneReading' | 'hosts: any HostProbing') ;;
  *) finding $ports "ReadOnlyPorts holds something else than the two reading ports: $property" ;;
  esac
done < <(body $ports 'package struct ReadOnlyPorts' | grep -oE '(var|let) +.*' | sed -E 's/^(var|let) +//; s/ +$//')
forbid Sources "the reading ports have no extensions" '^ *((public|package|internal|private) +)?extension +(ControlPlaneReading|HostProbing|HostReaching|HostExamining|ServerExamining|ReadOnlyPorts)\b'

# --- 3. Layers ---------------------------------------------------------------------------------------------

ours='CLibYAML|CProcess|YAMLReader|MeshCore|MeshEngine|MeshAdapters|MeshSimulation|meshctl'
layer() { # TARGET ALLOWED…
  local target=$1 file line text module
  shift
  while IFS=: read -r file line text; do
    module=$(sed -E "s/$level//; s/[^A-Za-z0-9_].*//" <<<"$text")
    [[ " $* " == *" $module "* ]] || finding "$file:$line" "$target does not import $module (see CONTRIBUTING.md)"
  done < <(grep -rnE --include='*.swift' "$level($ours)\b" "Sources/$target" || true)
}
layer YAMLReader CLibYAML
layer MeshCore YAMLReader
layer MeshEngine MeshCore
layer MeshAdapters CProcess YAMLReader MeshCore MeshEngine
layer MeshSimulation MeshCore MeshEngine
layer meshctl YAMLReader MeshCore MeshEngine MeshAdapters MeshSimulation
for folder in Sources/*/; do
  [[ "|$ours|" == *"|$(basename "$folder")|"* ]] || finding "$folder" "check-imports.sh does not know this target"
done

# --- 4. Habits ---------------------------------------------------------------------------------------------

forbid Sources "not in Sources" '\btry!|\bas!|\bfatalError *\(|\bpreconditionFailure *\(|@unchecked +Sendable'
forbid Sources/MeshCore "unsafe code lives in YAMLReader only" 'nonisolated\(unsafe\)|\bUnsafe[A-Z]'
while IFS= read -r found; do
  finding "${found%%:*}" "unfinished work is an issue, not a comment: ${found#*:}"
done < <(grep -rnE '\b(TODO|FIXME)\b' Sources || true)
while read -r lines file; do
  [[ $file == total ]] || ((lines <= 400)) || finding "$file" "$lines lines, more than 400: split it"
done < <(find Sources -type f \( -name '*.swift' -o -name '*.sh' \) -exec wc -l {} +)

# --- Self-test -----------------------------------------------------------------------------------------------

# Each row: a file (`#` becomes the row's number), the line it gets, and words of the finding where the file alone does
# not tell. `in:DECLARATION;LINE` puts the line inside a declaration.
self_test() {
  local copy answer file text words count=0 failed=0 expected=()
  copy=$(mktemp -d)
  # shellcheck disable=SC2064 # the path is fixed now
  trap "rm -rf '$copy'" EXIT
  cp -R Sources "$copy/"
  if ! answer=$(CHECK_ROOT=$copy bash "$self"); then
    printf 'check-imports: the sources themselves have findings:\n%s\n' "$answer" >&2
    return 1
  fi
  while IFS='|' read -r file text words; do
    count=$((count + 1))
    file=${file//#/$count}
    mkdir -p "$copy/$(dirname "$file")"
    case $text in
    in:*)
      text=${text#in:}
      awk -v head="${text%%;*}" -v new="${text#*;}" '{ print } index($0, head) { print new }' "$copy/$file" >"$copy/new"
      mv "$copy/new" "$copy/$file"
      ;;
    LONG) printf '// line\n%.0s' {1..401} >"$copy/$file" ;;
    *) printf '%s\n' "$text" >"$copy/$file" ;;
    esac
    expected+=("${words:-$file}|$text")
  done <<'ROWS'
Sources/MeshCore/Planted#.swift|import Foundation|
Sources/MeshCore/Planted#.swift|package import Dispatch|
Sources/MeshCore/Planted#.swift|internal import struct Subprocess.Output|
Sources/MeshCore/Planted#.swift|import FoundationEssentials|
Sources/MeshCore/Planted#.swift|let a = Date()|
Sources/MeshCore/Planted#.swift|let a = ContinuousClock().now|
Sources/MeshCore/Planted#.swift|let a: Instant = .now|
Sources/MeshCore/Planted#.swift|let a = UUID()|
Sources/MeshCore/Planted#.swift|let a = Int.random(in: 1...2)|
Sources/MeshCore/Planted#.swift|let a = FileManager.default|
Sources/MeshCore/Planted#.swift|let a = ProcessInfo.processInfo.environment|
Sources/MeshCore/Planted#.swift|func a() { print("a") }|
Sources/MeshEngine/Ports.swift|in:protocol ControlPlaneReading;  func rename(nodeID: String) async throws|new member 'rename'
Sources/MeshEngine/Ports.swift|in:protocol HostProbing;  func run(_ script: String) async throws|new member 'run'
Sources/MeshEngine/Ports.swift|in:protocol HostReaching;  func run(_ script: String) async throws|new member 'run'
Sources/MeshEngine/Ports.swift|in:struct ReadOnlyPorts;  package var writing: any ControlPlane|new member 'rename'
Sources/MeshEngine/Planted#.swift|extension ControlPlaneReading { func expire() {} }|
Sources/MeshEngine/Planted#.swift|import MeshAdapters|
Sources/MeshSimulation/Planted#.swift|import MeshAdapters|
Sources/MeshAdapters/Planted#.swift|package import MeshSimulation|
Sources/MeshAdapters/Planted#.swift|let a = try! b()|
Sources/MeshAdapters/Planted#.swift|let a = b as! String|
Sources/meshctl/Planted#.swift|func a() -> Never { fatalError("a") }|
Sources/meshctl/Planted#.swift|final class A: @unchecked Sendable {}|
Sources/YAMLReader/Planted#.swift|// TODO: later|
Sources/YAMLReader/Planted#.swift|// FIXME: later|
Sources/meshctl/Planted#.swift|LONG|
Sources/NewTarget/Planted.swift|let a = 1|does not know this target
ROWS
  answer=$(CHECK_ROOT=$copy bash "$self") && failed=1
  for text in "${expected[@]}"; do
    if ! grep -qF -- "${text%%|*}" <<<"$answer"; then
      printf 'check-imports: self-test: not found: %s\n' "$text" >&2
      failed=1
    fi
  done
  ((failed == 0)) || return 1
  printf 'check-imports: self-test: all %s planted violations were found\n' "$count"
}

case ${1:-} in
'') ;;
--self-test)
  self_test
  exit
  ;;
*)
  echo "usage: check-imports.sh [--self-test]" >&2
  exit 64
  ;;
esac
if ((findings > 0)); then
  printf 'check-imports: %s finding(s)\n' "$findings"
  exit 1
fi
echo "check-imports: ok"
