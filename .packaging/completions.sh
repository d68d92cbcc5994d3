#!/bin/bash
# Writes the completion scripts of bash, zsh and fish.
#
# usage: completions.sh MESHCTL FOLDER
set -euo pipefail
# It is sourced, never run, so it needs no `#!`.
"$1" --generate-completion-script bash | sed '1{/^#!/d;}' >"$2/meshctl.bash"
"$1" --generate-completion-script zsh >"$2/_meshctl"
"$1" --generate-completion-script fish >"$2/meshctl.fish"
