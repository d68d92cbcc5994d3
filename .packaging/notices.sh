#!/bin/bash
# Prints the notices of what is linked into the binary: every package of which an object was built for it.
#
# usage: notices.sh SOURCE BIN      (SOURCE: where it was built; BIN: what `swift build --show-bin-path` says)
set -euo pipefail
source=$1 bin=$2

# A package is linked where one of its targets has objects; packages for tests only have none.
linked() { # CHECKOUT
  local target
  for target in "$1"/Sources/*/; do
    if [[ -n "$(find "$bin/$(basename "$target").build" -name '*.o' -print 2>/dev/null | head -n 1)" ]]; then return 0; fi
  done
  return 1
}

title() { printf '\n\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | sed 's/./=/g')"; }

cat <<'END'
meshctl is under the Apache License 2.0. Its binary also holds the following, each under its own licence. Where it is said
to be under the Apache License 2.0, that licence's text is the one of meshctl itself (on Debian:
/usr/share/common-licenses/Apache-2.0); "with the Runtime Library Exception" adds that binaries need not repeat it.

The Swift standard library, Concurrency, Dispatch and Foundation (https://www.swift.org): Apache License 2.0 with the Runtime
Library Exception. Foundation holds data and code of ICU (Copyright Unicode, Inc., Unicode License v3,
https://www.unicode.org/license.txt).

libstdc++ and libgcc (Copyright Free Software Foundation, Inc.), on Linux: GNU General Public License 3 with the GCC Runtime
Library Exception, which lets them be part of programs under any licence (on Debian: /usr/share/common-licenses/GPL-3).

BoringSSL (in swift-crypto and swift-nio-ssl; Copyright The BoringSSL Authors, The OpenSSL Project Authors): Apache License 2.0.

libyaml is not part of it; it is loaded from the system.
END

for checkout in "$source"/.build/checkouts/*/; do
  checkout=${checkout%/}
  linked "$checkout" || continue
  title "$(basename "$checkout")"
  for license in "$checkout"/LICENSE*; do
    if ! grep -q 'Apache License' "$license"; then
      cat "$license"
    elif grep -q 'Runtime Library Exception' "$license"; then
      echo 'Apache License 2.0 with the Runtime Library Exception.'
    else
      echo 'Apache License 2.0.'
    fi
  done
  if [[ -e $checkout/NOTICE.txt ]]; then
    printf '\nIts NOTICE.txt:\n\n'
    sed 's/^\(.\)/  \1/' "$checkout/NOTICE.txt"
  fi
  find "$checkout/Sources" -name 'LICENSE*' | LC_ALL=C sort | while IFS= read -r license; do
    printf '\nIts %s:\n\n' "${license#"$checkout/"}"
    sed 's/^\(.\)/  \1/' "$license"
  done
done
