"""Command-line flags as Go's flag package reads them: one dash or two, `--x v` or `--x=v`, booleans without a value."""

import re
from typing import Any

_TRUE = {"1", "t", "T", "true", "TRUE", "True"}
_FALSE = {"0", "f", "F", "false", "FALSE", "False"}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class FlagError(Exception):
    """A wrong command line: exit 2 and the usage."""


class HelpWanted(Exception):
    """-h or --help."""


def duration(text: str) -> float:
    """Seconds of a Go duration such as 60s or 1m30s."""
    if text == "0":
        return 0.0
    parts = re.findall(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError("parse error")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def boolean(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("parse error")


class FlagSet:
    """The flags of one command. `defaults` maps a name to its default; the default's type is the flag's."""

    def __init__(self, command: str, defaults: dict[str, Any], aliases: dict[str, str] | None = None):
        self.command = command
        self.defaults = defaults
        self.aliases = aliases or {}
        self.values = dict(defaults)
        self.given: set[str] = set()
        self.rest: list[str] = []

    def parse(self, arguments: list[str]) -> "FlagSet":
        left = list(arguments)
        while left and left[0].startswith("-") and left[0] != "-":
            word = left.pop(0)
            if word == "--":
                break
            self._take(word, left)
        self.rest = left
        return self

    def _take(self, word: str, left: list[str]) -> None:
        name, equals, value = word[2 if word.startswith("--") else 1 :].partition("=")
        if not name or name.startswith("-"):
            raise FlagError(f"bad flag syntax: {word}")
        if name in ("h", "help"):
            raise HelpWanted
        known = self.aliases.get(name, name)
        if known not in self.defaults:
            raise FlagError(f"flag provided but not defined: -{name}")
        is_boolean = isinstance(self.defaults[known], bool)
        if not equals:
            if is_boolean:
                value = "true"
            elif left:
                value = left.pop(0)
            else:
                raise FlagError(f"flag needs an argument: -{name}")
        try:
            if known in self.given:
                raise ValueError("flag provided multiple times")
            self.values[known] = self._convert(self.defaults[known], value)
        except ValueError as error:
            kind = f'boolean value "{value}" for -{name}' if is_boolean else f'value "{value}" for flag -{name}'
            raise FlagError(f"invalid {kind}: {error}") from None
        self.given.add(known)

    @staticmethod
    def _convert(default: Any, value: str) -> Any:
        if isinstance(default, bool):
            return boolean(value)
        if isinstance(default, float):
            return duration(value)
        if isinstance(default, int):
            try:
                return int(value)
            except ValueError:
                raise ValueError("parse error") from None
        return value

    def usage(self) -> str:
        names = "\n".join(f"  --{name}" for name in sorted(self.defaults))
        return f"USAGE\n  tailscale {self.command} [flags]\n\nFLAGS\n{names}"

    def __getitem__(self, name: str) -> Any:
        return self.values[name]
