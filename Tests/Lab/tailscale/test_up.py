"""What joining, changing and failing to join mean."""

import os
import stat

from standin_case import StandinCase


class Joining(StandinCase):
    def test_a_join_persists_over_a_restart(self) -> None:
        self.join("--hostname=web1", "--advertise-routes=10.2.0.0/16,10.1.0.0/16", "--advertise-exit-node")
        key = self.status()["Self"]["PublicKey"]
        self.assertEqual(self.prefs()["AdvertiseRoutes"], ["0.0.0.0/0", "::/0", "10.1.0.0/16", "10.2.0.0/16"])
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "state").st_mode), 0o600)
        self.stop_daemon()
        self.assertEqual(self.control.calls[-1][0], "disconnect")
        self.start_daemon()
        self.until(lambda: self.status()["BackendState"] == "Running")
        self.assertEqual(self.status()["Self"]["PublicKey"], key)

    def test_force_reauth_takes_a_new_node_key_and_the_same_machine_key(self) -> None:
        self.join()
        key = self.status()["Self"]["PublicKey"]
        self.join("--force-reauth", "--reset")
        self.assertNotEqual(self.status()["Self"]["PublicKey"], key)
        registered = [body for verb, body in self.control.calls if verb == "register"]
        self.assertEqual(registered[1]["oldNodeKey"], key)
        self.assertEqual(registered[0]["machineKey"], registered[1]["machineKey"])

    def test_key_from_a_file(self) -> None:
        (self.folder / "key").write_text("good\n")
        self.control.keys.add("good")
        self.assertEqual(self.up(f"--auth-key=file:{self.folder}/key").returncode, 0)
        missing = self.up("--auth-key=file:/nowhere")
        self.assertEqual((missing.returncode, missing.stderr), (1, "open /nowhere: no such file or directory\n"))

    def test_reset_with_a_key_replaces_all_preferences(self) -> None:
        self.join("--hostname=a", "--accept-routes", "--operator=pat", "--shields-up")
        self.assertEqual(self.prefs()["OperatorUser"], "pat")
        self.join("--reset", "--hostname=b")
        after = self.prefs()
        self.assertNotIn("OperatorUser", after)
        self.assertEqual((after["RouteAll"], after["ShieldsUp"], after["Hostname"]), (False, False, "b"))

    def test_a_bad_key_is_remembered_until_it_is_cleared(self) -> None:
        self.assertEqual(self.up("--auth-key=bad").stderr, "backend error: invalid pre auth key\n")
        self.assertEqual(self.up().stderr, "backend error: invalid pre auth key\n")
        self.assertIn("The last login error was: invalid pre auth key", self.status()["Health"][0])
        cleared = self.tailscale(
            "up", f"--login-server={self.control.url}", "--auth-key=", "--timeout=500ms")  # fmt: skip
        self.assertIn("To authenticate, visit:", cleared.stderr)
        self.join()

    def test_server_that_refuses_to_answer_hangs_until_the_timeout(self) -> None:
        self.control.register_status = 500
        failed = self.tailscale("up", f"--login-server={self.control.url}", "--auth-key=x", "--timeout=1s")
        self.assertEqual(failed.returncode, 1)
        self.assertEqual(
            failed.stderr,
            "timeout waiting for Tailscale service to enter a Running state; check health with \"tailscale status\"\n",
        )
        self.assertIn("The last login error was: register request: http 500", self.status()["Health"][0])

    def test_unreachable_servers_in_health(self) -> None:
        for url, words in (
            ("http://127.0.0.1:9", 'Get "http://127.0.0.1:9/key?v=142": dial tcp 127.0.0.1:9: connect: connection refused'),
            ("http://nosuch.invalid:8080", 'Get "http://nosuch.invalid:8080/key?v=142": failed to resolve "nosuch.invalid"'),
        ):
            self.tailscale("up", "--reset", f"--login-server={url}", "--auth-key=x", "--timeout=500ms")
            self.until(lambda: any(f"fetch control key: {words}" in text for text in self.status()["Health"]))

    def test_another_server_while_running_needs_force_reauth(self) -> None:
        self.join()
        moved = self.tailscale("up", "--reset", "--login-server=http://127.0.0.1:9", "--auth-key=x")
        self.assertEqual((moved.returncode, moved.stderr), (1, "can't change --login-server without --force-reauth\n"))

    def test_deleted_node_goes_on_believing(self) -> None:
        self.join()
        self.control.nodes.clear()
        before = len(self.control.calls)
        self.until(lambda: len(self.control.calls) > before + 1)
        self.assertEqual(self.status()["BackendState"], "Running")

    def test_set_reaches_the_server_at_once(self) -> None:
        self.join()
        self.assertEqual(self.tailscale("set", "--hostname=other", "--advertise-routes=10.5.0.0/24").returncode, 0)
        self.until(lambda: [n["advertised"] for n in self.control.nodes.values()] == [["10.5.0.0/24"]], 0.9)
        self.assertEqual(self.tailscale("set", "--advertise-exit-node").returncode, 0)
        self.assertEqual(self.prefs()["AdvertiseRoutes"], ["0.0.0.0/0", "::/0", "10.5.0.0/24"])
        self.tailscale("set", "--advertise-routes=")
        self.assertEqual(self.prefs()["AdvertiseRoutes"], ["0.0.0.0/0", "::/0"])

    def test_mesh_borne_ssh_is_not_cut(self) -> None:
        self.join()
        os.environ["SSH_CLIENT"] = "100.64.0.9 5000 22"
        self.addCleanup(os.environ.pop, "SSH_CLIENT")
        self.control.keys.add("good")
        refused = self.up("--reset", "--force-reauth", "--auth-key=good")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("aborted, no changes made", refused.stderr)
        self.assertEqual(self.up("--reset", "--force-reauth", "--auth-key=good", "--accept-risk=lose-ssh").returncode, 0)

    def test_wait_and_ping(self) -> None:
        self.assertEqual(self.tailscale("wait", "--timeout=200ms").returncode, 1)
        self.join()
        self.assertEqual(self.tailscale("wait", "--timeout=5s").returncode, 0)
        self.assertEqual(self.tailscale("ping", "--c=1", "nosuch").returncode, 1)

    def test_bare_up_starts_a_stopped_client(self) -> None:
        self.join("--hostname=a")
        self.tailscale("down")
        self.assertEqual(self.tailscale("up").returncode, 0)
        self.assertEqual(self.status()["BackendState"], "Running")
