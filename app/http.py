"""The one place that imports httpx: clients, and what became of a request in the words of the engine's ports.

`read` is for what may be asked again, `send` for what may not: it tells what certainly was not sent from what may have
arrived. Neither follows a redirect, and neither tries again."""

import re
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from app import __version__
from app.domain.addresses import is_loopback, origin
from app.domain.ledgers import Aside, Fault, LedgerRecord
from app.domain.pause import retry_after
from app.domain.problems import AnswerLost, NotReadable, NotSent, Problem, ProblemId, SlowDown

__all__ = [
    "Answer",
    "Client",
    "Rows",
    "decode",
    "decode_rows",
    "is_json",
    "open_client",
    "raise_if_down",
    "read",
    "send",
    "unreadable",
]

Client = httpx.AsyncClient
T = TypeVar("T")

LIMIT = 32 * 1024 * 1024  # bytes of one answer; hh2 gives at most 1,000 records in a block
DOWN = {"hh2": ProblemId.HH2_DOWN, "procore": ProblemId.PRO_DOWN}
ANSWER = {"hh2": ProblemId.HH2_ANSWER, "procore": ProblemId.PRO_ANSWER}
# A site that asks us to slow down without saying for how long.
PAUSE = 60.0

# The request cannot have left: no connection, no TLS, no proxy, no free place in the pool.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Answer(msgspec.Struct, frozen=True):
    """One answer, read whole. `kind` is the media type in lower case, without its parameters."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]


def open_client(address: str, *, timeout: float = 60.0, keep_alive: bool = False) -> Client:
    """A client for one origin; close it with `aclose`. `timeout` in seconds for each of connect, write and read.

    Certificates are judged by the operating system. Connections are not kept, unless asked for: an old one that the
    other side has just closed would make a press look sent. On loopback no proxy is asked. Raises ValueError for an
    address that is neither https nor loopback."""
    base = origin(address)
    host = urlsplit(base).hostname or ""
    verify: ssl.SSLContext | bool = False
    if base.startswith("https:"):
        import truststore

        verify = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    kept = 4 if keep_alive else 0
    return httpx.AsyncClient(
        base_url=base,
        verify=verify,
        timeout=httpx.Timeout(timeout, connect=min(timeout, 15.0)),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=kept, keepalive_expiry=2.0),
        follow_redirects=False,
        trust_env=not is_loopback(host),
        headers={"User-Agent": f"OnDemandSync/{__version__}"},
    )


async def read(
    client: Client,
    site: str,
    path: str,
    *,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Answer:
    """Ask for something that changes nothing. `site` is "hh2" or "procore".

    Raises NotReadable(NET, …), NotReadable(HH2-DOWN or PRO-DOWN) for a gateway's error, SlowDown for 429 and for 503
    with Retry-After. Every other status is the caller's to judge."""
    try:
        answer = await _exchange(client, method, path, query, headers, None, limit)
    except httpx.TransportError as failed:
        raise NotReadable(_net(client, site, failed)) from None
    except _TooLarge:
        raise unreadable(site, "too large") from None
    _raise_for_pause(answer, site)
    raise_if_down(answer, site)
    return answer


async def send(
    client: Client,
    site: str,
    path: str,
    *,
    content: bytes,
    kind: str = "application/json",
    headers: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Answer:
    """POST something that must not be sent twice.

    Raises NotSent where nothing left this computer, AnswerLost where it may have arrived and no whole answer came,
    SlowDown where the site did not take it. Every other status is the caller's to judge, a gateway's error too: what
    stands behind the gateway may have got it."""
    try:
        answer = await _exchange(
            client, "POST", path, None, {"Content-Type": kind, **(headers or {})}, content, limit
        )
    except _UNSENT as failed:
        raise NotSent(_net(client, site, failed)) from None
    except httpx.TransportError as failed:
        raise AnswerLost(_cause(failed)) from None
    except _TooLarge:
        raise AnswerLost("too large") from None
    _raise_for_pause(answer, site)
    return answer


def raise_if_down(answer: Answer, site: str) -> None:
    """Raises NotReadable(HH2-DOWN or PRO-DOWN) for a gateway's error."""
    if answer.status in (502, 503, 504):
        raise NotReadable(Problem(DOWN[site], {"status": answer.status}))


def is_json(answer: Answer) -> bool:
    """True when the answer says that it is JSON."""
    return answer.kind == "application/json" or answer.kind.endswith("+json")


def decode(answer: Answer, wanted: type[T], site: str) -> T:
    """The answer's JSON as `wanted`, exactly typed; raises NotReadable(HH2-ANSWER or PRO-ANSWER, what=…) otherwise."""
    if not 200 <= answer.status < 300:
        raise unreadable(site, f"status {answer.status}")
    if not is_json(answer):
        raise unreadable(site, answer.kind or "nothing")
    try:
        return msgspec.json.decode(answer.body, type=wanted)
    except msgspec.ValidationError:  # its text may quote the answer
        raise unreadable(site, "unexpected JSON") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise unreadable(site, "broken JSON") from None


class Rows(msgspec.Struct, frozen=True):
    """The rows of one answer: those that could be read, those kept aside, and how many there were in all."""

    records: tuple[LedgerRecord, ...]
    aside: tuple[Aside, ...]
    count: int


def decode_rows(answer: Answer, wanted: type[T], make: Callable[[T], LedgerRecord | None], site: str) -> Rows:
    """The answer's list, row by row: one that is not as expected is kept aside and named, and the rest goes on.

    `make` turns a decoded row into a record, or into None to leave it out; its ValueError names what is wrong
    without quoting it. An empty body is an empty list. Raises NotReadable as `decode` where it is no list at all."""
    if 200 <= answer.status < 300 and not answer.body.strip():
        return Rows((), (), 0)
    raw = decode(answer, list[msgspec.Raw], site)
    records: list[LedgerRecord] = []
    aside: list[Aside] = []
    for place, one in enumerate(raw, 1):
        try:
            record = make(msgspec.json.decode(one, type=wanted))
        except (
            msgspec.ValidationError
        ) as wrong:  # its text may quote the answer; the column's name may be told
            column = "".join(re.findall(r"`\$(?:\.|\[)?(.*)`$", str(wrong)))
            fault = Fault.AMOUNT if re.search("amount|total", column, re.IGNORECASE) else Fault.TYPE
            aside.append(Aside(place, _id_of(one), fault, column))
        except ValueError as wrong:
            aside.append(Aside(place, _id_of(one), Fault.TYPE, str(wrong)))
        else:
            if record is not None:
                records.append(record)
    return Rows(tuple(records), tuple(aside), len(raw))


class _Named(msgspec.Struct):
    """A row's id, whatever else is wrong with it."""

    id: str | int = ""
    Id: str | int = ""


def _id_of(row: msgspec.Raw) -> str:
    try:
        named = msgspec.json.decode(row, type=_Named, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return str(named.id or named.Id)


def unreadable(site: str, what: str) -> NotReadable:
    """The exception for an answer that says nothing we understand; `what` is what came."""
    return NotReadable(Problem(ANSWER[site], {"what": what}))


class _TooLarge(Exception):
    """The answer is larger than its limit."""


async def _exchange(
    client: Client,
    method: str,
    path: str,
    query: Mapping[str, str] | None,
    headers: Mapping[str, str] | None,
    content: bytes | None,
    limit: int,
) -> Answer:
    try:
        async with client.stream(method, path, params=query, headers=headers, content=content) as response:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > limit:
                    raise _TooLarge
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Answer(response.status_code, kind, bytes(body), response.headers)
    except (
        httpx.DecodingError
    ) as broken:  # a body that is not what its encoding says: an answer, cut or forged
        raise httpx.RemoteProtocolError("undecodable") from broken


def _raise_for_pause(answer: Answer, site: str) -> None:
    wait = answer.headers.get("retry-after", "")
    if answer.status == 429 or (answer.status == 503 and wait):
        asked = retry_after(wait, datetime.now(UTC))
        raise SlowDown(site, PAUSE if asked is None else asked)


def _net(client: Client, site: str, failed: httpx.TransportError) -> Problem:
    return Problem(ProblemId.NET, {"site": site, "host": client.base_url.host, "why": _cause(failed)})


def _cause(failed: httpx.TransportError) -> str:
    """The kind of failure in a word; its own text may hold an address with its query."""
    inner: BaseException | None = failed
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"certificate: {inner.verify_message}"
        inner = inner.__cause__ or inner.__context__
    return type(failed).__name__
