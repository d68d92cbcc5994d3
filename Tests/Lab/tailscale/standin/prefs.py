"""The client's preferences: their JSON, their flags, and what changing them by `up` and `set` means."""

import copy
import ipaddress
import json
import shlex
from typing import Any

DEFAULT_SERVER = "https://controlplane.tailscale.com"
EXIT_ROUTES = ["0.0.0.0/0", "::/0"]

# In the order the real client prints; the two that it leaves out when empty stand here too.
_FRESH: dict[str, Any] = {
    "ControlURL": "", "RouteAll": False, "ExitNodeID": "", "ExitNodeIP": "", "InternalExitNodePrior": "",
    "ExitNodeAllowLANAccess": False, "CorpDNS": True, "RunSSH": False, "RunWebClient": False, "WantRunning": False,
    "LoggedOut": True, "ShieldsUp": False, "AdvertiseTags": None, "Hostname": "", "NotepadURLs": False,
    "AdvertiseRoutes": None, "AdvertiseServices": None, "Sync": None, "NoSNAT": False, "NoStatefulFiltering": True,
    "NetfilterMode": 2, "OperatorUser": "", "ProfileName": "", "AutoUpdate": {"Check": True, "Apply": None},
    "AppConnector": {"Advertise": False}, "PostureChecking": False, "NetfilterKind": "", "RemoteConfig": False,
    "DriveShares": None, "Config": None,
}
_OMITTED_WHEN_EMPTY = ("OperatorUser", "ProfileName")
_NETFILTER = {"off": 0, "nodivert": 1, "on": 2}

# Flags that set preferences, with their defaults. `up` and `set` share them, but for two of `up`.
SETTINGS: dict[str, Any] = {
    "accept-dns": True, "accept-routes": False, "advertise-exit-node": False, "advertise-routes": "",
    "exit-node": "", "exit-node-allow-lan-access": False, "hostname": "", "netfilter-mode": "on", "operator": "",
    "shields-up": False, "snat-subnet-routes": True, "ssh": False, "stateful-filtering": False,
}  # fmt: skip
UP_ONLY: dict[str, Any] = {"advertise-tags": "", "login-server": DEFAULT_SERVER}
SET_ONLY: dict[str, Any] = {"nickname": "", "auto-update": False, "update-check": True, "advertise-connector": False,
                            "webclient": False, "report-posture": False}  # fmt: skip

_DIRECT = {
    "accept-dns": "CorpDNS", "accept-routes": "RouteAll", "exit-node": "ExitNodeIP", "hostname": "Hostname",
    "exit-node-allow-lan-access": "ExitNodeAllowLANAccess", "operator": "OperatorUser", "shields-up": "ShieldsUp",
    "ssh": "RunSSH", "login-server": "ControlURL", "nickname": "ProfileName", "webclient": "RunWebClient",
    "report-posture": "PostureChecking",
}  # fmt: skip

ACCIDENTAL = (
    "Error: changing settings via 'tailscale up' requires mentioning all\n"
    "non-default flags. To proceed, either re-run your command with --reset or\n"
    "use the command below to explicitly mention the current value of\n"
    "all non-default settings:\n\n"
)


class SettingError(Exception):
    """A value the client refuses: exit 1."""


def fresh() -> dict[str, Any]:
    return copy.deepcopy(_FRESH)


def shown(prefs: dict[str, Any]) -> str:
    """What `tailscale debug prefs` prints."""
    kept = {key: prefs.get(key, _FRESH[key]) for key in _FRESH if prefs.get(key) or key not in _OMITTED_WHEN_EMPTY}
    return json.dumps(kept, indent="\t", ensure_ascii=False)


def routes(text: str, exit_node: bool) -> list[str] | None:
    """The routes of --advertise-routes and --advertise-exit-node as the client stores them: sorted, or null for none."""
    found = set()
    for word in filter(None, (part.strip() for part in text.split(","))):
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise SettingError(f'"{word}" is not a valid IP address or CIDR prefix') from None
        if "/" not in word:
            raise SettingError(f'"{word}" is not a valid IP address or CIDR prefix')
        if str(network) != str(ipaddress.ip_interface(word)):
            raise SettingError(f"{word} has non-address bits set; expected {network}")
        found.add(network)
    default4, default6 = (ipaddress.ip_network(route) for route in EXIT_ROUTES)
    for one, other in ((default4, default6), (default6, default4)):
        if one in found and other not in found:
            raise SettingError(f"{one} advertised without its IPv{other.version} counterpart, please also advertise {other}")
    if exit_node:
        found |= {default4, default6}
    ordered = sorted(found, key=lambda network: (network.prefixlen, network.version, network.network_address.packed))
    return [str(network) for network in ordered] or None


def tags(text: str) -> list[str] | None:
    found = [tag.strip() for tag in text.split(",") if tag.strip()]
    for tag in found:
        if not tag.startswith("tag:"):
            raise SettingError(f'tag: "{tag}": tags must start with \'tag:\'')
    return found or None


def apply(prefs: dict[str, Any], values: dict[str, Any], names: set[str]) -> None:
    """Writes the named flags' values into `prefs`."""
    for name in sorted(names):
        value = values[name]
        if name in _DIRECT:
            prefs[_DIRECT[name]] = value
        elif name == "snat-subnet-routes":
            prefs["NoSNAT"] = not value
        elif name == "stateful-filtering":
            prefs["NoStatefulFiltering"] = not value
        elif name == "netfilter-mode":
            if value not in _NETFILTER:
                raise SettingError(f'invalid value --netfilter-mode="{value}"')
            prefs["NetfilterMode"] = _NETFILTER[value]
        elif name == "advertise-tags":
            prefs["AdvertiseTags"] = tags(value)
        elif name == "auto-update":
            prefs["AutoUpdate"]["Apply"] = value
        elif name == "update-check":
            prefs["AutoUpdate"]["Check"] = value
        elif name == "advertise-connector":
            prefs["AppConnector"]["Advertise"] = value
    _apply_routes(prefs, values, names)


def _apply_routes(prefs: dict[str, Any], values: dict[str, Any], names: set[str]) -> None:
    """Both flags end in one preference: the one that is not named keeps its half."""
    if not names & {"advertise-routes", "advertise-exit-node"}:
        return
    current = prefs["AdvertiseRoutes"] or []
    plain = ",".join(route for route in current if route not in EXIT_ROUTES)
    offers = EXIT_ROUTES[0] in current
    prefs["AdvertiseRoutes"] = routes(
        values["advertise-routes"] if "advertise-routes" in names else plain,
        values["advertise-exit-node"] if "advertise-exit-node" in names else offers,
    )


def as_flags(prefs: dict[str, Any]) -> dict[str, Any]:
    """The value every flag of `up` would need to keep `prefs` as they are."""
    current = prefs["AdvertiseRoutes"] or []
    values = {name: prefs[key] for name, key in _DIRECT.items() if name in SETTINGS or name in UP_ONLY}
    return values | {
        "advertise-exit-node": EXIT_ROUTES[0] in current,
        "advertise-routes": ",".join(route for route in current if route not in EXIT_ROUTES),
        "advertise-tags": ",".join(prefs["AdvertiseTags"] or []),
        "netfilter-mode": {number: name for name, number in _NETFILTER.items()}[prefs["NetfilterMode"]],
        "snat-subnet-routes": not prefs["NoSNAT"],
        "stateful-filtering": not prefs["NoStatefulFiltering"],
    }


def _argument(name: str, value: Any) -> str:
    if value is True:
        return f"--{name}"
    if value is False:
        return f"--{name}=false"
    return f"--{name}={shlex.quote(str(value)) if value != '' else ''}"


def accidental_reverts(prefs: dict[str, Any], values: dict[str, Any], given: set[str]) -> str | None:
    """The refusal of an `up` that would silently reset what it does not mention, or None."""
    if prefs["ControlURL"] == "":
        return None
    defaults = SETTINGS | UP_ONLY
    current = as_flags(prefs)
    missing = [name for name in sorted(defaults) if name not in given and current[name] != defaults[name]]
    if not missing:
        return None
    words = [_argument(name, values[name]) for name in sorted(given)]
    words += [_argument(name, current[name]) for name in missing]
    return f"{ACCIDENTAL}\ttailscale up {' '.join(words)}\n"
