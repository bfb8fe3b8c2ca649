"""Runs the benchmark: server on one core, wrk on another, reference and server in turns.

Compare the CPU time per request: unlike requests per second, it hardly changes on a busy machine.
Each case runs several times; the table has medians.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
META = "io.modelcontextprotocol/"
TICKS = os.sysconf("SC_CLK_TCK")
STREAMS = 1000


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def request_body(method, params, modern):
    if modern:
        params = params | {"_meta": {
            META + "protocolVersion": MODERN,
            META + "clientInfo": {"name": "bench", "version": "1"},
            META + "clientCapabilities": {},
        }}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


def headers(method, name, modern, session=None, token=None):
    out = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": MODERN if modern else LEGACY,
    }
    if modern:
        out["Mcp-Method"] = method
        if name:
            out["Mcp-Name"] = name
    if session:
        out["Mcp-Session-Id"] = session
    if token:
        out["Authorization"] = "Bearer " + token
    return out


def raw_request(verb, fields, body=""):
    lines = [f"{verb} /mcp HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + "\r\n\r\n" + body


def exchange(port, request):
    """Sends one request and returns the whole response: head, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(request.replace("\r\n", "\r\nConnection: close\r\n", 1).encode())
        answer = b""
        while part := s.recv(65536):
            answer += part
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, body


def open_session(port, token=None):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": LEGACY, "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"}}})
    fields = headers("", None, False, None, token)
    head, _ = exchange(port, raw_request("POST", fields, body))
    session = re.search(r"(?im)^mcp-session-id: *(\S+)", head)[1]
    note = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
    exchange(port, raw_request("POST", headers("", None, False, session, token), note))
    return session


class Process:
    """A server on core 0."""

    def __init__(self, command, port):
        self.port = port
        self.child = subprocess.Popen(["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
        for _ in range(2000):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.005)
        raise SystemExit(f"{command[0]} does not accept connections")

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_kib(self, what):
        text = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", text)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()


def milliseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def load(process, folder, fields, body, seconds):
    """Runs wrk once and returns requests/s, CPU µs per request, p50 and p99 in ms."""
    script = folder / "request.lua"
    lines = ["wrk.method = 'POST'", f"wrk.body = {json.dumps(body)}"]
    lines += [f"wrk.headers[{json.dumps(n)}] = {json.dumps(v)}" for n, v in fields.items()]
    script.write_text("\n".join(lines) + "\n")
    before = process.cpu_seconds()
    out = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-s",
         str(script), f"http://127.0.0.1:{process.port}/mcp"],
        check=True, capture_output=True, text=True).stdout
    spent = process.cpu_seconds() - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(out)
    count = int(re.search(r"(\d+) requests in", out)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    p50, p99 = (milliseconds(re.search(rf"\s{p}%\s+(\S+)", out)[1]) for p in (50, 99))
    return rate, spent / count * 1e6, p50, p99


def measure_load(bench, folder, seconds, rounds):
    weather = [f"{bench}/examples/example_weather", "--transport", "http", "--threads", "1",
               "--port"]
    hundred = [f"{bench}/bench/bench_hundred_tools"]
    add = {"name": "add", "arguments": {"a": 1, "b": 2}}
    call = "tools/call"
    cases = [  # name, command, arguments after the port, method, params, modern
        ("tools/call, modern", weather, [], call, add, True),
        ("tools/call, legacy JSON, session", weather, [], call, add, False),
        ("tools/call, legacy SSE, session", hundred, ["stream"], call, add, False),
        ("tools/list of 100, modern", hundred, [], "tools/list", {}, True),
        ("tools/list of 100, legacy", hundred, [], "tools/list", {}, False),
    ]
    rows = []
    peak = {}
    for name, command, more, method, params, modern in cases:
        runs = {"reference": [], "server": []}
        body = request_body(method, params, modern)
        port, bare_port = free_port(), free_port()
        with Process([*command, str(port), *more], port) as server, \
                Process([f"{bench}/bench/bench_bare_asio", str(bare_port)], bare_port) as bare:
            session = None if modern else open_session(port)
            fields = headers(method, params.get("name"), modern, session)
            size = len(exchange(port, raw_request("POST", fields, body))[1])
            load(server, folder, fields, body, 1)
            for _ in range(rounds):
                runs["reference"].append(load(bare, folder, fields, body, seconds))
                runs["server"].append(load(server, folder, fields, body, seconds))
            program = pathlib.Path(command[0]).name
            peak[program] = max(peak.get(program, 0), server.memory_kib("VmHWM"))
        rows.append((name, size, runs))
    print(f"\n{'':34}{'answer':>8}{'requests/s':>12}{'CPU µs':>8}{'p50 ms':>8}{'p99 ms':>8}"
          f"{'CPU : reference':>17}")
    for name, size, runs in rows:
        median = {who: [statistics.median(run[i] for run in each) for i in range(4)]
                  for who, each in runs.items()}
        rate, cpu, p50, p99 = median["server"]
        bare = median["reference"][1]
        print(f"{name:34}{size:>7}B{rate:>12.0f}{cpu:>8.1f}{p50:>8.2f}{p99:>8.2f}"
              f"{cpu / bare:>8.2f} ({bare:.1f} µs)")
    print()
    for program, kib in peak.items():
        print(f"peak RSS of {program}: {kib} KiB")


class Redis:
    """A Redis server without persistence, on a free port, not pinned to a core."""

    def __enter__(self):
        self.port = free_port()
        self.child = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no"], stdout=subprocess.DEVNULL)
        for _ in range(400):
            try:
                self.commands()
                return self
            except OSError:
                time.sleep(0.01)
        raise SystemExit("redis-server does not answer")

    def commands(self):
        """Returns the number of commands that clients have sent so far."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as s:
            s.sendall(b"INFO stats\r\nQUIT\r\n")
            answer = b""
            while part := s.recv(65536):
                answer += part
        return int(re.search(rb"total_commands_processed:(\d+)", answer)[1])

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()


def measure_collaborators(bench, folder, seconds, rounds):
    """Measures a call of a session without collaborators, with a token, with Redis."""
    program = f"{bench}/bench/bench_collaborators"
    body = request_body("tools/call", {"name": "add", "arguments": {"a": 1, "b": 2}}, False)
    with Redis() as redis:
        cases = [("memory sessions, nobody asked", [], None),
                 ("memory sessions, static token", ["token"], "bench"),
                 ("redis_sessions", ["redis", f"redis://127.0.0.1:{redis.port}"], None)]
        servers = []
        for name, more, token in cases:
            port = free_port()
            server = Process([program, str(port), *more], port)
            fields = headers("tools/call", "add", False, open_session(port, token), token)
            load(server, folder, fields, body, 1)
            servers.append((name, server, fields, []))
        before = redis.commands()
        for _ in range(rounds):
            for _, server, fields, runs in servers:
                runs.append(load(server, folder, fields, body, seconds))
        asked = redis.commands() - before
        count = sum(run[0] for run in servers[-1][3]) * seconds
        for _, server, _, _ in servers:
            server.__exit__()
    plain = statistics.median(run[1] for run in servers[0][3])
    print(f"\n{'legacy tools/call with':34}{'requests/s':>12}{'CPU µs':>8}{'p50 ms':>8}"
          f"{'p99 ms':>8}{'CPU : plain':>13}")
    for name, _, _, runs in servers:
        rate, cpu, p50, p99 = (statistics.median(run[i] for run in runs) for i in range(4))
        print(f"{name:34}{rate:>12.0f}{cpu:>8.1f}{p50:>8.2f}{p99:>8.2f}{cpu / plain:>13.2f}")
    print(f"Redis commands per request: {asked / count:.2f}")


def measure_streams(bench, folder):
    """Measures the memory of the server for each of a thousand idle open streams."""
    weather = f"{bench}/examples/example_weather"
    listen = request_body("subscriptions/listen", {"notifications": {"toolsListChanged": True}},
                          True)
    kinds = [
        ("GET stream (legacy)", False, None),
        ("subscriptions/listen (modern)", True,
         raw_request("POST", headers("subscriptions/listen", None, True), listen)),
    ]
    for name, modern, request in kinds:
        port = free_port()
        command = [weather, "--transport", "http", "--threads", "1", "--port", str(port)]
        with Process(command, port) as server:
            template = folder / "stream.http"
            # A session has one GET stream, so each stream needs a session of its own.
            sessions = [] if modern else [open_session(port) for _ in range(STREAMS)]
            before = server.memory_kib("VmRSS")
            if modern:
                template.write_bytes(request.encode())
            else:
                fields = {"Accept": "text/event-stream", "MCP-Protocol-Version": LEGACY,
                          "Mcp-Session-Id": "{line}"}
                template.write_bytes(raw_request("GET", fields).encode())
            lines = folder / "sessions"
            lines.write_text("".join(s + "\n" for s in sessions))
            holder = subprocess.Popen(
                [f"{bench}/bench/bench_idle_streams", str(port), str(STREAMS), str(template),
                 *([] if modern else [str(lines)])],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if "open" not in holder.stdout.readline():
                raise SystemExit(f"{name}: the streams did not open")
            after = server.memory_kib("VmRSS")
            holder.communicate()
        print(f"RSS per idle {name}: {(after - before) / STREAMS:.1f} KiB")


def measure_first_answer(bench, folder):
    body = request_body("tools/call", {"name": "add", "arguments": {"a": 1, "b": 2}}, True)
    request = folder / "first.http"
    request.write_bytes(raw_request("POST", headers("tools/call", "add", True), body).encode())
    times = []
    for _ in range(21):
        port = free_port()
        out = subprocess.run(
            [f"{bench}/bench/bench_first_answer", str(port), str(request),
             f"{bench}/examples/example_weather", "--transport", "http", "--port", str(port)],
            check=True, capture_output=True, text=True).stdout
        times.append(float(out))
    print(f"first answer after exec: median {statistics.median(times):.1f} ms, "
          f"best {min(times):.1f} ms")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2 or not shutil.which("taskset"):
        raise SystemExit("scripts/bench: needs two cores and taskset")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        measure_load(options.build, folder, options.seconds, options.rounds)
        measure_collaborators(options.build, folder, options.seconds, options.rounds)
        measure_streams(options.build, folder)
        measure_first_answer(options.build, folder)


if __name__ == "__main__":
    main()
