"""Runs the program `mcp` against the everything server, over stdio and HTTP, in both eras.

    mcp_command.py MCP SERVER

Each row of the table is a command line, its exit status, and what it prints.
"""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile

PROGRAM, SERVER = sys.argv[1:]
STDIO = ["--", SERVER, "--transport", "stdio", "--log-level", "error"]
DEADLINE = 30

# Command line, status, and regular expressions of standard output and standard error. URL stands for
# the target at its place.
TABLE = [
    (["info", "URL"], 0, r"everything 1\.0\.0\nrevision: REVISION\noffers: tools, .*\n\n.*\n", ""),
    (["ping", "URL"], 0, "The server is there.\n", ""),
    (["list", "URL", "templates"], 0,
     r"Resource templates\n  test://template/\{id\}/data  Data by id\n", ""),
    (["list", "URL", "tools"], 0, r"Tools\n(.*\n)*  add_numbers a b +Adds two numbers\n(.*\n)*", ""),
    (["list", "--json", "URL", "prompts"], 0, r'\{"prompts":\[\{"name":"test_simple_prompt".*\n', ""),
    (["list", "URL", "wares"], 2, "", "mcp: wares: list takes tools, .*\n"),
    (["call", "URL", "add_numbers", "a=2", "b=3"], 0, r".*5\D*\n", ""),
    (["call", "URL", "add_numbers", "--args", '{"a":2}', "b=40"], 0, r".*42\D*\n", ""),
    (["call", "URL", "add_numbers", "a=2", "b=x"], 2, "", r"mcp: b: expected (integer|number) .*\n"),
    (["call", "URL", "add_numbers", "a"], 2, "", "mcp: a: an argument is written NAME=VALUE .*\n"),
    (["call", "URL", "add_numbers", "--args", "[]"], 2, "", "mcp: --args wants a JSON object .*\n"),
    (["call", "URL", "test_error_handling"], 1, ".+\n", ""),
    (["call", "URL", "test_image_content", "--json"], 0, r'\{.*"type":"image".*\n', ""),
    (["call", "URL", "test_elicitation", "message=Who?"], 0, ".*decline.*\n", ""),
    (["call", "URL", "nothing"], 5, "", r"mcp: Unknown tool: nothing \(-32602\)\n"),
    (["call", "URL"], 2, "", "mcp: call wants TOOL .*\n"),
    (["call", "URL", "test_tool_with_logging", "--verbose"], 0, ".+\n", "(?s).*info: .*"),
    (["read", "URL", "test://static-text"], 0, ".+\n", ""),
    (["read", "URL", "test://nothing"], 5, "", r"mcp: .*\n"),
    (["prompt", "URL", "test_prompt_with_arguments", "arg1=one", "arg2=2"], 0,
     r"user:\n.*one.*2.*\n", ""),
    (["complete", "URL", "test_prompt_with_arguments", "arg1", "p"], 0, r"(.*\n)*", ""),
]

# Commands without a server.
ALONE = [
    (["ping"], 2, "", "mcp: there is no target: .*\n"),
    (["ping", "ftp://example.com"], 2, "", "mcp: ftp://example.com is no URL; .*\n"),
    (["ping", "--revision", "1999-01-01", "http://localhost:1"], 2, "",
     "mcp: 1999-01-01 is no known revision .*\n"),
    (["ping", "--header", "x", "http://localhost:1"], 2, "", "mcp: --header wants .*\n"),
    (["ping", "--config", "/nowhere", "--server", "a"], 2, "", "mcp: cannot read /nowhere .*\n"),
    (["ping", "http://127.0.0.1:1/mcp?key=s3cret"], 4, "", "mcp: (?!.*s3cret).*\n"),
    (["ping", "--", "/no/such/program"], 4, "", "mcp: .*/no/such/program.*\n"),
    (["ping", "--", "/bin/false"], 4, "", "mcp: .*/bin/false.*\n"),
    (["ping", "--scope", "a", "http://localhost:1"], 2, "", "mcp: .*--scope want --oauth .*\n"),
    (["bridge", "--from", "pigeon", "--to", "http://127.0.0.1:1"], 2, "", "mcp: --from pigeon.*\n"),
    (["bridge", "--from", "http:70000", "--to", "http://127.0.0.1:1"], 2, "", "mcp: --from http:7.*\n"),
    (["frobnicate"], 2, None, None),
    (["--version"], 0, r"\d+\.\d+\.\d+\n", ""),
]

faults = []


def run(arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=DEADLINE,
                          stdin=subprocess.DEVNULL, **more)


def compare(arguments, status, out, err, revision=""):
    got = run(arguments)
    wrong = [f"status {got.returncode}, expected {status}"] if got.returncode != status else []
    for what, pattern, text in (("prints", out, got.stdout), ("complains", err, got.stderr)):
        if pattern is not None and not re.fullmatch(pattern.replace("REVISION", revision), text):
            wrong.append(f"{what} {text!r}, expected {pattern!r}")
    if wrong:
        faults.append(f"mcp {' '.join(arguments)}: {'; '.join(wrong)}; {got.stderr}")


def stdio_form(arguments):
    return [each for each in arguments if each != "URL"]


def start_http():
    server = subprocess.Popen([SERVER, "--transport", "http", "--port", "0"], text=True,
                              stderr=subprocess.PIPE)
    for line in server.stderr:
        if found := re.search(r"http://\S+/mcp", line):
            return server, found[0]
    raise SystemExit("the everything server has not started")


def on_a_terminal(arguments, typed, until="):"):
    """Runs the program on a terminal, and types a line whenever it has shown `until`."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(PROGRAM, [PROGRAM, *arguments])
    shown, seen = "", 0
    for line in [*typed, None]:
        while True:
            try:
                piece = os.read(terminal, 4096).decode(errors="replace")
            except OSError:  # the end
                piece = ""
            shown += piece
            if not piece or (line is not None and until in shown[seen:]):
                break
        if line is not None and piece:
            os.write(terminal, (line + "\n").encode())
            seen = len(shown)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def expect(condition, what):
    if not condition:
        faults.append(what)


def bridge(url, revision):
    """Exchanges messages through the bridge; returns the responses by id."""
    process = subprocess.Popen([PROGRAM, "bridge", "--to", url], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    meta = {}
    responses = {}

    def request(number, method, **params):
        if meta:
            params["_meta"] = meta
        process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method,
                                        "params": params}) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            message = json.loads(line)
            if message.get("id") == number and "method" not in message:
                responses[number] = message
                return

    if revision >= "2026":
        meta.update({"io.modelcontextprotocol/protocolVersion": revision,
                     "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
                     "io.modelcontextprotocol/clientCapabilities": {}})
        request("one", "server/discover")
    else:
        request("one", "initialize", protocolVersion=revision, capabilities={},
                clientInfo={"name": "test", "version": "1"})
        process.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    request(2, "tools/call", name="add_numbers", arguments={"a": 2, "b": 3})
    request(3, "nothing/known")
    process.stdin.close()
    process.wait(DEADLINE)
    return process.returncode, responses


def main():
    for row in ALONE:
        compare(*row)
    server, url = start_http()
    try:
        for revision in ("2026-07-28", "2025-11-25"):
            for arguments, status, out, err in TABLE:
                over_http = [url if each == "URL" else each for each in arguments]
                compare([*over_http, "--revision", revision], status, out, err, revision)
            status, responses = bridge(url, revision)
            expect(status == 0 and "result" in responses["one"] and "5" in str(responses[2]["result"])
                   and responses[3]["error"]["code"] == -32601, f"bridge, {revision}: {responses}")
        for arguments, status, out, err in TABLE[:9]:
            compare([*stdio_form(arguments), *STDIO], status, out, err, "2026-07-28")

        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"mcpServers": {"it": {"url": "${MCP_TEST_URL}"}}}, file)
            file.flush()
            got = run(["ping", "--config", file.name, "--server", "it"],
                      env={**os.environ, "MCP_TEST_URL": url})
            expect(got.returncode == 0, f"--config: {got}")
            got = run(["ping", "--config", file.name, "--server", "other"],
                      env={**os.environ, "MCP_TEST_URL": url})
            expect(got.returncode == 2 and "has no server other" in got.stderr, f"--config: {got}")

        for revision in ("2026-07-28", "2025-11-25"):
            status, shown = on_a_terminal(
                ["call", url, "test_elicitation", "message=Who?", "--revision", revision],
                ["Ada", "ada@example.org"])
            expect(status == 0 and "Who?" in shown and "Ada" in shown.split("):")[-1],
                   f"a form, {revision}: {status} {shown!r}")

        # The call is under way when its progress is shown.
        status, shown = on_a_terminal(["call", url, "test_slow_progress"], ["\x03"], until="%")
        expect(status == 130, f"Ctrl-C: {status} {shown!r}")
    finally:
        server.terminate()
        server.communicate(timeout=DEADLINE)
    print("\n".join(faults) or f"{2 * len(TABLE) + len(ALONE)} command lines and more: all as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
