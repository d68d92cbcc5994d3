#!/usr/bin/env python3
"""Prints what an interactive zsh or fish offers when Tab is pressed behind a line, one candidate a line.

usage: shell-offers.py zsh|fish FOLDER LINE      (FOLDER holds the completion script under the name that the shell looks for)

Completion works in their line editors, so a real shell runs at a terminal of its own; it is asked for the candidates
themselves, not for how they are painted.
"""

import os
import pty
import select
import sys
import time

ZSH = r"""
PS1='' PS2='' RPS1=''; unsetopt prompt_cr prompt_sp; setopt no_beep
fpath=("$MESHCTL_SCRIPTS" $fpath)
autoload -Uz compinit && compinit -u -d "$HOME/.zcompdump"
compadd() {
  local -a collected
  # Where the caller collects for itself, it adds what it collected later.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  builtin compadd -A collected "$@"
  (( $#collected )) && print -rl -- $collected >>"$MESHCTL_OFFERS"
  builtin compadd "$@"
}
finish() { zle complete-word; print done >>"$MESHCTL_OFFERS.done"; exit }
zle -N finish-widget finish
zle -C complete-word complete-word _main_complete
bindkey '^I' finish-widget
print ready
"""

FISH = r"""
set -g fish_greeting
set -g fish_complete_path $MESHCTL_SCRIPTS $fish_complete_path
function finish
  complete -C >$MESHCTL_OFFERS
  echo done >$MESHCTL_OFFERS.done
end
bind \t finish
echo ready
"""

SHELLS = {"zsh": (["zsh", "-f", "-i"], ZSH), "fish": (["fish", "-i", "--private"], FISH)}


def main(shell: str, folder: str, line: str) -> None:
    offers = os.path.join(os.environ["HOME"], f"{shell}-offers-{os.getpid()}")
    command, text = SHELLS[shell]
    open(offers, "w").close()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(MESHCTL_SCRIPTS=folder, MESHCTL_OFFERS=offers, TERM="dumb")
        os.execvp(shell, command)
    setup = offers + ".setup"
    with open(setup, "w") as file:
        file.write(text)
    os.write(terminal, f"source {setup}\n".encode())
    screen = b""

    def wait(what) -> None:
        nonlocal screen
        end = time.monotonic() + 30
        while not what():
            if time.monotonic() > end:
                sys.exit(f"shell-offers.py: {shell} says nothing more: {screen[-800:]!r}")
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    screen += os.read(terminal, 4096)
                except OSError:
                    return

    wait(lambda: b"ready" in screen)
    os.write(terminal, line.encode() + b"\t")
    wait(lambda: os.path.exists(offers + ".done"))
    os.close(terminal)  # hangs it up, where it did not end by itself
    os.waitpid(child, 0)
    with open(offers) as file:
        for name in sorted(set(file.read().split("\n"))):
            if name:
                print(name.split("\t")[0].rstrip("/"))  # fish writes a description behind a tab


main(*sys.argv[1:])
