#!/usr/bin/env python3
"""Checks the schedules of examples/: systemd units by systemd-analyze, crontab by crontab, manifests against the
schemas of Kubernetes and its restricted pod standard; and runs what each of them runs with the built meshctl on a
simulated mesh: for Kubernetes as another user, on volumes laid out as kubelet does it, and stopped as kubelet does it
(both only as root). Then plants faults and expects each to be found.

usage: schedules.py MESHCTL      (what it needs is installed by deps.sh)
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build" / "python-tools"
sys.path.insert(0, str(TOOLS))

try:
    import kubernetes_validate
    import yaml
except ImportError as error:
    sys.exit(f"schedules: {error}; run: bash Tests/Scripts/deps.sh")

EXAMPLES = ROOT / "examples"
SERVER = "https://mesh.example.com"
# The exposure that the service may have at most, in tenths.
EXPOSURE = 30
# Oldest and newest Kubernetes whose schemas are looked at.
RELEASES = ("1.33", "1.37")
INVENTORY = (
    f'version: 1\nserver: {{url: "{SERVER}"}}\nhosts:\n'
    + "".join(f"  host-{number}: {{address: 192.0.2.{number}, tags: [tag:web]}}\n" for number in range(1, 13))
    + "  desk: {address: 192.0.2.99, owner: alice}\n"
)


# Root lays out volumes for another user, and makes a pid namespace.
IS_ROOT = os.geteuid() == 0


class Finding(Exception):
    pass


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **options)


def require(what, holds, evidence=""):
    if not holds:
        raise Finding(f"{what}: {evidence}" if evidence else what)


# --- What is checked of a file alone: each function takes a folder that looks like examples/ -------------------


def systemd(examples, meshctl):
    """The units load, the service is shut in well, and its command is there."""
    with tempfile.TemporaryDirectory() as folder:
        units = []
        for name in ("meshctl.service", "meshctl.timer"):
            text = (examples / "systemd" / name).read_text()
            if name == "meshctl.service":
                require("the service runs /usr/bin/meshctl", "\nExecStart=/usr/bin/meshctl apply " in text)
                text = text.replace("ExecStart=/usr/bin/meshctl ", f"ExecStart={meshctl} ")
            units.append(Path(folder) / name)
            units[-1].write_text(text)
        whole = units[0].read_text()
        offered = re.sub(r"^#(?=[A-Z][A-Za-z]+=)", "", whole, flags=re.M).replace("=/usr/bin/meshctl ", f"={meshctl} ")
        require("the service offers --metrics-file and --notify", "--metrics-file" in offered and "--notify" in offered)
        for text in (offered, whole):
            units[0].write_text(text)
            ending = run("systemd-analyze", "verify", "--man=no", *map(str, units))
            # A misspelt key is a warning only, so silence is what is asked for.
            require("systemd-analyze verify", ending.returncode == 0 and not ending.stderr, ending.stderr)
        ending = run(
            "systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(units[0])
        )
        require("systemd-analyze security", ending.returncode == 0, (ending.stdout + ending.stderr)[-200:])
    users = (examples / "systemd/meshctl.sysusers").read_text()
    user = re.search(r"^u +(\S+) +- +\"[^\"]+\" +(\S+)$", users, re.M)
    require("sysusers makes a user", user)
    service = (examples / "systemd/meshctl.service").read_text()
    require("the service runs as that user", f"\nUser={user[1]}\n" in service)
    require("its home is the state folder", user[2] == "/var/lib/" + re.search(r"^StateDirectory=(.+)$", service, re.M)[1])
    for credential in re.findall(r"^LoadCredential=(\S+):", service, re.M):
        places = (f"%d/{credential}", f"/run/credentials/meshctl.service/{credential}")
        used = service + (examples / "systemd/ssh_config").read_text()
        require(f"the credential {credential} is used", any(place in used for place in places))


def crontab_lines(examples):
    for line in (examples / "cron/meshctl").read_text().splitlines():
        if re.match(r"[0-9*]", line):
            yield line


def cron(examples, _meshctl):
    """crontab reads it; the column of the user, which files of /etc/cron.d have, is taken out for it."""
    text = (examples / "cron/meshctl").read_text()
    jobs = list(crontab_lines(examples))
    require("there is a job", jobs)
    for job in jobs:
        fields = job.split(None, 6)
        require("a job has a user and a command", len(fields) == 7 and fields[5] == "meshctl", job)
        require("a % ends the command", "%" not in fields[6], job)
        text = text.replace(job, " ".join(fields[:5] + fields[6:]))
    require("mail goes to somebody", re.search(r"^MAILTO=\S+@\S+$", text, re.M))
    with tempfile.NamedTemporaryFile("w", suffix=".cron") as file:
        file.write(text)
        file.flush()
        ending = run("crontab", "-n", file.name)
        require("crontab -n", ending.returncode == 0, ending.stdout + ending.stderr)


def manifests(examples):
    for file in sorted((examples / "kubernetes").glob("*.yaml")):
        for manifest in yaml.safe_load_all(file.read_text()):
            yield file.name, manifest


def kubernetes(examples, _meshctl):
    """The manifests hold to the schemas, to the restricted pod standard, and to what a schedule needs."""
    names = set()
    for name, manifest in manifests(examples):
        for release in RELEASES:
            try:
                kubernetes_validate.validate(manifest, release, strict=True)
            except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                raise Finding(f"{name}, Kubernetes {release}: {error}") from error
        if manifest["kind"] != "CronJob":
            continue
        names.add(name)
        schedule = manifest["spec"]
        require(f"{name}: runs do not meet", schedule["concurrencyPolicy"] == "Forbid")
        job = schedule["jobTemplate"]["spec"]
        require(f"{name}: a run ends", 0 < job.get("activeDeadlineSeconds", 0) <= 3600)
        pod = job["template"]["spec"]
        restricted(name, pod)
        mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
        require(f"{name}: every volume is mounted", mounted == {volume["name"] for volume in pod["volumes"]})
        (container,) = pod["containers"]
        arguments = container["args"]
        memory = re.fullmatch(r"(\d+)Mi", container["resources"]["limits"]["memory"])
        require(f"{name}: memory for meshctl, its ssh and /tmp", memory and int(memory[1]) >= 512)
        require(f"{name}: time to clean up", pod.get("terminationGracePeriodSeconds", 0) >= 60)
        require(
            f"{name}: kubelet leaves modes alone",
            pod["securityContext"].get("fsGroupChangePolicy") == "OnRootMismatch",
        )
        if job.get("completionMode") == "Indexed":
            parts = arguments[arguments.index("--shard") + 1]
            require(f"{name}: as many parts as pods", parts == f"/{job['completions']}", parts)
            require(f"{name}: all parts run at once", job["parallelism"] == job["completions"])
            require(f"{name}: a part does not end the others", job.get("backoffLimitPerIndex") == 0)
            require(f"{name}: nor does their number", "backoffLimit" not in job)
        else:
            require(f"{name}: the next run is the retry", job.get("backoffLimit") == 0)
            require(f"{name}: only Indexed Jobs are sharded", "--shard" not in arguments)
    require("one schedule, and one in parts", names == {"cronjob.yaml", "sharded.yaml"}, str(names))


def restricted(name, pod):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a little more."""
    security = pod["securityContext"]
    require(f"{name}: not root", security.get("runAsNonRoot") is True and security.get("runAsUser", 0) > 0)
    require(f"{name}: seccomp", security.get("seccompProfile") == {"type": "RuntimeDefault"})
    require(f"{name}: no API token", pod.get("automountServiceAccountToken") is False)
    for container in pod["containers"]:
        inner = container["securityContext"]
        require(f"{name}: no escalation", inner.get("allowPrivilegeEscalation") is False)
        require(f"{name}: no capabilities", inner.get("capabilities") == {"drop": ["ALL"]})
        require(f"{name}: nothing is written", inner.get("readOnlyRootFilesystem") is True)
    for volume in pod["volumes"]:
        kinds = set(volume) - {"name"}
        allowed = {"configMap", "secret", "emptyDir", "persistentVolumeClaim"}
        require(f"{name}: volumes of these kinds only", kinds <= allowed, str(kinds))


# --- What each of them runs --------------------------------------------------------------------------------------


class Mesh:
    """A folder with an inventory, a simulated world, and a `meshctl` that works on it."""

    def __init__(self, folder, meshctl):
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.inventory = self.folder / "inventory.yaml"
        self.inventory.write_text(INVENTORY)
        (self.folder / "environment").write_text(f"HEADSCALE_URL={SERVER}\n")
        self.program = self.folder / "meshctl"
        world = shlex.quote(str(self.folder / "world.json"))
        self.program.write_text(
            "#!/bin/sh\n"
            f'[ "$HEADSCALE_URL" = {SERVER} ] || {{ echo "HEADSCALE_URL is not set" >&2; exit 99; }}\n'
            '[ -z "$ENDING" ] || exit "$ENDING"\n'
            f'exec {shlex.quote(meshctl)} "$@" --simulate --world {world}\n'
        )
        self.program.chmod(0o755)
        self.environment = {"PATH": f"{self.folder}:/usr/bin:/bin", "HOME": str(self.folder)}
        self.prefix = []

    def in_pod(self, pod):
        """As the user of the pod; its root file system is root's, its volumes are laid out as kubelet does it."""
        (container,) = pod["containers"]
        security = pod["securityContext"]
        user, group, volume_group = security["runAsUser"], security["runAsGroup"], security["fsGroup"]
        root = self.folder / "root"
        root.mkdir()
        for place in ("home/meshctl", "var/lib"):
            (root / place).mkdir(parents=True)
        kinds = {volume["name"]: volume for volume in pod["volumes"]}
        for mount in container["volumeMounts"]:
            place = root / mount["mountPath"].lstrip("/")
            place.mkdir(parents=True, exist_ok=True)
            volume = kinds[mount["name"]]
            if IS_ROOT:
                os.chown(place, 0, volume_group)
            # An emptyDir is open to all; of other volumes the group gets what their owner has.
            place.chmod(0o2777 if "emptyDir" in volume else 0o2775)
        for entry in container["env"]:
            if entry["name"] in ("HOME", "XDG_STATE_HOME"):
                self.environment[entry["name"]] = str(root) + entry["value"]
        if IS_ROOT:
            os.chown(self.folder, user, group)
            self.folder.chmod(0o700)
            self.prefix = ["setpriv", f"--reuid={user}", f"--regid={group}", f"--groups={volume_group}"]
            self.prefix += ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]

    def state_is_private(self, what):
        state = Path(self.environment["XDG_STATE_HOME"]) / "meshctl"
        for place in (state, *state.rglob("*")):
            require(f"{what}: {place.name} is for meshctl alone", place.stat().st_mode & 0o077 == 0)
        require(f"{what}: it keeps something", any(state.iterdir()))

    def runs(self, what, command, environment=None):
        """The first run changes the mesh and says so, the second is silent."""
        for number in (1, 2):
            ending = run(*self.prefix, *command, env=self.environment | (environment or {}), cwd=self.folder)
            evidence = f"exit {ending.returncode}: {ending.stdout}{ending.stderr}"
            require(f"{what}, run {number}", ending.returncode == 0, evidence)
            said = ending.stdout + ending.stderr
            require(f"{what} is silent when the mesh matches", bool(said) == (number == 1), evidence)
        return ending

    def ends(self, what, command, given, wanted):
        ending = run(*self.prefix, *command, env=self.environment | {"ENDING": str(given)}, cwd=self.folder)
        require(f"{what}: exit {given} ends as {wanted}", ending.returncode == wanted, str(ending.returncode))


def stops(name, words, folder):
    """SIGTERM to process 1, as kubelet sends it, arrives at meshctl, whose own status is the pod's."""
    if not IS_ROOT:
        print(f"schedules: {name}: a pid namespace is root's to make; not stopped", file=sys.stderr)
        return
    for shell in (["dash"], ["busybox", "sh"]):
        for status, wanted in ((143, 143), (4, 0), (0, 0)):
            place = Path(tempfile.mkdtemp(dir=folder))
            program = place / "meshctl"
            # Cleaning up takes a while; a second SIGTERM does not end the wait for it.
            program.write_text(
                f"#!/bin/sh\ntrap 'sleep 0.3; echo {status} >cleaned; exit {status}' TERM\n"
                "echo >ready\nwhile :; do sleep 0.05; done\n"
            )
            program.chmod(0o755)
            what = f"{name}, {' '.join(shell)}, {status}"
            process = subprocess.Popen(
                ["unshare", "--pid", "--fork", "--kill-child", *shell, *words[1:]],
                cwd=place,
                env={"PATH": f"{place}:/usr/bin:/bin"},
            )
            try:
                for _ in range(200):
                    if (place / "ready").exists():
                        break
                    time.sleep(0.05)
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
                require(f"{what}: it starts", (place / "ready").exists() and len(children) == 1)
                for _ in range(2):
                    if process.poll() is None:
                        os.kill(int(children[0]), signal.SIGTERM)
                    time.sleep(0.1)
                ending = process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                raise Finding(f"{what}: SIGTERM does not arrive") from None
            finally:
                process.kill()
                process.wait()
            require(f"{what}: it cleaned up", (place / "cleaned").exists())
            require(f"{what}: ends as {wanted}", ending == wanted, str(ending))


def reachable(meshctl, folder):
    """A copy where another user may not go to the place where it was built."""
    os.chmod(folder, 0o755)
    if IS_ROOT and run("setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", meshctl, "--version").returncode:
        return shutil.copy(meshctl, folder)
    return meshctl


def commands(examples, meshctl):
    """The very command lines, with the paths of the test."""
    with tempfile.TemporaryDirectory() as folder:
        meshctl = reachable(meshctl, folder)
        mesh = Mesh(folder, meshctl)
        service = (examples / "systemd/meshctl.service").read_text()
        words = shlex.split(re.search(r"^ExecStart=(.+)$", service, re.M)[1])
        words = [str(mesh.program)] + [moved(word, mesh) for word in words[1:]]
        mesh.runs("systemd", words, {"HEADSCALE_URL": SERVER})
        success = re.search(r"^SuccessExitStatus=(.+)$", service, re.M)[1].split()
        require("systemd: 4, 5 and 143 are no failure", success == ["4", "5", "143"], str(success))

        for job in crontab_lines(examples):
            mesh = Mesh(folder, meshctl)
            line = moved(job.split(None, 6)[6], mesh)
            mesh.runs("cron", ["/bin/sh", "-c", line])
            mesh.ends("cron", ["/bin/sh", "-c", line + " #"], 3, 3)

        for name, manifest in manifests(examples):
            if manifest["kind"] != "CronJob":
                continue
            job = manifest["spec"]["jobTemplate"]["spec"]
            (container,) = job["template"]["spec"]["containers"]
            stops(name, container["command"], folder)
            mesh = Mesh(folder, meshctl)
            mesh.in_pod(job["template"]["spec"])
            words = container["command"] + [moved(word, mesh) for word in container["args"]]
            given = {one["name"]: one["value"] for one in container["env"] if one["name"] == "HEADSCALE_URL"}
            for index in range(job.get("completions", 1)):
                mesh.runs(f"{name}, part {index}", words, given | {"JOB_COMPLETION_INDEX": str(index)})
            mesh.state_is_private(name)
            plan = [str(mesh.program), "plan", str(mesh.inventory), "--detailed-exitcode"]
            plan = run(*mesh.prefix, *plan, env=mesh.environment | given, cwd=mesh.folder)
            require(f"{name}: all parts together are the mesh", plan.returncode == 0, plan.stdout + plan.stderr)
            mesh.environment |= given | {"JOB_COMPLETION_INDEX": "0"}
            for status, wanted in ((0, 0), (1, 1), (3, 3), (4, 0), (6, 6)):
                mesh.ends(name, words, status, wanted)


def moved(text, mesh):
    text = text.replace("/etc/meshctl/inventory.yaml", str(mesh.inventory))
    return text.replace("/etc/meshctl/environment", str(mesh.folder / "environment"))


# --- Planted faults: which check, which file, what is written for what -----------------------------------------------

SERVICE, TIMER, CRON = "systemd/meshctl.service", "systemd/meshctl.timer", "cron/meshctl"
CRONJOB, SHARDED = "kubernetes/cronjob.yaml", "kubernetes/sharded.yaml"
PLANTED = [
    (systemd, SERVICE, "ProtectSystem=strict", "ProtectSystm=strict"),
    (systemd, SERVICE, "ExecStart=/usr/bin/meshctl", "ExecStart=/usr/bin/meshctl-of-nobody"),
    (systemd, SERVICE, "CapabilityBoundingSet=\n", "AmbientCapabilities=CAP_SYS_ADMIN\n"),
    (systemd, SERVICE, "User=meshctl", "User=somebody"),
    (systemd, SERVICE, "LoadCredential=api-key:", "LoadCredential=key:"),
    (systemd, SERVICE, "Type=oneshot", "Type=oneshoot"),
    (systemd, TIMER, "OnCalendar=*:0/10", "OnCalendar=every now and then"),
    (systemd, TIMER, "RandomizedDelaySec=2min", "RandomisedDelaySec=2min"),
    (systemd, "systemd/meshctl.sysusers", "/var/lib/meshctl", "/home/meshctl"),
    (cron, CRON, "7-59/10", "7-61/10"),
    (cron, CRON, "* meshctl set", "* set"),
    (cron, CRON, "1h meshctl", "$(date +%M) meshctl"),
    (cron, CRON, "MAILTO=ops@example.com", "MAILTO="),
    (kubernetes, CRONJOB, "concurrencyPolicy: Forbid", "concurrencyPolicy: Allow"),
    (kubernetes, CRONJOB, "runAsNonRoot: true", "runAsNonRoot: false"),
    (kubernetes, CRONJOB, "fsGroup: 65532", "fsGrp: 65532"),
    (kubernetes, CRONJOB, "drop: [ALL]", "add: [NET_ADMIN]"),
    (kubernetes, CRONJOB, "- {name: tmp, mountPath: /tmp}", "- {name: temp, mountPath: /tmp}"),
    (kubernetes, SHARDED, "completions: 4", "completions: 5"),
    (kubernetes, SHARDED, "backoffLimitPerIndex: 0", "backoffLimit: 0"),
    (commands, SERVICE, "--quiet", "--quietly"),
    (commands, CRON, "--auto-approve", "--limit host-1"),
    (commands, SHARDED, "- /4", "- /3"),
    (commands, CRONJOB, "-eq 4", "-eq 3"),
    (systemd, SERVICE, "#ReadWritePaths=", "#ReadWritePath="),
    (commands, SERVICE, "=4 5 143", "=4 5"),
    (kubernetes, CRONJOB, "fsGroupChangePolicy: OnRootMismatch", "fsGroupChangePolicy: Always"),
    (kubernetes, SHARDED, "512Mi", "256Mi"),
]
# Those that only root can find.
PLANTED_FOR_ROOT = [
    (commands, CRONJOB, "mountPath: /state}", "mountPath: /state/meshctl}"),
    (commands, SHARDED, "mountPath: /state}", "mountPath: /state/meshctl}"),
    (commands, CRONJOB, "value: /state}", "value: /var/lib}"),
    (commands, CRONJOB, "trap 'kill -TERM $p' TERM INT", ":"),
    (commands, SHARDED, "while kill -0 $p 2>/dev/null; do wait $p; s=$?; done", ":"),
]


def self_test(meshctl):
    planted = PLANTED + (PLANTED_FOR_ROOT if IS_ROOT else [])
    for check, file, old, new in planted:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "examples"
            shutil.copytree(EXAMPLES, copy)
            text = (copy / file).read_text()
            require(f"the self-test still fits {file}", old in text, old)
            (copy / file).write_text(text.replace(old, new, 1))
            try:
                check(copy, meshctl)
            except Finding:
                continue
            except (KeyError, TypeError, ValueError):
                continue
            raise Finding(f"a planted fault was not found: {file}: {new.strip()}")
    print(f"schedules: all {len(planted)} planted faults were found")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    meshctl = str(Path(sys.argv[1]).resolve())
    if sys.platform != "linux":
        print("schedules: systemd-analyze and Debian's crontab are for Linux; skipped", file=sys.stderr)
        return
    try:
        for check in (systemd, cron, kubernetes, commands):
            check(EXAMPLES, meshctl)
            print(f"schedules: {check.__name__}: ok")
        self_test(meshctl)
    except Finding as finding:
        sys.exit(f"schedules: FAILED: {finding}")
    except FileNotFoundError as error:
        sys.exit(f"schedules: {error}; run: bash Tests/Scripts/deps.sh")


main()
