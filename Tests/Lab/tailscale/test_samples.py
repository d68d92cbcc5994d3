"""The stand-in against what a real client printed."""

import json

from standin_case import StandinCase, sample, shape


class StatusShapes(StandinCase):
    def assert_same_shape(self, recorded: str, *, but: tuple[str, ...] = ()) -> None:
        real, ours = json.loads(sample(recorded)), self.status()
        self.assertEqual(list(real), list(ours))
        self.assertEqual(list(real["Self"]), list(ours["Self"]))
        for key in but:
            real["Self"].pop(key)
            ours["Self"].pop(key)
        for both in (real, ours):
            # One entry stands for all peers; its name is a key of the mesh.
            both["Peer"] = list(both["Peer"].values())[:1] if both["Peer"] else both["Peer"]
        self.assertEqual(shape(real), shape(ours))

    def add_peer(self, **more: object) -> None:
        body = {"machineKey": "mkey:2", "nodeKey": "nodekey:2", "hostname": "node2", "advertiseRoutes": []}
        self.control.nodes["nodekey:2"] = self.control._node(body) | {"id": "9"} | more

    def test_never_joined(self) -> None:
        self.assert_same_shape("status-needslogin.json")
        self.assertEqual(self.status()["Health"], ["Tailscale is stopped."])
        plain = self.tailscale("status")
        self.assertEqual((plain.returncode, plain.stdout), (1, sample("status-needslogin.txt")))

    def test_running(self) -> None:
        self.add_peer()
        self.join("--hostname=node1")
        self.assert_same_shape("status.json")
        self.assertEqual(self.status()["BackendState"], "Running")
        self.assertFalse(self.tailscale("status", "--json").stdout.endswith("\n"))

    def test_peer_with_route(self) -> None:
        self.add_peer(primaryRoutes=["10.77.0.0/24"])
        self.join("--hostname=node1")
        self.assert_same_shape("status-with-route.json")
        self.assertEqual(self.status()["Health"], json.loads(sample("status-with-route.json"))["Health"])

    def test_stopped(self) -> None:
        self.add_peer(primaryRoutes=["10.77.0.0/24"])
        self.join("--hostname=node1")
        down = self.tailscale("down")
        self.assertEqual((down.returncode, down.stdout), (0, ""))
        self.assert_same_shape("status-stopped.json", but=("Addrs",))
        self.assertEqual(self.status()["Health"], json.loads(sample("status-stopped.json"))["Health"])
        plain = self.tailscale("status")
        self.assertEqual((plain.returncode, plain.stdout), (1, "Tailscale is stopped.\n"))

    def test_up_again_keeps_the_key_and_shows_health(self) -> None:
        self.add_peer(primaryRoutes=["10.77.0.0/24"])
        self.join("--hostname=node1")
        key = self.status()["Self"]["PublicKey"]
        self.tailscale("down")
        again = self.up("--hostname=node1")
        self.assertEqual((again.returncode, again.stdout), (0, sample("up-again.txt")))
        self.assertEqual(self.status()["Self"]["PublicKey"], key)

    def test_expired(self) -> None:
        self.add_peer(primaryRoutes=["10.77.0.0/24"])
        self.join("--hostname=node1")
        next(iter(n for k, n in self.control.nodes.items() if k != "nodekey:2"))["expiry"] = "2026-11-22T21:26:22Z"
        self.until(lambda: self.status()["BackendState"] == "NeedsLogin")
        self.assert_same_shape("status-expired.json")
        self.assertTrue(self.status()["Self"]["Expired"])

    def test_logged_out(self) -> None:
        self.join("--hostname=node1")
        self.assertEqual(self.tailscale("logout").returncode, 0)
        # The real one still lists its sockets here; nothing reads them.
        self.assert_same_shape("status-loggedout.json", but=("Addrs", "PeerAPIURL"))

    def test_prefs(self) -> None:
        self.join("--hostname=node1")
        real, ours = json.loads(sample("prefs.json")), self.prefs()
        self.assertEqual(list(real), list(ours))
        self.assertEqual(real | {"ControlURL": self.control.url}, ours)
        self.assertTrue(self.tailscale("debug", "prefs").stdout.startswith('{\n\t"ControlURL"'))


class Texts(StandinCase):
    def test_version(self) -> None:
        self.assertEqual(self.tailscale("version", "--json").stdout, sample("version.json"))
        self.assertEqual(self.tailscale("version", "--daemon", "--json").stdout, sample("version-daemon.json"))
        self.assertEqual(self.tailscale("version").stdout, sample("version.txt"))

    def test_ip(self) -> None:
        self.join()
        self.assertEqual(self.tailscale("ip").stdout, sample("ip.txt"))

    def test_up_as_json(self) -> None:
        self.control.keys.add("good")
        up = self.up("--json", "--auth-key=good")
        # The recorded run also printed a health line.
        self.assertEqual(up.stdout, "".join(sample("up.json").splitlines(keepends=True)[:3]))

    def test_bad_key(self) -> None:
        bad = self.up("--authkey=nonsense")
        self.assertEqual((bad.returncode, bad.stdout, bad.stderr), (1, "", sample("up-badkey.txt.stderr")))

    def test_conflict(self) -> None:
        self.join("--hostname=node3")
        refused = self.tailscale("up", "--login-server", self.control.url, "--advertise-routes=10.9.0.0/24")
        expected = sample("up-conflict.txt.stderr").replace("http://127.0.0.1:18580", self.control.url)
        self.assertEqual((refused.returncode, refused.stdout, refused.stderr), (1, "", expected))

    def test_bad_route(self) -> None:
        refused = self.tailscale("set", "--advertise-routes=10.77.0.1/24")
        self.assertEqual((refused.returncode, refused.stderr), (1, sample("set-bad-route.txt.stderr")))

    def test_no_daemon(self) -> None:
        self.stop_daemon()
        refused = self.tailscale("status", "--json")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("failed to connect to local tailscaled", refused.stderr)

    def test_no_daemon_at_this_socket_while_one_runs(self) -> None:
        from standin import localapi

        text = sample("nodaemon.txt.stderr").strip()
        for part in ("failed to connect to local tailscaled (which appears to be running as tailscaled, pid ",
                     "). Got error: Failed to connect to local Tailscale daemon for /localapi/v0/status; not running? "
                     "Error: dial unix /path: connect: no such file or directory"):  # fmt: skip
            self.assertIn(part, text)
        ours = localapi._down_text("/path", FileNotFoundError(2, "No such file or directory"))
        self.assertTrue(ours.startswith("failed to connect to local tailscaled"))


