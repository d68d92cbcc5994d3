"""The inventory's reference (`meshctl schema --format markdown`) as the body of a manual page."""

import re

from roff import bold, literal, prose, tagged, verbatim


def cells(row: str) -> list[str]:
    return [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table(rows: list[str]) -> list[str]:
    header, lines = cells(rows[0]), []
    for row in rows[2:]:
        values = dict(zip(header, cells(row)))
        first = values.pop(header[0])
        pieces = re.split(r"(`[^`]+`)", first)
        tag = "".join(bold(w[1:-1]) if w[:1] == "`" else literal(w) for w in pieces)
        if "takes" not in values:
            lines += tagged(tag, ": ".join(v for v in values.values() if v))
            continue
        default = values["default"]
        takes = values["takes"] + ("" if default == "–" else f"; default {default}")
        lines += tagged(tag, values["meaning"], f"Takes: {takes}", f"Example: {values['example']}")
    return lines


def body(markdown: str) -> list[str]:
    """Headings, paragraphs, lists, tables and fenced blocks; that is all the reference has."""
    out, lines, at = [], markdown.split("\n"), 0

    def take(belongs) -> list[str]:
        nonlocal at
        start = at
        while at < len(lines) and belongs(lines[at]):
            at += 1
        return lines[start:at]

    while at < len(lines):
        text = lines[at]
        if text.startswith("```"):
            at += 1
            out += verbatim("\n".join(take(lambda x: not x.startswith("```"))))
            at += 1
        elif text.startswith("## "):
            out.append(f".SH {prose(text[3:].upper())}")
            at += 1
        elif text.startswith("### "):
            out.append(f".SS {prose(text[4:])}")
            at += 1
        elif text.startswith("# ") or not text.strip():
            at += 1
        elif text.startswith("|"):
            out += table(take(lambda x: x.startswith("|")))
        elif match := re.match(r"(- |\d+\. )", text):
            at += 1
            rest = take(lambda x: x.startswith("  "))
            mark = "\\(bu" if text[0] == "-" else match[0].strip()
            out += [f".IP {mark} 3", prose(" ".join([text[match.end() :], *rest]))]
        else:
            paragraph = take(lambda x: x.strip() and not re.match(r"[#|`]|- |\d+\. ", x[:3]) or x.startswith("`") and not x.startswith("```"))
            out += [".PP", prose(" ".join(paragraph))]
    return out
