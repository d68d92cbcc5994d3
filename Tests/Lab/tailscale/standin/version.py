"""What `tailscale version` says."""

import hashlib
import json

from standin import release

SHORT = release.SHORT
_RECORDED = "53a0d659afa51835dd7a9283873cca44261454f8"
COMMIT = _RECORDED if SHORT == "1.102.3" else hashlib.sha1(SHORT.encode()).hexdigest()
LONG = f"{SHORT}-t{COMMIT[:9]}"
# The capability version rises with every release; the server sees it as /key?v=N.
CAP = 142 if SHORT == "1.102.3" else 142 - 3 * (102 - int(SHORT.split(".")[1]))


def text() -> str:
    return f"{SHORT}\n  tailscale commit: {COMMIT}\n  long version: {LONG}\n  go version: go1.27.3"


def as_json(daemon_long: str | None) -> str:
    fields: dict[str, object] = {"majorMinorPatch": SHORT, "short": SHORT, "long": LONG, "gitCommit": COMMIT}
    if daemon_long is not None:
        fields["daemonLong"] = daemon_long
    fields |= {"gitCommitTime": "2026-08-19T19:07:43Z", "cap": CAP}
    return json.dumps(fields, indent="\t")
