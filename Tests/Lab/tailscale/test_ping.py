"""Who answers whom: directly, by the relay, or not at all."""

import re
import subprocess

from standin_case import StandinCase


class Pings(StandinCase):
    def setUp(self) -> None:
        super().setUp()
        self.join("--hostname=node1")
        self.here, self.folder, self.socket = (self.folder, self.socket), self.folder / "other", f"{self.folder}/other-sock"
        first, self.daemon = self.daemon, None
        self.folder.mkdir()
        self.start_daemon()
        self.other, self.daemon = self.daemon, first
        self.addCleanup(self.stop_other)
        self.join("--hostname=node2")
        self.there = self.status()["TailscaleIPs"][0]
        self.folder, self.socket = self.here
        self.until(lambda: self.status()["Peer"])

    def stop_other(self) -> None:
        if self.other:
            self.other.kill()
            self.other.wait(10)
            self.other = None

    def ping(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.tailscale("ping", "--c=2", "--timeout=1s", *arguments)

    def cut(self) -> None:
        """The other daemon's UDP address is one where nobody is."""
        key = next(key for key, node in self.control.nodes.items() if node["hostname"] == "node2")
        real_map = self.control.map
        self.control.map = lambda body: real_map(body | ({"endpoints": ["127.0.0.1:9"]} if body["nodeKey"] == key else {}))
        self.until(lambda: self.control.endpoints[key] == ["127.0.0.1:9"])
        self.until(lambda: "via DERP" in self.tailscale("ping", "--c=1", "--timeout=1s", self.there).stdout)

    def test_direct(self) -> None:
        # The first ones may take the relay, until both know where the other is.
        self.until(lambda: self.ping(self.there).returncode == 0)
        direct = self.ping(self.there)
        self.assertEqual((direct.returncode, direct.stderr), (0, ""))
        self.assertRegex(direct.stdout, rf"^pong from node2 \({re.escape(self.there)}\) via 127\.0\.0\.1:\d+ in (0s|\d+ms)\n$")
        self.assertEqual(self.ping("node2").returncode, 0)

    def test_relayed(self) -> None:
        self.cut()
        relayed = self.ping(self.there)
        self.assertEqual((relayed.returncode, relayed.stderr), (1, "direct connection not established\n"))
        self.assertRegex(relayed.stdout, r"^(pong from node2 \([0-9.]+\) via DERP\(lab\) in (0s|\d+ms)\n){2}$")
        self.assertEqual(self.ping("--until-direct=false", self.there).returncode, 0)

    def test_no_path(self) -> None:
        self.cut()
        self.control.relay = False
        nobody = self.ping(self.there)
        self.assertEqual((nobody.returncode, nobody.stderr), (1, "no reply\n"))
        self.assertEqual(nobody.stdout, f'ping "{self.there}" timed out\n' * 2)

    def test_whom_nobody_can_ask(self) -> None:
        own = self.status()["TailscaleIPs"][0]
        itself = self.ping(own)
        self.assertEqual((itself.returncode, itself.stdout), (0, f"{own} is local Tailscale IP\n"))
        stranger = self.ping("100.64.9.9")
        self.assertEqual((stranger.returncode, stranger.stderr), (1, "no matching peer\n"))
        self.tailscale("down")
        stopped = self.ping(self.there)
        self.assertEqual((stopped.returncode, stopped.stdout), (1, "Tailscale is stopped.\n"))
