"""A front before a training server: it hands on what is asked, writes it down, and strikes what a cell is about."""

import asyncio
import os
import signal
import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from app.training.door import twisted
from tests.faults.wire import Way, WireFault

BIG = 50 * 1024 * 1024
DRIP = 9.0  # seconds at least for a whole answer, byte by byte; half a second at most for each
STOPPED = 0.25  # seconds for which the site's process stands still


@dataclass(frozen=True)
class Asked:
    """A request as it came to the front."""

    method: str
    path: str
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Target:
    """Which requests are meant: by method, by the pattern of the path, by what their body holds."""

    site: str
    method: str
    path: str
    body: bytes = b""

    def is_meant(self, site: str, method: str, path: str, body: bytes) -> bool:
        return (
            site == self.site and method == self.method and fnmatchcase(path, self.path) and self.body in body
        )


class Struck:
    """One fault for one target: the first such request, or every one. `after` requests of the kind are let through."""

    def __init__(self, fault: WireFault, target: Target, *, always: bool, after: int = 0) -> None:
        self.fault, self.target, self.always = fault, target, always
        self.left_out = after
        self.met = 0

    def meets(self, site: str, method: str, path: str, body: bytes) -> bool:
        """True, and counted, for a request that is to be struck now."""
        if not self.target.is_meant(site, method, path, body):
            return False
        if self.left_out:
            self.left_out -= 1
            return False
        self.met += 1
        return self.always or self.met == 1


class Front:
    """Listens beside one site, in the clear and by TLS. `asked` is everything that came, struck or not."""

    def __init__(self, site: str, address: str, pid: int) -> None:
        parts = urlsplit(address)
        self.site, self.host, self.pid = site, parts.hostname or "", pid
        self._there = (self.host, parts.port or 0)
        self.asked: list[Asked] = []
        self.strikes: list[Struck] = []
        self.jump: Callable[[float], None] = lambda _: None
        self.elsewhere = ""
        self._servers: list[asyncio.Server] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def open(self, tls: ssl.SSLContext) -> None:
        for context in (None, tls):
            self._servers.append(
                await asyncio.start_server(self._serve, self.host, 0, ssl=context, limit=1 << 20)
            )

    def address(self, *, tls: bool = False) -> str:
        """Where the site is reached by way of this front."""
        return f"{'https' if tls else 'http'}://{self.host}:{self.port(tls=tls)}"

    def port(self, *, tls: bool) -> int:
        return int(self._servers[int(tls)].sockets[0].getsockname()[1])

    def begin(self, *strikes: Struck) -> None:
        """Another cell: nothing was asked yet."""
        self.strikes = list(strikes)
        self.asked.clear()

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await self._one(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self._under_way.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request for each connection: a client that keeps them finds that we do not."""
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        path = urlsplit(target).path
        length = next((int(one.partition(":")[2]) for one in lines if _is(one, "content-length")), 0)
        body = await reader.readexactly(length)
        self.asked.append(Asked(method, path, body))
        struck = next(
            (
                s
                for s in self.strikes
                if s.fault.way is not Way.STEERED and s.meets(self.site, method, path, body)
            ),
            None,
        )
        if struck is None:
            writer.write(await self._handed_on(first, lines, body))
            await writer.drain()
            return
        await self._strike(struck.fault, first, lines, body, reader, writer)

    async def _handed_on(self, first: str, lines: list[str], body: bytes) -> bytes:
        """What the site answers, whole."""
        host, port = self._there
        kept = [one for one in lines if one and not _is(one, "host") and not _is(one, "connection")]
        head = [first, f"Host: {host}:{port}", "Connection: close", *kept]
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
        try:
            writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body)
            await writer.drain()
            return await reader.read(-1)
        finally:
            writer.close()

    async def _strike(
        self,
        fault: WireFault,
        first: str,
        lines: list[str],
        body: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if fault.way is Way.ANSWER:
            writer.write(self._made_up(fault))
            await writer.drain()
            return
        if fault.name == "timeout":
            await reader.read(-1)  # until the other side gives up
            return
        if fault.name == "reset-before":
            _reset(writer)
            return
        if fault.name == "stopped-and-continued":
            os.kill(self.pid, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(STOPPED, os.kill, self.pid, signal.SIGCONT)
        if fault.name.startswith("clock-"):
            self.jump(7200.0 if fault.name == "clock-forward" else -7200.0)
        answer = await self._handed_on(first, lines, body)
        await _mangled(fault, answer, writer)

    def _made_up(self, fault: WireFault) -> bytes:
        fill = {
            "soon": formatdate(time.time() + 1.5, usegmt=True),
            "reset": str(int(time.time()) + 1),
            "elsewhere": self.elsewhere,
        }
        headers = [(name, value.format_map(fill)) for name, value in fault.headers]
        return _answer(f"{fault.status} Fault", fault.body, fault.kind, headers)


async def _mangled(fault: WireFault, answer: bytes, writer: asyncio.StreamWriter) -> None:
    """Give the site's answer in a bad way."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0].decode().partition(" ")[2]
    kind = next(
        (
            one.partition(b":")[2].strip().decode()
            for one in head.split(b"\r\n")
            if one.lower().startswith(b"content-type")
        ),
        "",
    )
    cookies = [
        ("Set-Cookie", one.partition(b":")[2].strip().decode())
        for one in head.split(b"\r\n")
        if one.lower().startswith(b"set-cookie")
    ]
    match fault.name:
        case "reset-middle":
            writer.write(answer[: len(head) + 4 + len(body) // 2])
            await writer.drain()
            _reset(writer)
        case "reset-after":
            _reset(writer)
        case "cut-short":
            writer.write(head + b"\r\n\r\n" + body[: len(body) // 2])
            await writer.drain()
        case "slow-drip":
            writer.write(head + b"\r\n\r\n")
            for place in range(len(body)):
                writer.write(body[place : place + 1])
                await writer.drain()
                await asyncio.sleep(min(0.5, max(0.02, DRIP / len(body))))
        case "wrong-content-type":
            writer.write(_answer(status, body, fault.kind, cookies))
        case "empty":
            writer.write(_answer(status, b"", kind, cookies))
        case "truncated":
            writer.write(_answer(status, body[: len(body) // 2], kind, cookies))
        case "wrong-types":
            wrong = twisted(body) if kind.startswith("application/json") else b"<wrong><types/></wrong>"
            writer.write(_answer(status, wrong, kind, cookies))
        case "50-mb":
            lines = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {BIG}\r\nConnection: close\r\n\r\n"
            writer.write(lines.encode() + b"[")
            part = b" " * (1 << 18)
            for _ in range(BIG // len(part)):
                writer.write(part)
                await writer.drain()
        case "duplicated":
            writer.write(answer + answer)
        case _:
            writer.write(answer)
    await writer.drain()


def _answer(status: str, body: bytes, kind: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        f"Content-Type: {kind}",
        "Connection: close",
    ]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _is(line: str, name: str) -> bool:
    return line.partition(":")[0].strip().lower() == name


def _reset(writer: asyncio.StreamWriter) -> None:
    wire = writer.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
