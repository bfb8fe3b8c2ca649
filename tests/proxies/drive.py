"""Starts nginx and HAProxy with the configurations of docs/deploying.md in front of three servers on
one Redis, and drives the servers through them.

    drive.py PAGE SERVER

SERVER is the program of examples/redis_cluster.cpp.
"""

import asyncio
import contextlib
import itertools
import json
import pathlib
import resource
import ssl
import sys
import tempfile
import time

from http_client import Broken, Connection
from programs import NAME, Redis, Server, block, make_certificate, program, start_proxy

STREAMS = 1000
PUBLISHERS = 16
IDLE = 14  # seconds
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
MISSING = 77  # the exit code of a test that is skipped


def request(method, params=None, number=1):
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}
    return json.dumps(message).encode()


def call(tool, number=1, **arguments):
    return request("tools/call", {"name": tool, "arguments": arguments}, number)


INITIALIZE = request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {}},
                                    "clientInfo": {"name": "test", "version": "1"}})


class Client:
    """A legacy client with a session, whose connections go to a proxy."""

    def __init__(self, where, session):
        self.where = where
        self.session = {**JSON, "Mcp-Session-Id": session}
        self.sent = 0  # events are numbered from 1
        self.last = None  # the last one, when it is known
        self.numbers = []
        self.streams = 0
        self.position = None

    async def read(self):
        """Reads the stream of the session, and opens it again when it ends, until the last event."""
        pause = 1.0
        while True:
            connection = self.where.connection()
            try:
                resume = {"Last-Event-ID": self.position} if self.position else {}
                stream = await connection.begin("GET", self.where.path, {**self.session, **resume})
                if stream.status != 200:
                    self.where.fault(f"GET was answered with {stream.status}")
                    return
                self.streams += 1
                number = position = None
                async for line in stream.lines():
                    field, _, value = line.strip("\r").partition(": ")
                    if field == "id":
                        position = value
                    elif field == "retry":
                        pause = int(value) / 1000
                    elif field == "data" and value:
                        number = json.loads(value).get("params", {}).get("data")
                    elif not field and position:
                        if not self.position: # from now on nothing is lost
                            self.where.opened()
                        self.position = position
                        if isinstance(number, int):
                            self.numbers.append(number)
                        if number is not None and number == self.last:
                            return
                        number = position = None
            except (Broken, OSError) as error:
                self.where.fault(f"a stream broke: {error}")
                return
            finally:
                connection.close()
            await asyncio.sleep(pause)


class Proxied:
    """What the test does through one proxy."""

    path = "/tools/mcp"

    def __init__(self, kind, proxy, tls):
        self.kind, self.proxy, self.tls = kind, proxy, tls
        self.faults = {}
        self.open_streams = 0

    def connection(self):
        return Connection("127.0.0.1", self.proxy.port, self.tls, NAME)

    def fault(self, text):
        self.faults[text] = self.faults.get(text, 0) + 1

    def opened(self):
        self.open_streams += 1

    def expect(self, what, got, wanted):
        if got != wanted:
            self.fault(f"{what}: expected {wanted!r}, got {got!r}")

    async def new_clients(self, count):
        clients = []

        async def some(share):
            connection = self.connection()
            for _ in range(share):
                answer = await connection.ask("POST", self.path, JSON, INITIALIZE)
                self.expect("initialize", answer.status, 200)
                clients.append(Client(self, answer.headers.get("mcp-session-id", "")))
            connection.close()

        await asyncio.gather(*(some(len(range(i, count, PUBLISHERS))) for i in range(PUBLISHERS)))
        return clients

    async def calls_without_a_session(self):
        connection = self.connection()
        answers = set()
        for _ in range(12):
            answer = await connection.ask("POST", self.path, JSON, call("process"))
            self.expect("a call", answer.status, 200)
            answers.add(json.loads(answer.body)["result"]["content"][0]["text"])
        self.expect("whether several processes answer", len(answers) > 1, True)
        for path in ("/mcp", "/metrics", "/tools/metrics", "/tools/ready"):
            answer = await connection.ask("GET", path, {})
            self.expect(f"whether {path} is public", answer.status < 400, False)
        connection.close()

    async def a_question_is_answered_through_another_process(self):
        [client] = await self.new_clients(1)
        asking = self.connection()
        stream = await asking.begin("POST", self.path, client.session, call("greet"))
        text = ""
        async for line in stream.lines():
            message = json.loads(line[6:]) if line.startswith("data: {") else {}
            if message.get("method") == "elicitation/create":
                answer = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result":
                                     {"action": "accept", "content": {"name": "Ann"}}}).encode()
                answering = self.connection()
                accepted = await answering.ask("POST", self.path, client.session, answer)
                self.expect("an answer", accepted.status, 202)
                answering.close()
            elif "result" in message:
                text = message["result"]["content"][0]["text"]
        self.expect("a greeting", text, "Hello, Ann")
        asking.close()

    async def an_idle_stream_stays_open(self, seconds):
        """Holds a stream of a session without events. It outlives the time-out of the proxy."""
        [client] = await self.new_clients(1)
        connection = self.connection()
        stream = await connection.begin("GET", self.path, client.session)
        begin, comments = time.monotonic(), 0
        async for line in stream.lines():
            comments += line.startswith(":")
            if comments and time.monotonic() - begin > seconds:
                break
        else:
            self.fault(f"an idle stream ended after {time.monotonic() - begin:.0f} s")
        connection.close()

    async def publish(self, clients):
        """Sends two events to each client. Each call must be confirmed."""

        async def some():
            connection = self.connection()
            for client in clients:
                body = call("announce", **{"from": client.sent + 1, "count": 2})
                client.sent += 2
                try:
                    answer = await connection.ask("POST", self.path, client.session, body)
                    self.expect("a call of announce", answer.status, 200)
                except (Broken, OSError) as error:
                    self.fault(f"a call broke: {error}")
            connection.close()

        await asyncio.gather(*(some() for _ in range(PUBLISHERS)))

    async def one_process_is_drained(self, victim, streams):
        """Ends one of the processes while all streams are open and receive events."""
        clients = await self.new_clients(streams)
        readers = [asyncio.create_task(each.read()) for each in clients]
        while self.open_streams < streams and not all(reader.done() for reader in readers):
            await asyncio.sleep(0.02)
        stopping = asyncio.create_task(victim.stop())
        await self.publish(itertools.chain(clients, itertools.takewhile(
            lambda _: not stopping.done(), itertools.cycle(clients))))
        self.expect("exit code of the process", await stopping, 0)
        for client in clients:
            client.last = client.sent + 2
        await self.publish(iter(clients))
        await asyncio.wait(readers, timeout=30)
        for client in clients:
            if client.numbers != list(range(1, client.last + 1)):
                self.fault(f"of {client.last} events came {client.numbers}")
        moved = sum(client.streams > 1 for client in clients)
        if not streams // 5 < moved < streams:
            self.fault(f"{moved} of {streams} streams have moved to another process")
        return f"{moved} of {streams} streams moved, {sum(each.last for each in clients)} events"


async def drive(page, binary, folder):
    text = page.read_text()
    make_certificate(text, folder)
    (folder / "settings.toml").write_text(block(text, "toml"))
    arguments = ["--config", folder / "settings.toml", *ARGUMENTS]
    tls = ssl.create_default_context(cafile=folder / "fullchain.pem")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    streams = min(STREAMS, limit // 5)
    faults = []
    async with contextlib.AsyncExitStack() as running:
        redis = await Redis().start(folder)
        running.push_async_callback(redis.kill)
        servers = []
        for number in range(3):
            servers.append(await Server().start(binary, arguments, redis, folder / f"{number}.log"))
            running.push_async_callback(servers[-1].kill)
        proxied = []
        for kind in ("nginx", "haproxy"):
            proxy = await start_proxy(kind, text, folder, servers, TIMES)
            running.push_async_callback(proxy.kill)
            proxied.append(Proxied(kind, proxy, tls))
        for each in proxied:
            await each.calls_without_a_session()
            await each.a_question_is_answered_through_another_process()
        await asyncio.gather(*(each.an_idle_stream_stays_open(IDLE) for each in proxied))
        for each in proxied:
            begin = time.monotonic()
            moved = await each.one_process_is_drained(servers[1], streams)
            await servers[1].start(binary, arguments, redis, folder / "1.log")
            print(f"{each.kind}: {moved}, {time.monotonic() - begin:.1f} s")
        for each in proxied:
            faults += [f"{each.kind}: {text} ({times})" for text, times in each.faults.items()]
        for each in proxied:
            await each.proxy.stop()
        for server in servers:
            await server.stop()
    return faults


# The test is in a hurry: the intervals of servers and proxies are shorter, in the same order.
ARGUMENTS = ["--keep-alive", "3s", "--drain-delay", "2s"]
TIMES = {"60s": f"{IDLE - 2}s", "keepalive_timeout 5s": "keepalive_timeout 1s"}


def main():
    missing = [name for name in ("nginx", "haproxy", "redis-server") if not program(name)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        return MISSING
    with tempfile.TemporaryDirectory() as folder:
        faults = asyncio.run(drive(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(folder)))
        print("\n".join(faults))
        if faults:
            for log in sorted(pathlib.Path(folder).glob("*.log")):
                print(f"-- {log.name}\n{log.read_text()[-2000:]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
