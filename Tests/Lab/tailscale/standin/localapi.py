"""How the command line talks to the daemon: one JSON line each way over the daemon's unix socket."""

import json
import os
import pwd
import socket
import socketserver
import struct
from typing import Any

from standin import backend, version

DEFAULT_SOCKET = "/run/tailscale/tailscaled.sock"
_READS = {"status", "prefs", "ping"}


class DaemonDown(Exception):
    """Nobody answers at the socket; the text is what the real client prints."""


class Refused(Exception):
    """The daemon said no."""


def call(path: str, name: str, **arguments: Any) -> Any:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(path)
        with connection, connection.makefile("rw", encoding="utf-8") as stream:
            stream.write(json.dumps({"call": name, **arguments}) + "\n")
            stream.flush()
            line = stream.readline()
    except OSError as error:
        connection.close()
        raise DaemonDown(_down_text(path, error)) from None
    if not line:
        raise Refused("unexpected EOF")
    answer = json.loads(line)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["result"]


def _down_text(path: str, error: OSError) -> str:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as comm:
                if comm.read().strip() != "tailscaled":
                    continue
        except OSError:
            continue
        reason = (error.strerror or str(error)).lower()
        return (
            f"failed to connect to local tailscaled (which appears to be running as tailscaled, pid {pid}). Got error: "
            "Failed to connect to local Tailscale daemon for /localapi/v0/status; not running? "
            f"Error: dial unix {path}: connect: {reason}"
        )
    return "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)"


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: str, mind: backend.Backend):
        self.mind = mind
        if os.path.exists(path):
            os.unlink(path)
        super().__init__(path, _Handler)
        # Everybody may read; who may write is asked of the kernel for each caller.
        os.chmod(path, 0o666)


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        line = self.rfile.readline()
        if not line:
            return
        request = json.loads(line)
        try:
            answer = {"result": self._answer(request)}
        except Refused as refusal:
            answer = {"refused": str(refusal)}
        self.wfile.write((json.dumps(answer) + "\n").encode())

    def _may_write(self) -> bool:
        packed = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", packed)
        if uid in (0, os.getuid()):
            return True
        try:
            return pwd.getpwuid(uid).pw_name == self.server.mind.shown_prefs()["OperatorUser"]
        except KeyError:
            return False

    def _answer(self, request: dict[str, Any]) -> Any:
        mind, name = self.server.mind, request["call"]
        if name not in _READS and not self._may_write():
            raise Refused(f"Access denied: {request.get('right', 'prefs write')} access denied")
        if name == "status":
            return mind.view()
        if name == "prefs":
            return mind.shown_prefs()
        if name == "ping":
            return mind.ping(request["address"], request["timeout"])
        if name == "edit":
            return mind.edit(request["prefs"])
        if name == "start":
            return mind.start(request["prefs"], request["authKey"], request["force"])
        if name == "logout":
            return mind.logout()
        if name == "check":
            return None
        raise Refused(f"404 Not Found: no call {name} in {version.LONG}")
