"""The daemon `tailscaled`."""

import os
import signal
import socket
import subprocess
import sys
import threading

from standin import flags, version
from standin.backend import Backend
from standin.localapi import DEFAULT_SOCKET, Server


TUN_DEVICE = "/dev/net/tun"


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _engine(name: str) -> bool:
    """Whether the device can be had, in the words of the real engine; what is missing is looked for as it does that."""
    if name == "userspace-networking" or os.path.exists(TUN_DEVICE):
        return True
    _log(f"Linux kernel version: {os.uname().release}")
    try:
        loading = subprocess.run(["/sbin/modprobe", "tun"], capture_output=True, text=True, timeout=10)
        loaded, words = loading.returncode == 0, loading.stdout + loading.stderr
    except OSError:
        loaded, words = False, ""
    if loaded:
        _log(f"'modprobe tun' successful\ntun module loaded in kernel, but {TUN_DEVICE} does not exist")
    else:
        _log(f"is CONFIG_TUN enabled in your kernel? `modprobe tun` failed with: {words.strip()}")
        _log("tun module not loaded nor found on disk")
    problem = f'tstun.New("{name}"): CreateTUN("{name}") failed; {TUN_DEVICE} does not exist'
    _log(f'wgengine.NewUserspaceEngine(tun "{name}") error: {problem}')
    _log(f"getLocalBackend error: createEngine: {problem}")
    return False


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
    mind = Backend(options["state"], options["port"], options["tun"] != "userspace-networking")
    mind.save()
    server = Server(options["socket"], mind)
    if not _engine(options["tun"]):
        # The real one says that it is ready before it has an engine, and leaves its socket behind.
        _tell_systemd("READY=1")
        return 1
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
