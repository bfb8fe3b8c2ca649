"""Runs the benchmark: server on one core, wrk on another, reference and server in turns.

Compare the ratios, which are medians of the ratios of a turn. All figures depend on what else runs.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import typing

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
    return compact({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


def compact(message):
    """Returns JSON text without spaces, as clients write it."""
    return json.dumps(message, separators=(",", ":"))


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
    length = {"Content-Length": len(body)} if body else {}
    return head(verb, fields | length) + "\r\n" + body


def head(verb, fields):
    lines = [f"{verb} /mcp HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "".join(line + "\r\n" for line in lines)


def exchange(port, request):
    """Sends one request and returns the whole response: head, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(request.replace("\r\n", "\r\nConnection: close\r\n", 1).encode())
        answer = b""
        while part := s.recv(65536):
            answer += part
    lines, _, body = answer.decode().partition("\r\n\r\n")
    return lines, body


def open_session(port, token=None):
    body = compact({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": LEGACY, "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"}}})
    fields = headers("", None, False, None, token)
    lines, _ = exchange(port, raw_request("POST", fields, body))
    session = re.search(r"(?im)^mcp-session-id: *(\S+)", lines)[1]
    note = compact({"jsonrpc": "2.0", "method": "notifications/initialized"})
    exchange(port, raw_request("POST", headers("", None, False, session, token), note))
    return session


class Process:
    """A server on some cores."""

    def __init__(self, command, port, cores="0"):
        self.port = port
        self.child = subprocess.Popen(["taskset", "-c", cores, *command],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2000):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.005)
        raise SystemExit(f"{command[0]} does not accept connections")

    def cpu_seconds(self):
        """Returns the user time and the system time."""
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

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


class Load(typing.NamedTuple):
    """What one run of wrk has measured; or the medians of several."""

    rate: float  # requests per second
    p50: float  # ms
    p99: float  # ms
    user: float  # CPU µs per request
    system: float
    cpu: float

    @staticmethod
    def median(runs):
        return Load(*map(statistics.median, zip(*runs)))

    def columns(self):
        return [f"{self.rate:.0f}", f"{self.p50:.2f}", f"{self.p99:.2f}", *self.cpu_columns()]

    def cpu_columns(self):
        return [f"{self.cpu:.1f}", f"{self.user:.1f}", f"{self.system:.1f}"]


LOAD_COLUMNS = ["requests/s", "p50 ms", "p99 ms", "CPU µs", "user", "system"]


def ratio(runs, base):
    """Returns the median of the ratios of CPU time, each of two runs of one turn."""
    return f"{statistics.median(a.cpu / b.cpu for a, b in zip(runs, base)):.2f}"


def load(process, folder, fields, body, seconds, threads=1, scheme="http"):
    """Runs wrk once. The ids of the requests count up, as those of a client do."""
    before, after = body.split('"id":1', 1)
    script = folder / "request.lua"
    script.write_text(f"""
local head = {json.dumps(head("POST", fields) + "Content-Length: ")}
local before, after = {json.dumps(before + '"id":')}, {json.dumps(after)}
local id = 0
function request()
    id = id + 1
    local body = before .. id .. after
    return head .. #body .. "\\r\\n\\r\\n" .. body
end
""")
    spent = process.cpu_seconds()
    out = subprocess.run(
        ["taskset", "-c", "1" if threads == 1 else "0,1", "wrk", f"-t{threads}", "-c32",
         f"-d{seconds}s", "--latency", "-s", str(script), f"{scheme}://127.0.0.1:{process.port}/mcp"],
        check=True, capture_output=True, text=True).stdout
    user, system = (now - then for now, then in zip(process.cpu_seconds(), spent))
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(out)
    count = int(re.search(r"(\d+) requests in", out)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    p50, p99 = (milliseconds(re.search(rf"\s{p}%\s+(\S+)", out)[1]) for p in (50, 99))
    user, system = user / count * 1e6, system / count * 1e6
    return Load(rate, p50, p99, user, system, user + system)


def print_table(markdown, rows):
    """Prints rows of cells; the first row is the head. The first column is text."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    if markdown:
        rows = [rows[0], ["---", *["--:"] * (len(widths) - 1)], *rows[1:]]
    print()
    for first, *rest in rows:
        if markdown:
            print("| " + " | ".join([first, *rest]) + " |")
        else:
            print(first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:])), sep="  ")


class Case(typing.NamedTuple):
    name: str
    program: str
    more: list  # arguments after the port
    method: str
    params: dict
    modern: bool
    threads: int = 1  # of the server, and of the reference


def measure_load(bench, folder, options):
    programs = {
        "weather": [f"{bench}/examples/example_weather", "--transport", "http", "--port"],
        "hundred_tools": [f"{bench}/bench/bench_hundred_tools"],
    }
    add = {"name": "add", "arguments": {"a": 1, "b": 2}}
    one = ["--threads", "1"]
    call, tools = "tools/call", "tools/list"
    cases = [
        Case("`tools/call`, modern", "weather", one, call, add, True),
        Case("`tools/call`, modern, metrics", "weather", [*one, "--metrics", "--operations"], call,
             add, True),
        Case("`tools/call`, legacy JSON, session", "weather", one, call, add, False),
        Case("`tools/call`, legacy SSE, session", "hundred_tools", ["stream"], call, add, False),
        Case("`tools/call`, modern, two event loops", "weather", ["--threads", "2"], call, add,
             True, 2),
        Case("`tools/list` of 100 tools, modern", "hundred_tools", [], tools, {}, True),
        Case("`tools/list` of 100 tools, legacy", "hundred_tools", [], tools, {}, False),
    ]
    rows = [["", "response", *LOAD_COLUMNS, "reference", "user", "system", "ratio"]]
    peak = {}
    for case in cases:
        body = request_body(case.method, case.params, case.modern)
        cores = "0" if case.threads == 1 else "0,1"
        port, bare_port = free_port(), free_port()
        with Process([*programs[case.program], str(port), *case.more], port, cores) as server:
            session = None if case.modern else open_session(port)
            fields = headers(case.method, case.params.get("name"), case.modern, session)
            size = len(exchange(port, raw_request("POST", fields, body))[1])
            bytes_sent = size if case.method == tools else 150
            command = [f"{bench}/bench/bench_bare_asio", str(bare_port), str(bytes_sent),
                       str(case.threads)]
            with Process(command, bare_port, cores) as bare:
                load(server, folder, fields, body, 1, case.threads)
                runs, base = [], []
                for _ in range(options.rounds):
                    base.append(load(bare, folder, fields, body, options.seconds, case.threads))
                    runs.append(load(server, folder, fields, body, options.seconds, case.threads))
            if case.threads == 1:
                peak[case.program] = max(peak.get(case.program, 0), server.memory_kib("VmHWM"))
        rows.append([case.name, f"{size} B", *Load.median(runs).columns(),
                     *Load.median(base).cpu_columns(), ratio(runs, base)])
    print_table(options.markdown, rows)
    return [[f"peak RSS of `{program}` under load", f"{kib / 1024:.1f} MiB"]
            for program, kib in peak.items()]


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


def measure_collaborators(bench, folder, options):
    """Measures a call of a session without collaborators, with a token, with Redis."""
    program = f"{bench}/bench/bench_collaborators"
    body = request_body("tools/call", {"name": "add", "arguments": {"a": 1, "b": 2}}, False)
    with Redis() as redis:
        cases = [("none", [], None),
                 ("static token", ["token"], "bench"),
                 ("`redis_sessions`", ["redis", f"redis://127.0.0.1:{redis.port}"], None)]
        servers = []
        for name, more, token in cases:
            port = free_port()
            server = Process([program, str(port), *more], port)
            fields = headers("tools/call", "add", False, open_session(port, token), token)
            load(server, folder, fields, body, 1)
            servers.append((name, server, fields, []))
        before = redis.commands()
        for _ in range(options.rounds):
            for _, server, fields, runs in servers:
                runs.append(load(server, folder, fields, body, options.seconds))
        asked = redis.commands() - before
        count = sum(run.rate for run in servers[-1][3]) * options.seconds
        for _, server, _, _ in servers:
            server.__exit__()
    plain = servers[0][3]
    print_table(options.markdown, [
        ["collaborators of a legacy `tools/call`", *LOAD_COLUMNS, "ratio"],
        *([name, *Load.median(runs).columns(), ratio(runs, plain)]
          for name, _, _, runs in servers)])
    return [["Redis commands for each request", f"{asked / count:.2f}"]]


def measure_tls(bench, folder, options):
    """Measures a call over TLS, on kept connections and with a connection for each request."""
    pem = folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout", pem,
                    "-out", folder / "certificate.pem"], check=True, capture_output=True)
    pem.write_text(pem.read_text() + (folder / "certificate.pem").read_text())
    program = f"{bench}/bench/bench_collaborators"
    body = request_body("tools/call", {"name": "add", "arguments": {"a": 1, "b": 2}}, True)
    fields = headers("tools/call", "add", True)
    once = fields | {"Connection": "close"}
    plain_port, tls_port = free_port(), free_port()
    with (Process([program, str(plain_port)], plain_port) as plain,
          Process([program, str(tls_port), "tls", str(pem)], tls_port) as tls):
        cases = [("plain, kept", plain, fields, "http", []),
                 ("TLS 1.3, kept", tls, fields, "https", []),
                 ("plain, a connection each", plain, once, "http", []),
                 ("TLS 1.3, a handshake each", tls, once, "https", [])]
        for _ in range(options.rounds):
            for _, server, sent, scheme, runs in cases:
                runs.append(load(server, folder, sent, body, options.seconds, 1, scheme))
    print_table(options.markdown, [
        ["modern `tools/call`", *LOAD_COLUMNS, "ratio"],
        *([name, *Load.median(runs).columns(), ratio(runs, cases[0][4])]
          for name, _, _, _, runs in cases)])


def measure_streams(bench, folder):
    """Measures the memory of the server for each of a thousand idle open streams."""
    rows = []
    weather = f"{bench}/examples/example_weather"
    listen = request_body("subscriptions/listen", {"notifications": {"toolsListChanged": True}},
                          True)
    kinds = [
        ("GET stream (legacy)", False, None),
        ("`subscriptions/listen` (modern)", True,
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
        rows.append([f"RSS per idle {name}", f"{(after - before) / STREAMS:.1f} KiB"])
    return rows


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
    return [["first response after `exec`, median", f"{statistics.median(times):.1f} ms"],
            ["first response after `exec`, best", f"{min(times):.1f} ms"]]


def measure_client(bench, folder, options):
    """Measures the client on one core, in calls of the server on another, against bare Asio."""
    port = free_port()
    weather = [f"{bench}/examples/example_weather", "--transport", "http", "--threads", "1",
               "--port", str(port)]
    body = request_body("tools/call", {"name": "add", "arguments": {"a": 1, "b": 2}}, True)
    request = folder / "call.http"
    request.write_text(raw_request("POST", headers("tools/call", "add", True), body), newline="")

    def run(program, *arguments):
        out = subprocess.run(["taskset", "-c", "1", f"{bench}/bench/bench_{program}", *arguments],
                             check=True, capture_output=True, text=True).stdout
        return float(out)

    rows = [["calls of the client, modern", "CPU µs", "reference", "ratio"]]
    seconds = str(options.seconds)
    with Process(weather, port):
        url = f"http://127.0.0.1:{port}/mcp"
        for name, calls in [("32 under way", "32"), ("1000 under way", "1000")]:
            base, runs = [], []
            for _ in range(options.rounds):
                base.append(run("bare_client", str(port), str(request), calls, seconds))
                runs.append(run("client_calls", url, calls, seconds))
            rows.append([name, f"{statistics.median(runs):.1f}", f"{statistics.median(base):.1f}",
                         f"{statistics.median(a / b for a, b in zip(runs, base)):.2f}"])
        idle = run("client_calls", url, str(STREAMS), "0")
    print_table(options.markdown, rows)
    return [["RSS per idle client", f"{idle / 1024:.1f} KiB"]]


class Compilers:
    """Two compilers that run without a pause beside the benchmark."""

    def __enter__(self):
        command = ("while :; do g++ -std=c++20 -O1 -S -o /dev/null -DASIO_STANDALONE "
                   "-DASIO_HAS_CO_AWAIT=1 -Iinclude examples/weather.cpp; done")
        self.children = [subprocess.Popen(["sh", "-c", command], start_new_session=True,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                         for _ in range(2)]

    def __exit__(self, *_):
        for child in self.children:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def print_conditions(options):
    compiler = subprocess.run(["g++", "-dumpfullversion"], check=True, capture_output=True,
                              text=True).stdout.strip()
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    load = os.getloadavg()[0]
    title = ("Beside two compilers" if options.busy else
             "Quiet" if load < 0.5 else f"Beside other work (load {load:.1f})")
    print(f"{'###' if options.markdown else '-'} {title}\n\n"
          f"{datetime.date.today()}, g++ {compiler}, {os.cpu_count()} cores of "
          f"{model[1] if model else platform.machine()}, Linux {platform.release()}; medians of "
          f"{options.rounds} rounds of {options.seconds} s.")


def measure(options):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = measure_load(options.build, folder, options)
        rows += measure_collaborators(options.build, folder, options)
        measure_tls(options.build, folder, options)
        rows += measure_client(options.build, folder, options)
        rows += measure_streams(options.build, folder)
        rows += measure_first_answer(options.build, folder)
        print_table(options.markdown, [["", "measured"], *rows])


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=3, help="of load for each run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each case")
    parser.add_argument("--busy", action="store_true", help="run two compilers beside it")
    parser.add_argument("--markdown", action="store_true", help="print tables for bench/README.md")
    options = parser.parse_args()
    if len(os.sched_getaffinity(0)) < 2 or not shutil.which("taskset"):
        raise SystemExit("scripts/bench: needs two cores and taskset")
    print_conditions(options)
    if not options.busy:
        return measure(options)
    with Compilers():
        measure(options)


if __name__ == "__main__":
    main()
