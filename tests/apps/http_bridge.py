"""Runs `mcp bridge --from http` in front of programs, with `mcp` and raw HTTP as clients.

    http_bridge.py MCP SERVER
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
import urllib.parse

from mcp_command import DEADLINE, PROGRAM, STDIO, TABLE, compare, expect, faults

MODERN, LEGACY = "2026-07-28", "2025-11-25"
BOTH = "application/json, text/event-stream"
HELLO = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
META = {"io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": HELLO["clientInfo"],
        "io.modelcontextprotocol/clientCapabilities": {}}

# A server of the legacy era, which a request can end.
OLD = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["method"] == "end":
        sys.exit(3)
    answer = {"error": {"code": -32601, "message": "no"}}
    if asked["method"] == "initialize":
        answer = {"result": {"protocolVersion": "2025-06-18", "capabilities": {},
                             "serverInfo": {"name": "old", "version": "1"}}}
    if "id" in asked:
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}), flush=True)
"""


def message(method, params=None, **more):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}, **more})


def modern(method="tools/call", name="add_numbers", **more):
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, "Mcp-Name": name}
    return {**headers, **more}


def modern_call(name="add_numbers", arguments={"a": 2, "b": 3}, **meta):
    params = {"name": name, "arguments": arguments, "_meta": {**META, **meta}}
    return message("tools/call", params)


# Method, header fields besides those of every client, body, status, and what the body contains.
REFUSED = [
    ("POST", {"Content-Type": "text/plain"}, message("ping"), 415, "application/json"),
    ("POST", {}, "{", 400, "-32700"),
    ("POST", {}, "[]", 400, "-32600"),
    ("POST", {}, message("ping"), 400, "Mcp-Session-Id is missing"),
    ("POST", {"Mcp-Session-Id": "x"}, message("ping"), 404, "-32001"),
    ("POST", {"Mcp-Session-Id": "x", "MCP-Protocol-Version": "2025-99-99"}, message("ping"), 400,
     "_meta"),
    ("GET", {}, None, 400, "Mcp-Session-Id is missing"),
    ("GET", {"Mcp-Session-Id": "x"}, None, 404, "-32001"),
    ("DELETE", {"Mcp-Session-Id": "x"}, None, 404, "-32001"),
    ("PUT", {}, "{}", 405, ""),
    ("POST", {"Host": "evil.example"}, message("initialize", HELLO), 403, "--allowed-hosts"),
    ("POST", {"Origin": "https://evil.example"}, message("initialize", HELLO), 403, "-32000"),
    ("POST", {"Accept": "text/html"}, message("initialize", HELLO), 406, "Accept"),
    ("POST", modern(), modern_call(), 200, '"structuredContent":5'),
    ("POST", modern(method="tools/list"), modern_call(), 400, "-32020"),
    ("POST", modern(name="other"), modern_call(), 400, "-32020"),
    ("POST", modern(**{"MCP-Protocol-Version": LEGACY}), modern_call(), 400, "-32020"),
    ("POST", modern(**{"MCP-Protocol-Version": "2099-01-01"}),
     modern_call(**{"io.modelcontextprotocol/protocolVersion": "2099-01-01"}), 400, "-32022"),
    ("POST", modern(method="no/such"), message("no/such", {"_meta": META}), 404, '"id":1'),
    ("POST", modern(), '{"jsonrpc":"2.0","method":"notifications/cancelled"}', 202, ""),
]


class Bridge:
    def __init__(self, *words):
        self.process = subprocess.Popen([PROGRAM, "bridge", "--from", "http:0", *words], text=True,
                                        stderr=subprocess.PIPE)
        line = self.process.stderr.readline()
        self.url = re.search(r"http://\S+/mcp", line)[0]
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(DEADLINE)
        expect(status == 0, f"the bridge ends with status {status}")

    def send(self, method, headers, body):
        """Returns the status, the session and the body of the response."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc,
                                                timeout=DEADLINE)
        common = {"Content-Type": "application/json", "Accept": BOTH}
        connection.request(method, "/mcp", body, {**common, **headers})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.headers.get("Mcp-Session-Id"), text

    def initialize(self):
        return self.send("POST", {}, message("initialize", HELLO))


def refusals(bridge):
    for method, headers, body, status, part in REFUSED:
        got, _, text = bridge.send(method, headers, body)
        expect(got == status and part in text,
               f"{method} {headers} {body}: {got} {text!r}, expected {status} {part!r}")


def clients_of_one_id(bridge):
    """Two modern clients use the same id and the same progress token at the same time."""
    names, texts = ["test_slow_progress", "test_tool_with_progress"], {}

    def call(name):
        body = modern_call(name, {}, progressToken="mine")
        texts[name] = bridge.send("POST", modern(name=name), body)[2]

    both = [threading.Thread(target=call, args=[name]) for name in names]
    for each in both:
        each.start()
    for each in both:
        each.join()
    for name, text in texts.items():
        events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        tokens = [each["params"]["progressToken"] for each in events if "method" in each]
        expect(len(tokens) > 1 and set(tokens) == {"mine"} and events[-1].get("id") == 1,
               f"{name} beside another of its id: {text!r}")
        progress = [each["params"]["progress"] for each in events if "method" in each]
        expect(progress == sorted(set(progress)), f"{name} has the progress of another: {progress}")


def next_session(bridge):
    """Begins a session once there is room for it."""
    limit = time.monotonic() + DEADLINE
    status, session, text = bridge.initialize()
    while status == 503 and time.monotonic() < limit:
        time.sleep(0.02)
        status, session, text = bridge.initialize()
    expect(status == 200 and session and '"old"' in text, f"initialize: {status} {text!r}")
    return session


def sessions():
    """A session has a program of its own, ends with it, by DELETE, and when it is idle."""
    def expect_ended(bridge, session, way):
        status, _, text = bridge.send("POST", {"Mcp-Session-Id": session}, message("ping"))
        expect(status == 404, f"a session that has ended by {way}: {status} {text!r}")

    with Bridge("--sessions", "1", "--", sys.executable, "-c", OLD) as bridge:
        session = next_session(bridge)
        status, _, text = bridge.initialize()
        expect(status == 503 and "too many" in text, f"a second session: {status} {text!r}")
        status, _, text = bridge.send("POST", {"Mcp-Session-Id": session}, message("end"))
        expect("ended with status 3" in text, f"a program that ends: {status} {text!r}")
        expect_ended(bridge, session, "its program")
        session = next_session(bridge)
        status, _, text = bridge.send("DELETE", {"Mcp-Session-Id": session}, None)
        expect(status == 204, f"DELETE: {status} {text!r}")
        expect_ended(bridge, session, "DELETE")
        next_session(bridge)

    with Bridge("--sessions", "1", "--idle", "0.2", "--", sys.executable, "-c", OLD) as bridge:
        session = next_session(bridge)
        next_session(bridge)
        expect_ended(bridge, session, "idleness")

    # A client finds out that the program is of the legacy era.
    with Bridge("--", sys.executable, "-c", OLD) as bridge:
        compare(["info", bridge.url], 0, r"old 1\nrevision: 2025-06-18\n(.*\n)*", "")

    with Bridge("--", "/no/such/program") as bridge:
        status, _, text = bridge.initialize()
        expect(status == 502 and "/no/such/program" in text, f"no program: {status} {text!r}")


def main():
    with Bridge(*STDIO) as bridge:
        for revision in (MODERN, LEGACY):
            for arguments, status, out, err in TABLE[6:]:
                over_http = [bridge.url if each == "URL" else each for each in arguments]
                compare([*over_http, "--revision", revision], status, out, err, revision)
        refusals(bridge)
        clients_of_one_id(bridge)
    sessions()
    print("\n".join(faults) or f"{2 * len(TABLE[6:]) + len(REFUSED)} requests and more: as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
