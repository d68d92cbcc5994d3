"""How the daemon starts, and how it does not."""

import contextlib
import io
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from standin import tailscale_main

HERE = pathlib.Path(__file__).resolve().parent
NO_DEVICE = (
    "import sys; from standin import tailscaled_main; tailscaled_main.TUN_DEVICE = '/nonexistent/tun'; "
    "sys.exit(tailscaled_main.main(sys.argv[1:]))"
)


class WithoutDevice(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def command(self, *arguments: str) -> list[str]:
        paths = [f"--state={self.folder}/state", f"--socket={self.folder}/sock"]
        return [sys.executable, "-c", NO_DEVICE, *paths, *arguments]

    def test_it_says_ready_and_then_refuses(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(f"{self.folder}/notify")
            systemd.settimeout(10)
            refused = subprocess.run(
                self.command(), cwd=HERE, capture_output=True, text=True, timeout=20,
                env={"NOTIFY_SOCKET": f"{self.folder}/notify"},
            )  # fmt: skip
            self.assertEqual(systemd.recv(100), b"READY=1")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        for text in (
            "is CONFIG_TUN enabled in your kernel? `modprobe tun` failed with: ",
            'wgengine.NewUserspaceEngine(tun "tailscale0") error: tstun.New("tailscale0"): '
            'CreateTUN("tailscale0") failed; /nonexistent/tun does not exist',
            "getLocalBackend error: createEngine: tstun.New(",
        ):
            self.assertIn(text, refused.stderr)

    def test_userspace_networking_needs_none(self) -> None:
        daemon = subprocess.Popen(self.command("--tun=userspace-networking"), cwd=HERE)
        try:
            deadline = time.monotonic() + 10
            while (status := self.status()) is None:
                self.assertLess(time.monotonic(), deadline, "it does not answer")
                time.sleep(0.05)
            self.assertIs(status["TUN"], False)
        finally:
            daemon.terminate()
            self.assertEqual(daemon.wait(10), 0)

    def status(self) -> dict[str, object] | None:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = tailscale_main.main([f"--socket={self.folder}/sock", "status", "--json"])
        return json.loads(out.getvalue()) if code == 0 else None
