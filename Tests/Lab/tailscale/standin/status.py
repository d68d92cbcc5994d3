"""`tailscale status` as the client prints it; key order and null against [] follow the recorded samples."""

import json
import urllib.parse
from typing import Any

ZERO_KEY = "nodekey:" + "0" * 64
ZERO_TIME = "0001-01-01T00:00:00Z"
_CAPS = {
    "default-auto-update": [False],
    "https://tailscale.com/cap/file-sharing": [],
    "https://tailscale.com/cap/is-admin": [],
    "https://tailscale.com/cap/ssh": [],
}
_DEPRECATED = "HTTPS://TAILSCALE.COM/s/DEPRECATED-NODE-CAPS#see-https://github.com/tailscale/tailscale/issues/11508"
DEFAULT_SUFFIX = "tail.example.test"


def _host_routes(addresses: list[str]) -> list[str]:
    return [f"{address}/{128 if ':' in address else 32}" for address in addresses]


def _peer_api(addresses: list[str]) -> list[str] | None:
    return [f"http://[{a}]:41642" if ":" in a else f"http://{a}:41642" for a in addresses] or None


def node_status(node: dict[str, Any] | None, *, host: str, suffix: str, user: int, is_self: bool, online: bool,
                addresses: list[str], stopped: bool = False) -> dict[str, Any]:  # fmt: skip
    """One PeerStatus: this host, or a peer. Without a node it is what a client that never joined says."""
    ips = list((node or {}).get("ipAddresses") or [])
    known = node is not None
    out: dict[str, Any] = {
        "ID": str(node["id"]) if node else "",
        "NodeID": int(node["id"]) if node else 0,
        "PublicKey": node["nodeKey"] if node else ZERO_KEY,
        "HostName": host,
        "DNSName": f"{node['givenName']}.{suffix}." if node else "",
        "OS": (node or {}).get("os") or "linux",
        "UserID": user,
        "TailscaleIPs": ips or None,
    }
    primary = list((node or {}).get("primaryRoutes") or [])
    if known:
        out["AllowedIPs"] = sorted(_host_routes(ips) + primary, key=lambda route: (":" in route, route))
        if node.get("tags"):
            out["Tags"] = list(node["tags"])
        if primary:
            out["PrimaryRoutes"] = primary
    out |= {
        "Addrs": addresses if is_self else None, "CurAddr": "", "Relay": "lab" if known else "", "PeerRelay": "",
        "RxBytes": 0, "TxBytes": 0, "Created": (node or {}).get("createdAt") or ZERO_TIME, "LastWrite": ZERO_TIME,
        "LastSeen": ZERO_TIME if online or is_self else (node or {}).get("lastSeen") or ZERO_TIME,
        "LastHandshake": ZERO_TIME, "Online": online, "ExitNode": False,
        "ExitNodeOption": not is_self and "0.0.0.0/0" in primary, "Active": False,
        "PeerAPIURL": None if stopped else _peer_api(ips), "TaildropTarget": 0, "NoFileSharingReason": "",
    }  # fmt: skip
    if is_self and known:
        out |= {"Capabilities": [_DEPRECATED, *_CAPS], "CapMap": dict(_CAPS)}
    out |= {"InNetworkMap": known, "InMagicSock": known and not is_self, "InEngine": False}
    if node and node.get("expired"):
        out["Expired"] = True
    # Headscale writes a key that never expires as null or as Go's zero time.
    if node and (node.get("expiry") or ZERO_TIME) != ZERO_TIME:
        out["KeyExpiry"] = node["expiry"]
    return out


def _user(user: dict[str, Any]) -> dict[str, Any]:
    return {"ID": int(user["id"]), "LoginName": user["loginName"], "DisplayName": user.get("displayName") or ""}


def build(view: dict[str, Any], with_peers: bool) -> dict[str, Any]:
    """The whole status from a view of the backend (see Backend.view)."""
    node, user = view["node"], view["user"]
    suffix = view["suffix"] or DEFAULT_SUFFIX
    out: dict[str, Any] = {"Version": view["version"], "TUN": view["tun"], "BackendState": view["state"]}
    if node:
        out["HaveNodeKey"] = True
    out |= {"AuthURL": view["authURL"], "TailscaleIPs": list(node["ipAddresses"]) if node else None}
    out["Self"] = node_status(
        node, host=view["hostname"], suffix=suffix, user=int(user["id"]) if node else 0, is_self=True,
        online=view["online"], addresses=view["addresses"], stopped=view["state"] == "Stopped",
    )  # fmt: skip
    out["Health"] = view["health"]
    out["MagicDNSSuffix"] = suffix if node else ""
    name = urllib.parse.urlsplit(view["server"]).hostname or ""
    out["CurrentTailnet"] = (
        {"Name": name, "MagicDNSSuffix": suffix, "MagicDNSEnabled": True} if node else None
    )
    out |= {"CertDomains": None, "ExtraRecords": None}
    peers, users = {}, {str(user["id"]): _user(user)} if node else {}
    for peer in view["peers"] if node and with_peers else []:
        owner = peer.get("user") or user
        users[str(owner["id"])] = _user(owner)
        peers[peer["nodeKey"]] = node_status(
            peer, host=peer.get("hostname") or peer["givenName"], suffix=suffix, user=int(owner["id"]), is_self=False,
            online=bool(peer.get("online")), addresses=[],
        )  # fmt: skip
    out |= {"Peer": peers or None, "User": users if node else None, "ClientVersion": None}
    return out


def as_json(status: dict[str, Any]) -> str:
    return json.dumps(status, indent=2, ensure_ascii=False)


def refusal(status: dict[str, Any]) -> str | None:
    """Why plain `status` has nothing to show (then it exits 1), or None."""
    state = status["BackendState"]
    if state in ("Running", "Starting"):
        return None
    if state == "Stopped":
        return "Tailscale is stopped."
    if state == "NeedsLogin":
        return "Logged out." + (f"\nLog in at: {status['AuthURL']}" if status["AuthURL"] else "")
    if state == "NeedsMachineAuth":
        return "Machine is not yet approved by tailnet admin."
    return f"unexpected state: {state}"


def table(status: dict[str, Any]) -> str:
    """The lines of plain `status`, in columns as wide as their widest cell and two blanks."""
    rows = []
    for entry in [status["Self"], *(status["Peer"] or {}).values()]:
        ips = entry["TailscaleIPs"] or [""]
        owner = (status["User"] or {}).get(str(entry["UserID"]), {}).get("LoginName", "-")
        state = "-" if entry["Online"] else "offline"
        if entry["ExitNodeOption"]:
            state = "idle; offers exit node"
        rows.append([ips[0], entry["DNSName"].split(".")[0], "tagged-devices" if entry.get("Tags") else owner, entry["OS"], state])
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(5)]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
    if status["Health"]:
        lines += ["", "# Health check:", *(f"#     - {text}" for text in status["Health"])]
    return "\n".join(lines)
