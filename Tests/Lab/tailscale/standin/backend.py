"""The daemon's mind: what it remembers, what state it is in, and the one thread that talks to the control server."""

import copy
import json
import os
import secrets
import socket
import threading
import time
import urllib.parse
from typing import Any

from standin import control, disco, prefs, version

_FORGET_SECONDS = 4.0  # without a map for this long the client calls itself offline


def _key(kind: str) -> str:
    return f"{kind}:{secrets.token_hex(32)}"


class Backend:
    """Every public method is called from API threads; `run` is the control thread."""

    def __init__(self, state_file: str, port: int, tun: bool):
        self.state_file, self.tun = state_file, tun
        self.lock = threading.Condition()
        self.stopping = False
        self.wake = True
        self.saved: dict[str, Any] = self._load()
        self.peers: list[dict[str, Any]] = []
        self.auth_key: str | None = None  # only in memory: a restart forgets a bad key
        self.rotate_key = False
        self.wants_register = False
        self.auth_url = ""
        self.error = ""  # the server's refusal, shown by `up`
        self.login_error = ""  # why the last login did not get through, shown in health
        self.last_map = 0.0
        self.mapped = False
        self.expired = bool((self.saved["node"] or {}).get("expired"))
        self.goodbye: tuple[str, str, dict[str, Any]] | None = None
        self.port = disco.Disco(port, self._answers_for).port

    def _answers_for(self) -> str:
        with self.lock:
            return (self.saved["nodeKey"] or "") if self.state == "Running" else ""

    def _load(self) -> dict[str, Any]:
        empty = {"machineKey": _key("mkey"), "nodeKey": None, "node": None, "user": None, "suffix": "", "prefs": prefs.fresh()}
        try:
            with open(self.state_file, encoding="utf-8") as text:
                return empty | json.load(text)
        except FileNotFoundError:
            return empty

    def save(self) -> None:
        new = f"{self.state_file}.new"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as text:
            json.dump(self.saved, text)
            text.flush()
            os.fsync(text.fileno())
        os.replace(new, self.state_file)

    # --- what callers see ------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        wanted = self.saved["prefs"]
        if not self.saved["nodeKey"] or wanted["LoggedOut"]:
            return "NeedsLogin"
        if not wanted["WantRunning"]:
            return "Stopped"
        if self.expired or self.wants_register:
            return "NeedsLogin"
        return "Running" if self.mapped else "NoState"

    @property
    def online(self) -> bool:
        return self.saved["prefs"]["WantRunning"] and time.monotonic() - self.last_map < _FORGET_SECONDS

    @property
    def hostname(self) -> str:
        return self.saved["prefs"]["Hostname"] or socket.gethostname().split(".")[0]

    def health(self) -> list[str]:
        wanted = self.saved["prefs"]
        found = []
        if not wanted["WantRunning"]:
            found.append("Tailscale is stopped.")
        elif self.login_error:
            found.append(f"You are logged out. The last login error was: {self.login_error}")
        elif self.state == "NeedsLogin" and not self.saved["node"]:
            found.append("You are logged out.")
        elif self.mapped and not self.online:
            found.append(
                "Unable to connect to the Tailscale coordination server to synchronize the state of your tailnet. "
                "Peer reachability might degrade over time."
            )
        if not wanted["RouteAll"] and any(peer.get("primaryRoutes") for peer in self.peers):
            found.append("Some peers are advertising routes but --accept-routes is false")
        return found

    def _addresses(self) -> list[str]:
        server = urllib.parse.urlsplit(self.saved["prefs"]["ControlURL"]).hostname
        if not self.mapped or not server:
            return []
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            probe.connect((server, 9))
            return [f"{probe.getsockname()[0]}:{self.port}"]
        except OSError:
            return []
        finally:
            probe.close()

    def view(self) -> dict[str, Any]:
        with self.lock:
            node = copy.deepcopy(self.saved["node"])
            if node:
                node["nodeKey"] = self.saved["nodeKey"]
                node["expired"] = self.expired
            return {
                "version": version.LONG, "tun": self.tun, "state": self.state, "authURL": self.auth_url, "node": node,
                "user": self.saved["user"], "hostname": self.hostname, "health": self.health(), "online": self.online,
                "server": self.saved["prefs"]["ControlURL"], "suffix": self.saved["suffix"], "peers": copy.deepcopy(self.peers),
                "addresses": self._addresses(), "error": self.error, "loginError": self.login_error,
            }  # fmt: skip

    def shown_prefs(self) -> dict[str, Any]:
        with self.lock:
            return copy.deepcopy(self.saved["prefs"])

    def ping(self, address: str, timeout: float) -> dict[str, Any]:
        view = self.view()
        if view["node"] and address in view["node"]["ipAddresses"]:
            return {"error": f"{address} is local Tailscale IP", "isLocal": True}
        peer = next((peer for peer in view["peers"] if address in peer["ipAddresses"]), None)
        if peer is None:
            return {"error": "no matching peer"}
        if peer.get("expired"):
            return {"error": "peer's node key has expired"}
        return {"name": peer["givenName"]} | disco.path(view, peer, lambda left: control.has_relay(view["server"], left), timeout)

    # --- what callers do -------------------------------------------------------------------------------------

    def edit(self, new: dict[str, Any]) -> None:
        """Preferences alone: `set`, `down`, and an `up` that only changes settings."""
        with self.lock:
            was_running = self.saved["prefs"]["WantRunning"]
            self._take_prefs(new)
            if was_running and not new["WantRunning"]:
                self._say_goodbye()
            self._nudge()

    def start(self, new: dict[str, Any], auth_key: str | None, force: bool) -> None:
        """`up`. `auth_key` None keeps a remembered key, "" forgets it."""
        with self.lock:
            moved = new["ControlURL"] != self.saved["prefs"]["ControlURL"]
            if force or moved:
                # The connection is down before the new login has succeeded.
                self._say_goodbye()
            self._take_prefs(new | {"WantRunning": True, "LoggedOut": False})
            self.auth_url = ""
            if auth_key is not None:
                self.auth_key = auth_key or None
                self.error = self.login_error = ""
            self.rotate_key = force or moved or self.expired or not self.saved["nodeKey"]
            self.wants_register = self.rotate_key or bool(auth_key)
            self._nudge()

    def logout(self) -> None:
        with self.lock:
            self._say_goodbye("logout")
            self.saved |= {"nodeKey": None, "node": None, "user": None}
            self.peers, self.auth_key, self.auth_url, self.error, self.login_error = [], None, "", "", ""
            self.expired = self.mapped = self.wants_register = False
            self._take_prefs(self.saved["prefs"] | {"WantRunning": False, "LoggedOut": True, "Config": None})
            self._nudge()

    def stop(self) -> None:
        with self.lock:
            self.stopping = True
            if self.saved["prefs"]["WantRunning"]:
                self._say_goodbye()
            self._nudge()

    def _take_prefs(self, new: dict[str, Any]) -> None:
        self.saved["prefs"] = new
        self.save()

    def _say_goodbye(self, verb: str = "disconnect") -> None:
        if self.saved["nodeKey"]:
            self.goodbye = (self.saved["prefs"]["ControlURL"], verb, {"nodeKey": self.saved["nodeKey"]})
        self.last_map, self.mapped = 0.0, False

    def _nudge(self) -> None:
        self.wake = True
        self.lock.notify_all()

    # --- the control thread ----------------------------------------------------------------------------------

    def run(self) -> None:
        pause = 1.0
        while True:
            with self.lock:
                if not self.wake:
                    self.lock.wait(pause)
                self.wake = False
                goodbye, self.goodbye = self.goodbye, None
                stopping = self.stopping
            if goodbye:
                try:
                    control.post(*goodbye, timeout=2)
                except control.ControlError:
                    pass
            if stopping:
                return
            pause = self._turn()

    def _turn(self) -> float:
        """One exchange with the server, where one is due; how long to wait before the next."""
        with self.lock:
            wanted = copy.deepcopy(self.saved["prefs"])
            registers = self.wants_register and not self.error
            idle = not wanted["WantRunning"] or not (self.saved["nodeKey"] or registers)
            rotates, auth_key = self.rotate_key, self.auth_key
            node_key = self.saved["nodeKey"]
        if idle or (self.wants_register and not registers):
            return 3600.0
        try:
            if registers:
                return self._register(wanted, node_key, _key("nodekey") if rotates or not node_key else node_key, auth_key)
            if not self.mapped:
                control.fetch_key(wanted["ControlURL"])
            self._map(wanted, node_key)
        except control.ControlError as error:
            with self.lock:
                # A connection that stood before is only lost; the client keeps what it knows.
                if registers or not self.mapped:
                    self.login_error = str(error)
        return 1.0

    def _body(self, wanted: dict[str, Any], node_key: str) -> dict[str, Any]:
        return {
            "machineKey": self.saved["machineKey"], "nodeKey": node_key, "hostname": self.hostname,
            "advertiseRoutes": wanted["AdvertiseRoutes"] or [], "requestTags": wanted["AdvertiseTags"] or [],
            "version": version.LONG, "os": "linux", "endpoints": self._addresses(),
        }  # fmt: skip

    def _register(self, wanted: dict[str, Any], old: str | None, new: str, auth_key: str | None) -> float:
        control.fetch_key(wanted["ControlURL"])
        if not auth_key:
            with self.lock:
                # Nobody can click in the lab: the link is shown, and the login waits.
                self.auth_url = f"{wanted['ControlURL'].rstrip('/')}/register/{secrets.token_hex(12)}"
                self.login_error = ""
            return 3600.0
        body = self._body(wanted, new) | {"oldNodeKey": old if old != new else "", "authKey": auth_key}
        answer = control.post(wanted["ControlURL"], "register", body)
        with self.lock:
            if self.auth_key != auth_key:
                return 0.0  # another `up` came in between
            if answer.get("error"):
                self.error = self.login_error = str(answer["error"])
                return 3600.0
            self.saved["nodeKey"] = new
            self.auth_key, self.error, self.login_error, self.auth_url = None, "", "", ""
            self.wants_register = self.rotate_key = self.expired = self.mapped = False
            self._take_answer(answer)
            self.wake = True
        return 0.0

    def _map(self, wanted: dict[str, Any], node_key: str) -> None:
        answer = control.post(wanted["ControlURL"], "map", self._body(wanted, node_key) | {"online": True}, timeout=5)
        with self.lock:
            if self.saved["nodeKey"] != node_key or not self.saved["prefs"]["WantRunning"]:
                return
            self.last_map = time.monotonic()
            self.login_error = ""
            refusal = answer.get("error")
            # A deleted node is not told so: the client goes on believing that it is connected.
            self.mapped = self.mapped or refusal in (None, "unknown")
            self.expired = refusal == "expired"
            if self.expired and self.saved["node"] and not self.saved["node"].get("expiry"):
                self.saved["node"]["expiry"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            if refusal is None or answer.get("node"):
                self._take_answer(answer)

    def _take_answer(self, answer: dict[str, Any]) -> None:
        before = json.dumps([self.saved["node"], self.saved["user"], self.saved["prefs"]])
        if answer.get("node"):
            self.saved["node"] = answer["node"]
        if answer.get("user"):
            self.saved["user"] = answer["user"]
        self.saved["suffix"] = answer.get("domain") or self.saved["suffix"]
        self.peers = answer.get("peers") or []
        node, user = self.saved["node"], self.saved["user"]
        self.saved["prefs"]["Config"] = {
            "PrivateNodeKey": "privkey:" + "0" * 64, "OldPrivateNodeKey": "privkey:" + "0" * 64,
            "UserProfile": {"ID": int(user["id"]), "LoginName": user["loginName"], "DisplayName": user.get("displayName") or ""},
            "NetworkLockKey": "nlpriv:" + "0" * 128, "NodeID": str(node["id"]),
        }  # fmt: skip
        if json.dumps([node, user, self.saved["prefs"]]) != before:
            self.save()
