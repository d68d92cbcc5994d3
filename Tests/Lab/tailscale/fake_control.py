"""A control server for the tests of the stand-in client: the stand-in protocol, and faults on demand."""

import http.server
import json
import threading
import time
from typing import Any


class FakeControl:
    """Accepts the keys in `keys` (once each) and remembers what the clients said."""

    def __init__(self, address: str = "127.0.0.1", port: int = 0):
        self.keys: set[str] = set()
        self.nodes: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, float] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.endpoints: dict[str, list[str]] = {}
        self.relay = True
        self.key_status = 200
        self.register_status = 200
        self.deleted: set[str] = set()
        self.user = {"id": "1", "loginName": "alice", "displayName": "alice"}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/derp":
                    self._answer(426 if owner.relay else 404, {})
                elif self.path.startswith("/key?v="):
                    self._answer(owner.key_status, {"publicKey": "mkey:00", "legacyPublicKey": "mkey:00"})
                else:
                    self._answer(200, {"status": "pass"})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                verb = self.path.rsplit("/", 1)[1]
                owner.calls.append((verb, body))
                self._answer(*getattr(owner, verb)(body))

            def _answer(self, status: int, body: Any) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer((address, port), Handler)
        self.url = f"http://{address}:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def _node(self, body: dict[str, Any]) -> dict[str, Any]:
        number = next((n["id"] for n in self.nodes.values() if n["machineKey"] == body["machineKey"]), str(len(self.nodes) + 1))
        return {
            "id": number, "nodeKey": body["nodeKey"], "machineKey": body["machineKey"], "givenName": body["hostname"],
            "hostname": body["hostname"], "ipAddresses": [f"100.64.0.{number}", f"fd7a:115c:a1e0::{number}"], "tags": [],
            "expiry": None, "advertised": body["advertiseRoutes"],
        }  # fmt: skip

    def register(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.register_status != 200:
            return self.register_status, {}
        if body["authKey"] not in self.keys:
            return 200, {"error": "invalid pre auth key"}
        self.keys.discard(body["authKey"])
        self.nodes.pop(body["oldNodeKey"], None)
        self.nodes[body["nodeKey"]] = node = self._node(body)
        return 200, {"node": node, "user": self.user}

    def map(self, body: dict[str, Any]) -> tuple[int, Any]:
        key = body["nodeKey"]
        node = self.nodes.get(key)
        if node is None:
            return 200, {"error": "unknown"}
        node |= {"hostname": body["hostname"], "advertised": body["advertiseRoutes"]}
        if node["expiry"]:
            return 200, {"error": "expired"}
        self.seen[key] = time.monotonic()
        self.endpoints[key] = body["endpoints"]
        peers = [n | {"endpoints": self.endpoints.get(k), "online": time.monotonic() - self.seen.get(k, 0) < 3} for k, n in self.nodes.items() if k != key]
        return 200, {"node": node, "user": self.user, "peers": peers}

    def disconnect(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.seen.pop(body["nodeKey"], None)
        return 200, {}

    def logout(self, body: dict[str, Any]) -> tuple[int, Any]:
        if node := self.nodes.get(body["nodeKey"]):
            node["expiry"] = "1970-01-01T00:02:03Z"
        return self.disconnect(body)
