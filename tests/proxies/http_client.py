"""A small HTTP/1.1 client on asyncio: kept-alive requests, and streams of server-sent events."""

import asyncio


class Broken(Exception):
    """The connection has ended before the response was complete."""


class Response:
    def __init__(self, status, headers, reader):
        self.status = status
        self.headers = headers
        self.body = b""
        self._reader = reader

    async def pieces(self):
        """Yields the body in pieces, as they arrive."""
        try:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
                    yield (await self._reader.readexactly(size + 2))[:-2]
                await self._reader.readuntil(b"\r\n")
            elif "content-length" in self.headers:
                yield await self._reader.readexactly(int(self.headers["content-length"]))
            elif self.status not in (202, 204, 304):
                while piece := await self._reader.read(65536):
                    yield piece
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Broken(str(error)) from error

    async def lines(self):
        """Yields the lines of the body, as they arrive."""
        rest = b""
        async for piece in self.pieces():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode()


class Connection:
    """One connection to a server, opened when it is first needed, and again when it has ended."""

    def __init__(self, host, port, tls, name):
        self._where = {"host": host, "port": port, "ssl": tls, "server_hostname": tls and name}
        self._name = name
        self._reader = self._writer = None

    def close(self):
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def begin(self, method, path, headers, body=b""):
        """Sends a request and returns its response, whose body is not read."""
        if self._writer is None or self._reader.at_eof() or self._writer.is_closing():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(**self._where, limit=1 << 20)
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._name}", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join(head + ["", ""]).encode() + body)
        try:
            text = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.close()
            raise Broken(str(error)) from error
        fields = (line.partition(":") for line in text[1:-2])
        return Response(int(text[0].split()[1]),
                        {name.lower(): value.strip() for name, _, value in fields}, self._reader)

    async def ask(self, method, path, headers, body=b""):
        """Sends a request and returns its response with its body."""
        response = await self.begin(method, path, headers, body)
        async for piece in response.pieces():
            response.body += piece
        if response.headers.get("connection", "").lower() == "close":
            self.close()
        return response
