"""Whether a peer's daemon answers by UDP: what the real client finds direct paths with."""

import json
import secrets
import socket
import threading
import time
from typing import Any, Callable


class Disco:
    """Answers for the node key that `own` names now; empty means that nobody is asked here."""

    def __init__(self, port: int, own: Callable[[], str]):
        self.own = own
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.bind(("0.0.0.0", port))
        except OSError:
            # As the real one where the port is taken.
            self.socket.bind(("0.0.0.0", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                datagram, sender = self.socket.recvfrom(1024)
                asked = json.loads(datagram)
                if asked["to"] and asked["to"] == self.own():
                    self.socket.sendto(json.dumps({"pong": asked["ping"]}).encode(), sender)
            except (OSError, ValueError, KeyError, TypeError):
                # What was sent by somebody else, or cannot be answered.
                continue


def ask(endpoint: str, node_key: str, timeout: float) -> float | None:
    """Seconds until the answer; None where none came."""
    host, port = endpoint.rsplit(":", 1)
    token = secrets.token_hex(16)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        began = time.monotonic()
        try:
            asking.connect((host, int(port)))
            asking.send(json.dumps({"ping": token, "to": node_key}).encode())
            while (left := began + timeout - time.monotonic()) > 0:
                asking.settimeout(left)
                if json.loads(asking.recv(1024)) == {"pong": token}:
                    return time.monotonic() - began
        except (OSError, ValueError):
            return None
    return None


def path(view: dict[str, Any], peer: dict[str, Any], relay: Callable[[float], bool], timeout: float) -> dict[str, Any]:
    """How a peer is reached: directly, else by the relay where both are connected to it; empty where it is not."""
    asked = time.monotonic()
    for endpoint in peer.get("endpoints") or []:
        seconds = ask(endpoint, peer["nodeKey"], min(timeout / 2, 1.0))
        if seconds is not None:
            return {"endpoint": endpoint, "seconds": seconds}
    began = time.monotonic()
    if peer.get("online") and view["online"] and relay(max(0.1, asked + timeout - began)):
        return {"relay": "lab", "seconds": time.monotonic() - began}
    return {}
