"""The programs of the test: Redis, three servers, and a proxy with the configuration of the page."""

import asyncio
import pathlib
import re
import shutil
import signal
import socket
import subprocess

NAME = "mcp.example.com"
DEADLINE = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def block(page, language):
    return re.search(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)[1]


def make_certificate(page, folder):
    """Runs the command of the page that makes a certificate."""
    command = re.search(r"^openssl req (?:.*\\\n)*.*$", page, re.M)[0]
    subprocess.run(["bash", "-c", command.replace("/etc/ssl/mcp", str(folder))], check=True,
                   stderr=subprocess.DEVNULL)
    both = (folder / "fullchain.pem").read_text() + (folder / "privkey.pem").read_text()
    (folder / "both.pem").write_text(both)


async def until(ready, what):
    for _ in range(DEADLINE * 50):
        if await ready():
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"{what} is not ready after {DEADLINE} s")


async def accepts(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    except OSError:
        return False


class Program:
    """A process that ends with the test."""

    async def start(self, *command, **settings):
        self.process = await asyncio.create_subprocess_exec(*map(str, command), **settings)
        return self

    async def stop(self):
        """Asks the process to end. Returns its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()

    async def kill(self):
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


class Redis(Program):
    async def start(self, folder):
        self.port = free_port()
        await super().start("redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "",
                            "--dir", folder, stdout=subprocess.DEVNULL)
        await until(lambda: accepts(self.port), "Redis")
        self.url = f"redis://127.0.0.1:{self.port}"
        return self


class Server(Program):
    """A process of the cluster, on a port that it keeps when it starts again."""

    port = 0

    async def start(self, binary, arguments, redis, log):
        environment = {"REDIS_URL": redis.url}
        await super().start(binary, "--transport", "http", "--port", self.port, *arguments,
                            env=environment, stderr=subprocess.PIPE)
        self.output = asyncio.create_task(self._keep(log))
        self.listens = asyncio.get_running_loop().create_future()
        self.port = await asyncio.wait_for(self.listens, DEADLINE)
        return self

    async def _keep(self, log):
        """Copies the log into a file, so that the process never waits for a reader."""
        with open(log, "ab", buffering=0) as file:
            async for line in self.process.stderr:
                file.write(line)
                if (url := re.search(rb" listens on http://[^/]*:(\d+)/", line)) \
                        and not self.listens.done():
                    self.listens.set_result(int(url[1]))
        if not self.listens.done():
            self.listens.set_exception(RuntimeError(f"a server does not start, see {log}"))


class Proxy(Program):
    def configure(self, page, language, folder, servers, times):
        """Writes the configuration of the page, with the ports and the folder of the test."""
        self.port = free_port()
        text = block(page, language)
        for number, server in enumerate(servers, 1):
            text = text.replace(f":800{number}", f":{server.port}")
        for old, new in times.items():
            text = text.replace(old, new)
        text = text.replace("/etc/ssl/mcp", str(folder)).replace("/run/nginx.pid", f"{folder}/nginx.pid")
        text = re.sub(r"/var/log/\w+", str(folder), text)
        text = re.sub(r"(listen|bind :)( ?)443\b", rf"\g<1>\g<2>{self.port}", text)
        if language == "nginx":
            parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            folders = "".join(f"{part}_temp_path {folder}/{part};" for part in parts)
            text = text.replace("http {", "http {" + folders, 1)
        self.file = pathlib.Path(folder) / f"{language}.conf"
        self.file.write_text(text)

    async def start(self, *command):
        with open(self.file.with_suffix(".log"), "wb") as log:
            await super().start(*command, stdout=log, stderr=log)
        await until(lambda: accepts(self.port), command[0])
        return self


async def start_proxy(kind, *configuration):
    proxy = Proxy()
    proxy.configure(*configuration[:1], kind, *configuration[1:])
    if kind == "nginx":
        return await proxy.start(program("nginx"), "-c", proxy.file, "-g", "daemon off;")
    return await proxy.start(program("haproxy"), "-db", "-f", proxy.file)


def program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
