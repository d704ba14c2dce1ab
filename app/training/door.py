"""The door of the training servers: the right host, this computer alone, a log of requests, and faults."""

import datetime as dt
import re
import socket
import struct
import time
from asyncio import Transport
from email.utils import formatdate
from typing import Any

import anyio
import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.domain.addresses import is_loopback
from app.training import callers, calls
from app.training.carried import Read
from app.training.faults import Fault, FaultKind
from app.training.stage import Seen, Stage

# What of a query names records and pages, and may stand in the log.
_OPEN_QUERY = re.compile(
    r"(?:page|per_page|version|view|job|tab|company_id|project_id|filters\[[a-z_]+\])=[\w.:+-]*"
)
_PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Welcome</h1></body></html>"
_HALF = b'{"Result": 5, "started": true, "text": "Sync 42 was requ'
_WRONG = b'{"Result": "five", "started": "perhaps", "text": [], "access_token": 7, "filters": 12}'
_ERROR = b'{"message": "An unexpected error has occurred.", "Errors": ["An unexpected error has occurred."]}'

_transports: dict[tuple[Any, Any], Transport] = {}


class Protocol(H11Protocol):
    """uvicorn's protocol, with its connections within reach, so that one can be cut."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _transports[(self.client, self.server)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _transports.pop((self.client, self.server), None)
        super().connection_lost(exc)


class Door:
    """Lets requests in to the site whose port they came to. `hosts` is the exact Host header of each site, by port."""

    def __init__(self, stage: Stage, sites: dict[int, tuple[str, str, ASGIApp]]) -> None:
        self.stage = stage
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the training servers speak HTTP alone")
        name, host, app = self.sites[scope["server"][1]]
        if not self._is_ours(scope, host):
            await _answer(send, 421, b'{"message": "not the host of this server"}')
            return
        method, path = scope["method"], scope["path"]
        if path.startswith("/training/admin/"):  # never struck by a fault, never logged
            await app(scope, receive, send)
            return
        call = calls.name_of(name, method, path)
        fault = self.stage.armed.meet(name, call, method, path)
        status: list[int] = []
        known = self.stage.secrets()
        read = Read(scope, receive)

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
                message = {**message, "headers": [*message.get("headers", ()), self._date()]}
            await send(message)

        requests = self.stage.requests
        try:
            if fault is None:
                await app(scope, read.receive, watched)
            else:
                await self._strike(fault, name, app, scope, read.receive, watched)
        finally:
            requests.append(
                Seen(
                    len(requests) + 1,
                    dt.datetime.now(dt.UTC),
                    name,
                    method,
                    _shown(scope),
                    call,
                    status[0] if status else None,
                    fault.kind.value if fault else None,
                    read.names(known),
                )
            )

    def _date(self) -> tuple[bytes, bytes]:
        """The header by which a site tells the time; of a scenario its clock may be wrong."""
        ahead = self.stage.world.story.traits.clock_ahead
        return b"date", formatdate(time.time() + ahead, usegmt=True).encode()

    def _is_ours(self, scope: Scope, host: str) -> bool:
        client = scope.get("client")
        named = [value for key, value in scope["headers"] if key == b"host"]
        return named == [host.encode()] and client is not None and is_loopback(client[0])

    async def _strike(
        self, fault: Fault, site: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        reads = scope["method"] in ("GET", "HEAD")
        match fault.kind:
            case FaultKind.RESET_BEFORE:
                await _cut(scope, receive)
            case FaultKind.RESET_AFTER:
                await _collect(app, scope, receive)
                await _cut(scope, receive)
            case FaultKind.RESET_MIDDLE:
                start, body = await _collect(app, scope, receive)
                await send(start)
                await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
                await _cut(scope, receive, gently=True)
            case FaultKind.DELAY:
                await anyio.sleep(fault.seconds)
                await app(scope, receive, send)
            case FaultKind.STATUS:
                kind = b"text/html" if fault.body.startswith("<") else b"application/json"
                await _answer(send, fault.status, fault.body.encode(), kind, fault.headers)
            case FaultKind.HTML:
                await _answer(send, 200, _PAGE, b"text/html")
            case FaultKind.ERROR_200:
                await _answer(send, 200, _ERROR)
            case FaultKind.REDIRECT:
                await _answer(send, 302, b"", headers={"Location": "/#login"})
            case FaultKind.TRUNCATE:
                body = (await _collect(app, scope, receive))[1] if reads else _HALF
                await _answer(send, 200, body[: len(body) // 2] if reads else body)
            case FaultKind.WRONG_TYPES:
                body = twisted((await _collect(app, scope, receive))[1]) if reads else _WRONG
                await _answer(send, 200, body)
            case FaultKind.EMPTY | FaultKind.DUPLICATED:
                start, body = await _collect(app, scope, receive)
                await _resized(send, start, body * 2 if fault.kind is FaultKind.DUPLICATED else b"")
            case FaultKind.SESSION_LOST:
                self.stage.sessions(site).end(Request(scope))
                await app(scope, receive, send)
            case FaultKind.SESSION_LOST_AFTER:
                start, body = await _collect(app, scope, receive)
                self.stage.sessions(site).end(Request(scope))
                await send(start)
                await send({"type": "http.response.body", "body": body})
            case FaultKind.BROWSER_KILLED:
                await _collect(app, scope, receive)
                await anyio.to_thread.run_sync(callers.kill_browser, scope["client"])
                await _cut(scope, receive)


def twisted(body: bytes) -> bytes:
    """The same JSON with every value of another type."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return _WRONG
    return msgspec.json.encode(_twist(value))


def _twist(value: object) -> object:
    match value:
        case dict():
            return {key: _twist(inner) for key, inner in value.items()}
        case list():
            return {"items": len(value)}
        case bool() | None:
            return "perhaps"
        case str():
            return 17
        case _:
            return [value]


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Carry the request out, and keep the answer here."""
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return start, bytes(body)


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    kind: bytes = b"application/json",
    headers: dict[str, str] | None = None,
) -> None:
    lines = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    lines += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def _resized(send: Send, start: Message, body: bytes) -> None:
    """The answer with another body."""
    kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    await send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def _cut(scope: Scope, receive: Receive, *, gently: bool = False) -> None:
    """End the connection: with a reset, or gently after what was sent."""
    transport = _transports.get((scope["client"], scope["server"]))
    if transport is None:
        return
    if gently:
        transport.close()
    else:
        wire = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        continue


def _shown(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    open_parts = [part for part in query.split("&") if _OPEN_QUERY.fullmatch(part)]
    return str(scope["path"]) + ("?" + "&".join(open_parts) if open_parts else "")
