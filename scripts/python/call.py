"""A client for one request: see scripts/call."""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
import urllib.error
import urllib.request

MODERN, LEGACY = "2026-07-28", "2025-11-25"
META = "io.modelcontextprotocol/"
ME = {"name": "scripts/call", "version": "1"}
CAPABILITIES = {"elicitation": {"form": {}}, "roots": {}}
LISTS = {"tools": "tools/list", "resources": "resources/list", "prompts": "prompts/list",
         "templates": "resources/templates/list"}
DEADLINE = 30  # seconds


class failure(Exception):
    """What goes to standard error."""


class stdio:
    """A server that is started, and reads from its standard input."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def exchange(self, message):
        """Sends a request, and yields what the server sends until the response."""
        self.send(message)
        for line in self.process.stdout:
            yield json.loads(line)
        raise failure(f"the server has ended: {self.process.stderr.read().strip()}")

    def close(self):
        self.process.stdin.close()
        self.process.wait(DEADLINE)


class http:
    """A server at a URL. It is stopped at the end if it was started for this."""

    def __init__(self, url, token, process=None):
        self.url, self.token, self.process = url, token, process
        self.headers = {}

    @classmethod
    def start(cls, command, token):
        process = subprocess.Popen([*command, "--transport", "http", "--port", "0"],
                                   stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if found := re.search(r"http://\S+", line):
                return cls(found[0], token, process)
        raise failure("the server has ended")

    def post(self, message):
        headers = {"Content-Type": "application/json",
                   "Accept": "application/json, text/event-stream", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        meta = message.get("params", {}).get("_meta", {})
        if META + "protocolVersion" in meta:
            headers |= {"MCP-Protocol-Version": MODERN, "Mcp-Method": message["method"]}
            name = message["params"].get("name", message["params"].get("uri"))
            if name is not None:
                headers["Mcp-Name"] = name
        request = urllib.request.Request(self.url, json.dumps(message).encode(), headers)
        try:
            return urllib.request.urlopen(request, timeout=DEADLINE)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                text = json.loads(text)["error"]["message"]
            except (ValueError, KeyError, TypeError):
                pass
            raise failure(f"{error.code}: {text}") from None
        except urllib.error.URLError as error:
            raise failure(f"{self.url}: {error.reason}") from None

    def send(self, message):
        self.post(message).read()

    def exchange(self, message):
        response = self.post(message)
        if session := response.headers.get("Mcp-Session-Id"):
            self.headers["Mcp-Session-Id"] = session
        if response.headers.get_content_type() == "application/json":
            yield json.load(response)
        for line in response:
            if line.startswith(b"data: {"):
                yield json.loads(line[len("data: "):])

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait(DEADLINE)


class client:
    def __init__(self, wire, legacy, answers):
        self.wire, self.legacy, self.answers = wire, legacy, list(answers)
        self.last_id = 0
        if legacy:
            self.request("initialize", {"protocolVersion": LEGACY, "capabilities": CAPABILITIES,
                                        "clientInfo": ME})
            self.wire.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def request(self, method, params):
        """Returns the result of a request. Answers the questions of the server on the way."""
        while True:
            result = self.round(method, params)
            if result.get("resultType") != "input_required":
                return result
            answers = {key: self.answer(each) for key, each in result["inputRequests"].items()}
            params = {**params, "inputResponses": answers}
            if "requestState" in result:
                params["requestState"] = result["requestState"]

    def round(self, method, params):
        self.last_id += 1
        if not self.legacy:
            params = {**params, "_meta": {META + "protocolVersion": MODERN,
                                          META + "clientCapabilities": CAPABILITIES,
                                          META + "clientInfo": ME, META + "logLevel": "info",
                                          "progressToken": self.last_id}}
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        for got in self.wire.exchange(message):
            if "method" in got and "id" in got:
                self.wire.send({"jsonrpc": "2.0", "id": got["id"], "result": self.answer(got)})
            elif "method" in got:
                print(f"{got['method']}: {json.dumps(got.get('params', {}))}", file=sys.stderr)
            elif got.get("id") == self.last_id:
                if "error" in got:
                    raise failure(f"error {got['error']['code']}: {got['error']['message']}")
                return got["result"]
        raise failure("the server has sent no response")

    def answer(self, question):
        if question["method"] == "roots/list":
            return {"roots": []}
        message = question.get("params", {}).get("message", question["method"])
        print(f"asked: {message}", file=sys.stderr)
        if question["method"] != "elicitation/create" or not self.answers:
            return {"action": "decline"}
        return {"action": "accept", "content": self.answers.pop(0)}


def value_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def arguments_of(words, as_text=False):
    pairs = dict(word.split("=", 1) for word in words)
    return pairs if as_text else {name: value_of(text) for name, text in pairs.items()}


def question_of(words):
    """Returns the method and the params that the words of the command line mean."""
    what, *rest = words
    if what in LISTS and not rest:
        return LISTS[what], {}
    if what == "tool" and rest:
        return "tools/call", {"name": rest[0], "arguments": arguments_of(rest[1:])}
    if what == "prompt" and rest:
        return "prompts/get", {"name": rest[0], "arguments": arguments_of(rest[1:], True)}
    if what == "read" and len(rest) == 1:
        return "resources/read", {"uri": rest[0]}
    if what == "complete" and len(rest) == 3:
        uri = "://" in rest[0]
        reference = ({"type": "ref/resource", "uri": rest[0]} if uri
                     else {"type": "ref/prompt", "name": rest[0]})
        return "completion/complete", {"ref": reference,
                                       "argument": {"name": rest[1], "value": rest[2]}}
    raise failure(f"cannot read the words {' '.join(words)}; see scripts/call --help")


def text_of(block):
    """Returns a block of content, or of a resource, as text."""
    return block.get("text", json.dumps(block))


def lines_of(result):
    """Returns what a person wants to see of a result."""
    for kind in ("tools", "resources", "resourceTemplates", "prompts"):
        if kind in result:
            return [f"{each.get('uri', each.get('uriTemplate', each['name']))}: "
                    f"{each.get('description', '')}" for each in result[kind]]
    if "messages" in result:
        return [f"{each['role']}: {text_of(each['content'])}" for each in result["messages"]]
    if "completion" in result:
        return result["completion"]["values"]
    return [text_of(block) for block in result.get("content", result.get("contents", []))]


def main():
    script = pathlib.Path(__file__).resolve().parents[1] / "call"
    usage = "\n".join(re.findall(r"^# (.*)$", script.read_text(), re.M))
    parser = argparse.ArgumentParser(prog="scripts/call", usage=usage)
    parser.add_argument("--http", action="store_true")
    parser.add_argument("--token")
    parser.add_argument("--answer", action="append", default=[], type=json.loads)
    parser.add_argument("--legacy", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("server")
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()

    command = shlex.split(options.server)
    try:
        method, params = question_of(options.words)
        if re.match(r"https?://", options.server):
            wire = http(options.server, options.token)
        elif options.http:
            wire = http.start(command, options.token)
        else:
            wire = stdio(command)
    except (failure, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        result = client(wire, options.legacy, options.answer).request(method, params)
    except failure as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        wire.close()
    for line in [json.dumps(result, indent=2)] if options.json else lines_of(result):
        print(line)
    return 1 if result.get("isError") else 0


if __name__ == "__main__":
    sys.exit(main())
