#!/usr/bin/env python3
"""Measures meshctl against its budgets (design §9) and fails over them.

usage: bench.py MESHCTL JSON-FLOOR YAML-FLOOR

environment: BENCH_RUNS (9), BENCH_LARGE=1 (also 100,000 hosts), BENCH_DIR (keeps the generated files there)

The floor is what nobody can avoid: libyaml's bare event loop over the inventory plus JSONDecoder over
the node list, both timed inside their process. `plan` is timed from outside, start-up included. All
three use one thread, so CPU time is judged: it is the wall clock of an idle machine, and holds on a busy
one. The three take turns; the median of each counts.
"""

import http.server
import os
import pathlib
import subprocess
import statistics
import sys
import tempfile
import threading
import time

RATIO_LIMIT = 3.0
LARGE_FACTOR_LIMIT = 11.0
MEMORY_LIMIT = 150  # MB, 10,000 hosts
START_LIMIT = 20.0  # ms
HERE = pathlib.Path(__file__).resolve().parent


class Run:
    """One finished child: wall clock and CPU seconds, peak memory in MB, its output."""

    def __init__(self, arguments, environment=None):
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            child = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
            _, status, usage = os.wait4(child.pid, 0)
            self.wall = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            self.output = output.read().decode()
        self.cpu = usage.ru_utime + usage.ru_stime
        per_megabyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
        self.memory = usage.ru_maxrss / per_megabyte
        if child.returncode != 0:
            sys.exit(f"bench: {' '.join(map(str, arguments))} exited {child.returncode}\n{self.output}")


def median(values):
    return statistics.median(list(values))


def floor(program, file):
    cpu, wall, _ = Run([program, file]).output.split()
    return float(cpu), float(wall)


def plan(meshctl, folder):
    run = Run([meshctl, "plan", folder / "inventory.yaml", "--nodes", folder / "nodes.json",
               "--detailed-exitcode"])  # fmt: skip
    if "No changes." not in run.output:
        sys.exit(f"bench: the generated inventory is not converged:\n{run.output[-2000:]}")
    return run


def serve(folder):
    """A Headscale that answers from the generated list, on loopback; returns its URL."""
    answers = {
        "/version": b'{"version":"v0.29.2"}',
        "/api/v1/user": b'{"users":[{"id":"1","name":"alice","createdAt":"2026-01-01T00:00:00Z"}]}',
        "/api/v1/policy": b'{"policy":"{\\"tagOwners\\":{}}","updatedAt":"2026-01-01T00:00:00Z"}',
        "/api/v1/node": (folder / "nodes.json").read_bytes(),
    }

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = answers.get(self.path.split("?")[0])
            self.send_response(200 if body else 404)
            body = body or b'{"code":5,"message":"Not Found","details":[]}'
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def unattended(meshctl, folder, runs):
    """`apply --auto-approve --quiet` on a mesh that matches: silent, and as cheap as a plan."""
    url = serve(folder)
    text = (folder / "inventory.yaml").read_text()
    live = folder / "live.yaml"
    live.write_text(text.replace("server:\n", f"server:\n  api: {{url: {url}}}\n", 1))
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"),
        "HEADSCALE_URL": url, "HEADSCALE_API_KEY": "hskey-api-0123456789ab-" + "s" * 64,
    }  # fmt: skip
    arguments = [meshctl, "apply", "--auto-approve", "--quiet", live]
    done = [Run(arguments, environment) for _ in range(runs)]
    said = next((run.output for run in done if run.output), "")
    if said:
        sys.exit(f"bench: apply --quiet on a mesh that matches is not silent:\n{said[-2000:]}")
    cpu, memory = median(run.cpu for run in done), max(run.memory for run in done)
    print(f"  apply --quiet, over HTTP {cpu * 1000:8.1f} ms of CPU ({median(run.wall for run in done) * 1000:.1f} ms wall),"
          f" peak memory {memory:.0f} MB, silent")  # fmt: skip
    return cpu, memory


def measure(programs, count, folder, runs):
    meshctl, json_floor, yaml_floor = programs
    subprocess.run([sys.executable, HERE / "generate.py", str(count), folder], check=True)
    plan(meshctl, folder)  # warms the page cache
    yaml, json, plans = [], [], []
    for _ in range(runs):
        yaml.append(floor(yaml_floor, folder / "inventory.yaml"))
        json.append(floor(json_floor, folder / "nodes.json"))
        plans.append(plan(meshctl, folder))
    cpu, wall = median(run.cpu for run in plans), median(run.wall for run in plans)
    yaml_cpu, json_cpu = median(run[0] for run in yaml), median(run[0] for run in json)
    least, least_wall = yaml_cpu + json_cpu, median(run[1] for run in yaml) + median(run[1] for run in json)
    memory = max(run.memory for run in plans)
    print(f"plan, {count:,} hosts and nodes, converged (median of {runs})")
    print(f"  floor {least * 1000:8.1f} ms of CPU ({least_wall * 1000:.1f} ms wall)"
          f" = libyaml {yaml_cpu * 1000:.1f} ms + JSONDecoder {json_cpu * 1000:.1f} ms")  # fmt: skip
    print(f"  plan  {cpu * 1000:8.1f} ms of CPU ({wall * 1000:.1f} ms wall), peak memory {memory:.0f} MB")
    return cpu, least, memory


def verdict(name, value, limit, unit=""):
    good = value <= limit
    print(f"  {name} {value:.2f}{unit}, limit {limit:g}{unit}: {'ok' if good else 'OVER THE LIMIT'}")
    return good


def startup(meshctl, runs):
    Run([meshctl, "--help"])
    return median(Run([meshctl, "--help"]).cpu for _ in range(runs)) * 1000


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    programs = [pathlib.Path(each).resolve() for each in sys.argv[1:]]
    runs = int(os.environ.get("BENCH_RUNS", "9"))
    with tempfile.TemporaryDirectory() as temporary:
        base = pathlib.Path(os.environ.get("BENCH_DIR", temporary))
        cost, least, memory = measure(programs, 10_000, base / "10000", runs)
        good = [
            verdict("ratio", cost / least, RATIO_LIMIT),
            verdict("memory", memory, MEMORY_LIMIT, " MB"),
        ]
        cpu, memory = unattended(programs[0], base / "10000", runs)
        good.append(verdict("ratio of apply", cpu / least, RATIO_LIMIT))
        good.append(verdict("memory of apply", memory, MEMORY_LIMIT, " MB"))
        if os.environ.get("BENCH_LARGE") == "1":
            large, _, _ = measure(programs, 100_000, base / "100000", min(runs, 5))
            good.append(verdict("time against 10,000 hosts", large / cost, LARGE_FACTOR_LIMIT, " x"))
        print(f"start-up of --help (median of {runs * 3})")
        good.append(verdict("CPU", startup(programs[0], runs * 3), START_LIMIT, " ms"))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
