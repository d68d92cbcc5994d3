"""`tailscale up` and `tailscale set`."""

import copy
import ipaddress
import json
import os
import sys
import time
from typing import Any, Callable

from standin import flags, prefs

Call = Callable[..., Any]

# Flags of `up` that are no preference, and therefore never asked to be mentioned.
_ASIDE: dict[str, Any] = {
    "auth-key": "", "force-reauth": False, "reset": False, "qr": False, "qr-format": "auto", "json": False,
    "timeout": 0.0, "accept-risk": "", "host-routes": True, "client-id": "", "client-secret": "", "id-token": "",
}  # fmt: skip
_MESH = [ipaddress.ip_network("100.64.0.0/10"), ipaddress.ip_network("fd7a:115c:a1e0::/48")]


class Failed(Exception):
    """Exit 1 with this text on standard error."""


def up_flags() -> flags.FlagSet:
    return flags.FlagSet("up", prefs.SETTINGS | prefs.UP_ONLY | _ASIDE, {"authkey": "auth-key"})


def set_flags() -> flags.FlagSet:
    return flags.FlagSet("set", prefs.SETTINGS | prefs.SET_ONLY | {"accept-risk": ""})


def read_key(value: str) -> str:
    """The pre-auth key itself, or that of the file behind `file:`, read by the caller's own rights."""
    if not value.startswith("file:"):
        return value
    try:
        with open(value[len("file:") :], encoding="utf-8") as text:
            return text.read().strip()
    except OSError as error:
        raise Failed(f"open {error.filename}: {(error.strerror or '').lower()}") from None


def came_over_mesh() -> bool:
    words = os.environ.get("SSH_CLIENT", "").split()
    try:
        return bool(words) and any(ipaddress.ip_address(words[0]) in network for network in _MESH)
    except ValueError:
        return False


def _refuse_risk(options: flags.FlagSet) -> None:
    if not came_over_mesh() or set(options["accept-risk"].split(",")) & {"lose-ssh", "all"}:
        return
    print("You are connected over Tailscale; this action will result in your SSH session disconnecting.", file=sys.stderr)
    print("To skip this warning, use --accept-risk=lose-ssh", file=sys.stderr)
    # The real client asks; without a terminal the answer is no.
    raise Failed("aborted, no changes made")


def run_up(options: flags.FlagSet, call: Call) -> int:
    if options.rest:
        raise Failed(f"too many non-flag arguments: {json.dumps(options.rest)}")
    call("check", right="checkprefs")
    current = call("prefs")
    state = call("status")["state"]
    if not options.given and current["Config"] and state != "NeedsLogin":
        call("start", prefs=current, authKey=None, force=False)
        return _wait_running(options, call)
    names = set(prefs.SETTINGS) | set(prefs.UP_ONLY)
    given = options.given & names
    wanted = copy.deepcopy(current)
    if not options["reset"]:
        # Setting --operator once is enough for the operator himself.
        if "operator" not in given and current["OperatorUser"] and current["OperatorUser"] == os.environ.get("USER"):
            options.values["operator"] = current["OperatorUser"]
            given = given | {"operator"}
        refusal = prefs.accidental_reverts(current, options.values, options.given | given)
        if refusal:
            raise Failed(refusal)
    prefs.apply(wanted, options.values, names)
    moved = _server(wanted) != _server(current) and current["ControlURL"] != ""
    force = options["force-reauth"]
    if moved and state == "Running" and not force:
        raise Failed("can't change --login-server without --force-reauth")
    if force or current["RunSSH"] != wanted["RunSSH"]:
        _refuse_risk(options)
    key = read_key(options["auth-key"]) if "auth-key" in options.given else None
    retagged = wanted["AdvertiseTags"] != current["AdvertiseTags"]
    if state == "Running" and not (force or key or moved or retagged):
        call("edit", prefs=wanted | {"WantRunning": True})
        return 0
    call("start", prefs=wanted, authKey=key, force=force)
    return _wait_running(options, call)


def _server(values: dict[str, Any]) -> str:
    url = values["ControlURL"]
    return prefs.DEFAULT_SERVER if url in ("", "https://login.tailscale.com") else url


def _wait_running(options: flags.FlagSet, call: Call) -> int:
    limit = options["timeout"]
    deadline = time.monotonic() + limit if limit else None
    shown_url = ""
    while True:
        view = call("status")
        if view["error"]:
            _report(options, {"BackendState": view["state"], "Error": f"backend error: {view['error']}"})
            raise Failed(f"backend error: {view['error']}")
        if view["state"] == "Running":
            _report(options, {"BackendState": "Running"})
            for text in view["health"]:
                print(text)
            return 0
        if view["authURL"] and view["authURL"] != shown_url:
            shown_url = view["authURL"]
            if options["json"]:
                _report(options, {"AuthURL": shown_url, "BackendState": view["state"]})
            else:
                print(f"\nTo authenticate, visit:\n\n\t{shown_url}\n", file=sys.stderr, flush=True)
        if deadline and time.monotonic() >= deadline:
            raise Failed(
                "timeout waiting for Tailscale service to enter a Running state; "
                'check health with "tailscale status"'
            )
        time.sleep(0.05)


def _report(options: flags.FlagSet, fields: dict[str, str]) -> None:
    if options["json"]:
        print(json.dumps(fields, indent=2), flush=True)


def run_set(options: flags.FlagSet, call: Call) -> int:
    if options.rest:
        raise Failed(f"unknown arguments: {json.dumps(options.rest)}")
    names = options.given - {"accept-risk"}
    if not names:
        print(options.usage(), file=sys.stderr)
        return 0
    wanted = call("prefs")
    before = copy.deepcopy(wanted)
    # A bad value is refused before the daemon is asked for the right to write.
    prefs.apply(wanted, options.values, names)
    if before["RunSSH"] != wanted["RunSSH"] or (wanted["ShieldsUp"] and not before["ShieldsUp"]):
        _refuse_risk(options)
    call("edit", prefs=wanted)
    return 0
