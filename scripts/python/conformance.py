"""Runs the conformance suite against a server and checks the summaries of the suite."""

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
# Scenarios of extensions that the server does not offer yet. No other may be expected to fail.
MAY_FAIL = re.compile(r"tasks-[\w-]+|sep-2640-skills-[\w-]+")
SUMMARY = re.compile(r"^\s*([✓✗])\s+([\w-]+):?(.*)$", re.M)


def expected_failures():
    text = (FOLDER / "expected_failures.yml").read_text()
    names = set(re.findall(r"^\s*-\s*([\w-]+)", text, re.M))
    for name in names:
        if not MAY_FAIL.fullmatch(name):
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


def run(url, revision):
    process = subprocess.run(
        [NODE, SUITE, "server", "--url", url, "--requirements", revision,
         "-o", FOLDER / "runs" / revision],
        capture_output=True, text=True, check=False)
    output = process.stdout + process.stderr
    begin = output.find("=== SUMMARY ===")
    if begin < 0:
        sys.exit(f"The suite gave no summary:\n{output[-4000:]}")
    print(f"\n{revision}\n{output[begin:].rstrip()}")
    return {name: mark == "✓" for mark, name, _ in SUMMARY.findall(output[begin:])}


def judge(server, revisions, **environment):
    """Returns the faults that the suite finds in a server."""
    expected = expected_failures()
    process, url = start(server, **environment)
    try:
        passed = {}
        faults = []
        for revision in revisions or REVISIONS:
            results = run(url, revision)
            if not results:
                faults.append(f"{revision}: no scenario ran")
            for name, ok in results.items():
                passed[name] = passed.get(name, True) and ok
                if not ok and name not in expected:
                    faults.append(f"{revision}: {name} failed")
        faults += [f"{name} passes: take it out of expected_failures.yml"
                   for name in sorted(expected) if passed.get(name)]
    finally:
        process.terminate()
        status = process.wait(timeout=30)
    if status != 0:
        faults.append(f"the server ended with status {status}")
    return faults


def main():
    server, *revisions = sys.argv[1:]
    if "--redis" in revisions:
        revisions.remove("--redis")
        with redis() as url:
            faults = judge(server, revisions, REDIS_URL=url)
    else:
        faults = judge(server, revisions)
    print()
    for fault in faults:
        print(f"✗ {fault}")
    if not faults:
        print("Conformance: both summaries are as expected" if not revisions else "As expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
