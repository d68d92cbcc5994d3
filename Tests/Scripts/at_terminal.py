"""Runs a program at a terminal of its own and answers its questions.

usage: at_terminal.py ANSWERS.json PROGRAM ARGUMENT…

ANSWERS.json is a list of [question, answer]: when the question has appeared since the last answer, the answer and a
line end are typed. `null` as an answer ends the input (Ctrl-D). What the terminal showed goes to standard output; the
exit status is the program's, or 98 where a question did not come within two minutes.
"""

import json
import os
import pty
import select
import signal
import sys
import time


def converse(descriptor, answers):
    """The text that was shown, and whether every question came."""
    shown, seen, answers = b"", 0, list(answers)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        ready, _, _ = select.select([descriptor], [], [], 0.2)
        if ready:
            try:
                piece = os.read(descriptor, 65536)
            except OSError:
                piece = b""
            if not piece:
                return shown, not answers
            shown += piece
        if answers:
            place = shown.find(answers[0][0].encode(), seen)
            if place >= 0:
                question, answer = answers.pop(0)
                seen = place + len(question.encode())
                # Whoever asks for a secret turns the echo off first and throws typed characters away.
                time.sleep(0.3)
                os.write(descriptor, b"\x04" if answer is None else answer.encode() + b"\n")
                deadline = time.monotonic() + 120
    return shown, False


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        answers = json.load(file)
    child, descriptor = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown, is_complete = converse(descriptor, answers)
    sys.stdout.write(shown.decode(errors="replace").replace("\r\n", "\n"))
    sys.stdout.flush()
    if not is_complete:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if is_complete else 98


sys.exit(main())
