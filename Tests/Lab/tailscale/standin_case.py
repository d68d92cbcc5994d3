"""A daemon on a socket of its own and a fake control server, for tests without root."""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any

from fake_control import FakeControl
from standin import tailscale_main

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE / "samples"


def sample(name: str) -> str:
    return (SAMPLES / f"tailscale-{name}").read_text()


def shape(value: Any) -> Any:
    """Keys in order, and null, empty list or content told apart; what stands in them does not matter."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return "[]" if not value else [shape(value[0])]
    return "null" if value is None else type(value).__name__


class StandinCase(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.socket = str(self.folder / "sock")
        self.control = FakeControl()
        self.addCleanup(self.control.close)
        self.daemon: subprocess.Popen[bytes] | None = None
        self.addCleanup(self.stop_daemon)
        self.start_daemon()

    def start_daemon(self) -> None:
        program = "import sys; from standin import tailscaled_main; sys.exit(tailscaled_main.main(sys.argv[1:]))"
        self.daemon = subprocess.Popen(
            [sys.executable, "-c", program, f"--state={self.folder}/state", f"--socket={self.socket}", "--tun=userspace-networking"],
            cwd=HERE,
        )
        self.until(lambda: self.tailscale("status", "--json").returncode == 0)

    def stop_daemon(self) -> None:
        if self.daemon:
            self.daemon.terminate()
            self.assertEqual(self.daemon.wait(10), 0)
            self.daemon = None

    def tailscale(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line, in this process: starting an interpreter for each call takes most of the time."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = tailscale_main.main([f"--socket={self.socket}", *arguments])
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    def up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.tailscale("up", f"--login-server={self.control.url}", "--timeout=3s", *arguments)

    def join(self, *arguments: str) -> None:
        self.control.keys.add("good")
        joined = self.up("--auth-key=good", *arguments)
        self.assertEqual((joined.returncode, joined.stderr), (0, ""))

    def status(self) -> dict[str, Any]:
        return json.loads(self.tailscale("status", "--json").stdout)

    def prefs(self) -> dict[str, Any]:
        return json.loads(self.tailscale("debug", "prefs").stdout)

    def until(self, condition: Any, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited too long")
            time.sleep(0.05)
