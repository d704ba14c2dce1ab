"""The one place that imports httpx: clients, and what became of a request in the words of the engine's ports.

`read` is for what may be asked again, `send` for what may not: it tells what certainly was not sent from what may have
arrived. Neither follows a redirect, and neither tries again."""

import re
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass_environment  # type: ignore[attr-defined]  # not in its stub

import anyio
import httpx
import msgspec
from anyio.streams.tls import TLSAttribute

from app import __version__
from app.domain import problems
from app.domain.addresses import is_loopback, origin
from app.domain.decoding import BROKEN
from app.domain.lists import Aside, Fault, LedgerRecord
from app.domain.pause import retry_after
from app.domain.problems import AnswerLost, NotReadable, NotSent, Problem, ProblemId, SlowDown
from app.domain.ready_network import CERTIFICATE, Knock

__all__ = [
    "Answer",
    "Client",
    "Rows",
    "decode",
    "decode_rows",
    "is_json",
    "issuer_of",
    "knock",
    "open_client",
    "proxy_of",
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
# An answer is whole within so many times what its next byte may take.
WHOLE = 5.0
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
        raise NotReadable(await _net(client, site, failed)) from None
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
        raise NotSent(await _net(client, site, failed)) from None
    except httpx.TransportError as failed:
        raise AnswerLost(_cause(failed)) from None
    except _TooLarge:
        raise AnswerLost("too large") from None
    _raise_for_pause(answer, site)
    return answer


async def knock(address: str, site: str, *, timeout: float = 6.0) -> Knock:
    """Ask a host for its first page, as nobody in particular. A gateway's error is told, any other answer is one."""
    client = open_client(address, timeout=timeout)
    host, proxy = urlsplit(origin(address)).hostname or "", proxy_of(address)
    began = datetime.now(UTC)
    try:
        async with client.stream("GET", "/") as response:
            local = datetime.now(UTC)
            stream = response.extensions.get("network_stream")
            tls = stream.get_extra_info("ssl_object") if stream is not None else None
            problem = None
            if response.status_code in (502, 503, 504):
                problem = Problem(DOWN[site], {"status": response.status_code})
            expires, issuer = _certificate(tls.getpeercert(True) if tls is not None else None)
            said = _date(response.headers.get("date", ""))
            seconds = (local - began).total_seconds()
            return Knock(site, host, proxy, seconds, said, local, expires, issuer, problem)
    except httpx.TransportError as failed:
        return Knock(site, host, proxy, problem=await _net(client, site, failed))
    finally:
        await client.aclose()


def _certificate(der: bytes | None) -> tuple[datetime | None, str]:
    """Until when a certificate is valid, and who issued it, as it names itself."""
    if not der:
        return None, ""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    found = x509.load_der_x509_certificate(der)
    for name in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        told = found.issuer.get_attributes_for_oid(name)
        if told:
            return found.not_valid_after_utc, str(told[0].value)[:80]
    return found.not_valid_after_utc, ""


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def proxy_of(address: str) -> str:
    """The proxy by which `open_client` reaches this address, as "host:port", never with its user; "" for none.

    From the environment, or else from the system's own settings (Windows, macOS)."""
    parts = urlsplit(origin(address))
    host = parts.hostname or ""
    known = getproxies()
    if is_loopback(host) or proxy_bypass_environment(host, known):
        return ""
    proxy = known.get(parts.scheme) or known.get("all") or ""
    if not proxy:
        return ""
    there = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return f"{there.hostname or ''}:{there.port}" if there.port else there.hostname or ""


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
    except BROKEN:
        raise unreadable(site, "broken JSON") from None


class Rows(msgspec.Struct, frozen=True):
    """The rows of one answer: those that could be read, those kept aside, and how many there were in all."""

    records: tuple[LedgerRecord, ...]
    aside: tuple[Aside, ...]
    count: int


def decode_rows(answer: Answer, wanted: type[T], make: Callable[[T], LedgerRecord | None], site: str) -> Rows:
    """The answer's list, row by row: one that is not as expected is kept aside and named, and the rest goes on.

    `make` turns a decoded row into a record, or into None to leave it out; its ValueError names what is wrong
    without quoting it. hh2's empty list is an empty body [C]; anybody else's is no answer.
    Raises NotReadable as `decode` where it is no list at all."""
    if site == "hh2" and 200 <= answer.status < 300 and not answer.body.strip():
        return Rows((), (), 0)
    if (whole := _all_rows(answer, wanted, make)) is not None:
        return whole
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
        except RecursionError:
            aside.append(Aside(place, _id_of(one), Fault.TYPE, "lists within lists"))
        except UnicodeDecodeError:  # its text would quote the answer
            aside.append(Aside(place, _id_of(one), Fault.TYPE, "no text"))
        except ValueError as wrong:
            aside.append(Aside(place, _id_of(one), Fault.TYPE, str(wrong)))
        else:
            if record is not None:
                records.append(record)
    return Rows(tuple(records), tuple(aside), len(raw))


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def _decoder(wanted: Any) -> msgspec.json.Decoder[Any]:
    if wanted not in _decoders:
        _decoders[wanted] = msgspec.json.Decoder(list[wanted])
    return _decoders[wanted]


def _all_rows(answer: Answer, wanted: type[T], make: Callable[[T], LedgerRecord | None]) -> Rows | None:
    """The rows of a page of which every one is as expected, decoded in one go; None where one is not: then they are
    gone through one by one, and it is named."""
    if not (200 <= answer.status < 300 and is_json(answer)):
        return None
    try:
        found = _decoder(wanted).decode(answer.body)
        records = [record for record in map(make, found) if record is not None]
    except (ValueError, *BROKEN):
        return None
    return Rows(tuple(records), (), len(found))


class _Named(msgspec.Struct):
    """A row's id, whatever else is wrong with it."""

    id: str | int = ""
    Id: str | int = ""


def _id_of(row: msgspec.Raw) -> str:
    try:
        named = msgspec.json.decode(row, type=_Named, strict=False)
    except BROKEN:
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
        # A deadline for each part is none for the whole: a byte now and then would be waited for without end.
        with anyio.fail_after(WHOLE * (client.timeout.read or 60.0)):
            async with client.stream(
                method, path, params=query, headers=headers, content=content
            ) as response:
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > limit:
                        raise _TooLarge
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Answer(response.status_code, kind, bytes(body), response.headers)
    except TimeoutError:
        raise httpx.ReadTimeout("the whole answer") from None
    except (
        httpx.DecodingError
    ) as broken:  # a body that is not what its encoding says: an answer, cut or forged
        raise httpx.RemoteProtocolError("undecodable") from broken


def _raise_for_pause(answer: Answer, site: str) -> None:
    wait = answer.headers.get("retry-after", "")
    if answer.status == 429 or (answer.status == 503 and wait):
        asked = retry_after(wait, datetime.now(UTC))
        raise SlowDown(site, PAUSE if asked is None else asked)


async def _net(client: Client, site: str, failed: httpx.TransportError) -> Problem:
    why = _cause(failed)
    facts: dict[str, problems.Fact] = {"site": site, "host": client.base_url.host, "why": why}
    if why.startswith(CERTIFICATE) and not _OF_ANOTHER_KIND.search(why):
        facts["issuer"] = await issuer_of(str(client.base_url)) or None
    return Problem(ProblemId.NET, facts)


# A certificate that has run out, or is another host's: who issued it explains nothing.
_OF_ANOTHER_KIND = re.compile("expired|not yet valid|mismatch|match", re.IGNORECASE)


async def issuer_of(address: str) -> str:
    """Who issued the certificate that comes for this address, as it names itself; "" where that is not seen.

    For telling who inspects a connection that was refused: nothing is sent but the handshake, and nothing is read. By a
    proxy it is not asked."""
    parts = urlsplit(origin(address))
    if parts.scheme != "https" or proxy_of(address):
        return ""
    look_only = ssl.create_default_context()
    look_only.check_hostname, look_only.verify_mode = False, ssl.CERT_NONE
    host = parts.hostname or ""
    with anyio.move_on_after(_ISSUER_SECONDS):
        try:
            wire = await anyio.connect_tcp(
                host,
                parts.port or 443,
                ssl_context=look_only,
                tls_hostname=host,
                tls_standard_compatible=False,
            )
            async with wire:
                shown = wire.extra(TLSAttribute.ssl_object).getpeercert(True)  # noqa: S610 - no query
        except (OSError, anyio.BrokenResourceError, anyio.EndOfStream):
            return ""
        return _certificate(shown)[1]
    return ""


_ISSUER_SECONDS = 5.0


def _cause(failed: httpx.TransportError) -> str:
    """The kind of failure in a word; its own text may hold an address with its query."""
    inner: BaseException | None = failed
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"{CERTIFICATE}{inner.verify_message}"
        inner = inner.__cause__ or inner.__context__
    return type(failed).__name__
