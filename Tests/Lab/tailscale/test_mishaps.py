"""What happens to a client that is stopped, wiped, moved, forced, logged out or deleted."""

from fake_control import FakeControl
from standin_case import StandinCase


class Mishaps(StandinCase):
    def verbs(self) -> list[str]:
        return [verb for verb, _ in self.control.calls]

    def test_down_keeps_the_key_and_shows_it(self) -> None:
        self.join("--hostname=web1")
        before = self.status()
        self.assertEqual(self.tailscale("down").returncode, 0)
        stopped = self.status()
        self.assertEqual((stopped["BackendState"], stopped["HaveNodeKey"]), ("Stopped", True))
        self.assertEqual(stopped["Self"]["PublicKey"], before["Self"]["PublicKey"])
        self.assertEqual(stopped["TailscaleIPs"], before["TailscaleIPs"])
        self.assertFalse(stopped["Self"]["Online"])
        self.until(lambda: self.verbs()[-1] == "disconnect")

    def test_a_wiped_state_is_a_new_machine(self) -> None:
        self.join("--hostname=web1")
        self.stop_daemon()
        (self.folder / "state").unlink()
        self.start_daemon()
        fresh = self.status()
        self.assertEqual(fresh["BackendState"], "NeedsLogin")
        self.assertNotIn("HaveNodeKey", fresh)
        self.join("--hostname=web1")
        registered = [body for verb, body in self.control.calls if verb == "register"]
        self.assertNotEqual(registered[0]["machineKey"], registered[1]["machineKey"])
        self.assertFalse(registered[1]["oldNodeKey"])
        self.assertEqual(len(self.control.nodes), 2)

    def test_force_reauth_drops_the_connection_before_it_logs_in(self) -> None:
        self.join()
        key = self.status()["Self"]["PublicKey"]
        failed = self.up("--reset", "--force-reauth", "--auth-key=bad")
        self.assertEqual(failed.stderr, "backend error: invalid pre auth key\n")
        self.assertLess(self.verbs().index("disconnect"), len(self.verbs()) - self.verbs()[::-1].index("register"))
        self.assertEqual(self.status()["BackendState"], "NeedsLogin")
        self.assertNotIn(key, self.control.seen)
        # The daemon starts again with the key it had.
        self.stop_daemon()
        self.start_daemon()
        self.until(lambda: self.status()["BackendState"] == "Running")
        self.assertEqual(self.status()["Self"]["PublicKey"], key)

    def test_a_stopped_client_may_move_and_takes_a_new_key(self) -> None:
        self.join()
        key = self.status()["Self"]["PublicKey"]
        other = FakeControl()
        self.addCleanup(other.close)
        other.keys.add("good")
        self.tailscale("down")
        moved = self.tailscale("up", "--reset", f"--login-server={other.url}", "--auth-key=good", "--timeout=3s")
        self.assertEqual((moved.returncode, moved.stderr), (0, ""))
        self.assertEqual(self.prefs()["ControlURL"], other.url)
        self.assertNotEqual(self.status()["Self"]["PublicKey"], key)
        self.assertEqual([verb for verb, _ in other.calls][0], "register")

    def test_a_running_client_moves_with_force_reauth(self) -> None:
        self.join()
        other = FakeControl()
        self.addCleanup(other.close)
        other.keys.add("good")
        moved = self.tailscale(
            "up", "--reset", "--force-reauth", f"--login-server={other.url}", "--auth-key=good", "--timeout=3s"
        )  # fmt: skip
        self.assertEqual((moved.returncode, moved.stderr), (0, ""))
        # The old server hears that the client is gone, not the new one.
        self.assertEqual(self.verbs()[-1], "disconnect")
        self.assertEqual(len(other.nodes), 1)

    def test_an_expired_key_needs_a_login_and_is_replaced(self) -> None:
        self.join()
        key = self.status()["Self"]["PublicKey"]
        for node in self.control.nodes.values():
            node["expiry"] = "2026-01-01T00:00:00Z"
        self.until(lambda: self.status()["BackendState"] == "NeedsLogin")
        expired = self.status()
        self.assertTrue(expired["HaveNodeKey"])
        self.assertTrue(expired["Self"]["Expired"])
        self.assertEqual(expired["Self"]["PublicKey"], key)
        self.tailscale("down")
        self.assertEqual(self.status()["BackendState"], "Stopped")
        self.join()
        self.assertNotEqual(self.status()["Self"]["PublicKey"], key)

    def test_logout_tells_the_server_and_forgets_the_key(self) -> None:
        self.join()
        self.assertEqual(self.tailscale("logout").returncode, 0)
        self.until(lambda: "logout" in self.verbs())
        gone = self.status()
        self.assertEqual(gone["BackendState"], "NeedsLogin")
        self.assertNotIn("HaveNodeKey", gone)
        self.assertTrue(all(node["expiry"] for node in self.control.nodes.values()))

    def test_only_force_reauth_brings_a_deleted_node_back(self) -> None:
        self.join()
        self.control.nodes.clear()
        self.assertEqual(self.up().returncode, 0)
        self.assertEqual(self.status()["BackendState"], "Running")
        self.assertEqual(self.control.nodes, {})
        self.join("--reset", "--force-reauth")
        self.assertEqual(len(self.control.nodes), 1)
