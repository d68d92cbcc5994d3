#!/usr/bin/env python3
"""Checks the CI examples: their files against the schemas of those who read them, and their shell steps by
running them with the built meshctl on a simulated mesh.

usage: ci-examples.py MESHCTL      (what it needs is installed by deps.sh into .build/python-tools)
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build" / "python-tools"
sys.path.insert(0, str(TOOLS))

try:
    from ruamel.yaml import YAML
except ImportError as error:
    sys.exit(f"ci-examples: {error}; run: bash Tests/Scripts/deps.sh")

GITHUB = ROOT / "examples/ci/github/meshctl.yml"
GITLAB = ROOT / "examples/ci/gitlab/.gitlab-ci.yml"
PRE_COMMIT = ROOT / "examples/ci/pre-commit/.pre-commit-config.yaml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
SERVER = "https://mesh.example.com"
SECRET = "hskey-api-abcdef-0123456789"
TOKEN = "glpat-0123456789"
COMMIT = "0123456789abcdef0123456789abcdef01234567"

INVENTORY = f"""\
version: 1
server: {{url: "{SERVER}"}}
hosts:
  web-1: {{address: 192.0.2.10, tags: [tag:web]}}
  desk: {{address: 192.0.2.11, owner: alice}}
"""
BLOCKED = INVENTORY + "  guest: {address: 192.0.2.12, owner: nobody@example.com}\n"
ELSEWHERE = INVENTORY.replace(SERVER, "https://evil.example")

# A real meshctl, on a simulated mesh unless it works on a list or shall be stopped before it connects.
MESHCTL = """\
#!/bin/bash
echo "$*" >> "$CALLS"
[[ $HEADSCALE_URL == {server} ]] || {{ echo "HEADSCALE_URL is not set" >&2; exit 99; }}
[[ -z ${{MESHCTL_EXIT:-}} || $1 != apply ]] || exit "$MESHCTL_EXIT"
case " $* " in *" validate "* | *" --nodes "*) exec {meshctl} "$@" ;; esac
[[ -n ${{LIVE:-}} ]] || set -- "$@" --simulate --world "$WORLD"
exec {meshctl} "$@"
"""
PACKAGE = "a-package"
# Tells how it was called, and what it was given.
RECORDER = """\
#!/bin/bash
printf '%s\\n' "$@" >> "$CALLS.{name}"
[[ {stdin} == no ]] || cat >> "$CALLS.{name}.stdin"
"""

failures = 0


def check(what, holds, evidence=""):
    global failures
    if holds:
        print(f"ci-examples: {what}: ok")
    else:
        failures += 1
        print(f"ci-examples: {what}: FAILED {evidence}", file=sys.stderr)


def load(path):
    return YAML(typ="safe", pure=True).load(path.read_text())


class Job:
    """One folder with an inventory, a world and a PATH of stand-ins."""

    def __init__(self, folder, meshctl, inventory=INVENTORY):
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.work = self.folder / "work"
        self.work.mkdir()
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        self.inventory(inventory)
        (self.work / "nodes.json").write_text("[]\n")
        (self.folder / "temp").mkdir()
        scripts = {"meshctl": MESHCTL.format(server=SERVER, meshctl=shlex.quote(meshctl))}
        for name, stdin in (("gh", "no"), ("curl", "yes"), ("sudo", "no")):
            scripts[name] = RECORDER.format(name=name, stdin=stdin)
        scripts["curl"] += f'[[ " $* " != *" --location "* ]] || printf %s {PACKAGE} > "$RUNNER_TEMP/meshctl.deb"\n'
        for name, text in scripts.items():
            (bin_folder / name).write_text(text)
            (bin_folder / name).chmod(0o755)
        self.calls = self.folder / "calls"
        self.environment = {
            "PATH": f"{bin_folder}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "CALLS": str(self.calls),
            "WORLD": str(self.folder / "world.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/mesh",
            "GITHUB_RUN_ID": "12",
            "RUNNER_TEMP": str(self.folder / "temp"),
        }

    def inventory(self, text):
        (self.work / "inventory.yaml").write_text(text)

    def run(self, script, environment, shell=("bash", "-e")):
        file = self.folder / "step.sh"
        file.write_text(script)
        ending = subprocess.run(
            [*shell, str(file)],
            cwd=self.work,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.output = ending.stdout + ending.stderr
        return ending.returncode

    def called(self, name=None):
        file = Path(f"{self.calls}.{name}") if name else self.calls
        return file.read_text() if file.exists() else ""

    @property
    def file(self):
        """Where GitHub's job keeps the plan; GitLab's keeps it in the work tree, as an artifact."""
        kept = self.folder / "temp/plan.md"
        return kept if kept.exists() else self.work / "plan.md"

    def plan(self):
        return self.file.read_text() if self.file.exists() else ""


def schemas():
    def passes(name, *command):
        ending = subprocess.run(
            [sys.executable, "-m", *command],
            env=os.environ | {"PYTHONPATH": str(TOOLS)},
            capture_output=True,
            text=True,
        )
        check(name, ending.returncode == 0, ending.stdout + ending.stderr)

    builtin = ("check_jsonschema", "--builtin-schema")
    passes("schema of the GitHub workflow", *builtin, "vendor.github-workflows", str(GITHUB))
    passes("every GitHub job has a time limit", *builtin, "custom.github-workflows-require-timeout", str(GITHUB))
    passes("schema of the GitLab pipeline", *builtin, "vendor.gitlab-ci", str(GITLAB))
    passes("schema of the pre-commit configuration", "pre_commit", "validate-config", str(PRE_COMMIT))
    passes("schema of the pre-commit hooks", "pre_commit", "validate-manifest", str(HOOKS))


# --- GitHub -------------------------------------------------------------------------------------------------


def github_environment(workflow, step, values):
    """The variables of a step, with every expression replaced by the value that the test gives it."""

    def evaluated(text):
        return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: values[match.group(1)], str(text))

    both = {**workflow.get("env", {}), **step.get("env", {})}
    return {name: evaluated(text) for name, text in both.items()}


def github(folder, meshctl):
    workflow = load(GITHUB)
    check("GitHub: no permission for all jobs", workflow["permissions"] == {})
    allowed = {"plan": {"contents": "read", "pull-requests": "write"}, "apply": {"contents": "read"}}
    check("GitHub: least permissions", {name: job["permissions"] for name, job in workflow["jobs"].items()} == allowed)
    steps = {step.get("name"): step for job in workflow["jobs"].values() for step in job["steps"]}
    for name, step in steps.items():
        check(f"GitHub: nothing is pasted into the script of {name}", "${{" not in step.get("run", ""))
    for job in workflow["jobs"].values():
        checkout = job["steps"][0]
        check("GitHub: checkout leaves no token behind", checkout["with"] == {"persist-credentials": False})

    def run(job, name, key=SECRET, **extra):
        values = {
            "github.event.pull_request.head.sha": COMMIT,
            "secrets.HEADSCALE_API_KEY": key,
            "github.token": "ghs_0123456789",
            "github.repository": "acme/mesh",
            "github.event.pull_request.number": "7",
        }
        return job.run(steps[name]["run"], github_environment(workflow, steps[name], values) | extra)

    job = Job(folder, meshctl)
    package = job.folder / "temp/meshctl.deb"
    digest = hashlib.sha256(PACKAGE.encode()).hexdigest()
    ending = run(job, "Install meshctl", MESHCTL_SHA256=digest)
    check("GitHub: meshctl is installed", ending == 0, job.output)
    check("GitHub: from that package", job.called("sudo").split() == ["apt-get", "install", "--yes", str(package)])
    job = Job(folder, meshctl)
    ending = run(job, "Install meshctl")
    check("GitHub: another package is not", ending != 0 and not job.called("sudo"), job.output)

    job = Job(folder, meshctl)
    check("GitHub: plan", run(job, "Plan") == 0, job.output)
    check("GitHub: the plan is markdown", job.plan().startswith("### meshctl plan\n"), job.plan())
    check("GitHub: the plan says what it would do", "2 to join" in job.plan(), job.plan())
    check("GitHub: the summary shows it too", (job.folder / "summary.md").read_text() == job.plan())
    check("GitHub: comment", run(job, "Comment") == 0, job.output)
    words = ["pr", "comment", "7", "--body-file", str(job.file), "--edit-last", "--create-if-none"]
    check("GitHub: the comment is made of the plan", job.called("gh").split() == words, job.called("gh"))
    check("GitHub: apply", run(job, "Apply") == 0, job.output)
    check("GitHub: the mesh matches then", run(job, "Plan") == 0 and "No changes." in job.plan(), job.plan())
    check("GitHub: the key is no argument", SECRET not in job.called())

    job = Job(folder, meshctl)
    check("GitHub: a fork plans without the key", run(job, "Plan", key="") == 0, job.output)
    check("GitHub: from the saved list", "--nodes nodes.json" in job.called() and "2 to join" in job.plan())

    job = Job(folder, meshctl, BLOCKED)
    check("GitHub: a blocked host fails the plan", run(job, "Plan") == 1 and "1 blocked" in job.plan(), job.output)
    job = Job(folder, meshctl, "version: 1\nhosts: {}\n")
    (job.work / "plan.md").write_text("### meshctl plan\n\nof whoever wrote the pull request\n")
    check("GitHub: an invalid inventory fails", run(job, "Plan") == 1, job.output)
    check("GitHub: and leaves no plan", not (job.folder / "temp/plan.md").exists())
    check("GitHub: a comment is made then too", run(job, "Comment") == 0 and job.called("gh"), job.output)
    log = f"There is no plan of {COMMIT}: [the log](https://github.com/acme/mesh/actions/runs/12) says why."
    check("GitHub: the comment says that there is no plan", log in job.plan(), job.plan())
    check("GitHub: it takes the place of an older one", "--edit-last" in job.called("gh"), job.called("gh"))

    job = Job(folder, meshctl, ELSEWHERE)
    ending = run(job, "Plan", LIVE="1")
    check("GitHub: the key goes nowhere else", ending == 1 and "MESH-API-URL-PINNED" in job.output, job.output)

    job = Job(folder, meshctl)
    check("GitHub: waiting for a person is a warning", run(job, "Apply", MESHCTL_EXIT="4") == 0, job.output)
    check("GitHub: which is said", "::warning::" in job.output, job.output)
    for status in (1, 3, 5, 6):
        check(f"GitHub: exit {status} fails", run(job, "Apply", MESHCTL_EXIT=str(status)) == status, job.output)


# --- GitLab -------------------------------------------------------------------------------------------------


def gitlab(folder, meshctl):
    pipeline = load(GITLAB)
    variables = {name: str(value) for name, value in pipeline["variables"].items()}
    merge_request = {
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
    }
    check("GitLab: one apply at a time", pipeline["apply"]["resource_group"] == "mesh")
    check("GitLab: waiting is a warning", pipeline["apply"]["allow_failure"] == {"exit_codes": [4]})

    # The runner takes bash where it finds it, else sh.
    for shell in (("bash", "-eo", "pipefail"), ("sh", "-e")):
        name = f"GitLab with {shell[0]}"

        def run(job, stage, **extra):
            script = "\n".join(pipeline[stage]["script"]) + "\n"
            return job.run(script, variables | merge_request | extra, shell)

        job = Job(folder, meshctl)
        check(f"{name}: plan", run(job, "plan", HEADSCALE_API_KEY=SECRET) == 0, job.output)
        check(f"{name}: the plan says what it would do", "2 to join" in job.plan(), job.output)
        check(f"{name}: no comment without a token", not job.called("curl"), job.called("curl"))
        check(f"{name}: apply", run(job, "apply", HEADSCALE_API_KEY=SECRET) == 0, job.output)
        ending = run(job, "plan", HEADSCALE_API_KEY=SECRET, GITLAB_TOKEN=TOKEN)
        check(f"{name}: the mesh matches then", ending == 0 and "No changes." in job.plan(), job.output)
        arguments = job.called("curl").split("\n")
        url = "https://gitlab.example/api/v4/projects/42/merge_requests/7/notes"
        check(f"{name}: the comment", "body@plan.md" in arguments and url in arguments, job.called("curl"))
        check(f"{name}: the token is no argument", TOKEN not in job.called("curl"))
        check(f"{name}: the token comes by stdin", TOKEN in job.called("curl.stdin"))

        job = Job(folder, meshctl)
        check(f"{name}: a plan without the key", run(job, "plan") == 0 and "2 to join" in job.plan(), job.output)
        check(f"{name}: from the saved list", "--nodes nodes.json" in job.called(), job.called())
        job = Job(folder, meshctl, BLOCKED)
        ending = run(job, "plan", HEADSCALE_API_KEY=SECRET)
        check(f"{name}: a blocked host fails the plan", ending == 1 and "1 blocked" in job.output, job.output)
        check(f"{name}: exit 3 fails", run(job, "apply", MESHCTL_EXIT="3") == 3, job.output)


# --- pre-commit ---------------------------------------------------------------------------------------------


def pre_commit(folder, meshctl):
    hooks = {hook["id"]: hook for hook in load(HOOKS)}
    for repository in load(PRE_COMMIT)["repos"]:
        for used in repository["hooks"]:
            check(f"pre-commit: {used['id']} exists", used["id"] in hooks)
    hook = hooks["meshctl-validate"]
    check("pre-commit: inventories are found", bool(re.search(hook["files"], "mesh/inventory.yml")))
    job = Job(folder, meshctl)
    (job.work / "a b.yaml").write_text(INVENTORY)
    (job.work / "bad.yaml").write_text("version: 1\n")
    (job.work / "worse.yaml").write_text("version: 9\n")

    def run(*files):
        # As pre-commit does it: the entry is split into words, the files are appended.
        words = shlex.split(hook["entry"]) + list(files)
        return job.run(f"exec {shlex.join(words)}\n", {"HEADSCALE_URL": SERVER})

    check("pre-commit: valid files pass", run("inventory.yaml", "a b.yaml") == 0, job.output)
    check("pre-commit: both were checked", job.output.count(": valid, ") == 2, job.output)
    check("pre-commit: an invalid one fails", run("bad.yaml", "inventory.yaml", "worse.yaml") == 1, job.output)
    check("pre-commit: all bad ones are said", "bad.yaml:" in job.output and "worse.yaml:" in job.output, job.output)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    meshctl = str(Path(sys.argv[1]).resolve())
    schemas()
    with tempfile.TemporaryDirectory() as folder:
        for part in (github, gitlab, pre_commit):
            part(folder, meshctl)
    if failures:
        sys.exit(f"ci-examples: {failures} checks failed")


main()
