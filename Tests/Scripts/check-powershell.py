#!/usr/bin/env python3
"""Checks the PowerShell files with a real grammar (tree-sitter-powershell), since no PowerShell runs here.

usage: check-powershell.py FILE…          every file parses without an error node, and keeps the rules below
       check-powershell.py --literals FILE   FILE: lines `<base64 of the text> <base64 of its literal>`; each
                                             literal has to be one string node that stands for that text
       check-powershell.py --parse FILE…     parses only (what meshctl renders for a run)
       check-powershell.py --self-test       plants every kind of fault and expects each to be found

Rules: ASCII (PowerShell 5.1 takes a file without a mark for the system's code page), at most 120 columns, no
syntax of PowerShell 7, only commands and parameters of the table below or functions of our own, no use of a
variable that nothing sets, and no variable of PowerShell's own set by us.
"""

import base64
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".build" / "python-tools"))

try:
    import tree_sitter
    import tree_sitter_powershell
except ImportError as error:
    sys.exit(f"check-powershell: {error}; run: bash Tests/Scripts/deps.sh")

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))

# Parameters are those of Windows PowerShell 5.1 that we use; a new one has to be looked up before it stands here.
COMMANDS = {
    "Add-WindowsCapability": {"online", "name"},
    "ConvertFrom-Json": set(),
    "ConvertTo-Json": {"inputobject", "compress", "depth"},
    "ForEach-Object": set(),
    "Get-Acl": {"literalpath"},
    "Get-AuthenticodeSignature": {"literalpath"},
    "Get-ChildItem": {"literalpath", "filter", "erroraction"},
    "Get-CimInstance": {"classname", "filter", "erroraction"},
    "Get-Command": {"name", "commandtype", "erroraction"},
    "Get-FileHash": {"literalpath", "algorithm"},
    "Get-Item": {"literalpath", "force"},
    "Get-ItemProperty": {"literalpath", "name", "erroraction"},
    "Get-NetFirewallRule": {"name", "erroraction"},
    "Get-NetIPInterface": {"interfaceindex", "addressfamily", "erroraction"},
    "Get-NetRoute": {"addressfamily", "erroraction"},
    "Get-ScheduledTask": {"taskname", "erroraction"},
    "Get-Service": {"name", "erroraction"},
    "Get-WindowsCapability": {"online", "name"},
    "Invoke-CimMethod": {"inputobject", "methodname"},
    "Invoke-WebRequest": {"usebasicparsing", "timeoutsec", "uri", "outfile"},
    "Join-Path": set(),
    "Measure-Object": {"minimum"},
    "Move-Item": {"literalpath", "destination", "force"},
    "New-Item": {"itemtype", "path", "force"},
    "New-NetFirewallRule": {"direction", "protocol", "action", "localport"},
    "New-Object": {"argumentlist"},
    "New-ScheduledTaskAction": {"execute", "argument"},
    "New-ScheduledTaskPrincipal": {"userid", "logontype", "runlevel"},
    "New-ScheduledTaskSettingsSet": {"executiontimelimit", "allowstartifonbatteries", "dontstopifgoingonbatteries"},
    "New-TimeSpan": {"minutes"},
    "Out-Null": set(),
    "Register-ScheduledTask": {"taskname", "action", "principal", "settings", "force"},
    "Remove-ItemProperty": {"literalpath", "name", "erroraction"},
    "Restart-Service": {"force", "erroraction"},
    "Select-Object": {"unique", "last"},
    "Set-ItemProperty": {"literalpath", "name", "value"},
    "Set-NetFirewallRule": set(),
    "Set-Service": {"name", "startuptype"},
    "Set-StrictMode": {"version"},
    "Sort-Object": {"unique"},
    "Split-Path": {"parent"},
    "Start-Process": {"filepath", "argumentlist", "verb", "wait", "passthru"},
    "Start-ScheduledTask": {"taskname"},
    "Start-Service": set(),
    "Start-Sleep": {"seconds", "milliseconds"},
    "Test-Path": {"literalpath", "pathtype"},
    "Unregister-ScheduledTask": {"taskname", "confirm"},
    "Where-Object": set(),
    "Write-Host": set(),
}

# PowerShell sets them; $null is for dropping what a call returns.
AUTOMATIC = set(
    "_ args error executioncontext false foreach home host input lastexitcode matches myinvocation nestedpromptlevel "
    "pid profile psboundparameters pscmdlet pscommandpath psculture psdebugcontext pshome psitem psscriptroot "
    "psuiculture psversiontable pwd sender shellid stacktrace switch this true".split())
PREFERENCES = {"erroractionpreference", "progresspreference", "confirmpreference"}
# What the rendering sets in front of the prelude (PowerShellRendering), and the bootstrap.
RENDERED = {"meshctlmark", "meshctlframes"}
QUOTES = "'\u2018\u2019\u201a\u201b"


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def text(node):
    return node.text.decode("utf-8")


def parse(source):
    return PARSER.parse(source).root_node


def syntax(name, root):
    for node in nodes(root):
        if node.type == "ERROR" or node.is_missing:
            row, column = node.start_point
            shown = text(node).replace("\n", " ")[:80]
            yield f"{name}:{row + 1}:{column + 1}: not PowerShell 5.1: {shown!r}"


def variable_name(node):
    """Without sigil, braces and scope; None for environment variables and the like."""
    name = text(node)[1:].strip("{}").lower()
    if ":" in name:
        scope, name = name.split(":", 1)
        if scope not in {"script", "local", "global", "private"}:
            return None
    return name


def assigned(root):
    """Names that something sets: assignments, parameters, loops."""
    for node in nodes(root):
        if node.type == "assignment_expression":
            left = node.children[0]
            for inner in nodes(left):
                if inner.type == "variable":
                    # `$a.b = 1` and `$a['b'] = 1` set no variable.
                    whole = text(left).strip()
                    if whole == text(inner) or whole.endswith("]" + text(inner)):
                        yield inner
                    break
        elif node.type in {"script_parameter", "parameter", "function_parameter_declaration"}:
            for inner in nodes(node):
                if inner.type == "variable":
                    yield inner
                    break
        elif node.type == "foreach_statement":
            for inner in node.children:
                if inner.type == "variable":
                    yield inner
                    break


def functions(root):
    return {text(node) for node in nodes(root) if node.type == "function_name"}


def rules(name, source, root, known_functions, known_variables):
    for number, line in enumerate(source.decode("utf-8", "replace").split("\n"), 1):
        if not line.isascii():
            yield f"{name}:{number}: not ASCII"
        if len(line) > 120:
            yield f"{name}:{number}: {len(line)} columns, at most 120"
        if line != line.rstrip():
            yield f"{name}:{number}: blank at the end"
    ours = known_functions | functions(root)
    set_here = list(assigned(root))
    for node in set_here:
        if variable_name(node) in AUTOMATIC:
            yield f"{name}:{node.start_point[0] + 1}: {text(node)} is PowerShell's own"
    names = known_variables | {variable_name(node) for node in set_here} | AUTOMATIC | PREFERENCES | {"null"}
    for node in nodes(root):
        line = node.start_point[0] + 1
        if node.type == "variable":
            variable = variable_name(node)
            if variable is not None and variable not in names:
                yield f"{name}:{line}: nothing sets {text(node)}"
        elif node.type in {"pipeline_chain_tail", "pipeline_chain_operator"} or text(node) in {"&&", "||"}:
            yield f"{name}:{line}: {text(node)} is of PowerShell 7"
        elif node.type == "command":
            yield from command(name, line, node, ours)


def command(name, line, node, ours):
    command_name = next((text(child) for child in node.children if child.type == "command_name"), None)
    if command_name is None or command_name in ours:
        return
    if command_name not in COMMANDS:
        yield f"{name}:{line}: unknown command {command_name}"
        return
    for inner in node.children:
        for part in [inner, *inner.children]:
            if part.type == "command_parameter":
                parameter = text(part)[1:].split(":")[0].lower()
                if parameter not in COMMANDS[command_name]:
                    yield f"{name}:{line}: {command_name} has no {text(part)} that we know"


def check(files):
    findings = []
    sources = {path: path.read_bytes() for path in map(pathlib.Path, files)}
    shared_functions, shared_variables = set(), set(RENDERED)
    for path, source in sources.items():
        if path.name.startswith("prelude"):
            root = parse(source)
            shared_functions |= functions(root)
            shared_variables |= {variable_name(node) for node in assigned(root)}
    for path, source in sources.items():
        root = parse(source)
        # These run by themselves, without a prelude.
        alone = path.name.startswith("join-mesh") or path.name == "bootstrap.ps1"
        findings += syntax(path.name, root)
        findings += rules(path.name, source, root, set() if alone else shared_functions,
                          set() if alone else shared_variables)
    return findings


def undoubled(literal):
    """The text that a single-quoted literal stands for: of two quotes in a row the second counts."""
    inner, result, index = literal[1:-1], [], 0
    while index < len(inner):
        if inner[index] in QUOTES:
            if index + 1 == len(inner) or inner[index + 1] not in QUOTES:
                return None  # the literal would end here
            index += 1
        result.append(inner[index])
        index += 1
    return "".join(result)


def literal_fault(wanted, literal):
    """Why the literal is not one string that stands for the text; None where it is."""
    source = b"$Call['X'] = " + literal + b"\n"
    root = parse(source)
    if any(node.type == "ERROR" or node.is_missing for node in nodes(root)):
        return "it does not parse"
    strings = [node for node in nodes(root) if node.type == "string_literal"]
    if len(strings) != 2 or strings[1].start_byte != 13 or strings[1].end_byte != len(source) - 1:
        return "it is not one string"
    if undoubled(literal.decode("utf-8")) != wanted.decode("utf-8"):
        return "it stands for another text"
    return None


def check_literals(path):
    findings, count = [], 0
    for number, line in enumerate(pathlib.Path(path).read_text("ascii").splitlines(), 1):
        wanted, literal = (base64.b64decode(word) if word != "-" else b"" for word in line.split(" "))
        count += 1
        fault = literal_fault(wanted, literal)
        if fault:
            findings.append(f"{path}:{number}: {literal!r}: {fault}")
    print(f"{count} literals")
    return findings


def self_test():
    def found(source):
        source = source.encode("utf-8")
        root = parse(source)
        return [*syntax("x", root), *rules("x", source, root, set(), set(RENDERED))]

    planted = {
        "an open string": "$a = 'x\n",
        "an open block": "if ($true) { Write-Host 'x'\n",
        "a ternary": "$a = 1\n$b = $a ? 1 : 2\n",
        "a null coalescing": "$a = 1\n$b = $a ?? 2\n",
        "a chain": "Write-Host 'x' && Write-Host 'y'\n",
        "an unknown command": "Get-Foo -Name 'x'\n",
        "an unknown parameter": "Get-Service -Nme 'x'\n",
        "an unset variable": "Write-Host $nothing\n",
        "an automatic variable": "$host = 'x'\n",
        "a typographic quote": "Write-Host \u2018x\u2019\n",
        "a long line": "# " + "x" * 130 + "\n",
    }
    failed = [name for name, source in planted.items() if not found(source)]
    clean = "function Get-It([string]$A) {\n  $b = $A.Trim()\n  foreach ($c in $b) { Write-Host $c }\n}\nGet-It 'x'\n"
    failed += [f"a clean file: {finding}" for finding in found(clean)]
    for literal, wanted in [(b"'x'", b"y"), (b"'x'y'", b"x'y"), (b"\"x\"", b"y"), ("'a\u2019b'".encode(), "a\u2019b".encode())]:
        if literal_fault(wanted, literal) is None:
            failed.append(f"the literal {literal!r}")
    if literal_fault("it's \u2019 $x `n".encode(), "'it''s \u2019\u2019 $x `n'".encode()) is not None:
        failed.append("a good literal")
    print(f"{len(planted) + 6} planted, {len(failed)} not found")
    return [f"check-powershell: not found: {name}" for name in failed]


def main(arguments):
    if arguments[:1] == ["--self-test"]:
        findings = self_test()
    elif arguments[:1] == ["--literals"]:
        findings = check_literals(arguments[1])
    elif arguments[:1] == ["--parse"]:
        findings = [finding for path in map(pathlib.Path, arguments[1:]) for finding in syntax(path.name, parse(path.read_bytes()))]
    else:
        findings = check(arguments)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
