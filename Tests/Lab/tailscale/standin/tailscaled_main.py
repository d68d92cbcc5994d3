"""The daemon `tailscaled`."""

import os
import signal
import socket
import sys
import threading

from standin import flags, version
from standin.backend import Backend
from standin.localapi import DEFAULT_SOCKET, Server


def _tell_systemd(text: str) -> None:
    """sd_notify, as a Type=notify unit waits for it."""
    path = os.environ.get("NOTIFY_SOCKET")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.sendto(text.encode(), "\0" + path[1:] if path.startswith("@") else path)


def main(arguments: list[str]) -> int:
    options = flags.FlagSet(
        "tailscaled",
        {"state": "/var/lib/tailscale/tailscaled.state", "socket": DEFAULT_SOCKET, "port": 41641, "tun": "tailscale0",
         "verbose": 0, "statedir": "", "cleanup": False, "version": False, "no-logs-no-support": False},
    )  # fmt: skip
    try:
        options.parse(arguments)
    except (flags.FlagError, flags.HelpWanted) as error:
        print(f"{error}\n{options.usage()}", file=sys.stderr)
        return 2 if isinstance(error, flags.FlagError) else 0
    if options["version"]:
        print(version.text())
        return 0
    if options["cleanup"]:
        return 0
    os.makedirs(os.path.dirname(options["state"]), mode=0o700, exist_ok=True)
    os.makedirs(os.path.dirname(options["socket"]), mode=0o755, exist_ok=True)
    tun = options["tun"] != "userspace-networking" and os.path.exists("/dev/net/tun")
    mind = Backend(options["state"], options["port"], tun)
    mind.save()
    server = Server(options["socket"], mind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=mind.stop).start())
    signal.signal(signal.SIGINT, lambda *_: threading.Thread(target=mind.stop).start())
    talker = threading.Thread(target=mind.run)
    talker.start()
    _tell_systemd("READY=1")
    # In slices, so that a signal is seen.
    while talker.is_alive():
        talker.join(0.2)
    _tell_systemd("STOPPING=1")
    server.server_close()
    os.unlink(options["socket"])
    return 0
