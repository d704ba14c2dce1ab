"""Where a request goes that never reaches its site: a closed port, a name that nobody has, a server without trust,
a proxy that refuses. The one request is sent there by its address; all else is the program's own client."""

import asyncio
import datetime as dt
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import trustme

from tests.faults.front import Front, Struck

DOMAIN = "faults.test"  # what the proxy knows
_NOBODY = "no-such-host.invalid"
CLOSED = 9  # the port of a service that nobody runs any more


class Elsewhere:
    """The places to which a struck request is sent, and the proxy that leads to the fronts."""

    def __init__(self, hosts: tuple[str, ...], folder: Path) -> None:
        self._hosts = hosts
        self.authority = trustme.CA(organization_name="Acme Networks")
        self.trusted = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.trusted))
        self.fronts: dict[str, Front] = {}  # by the name the proxy knows
        self._servers: dict[str, list[asyncio.Server]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.contexts: list[str] = []

    def context(self) -> ssl.SSLContext:
        """For a front: what the tests trust."""
        return _context(self.authority.issue_cert(*self._hosts, f"*.{DOMAIN}"))

    async def open(self) -> None:
        stranger = trustme.CA(organization_name="Acme Inspection")
        past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        contexts = {
            "tls-untrusted": _context(stranger.issue_cert(*self._hosts)),
            "tls-other-name": _context(self.authority.issue_cert("another.example")),
            "tls-expired": _context(
                self.authority.issue_cert(
                    *self._hosts, not_before=past - dt.timedelta(days=9), not_after=past
                )
            ),
            "tls-broken": None,
        }
        for name, context in contexts.items():
            self._servers[name] = [
                await asyncio.start_server(self._hang_up, host, 0, ssl=context) for host in self._hosts
            ]
        self._servers["proxy"] = [await asyncio.start_server(self._proxy, "127.0.0.1", 0)]

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._servers['proxy'][0].sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        for servers in self._servers.values():
            for server in servers:
                server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def lead(self, struck: Struck, address: httpx.URL) -> httpx.URL:
        """Where the struck request is sent instead."""
        match struck.fault.name:
            case "refused":
                return address.copy_with(port=CLOSED)
            case "name-not-found":
                return address.copy_with(host=_NOBODY)
            case "proxy-refusal":
                return address.copy_with(port=502)
            case "proxy-407":
                return address.copy_with(port=407)
            case name:
                at = self._hosts.index(address.host)
                return address.copy_with(port=self._servers[name][at].sockets[0].getsockname()[1])

    async def _hang_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read(1 << 16)
            writer.close()

    async def _proxy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            host, _, port = head.split(" ")[1].partition(":")
            if port in ("502", "407"):
                more = 'Proxy-Authenticate: Basic realm="Acme"\r\n' if port == "407" else ""
                writer.write(f"HTTP/1.1 {port} No\r\n{more}Content-Length: 0\r\n\r\n".encode())
                await writer.drain()
                return
            front = self.fronts[host]
            there_reader, there = await asyncio.open_connection(front.host, front.port(tls=True))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pour(reader, there), _pour(there_reader, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(1 << 16):
            writer.write(part)
            await writer.drain()
    writer.close()


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


@contextmanager
def steering(elsewhere: Elsewhere) -> Iterator[None]:
    """While inside, a request that a front is told to strike before it leaves goes elsewhere."""
    original = httpx.AsyncClient.send

    async def send(self: httpx.AsyncClient, request: httpx.Request, **more: object) -> httpx.Response:
        parts = urlsplit(str(request.url))
        for front in elsewhere.fronts.values():
            ports = (front.port(tls=False), front.port(tls=True))
            named = elsewhere.fronts.get(parts.hostname or "") is front
            if not named and (parts.hostname != front.host or parts.port not in ports):
                continue
            for struck in front.strikes:
                steered = struck.fault.way.value == "steered"
                if steered and struck.meets(front.site, request.method, parts.path, request.content):
                    request.url = elsewhere.lead(struck, request.url)
                    break
        return await original(self, request, **more)  # type: ignore[arg-type]

    httpx.AsyncClient.send = send  # type: ignore[method-assign]
    try:
        yield
    finally:
        httpx.AsyncClient.send = original  # type: ignore[method-assign]
