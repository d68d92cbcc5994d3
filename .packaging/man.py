#!/usr/bin/env python3
"""Writes the manual pages: one a verb from the program's own description of itself, meshctl(1), meshctl-inventory(5).

usage: man.py MESHCTL FOLDER      (writes FOLDER/man1 and FOLDER/man5; the date is SOURCE_DATE_EPOCH's, else today's)

What only people can write (examples, environment, files) stands in .packaging/man/; a verb that is named there and that
the program does not have is an error.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

here = pathlib.Path(__file__).resolve().parent / "man"
sys.path.insert(0, str(here))
sys.dont_write_bytecode = True

import markdown  # noqa: E402
from roff import bold, head, italic, literal, prose, tagged, verbatim  # noqa: E402

COMMON_STATUS = {"0": "done", "1": "an error", "64": "wrong usage"}


def main(program: str, folder: str) -> None:
    def run(*arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [program, *arguments], check=True, capture_output=True, text=True, env=environment
        ).stdout

    dump = json.loads(run("--experimental-dump-help"))["command"]
    verbs = [v for v in dump["subcommands"] if v["commandName"] != "help" and v["shouldDisplay"]]
    examples = read_examples({v["commandName"] for v in verbs})
    version = run("--version").split()[1]
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    date = time.strftime("%Y-%m-%d", time.gmtime(epoch))

    def write(name: str, section: int, title: str, body: list[str]) -> None:
        lines = head(name, section, date, f"meshctl {version}", title) + body
        place = pathlib.Path(folder) / f"man{section}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.{section}").write_text("\n".join(lines) + "\n")

    for verb in verbs:
        write(f"meshctl-{verb['commandName']}", 1, "User Commands", verb_page(verb, examples))
    write("meshctl", 1, "User Commands", main_page(dump, verbs))
    write("meshctl-inventory", 5, "File Formats", inventory_page(run("schema", "--format", "markdown")))


def read_examples(verbs: set[str]) -> dict[str, list[str]]:
    """`[verb]`, then pairs of an explanation and indented commands."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (here / "examples.txt").read_text().split("\n"):
        if match := re.fullmatch(r"\[([a-z]+)\]", line):
            if match[1] not in verbs:
                sys.exit(f"man.py: examples.txt names a verb that meshctl does not have: {match[1]}")
            current = found.setdefault(match[1], [])
        elif line and not line.startswith("#"):
            current += verbatim(line[2:]) if line.startswith("  ") else [".PP", prose(line)]
    return found


def synopsis(command: dict) -> str:
    words = [bold("meshctl"), bold(command["commandName"])]
    if any(a["kind"] != "positional" for a in command["arguments"]):
        words.append(f"[{italic('options')}]")
    for argument in command["arguments"]:
        if argument["kind"] != "positional":
            continue
        word = italic(argument["valueName"]) + ("\\ ..." if argument["isRepeating"] else "")
        words.append(f"[{word}]" if argument["isOptional"] else word)
    return " ".join(words)


def options(arguments: list[dict]) -> list[str]:
    lines = []
    for argument in arguments:
        if not argument["shouldDisplay"]:
            continue
        value = italic(argument["valueName"])
        if argument["kind"] == "positional":
            tag = value
        else:
            names = argument["names"]
            spelled = [("-" if n["kind"] == "short" else "--") + n["name"] for n in names]
            tag = ", ".join(bold(n) for n in sorted(spelled, key=len))
            if argument["kind"] == "option":
                tag += " " + value
        text = [argument.get("abstract", "")]
        if argument.get("allValues"):
            text.append("One of: " + ", ".join(f"`{v}`" for v in argument["allValues"]) + ".")
        if argument.get("defaultValue"):
            text.append(f"Default: `{argument['defaultValue']}`.")
        lines += tagged(tag, " ".join(t for t in text if t))
        if argument.get("discussion"):
            lines += [".br", prose(argument["discussion"])]
    return lines


def paragraphs(discussion: str) -> list[str]:
    lines = []
    for paragraph in discussion.split("\n\n"):
        lines += verbatim(paragraph) if "\n" in paragraph else [".PP", prose(paragraph)]
    return lines


def exit_status(sentence: str | None) -> list[str]:
    """`0 shown; 1 an error; with --x 2 when …` as a table; what every verb shares is added."""
    rows = dict(COMMON_STATUS)
    if sentence:
        for part in re.split(r"; |, (?=\d{3} )", sentence.rstrip(".")):
            match = re.fullmatch(r"(?:(with \S+) )?(\d+) (.+)", part)
            if not match:
                sys.exit(f"man.py: an exit status that cannot be read: {part!r} of {sentence!r}")
            rows[match[2]] = match[3] + (f" ({match[1]})" if match[1] else "")
    lines = [".SH EXIT STATUS"]
    for status in sorted(rows, key=int):
        text = rows[status]
        lines += tagged(bold(status), text[0].upper() + text[1:] + ".")
    return lines


def verb_page(verb: dict, examples: dict[str, list[str]]) -> list[str]:
    name = verb["commandName"]
    parts = verb.get("discussion", "").split("\n\n")
    status = [p for p in parts if p.startswith("Exit status: ")]
    rest = "\n\n".join(p for p in parts if p and p not in status)
    abstract = verb["abstract"].rstrip(".")
    body = [".SH NAME", f"meshctl\\-{literal(name)} \\- {summary(abstract)}"]
    body += [".SH SYNOPSIS", synopsis(verb), ".SH DESCRIPTION", prose(abstract + ".")]
    body += paragraphs(rest) if rest else []
    body += [".SH OPTIONS", *options(verb["arguments"])]
    body += exit_status(" ".join(status[0].split()[2:]) if status else None)
    body += [".SH ENVIRONMENT", prose("The variables of meshctl(1).")]
    body += [".SH FILES", prose("The files of meshctl(1); the inventory is described in meshctl-inventory(5).")]
    if name in examples:
        body += [".SH EXAMPLES", *examples[name]]
    return body + see_also("meshctl(1)", "meshctl-inventory(5)")


def main_page(dump: dict, verbs: list[dict]) -> list[str]:
    body = [".SH NAME", f"meshctl \\- {summary(dump['abstract'].rstrip('.'))}"]
    body += [".SH SYNOPSIS", f"{bold('meshctl')} {italic('command')} [{italic('options')}]"]
    body += [".SH DESCRIPTION", *paragraphs(dump["discussion"]), ".SH COMMANDS"]
    for verb in verbs:
        body += tagged(f"{bold('meshctl-' + verb['commandName'])}(1)", verb["abstract"])
    body += [".SH OPTIONS", *options(dump["arguments"])]
    body += markdown.body((here / "meshctl.md").read_text())
    pages = [f"meshctl-{v['commandName']}(1)" for v in verbs]
    return body + see_also(*pages, "meshctl-inventory(5)", "ssh(1)", "ssh_config(5)")


def inventory_page(reference: str) -> list[str]:
    body = [".SH NAME", "meshctl\\-inventory \\- the file that says what a Headscale mesh should be"]
    return [*body, ".SH DESCRIPTION", *markdown.body(reference), *see_also("meshctl(1)", "meshctl-plan(1)")]


def summary(abstract: str) -> str:
    """The line that whatis(1) shows: the first clause, in lower case."""
    text = re.split(r"[;:] ", abstract)[0]
    return prose(text[0].lower() + text[1:])


def see_also(*pages: str) -> list[str]:
    references = [re.sub(r"(.+)\((\d)\)", lambda m: f"{bold(m[1])}({m[2]})", p) for p in pages]
    return [".SH SEE ALSO", ", ".join(references)]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
