"""The command line `tailscale`."""

import ipaddress
import json
import os
import sys
import time
from typing import Any, Callable

from standin import cli_up, flags, localapi, prefs, status, version
from standin.cli_up import Failed

Call = Callable[..., Any]


def _status(options: flags.FlagSet, call: Call) -> int:
    found = status.build(call("status"), options["peers"])
    if options["json"]:
        sys.stdout.write(status.as_json(found))
        return 0
    refusal = status.refusal(found)
    if refusal:
        print(refusal)
        return 1
    print(status.table(found))
    return 0


def _debug(options: flags.FlagSet, call: Call) -> int:
    if options.rest != ["prefs"]:
        raise Failed(f"tailscale debug: unknown subcommand: {' '.join(options.rest) or '(none)'}")
    print(prefs.shown(call("prefs")))
    return 0


def _version(options: flags.FlagSet, call: Call) -> int:
    daemon = call("status")["version"] if options["daemon"] else None
    if options["json"]:
        print(version.as_json(daemon))
    elif daemon is None:
        print(version.text())
    else:
        print(f"Client: {version.LONG}\nDaemon: {daemon}")
    return 0


def _ip(options: flags.FlagSet, call: Call) -> int:
    view = call("status")
    node = view["node"]
    if options.rest:
        node = _peer(view, options.rest[0])
    addresses = list(node["ipAddresses"]) if node else []
    if options["4"] or options["6"]:
        addresses = [address for address in addresses if (":" in address) == options["6"]]
    if not addresses:
        raise Failed(f"no current Tailscale IPs; state: {view['state']}")
    print("\n".join(addresses[:1] if options["1"] else addresses))
    return 0


def _peer(view: dict[str, Any], name: str) -> dict[str, Any]:
    for node in [view["node"] or {}, *view["peers"]]:
        given = node.get("givenName", "")
        if node and (name in node["ipAddresses"] or name.rstrip(".").split(".")[0] == given):
            return node
    raise Failed(f"error looking up IP of {json.dumps(name)}: lookup {name}: no such host")


def _ping(options: flags.FlagSet, call: Call) -> int:
    view = call("status")
    refusal = status.refusal({"BackendState": view["state"], "AuthURL": view["authURL"]})
    if refusal:
        print(refusal)
        return 1
    if len(options.rest) != 1 or not options.rest[0]:
        raise Failed("usage: tailscale ping <hostname-or-IP>")
    asked = options.rest[0]
    address = asked if _is_address(asked) else _peer(view, asked)["ipAddresses"][0]
    any_pong = False
    for left in reversed(range(max(1, options["c"]))):
        began = time.monotonic()
        answer = call("ping", address=address, timeout=options["timeout"])
        if "error" in answer:
            if not answer.get("isLocal"):
                raise Failed(answer["error"])
            print(answer["error"])
            return 0
        if "seconds" not in answer:
            time.sleep(max(0.0, options["timeout"] - (time.monotonic() - began)))
            print(f'ping "{address}" timed out', flush=True)
            continue
        any_pong = True
        via = answer.get("endpoint") or f"DERP({answer['relay']})"
        milliseconds = round(answer["seconds"] * 1000)
        took = f"{milliseconds}ms" if milliseconds else "0s"
        print(f"pong from {answer['name']} ({address}) via {via} in {took}", flush=True)
        if "endpoint" in answer and options["until-direct"]:
            return 0
        if left:
            time.sleep(1)
    if not any_pong:
        raise Failed("no reply")
    if options["until-direct"]:
        raise Failed("direct connection not established")
    return 0


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _down(options: flags.FlagSet, call: Call) -> int:
    if call("status")["state"] == "Stopped":
        print("Tailscale was already stopped.", file=sys.stderr)
        return 0
    call("edit", prefs=call("prefs") | {"WantRunning": False})
    return 0


def _logout(options: flags.FlagSet, call: Call) -> int:
    call("logout", right="logout")
    return 0


def _wait(options: flags.FlagSet, call: Call) -> int:
    deadline = time.monotonic() + options["timeout"] if options["timeout"] else None
    while True:
        try:
            state = call("status")["state"]
        except localapi.DaemonDown:
            state = "daemon down"
        if state == "Running":
            return 0
        if deadline and time.monotonic() >= deadline:
            raise Failed(f"timed out waiting for Tailscale: {state}")
        time.sleep(0.1)


_COMMANDS: dict[str, tuple[Callable[[], flags.FlagSet], Callable[[flags.FlagSet, Call], int]]] = {
    "up": (cli_up.up_flags, cli_up.run_up),
    "set": (cli_up.set_flags, cli_up.run_set),
    "status": (
        lambda: flags.FlagSet("status", {"json": False, "peers": True, "self": True, "active": False, "web": False}),
        _status,
    ),
    "debug": (lambda: flags.FlagSet("debug", {}), _debug),
    "version": (lambda: flags.FlagSet("version", {"json": False, "daemon": False, "upstream": False}), _version),
    "ip": (lambda: flags.FlagSet("ip", {"1": False, "4": False, "6": False}), _ip),
    "ping": (
        lambda: flags.FlagSet("ping", {"c": 10, "timeout": 5.0, "until-direct": True, "verbose": False, "icmp": False,
                                       "tsmp": False, "peerapi": False}),  # fmt: skip
        _ping,
    ),
    "down": (lambda: flags.FlagSet("down", {"accept-risk": "", "reason": ""}), _down),
    "logout": (lambda: flags.FlagSet("logout", {"reason": ""}), _logout),
    "wait": (lambda: flags.FlagSet("wait", {"timeout": 0.0}), _wait),
}


def main(arguments: list[str]) -> int:
    top = flags.FlagSet("[flags] <subcommand>", {"socket": localapi.DEFAULT_SOCKET, "version": False})
    try:
        top.parse(arguments)
    except flags.FlagError as error:
        print(f"{error}\n{top.usage()}", file=sys.stderr)
        return 2
    except flags.HelpWanted:
        print(_overview())
        return 0
    if top["version"] or top.rest[:1] == ["--version"]:
        print(version.text())
        return 0
    if not top.rest:
        print(_overview(), file=sys.stderr)
        return 1
    name, *rest = top.rest
    if name not in _COMMANDS:
        print(f"tailscale: unknown subcommand: {name}", file=sys.stderr)
        return 1
    return _run(name, rest, top["socket"])


def _run(name: str, rest: list[str], path: str) -> int:
    make_flags, run = _COMMANDS[name]
    options = make_flags()
    try:
        return run(options.parse(rest), lambda call, **arguments: localapi.call(path, call, **arguments))
    except flags.FlagError as error:
        print(f"{error}\n{options.usage()}", file=sys.stderr)
        return 2
    except flags.HelpWanted:
        print(options.usage())
        return 0
    except localapi.Refused as refusal:
        text = str(refusal)
        if text.startswith("Access denied") and os.getuid() != 0:
            text += (
                f"\n\nUse 'sudo tailscale {' '.join([name, *rest])}'."
                "\nTo not require root, use 'sudo tailscale set --operator=$USER' once."
            )
        print(text, file=sys.stderr)
        return 1
    except (Failed, prefs.SettingError, localapi.DaemonDown) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _overview() -> str:
    return "USAGE\n  tailscale [flags] <subcommand> [command flags]\n\nSUBCOMMANDS\n" + "\n".join(
        f"  {name}" for name in sorted(_COMMANDS)
    )
