"""Runs the conformance suite against a server or a client and checks the summaries of the suite."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "conformance"
NODE = FOLDER / "node_modules" / "node" / "bin" / "node"
SUITE = FOLDER / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
REVISIONS = ("2025-11-25", "2026-07-28")
# Scenarios of extensions that are not offered yet. No other may be expected to fail.
MAY_FAIL = {
    "server": re.compile(r"tasks-[\w-]+|sep-2640-skills-[\w-]+"),
    "client": re.compile(r"auth/(dpop|dpop-nonce|wif-jwt-bearer|enterprise-managed-authorization)"),
}
# Scenarios of clients for revisions that the suite has no frozen set for.
MORE = {"2025-03-26": ("auth/2025-03-26-oauth-metadata-backcompat",
                       "auth/2025-03-26-oauth-endpoint-fallback")}
SKIPPED = {"tasks-status-notifications"}  # the suite skips all its checks
SUMMARY = re.compile(r"^\s*([✓✗])\s+([\w/-]+):\s+(\d+) passed", re.M)


def expected_failures(side):
    text = (FOLDER / "expected_failures.yml").read_text()
    section = re.search(rf"^{side}:\n((?:[ ].*\n)*)", text, re.M)[1]
    names = set(re.findall(r"^\s*-\s*([\w/-]+)", section, re.M))
    for name in names:
        if not MAY_FAIL[side].fullmatch(name):
            sys.exit(f"expected_failures.yml: {name} may not be expected to fail")
    return names


@contextlib.contextmanager
def redis():
    """Starts a Redis on a free port of the loopback, and yields its URL."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
             "--dir", folder], stdout=subprocess.DEVNULL)
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                if process.poll() is not None:
                    sys.exit("redis-server does not start")
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def start(server, **environment):
    """Starts the server on a free port. Returns the process and the URL that the server prints."""
    process = subprocess.Popen([server, "--transport", "http", "--port", "0"],
                               stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **environment})
    for line in process.stderr:
        if match := re.search(r"http://\S+", line):
            return process, match.group(0)
    sys.exit(f"{server} ended before it listened")


def run(revision, *arguments):
    """Runs the suite. Returns which scenarios have passed, by their names."""
    process = subprocess.run([NODE, SUITE, *arguments], capture_output=True, text=True, check=False)
    _, found, summary = process.stdout.partition("SUMMARY ===")
    if not found:
        sys.exit(f"The suite gave no summary:\n{(process.stdout + process.stderr)[-4000:]}")
    print(f"\n{revision}{summary.rstrip()}")
    return {name: mark == "✓" and (passed != "0" or name in SKIPPED)
            for mark, name, passed in SUMMARY.findall(summary)}


def faults_of(side, results):
    """Returns what is not as expected in results of several revisions."""
    expected = expected_failures(side)
    faults = []
    passed = {}
    for revision, scenarios in results.items():
        if not scenarios:
            faults.append(f"{revision}: no scenario ran")
        for name, ok in scenarios.items():
            passed[name] = passed.get(name, True) and ok
            if not ok and name not in expected:
                faults.append(f"{revision}: {name} failed")
    faults += [f"{name} passes: take it out of expected_failures.yml"
               for name in sorted(expected) if passed.get(name)]
    return faults


def judge(server, revisions, **environment):
    """Returns the faults that the suite finds in a server."""
    process, url = start(server, **environment)
    try:
        faults = faults_of("server", {
            revision: run(revision, "server", "--url", url, "--requirements", revision,
                          "-o", FOLDER / "runs" / revision)
            for revision in revisions or REVISIONS})
    finally:
        process.terminate()
        status = process.wait(timeout=30)
    if status != 0:
        faults.append(f"the server ended with status {status}")
    return faults


def passes(client, scenario, revision):
    """Runs one scenario, which is in no frozen set."""
    process = subprocess.run(
        [NODE, SUITE, "client", "--command", client, "--scenario", scenario, "--spec-version",
         revision], capture_output=True, text=True, check=False)
    print(f"{'✓' if process.returncode == 0 else '✗'} {scenario}")
    return process.returncode == 0


def judge_client(client, revisions):
    """Returns the faults that the suite finds in a client."""
    results = {}
    for revision in revisions or (*REVISIONS, *MORE):
        if revision in MORE:
            print(f"\n{revision}")
            results[revision] = {name: passes(client, name, revision) for name in MORE[revision]}
        else:
            results[revision] = run(
                revision, "client", "--command", client, "--requirements", revision,
                "-o", FOLDER / "runs" / f"client-{revision}")
    return faults_of("client", results)


def main():
    side, program, *revisions = sys.argv[1:]
    if side == "client":
        faults = judge_client(program, revisions)
    elif "--redis" in revisions:
        revisions.remove("--redis")
        with redis() as url:
            faults = judge(program, revisions, REDIS_URL=url)
    else:
        faults = judge(program, revisions)
    print()
    for fault in faults:
        print(f"✗ {fault}")
    if not faults:
        print(f"Conformance of the {side}: as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
