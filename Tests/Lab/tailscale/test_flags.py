"""The command line as Go's flag package reads it."""

import unittest

from standin import cli_up, flags, prefs
from standin_case import StandinCase


class Flags(unittest.TestCase):
    def test_forms(self) -> None:
        parsed = cli_up.up_flags().parse(
            ["-reset", "--authkey", "k", "--accept-dns=false", "--ssh=true", "-timeout=1m30s", "--hostname", "h", "rest", "--ssh"]
        )
        self.assertEqual(
            (parsed["reset"], parsed["auth-key"], parsed["accept-dns"], parsed["ssh"], parsed["timeout"], parsed["hostname"]),
            (True, "k", False, True, 90.0, "h"),
        )
        self.assertEqual(parsed.rest, ["rest", "--ssh"])

    def test_errors(self) -> None:
        for words, text in (
            (["--nope"], "flag provided but not defined: -nope"),
            (["--hostname"], "flag needs an argument: -hostname"),
            (["--ssh=maybe"], 'invalid boolean value "maybe" for -ssh: parse error'),
            (["--timeout=soon"], 'invalid value "soon" for flag -timeout: parse error'),
            (["--hostname=a", "--hostname=b"], 'invalid value "b" for flag -hostname: flag provided multiple times'),
        ):
            with self.assertRaisesRegex(flags.FlagError, text):
                cli_up.up_flags().parse(words)

    def test_set_has_no_flags_of_up_alone(self) -> None:
        for name in ("login-server", "auth-key", "advertise-tags", "force-reauth", "unattended"):
            with self.assertRaises(flags.FlagError):
                cli_up.set_flags().parse([f"--{name}=x"])

    def test_routes(self) -> None:
        self.assertIsNone(prefs.routes("", False))
        for text, refusal in (
            ("10.0.0.0", '"10.0.0.0" is not a valid IP address or CIDR prefix'),
            ("0.0.0.0/0", "0.0.0.0/0 advertised without its IPv6 counterpart, please also advertise ::/0"),
        ):
            with self.assertRaises(prefs.SettingError) as caught:
                prefs.routes(text, False)
            self.assertEqual(str(caught.exception), refusal)


class ExitCodes(StandinCase):
    def test_unknown_flag_is_two(self) -> None:
        wrong = self.tailscale("up", "--unattended")
        self.assertEqual(wrong.returncode, 2)
        self.assertTrue(wrong.stderr.startswith("flag provided but not defined: -unattended\nUSAGE\n"))
