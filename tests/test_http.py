"""What became of a request: not sent, lost, not readable, slow down; and that nothing is trusted too far."""

import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import anyio
import msgspec
import pytest
import trustme

from app.domain.problems import AnswerLost, NotReadable, NotSent, ProblemId, SlowDown
from app.http import Answer, decode, knock, open_client, proxy_of, read, send
from app.words import problems as cards

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@contextmanager
def server(answer: bytes, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that gives every connection these bytes and closes it; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    wire, _ = listening.accept()
                except OSError:
                    return
                try:
                    with closing(wire if tls is None else tls.wrap_socket(wire, server_side=True)) as spoken:
                        spoken.recv(65536)
                        spoken.sendall(answer)
                except OSError:
                    continue
                finally:
                    wire.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = listening.getsockname()[1]
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def answered(status: str, *lines: str, body: str = "{}") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *lines]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def tried(address: str, *, limit: int = 1000) -> tuple[BaseException | None, BaseException | None]:
    """What a read and a press of this address come to."""
    found: list[BaseException | None] = []
    async with open_client(address, timeout=5) as client:
        asks: list[Callable[[], Awaitable[Answer]]] = [
            lambda: read(client, "hh2", "/x", limit=limit),
            lambda: send(client, "hh2", "/x", content=b"{}", limit=limit),
        ]
        for ask in asks:
            try:
                await ask()
                found.append(None)
            except (AnswerLost, NotReadable, NotSent, SlowDown) as failed:
                found.append(failed)
    return found[0], found[1]


async def test_a_refused_connection_is_certainly_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert looked.problem.id is ProblemId.NET
    assert looked.problem.facts == {"site": "hh2", "host": "127.0.0.1", "why": "ConnectError"}
    assert isinstance(pressed, NotSent)


async def test_a_certificate_that_the_system_does_not_trust_stops_everything_before_a_byte() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with server(answered("200 OK"), tls) as address:
        looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert "certificate" in str(looked.problem.facts["why"])
    assert isinstance(pressed, NotSent)


@contextmanager
def inspected() -> Iterator[tuple[str, list[bytes]]]:
    """A server with a certificate that nobody here knows; its address, and what it was sent after the handshake."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA(organization_name="Acme Inspection").issue_cert("127.0.0.1").configure_cert(tls)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    wire, _ = listening.accept()
                except OSError:
                    return
                try:
                    with closing(tls.wrap_socket(wire, server_side=True)) as spoken:
                        heard.append(spoken.recv(65536))
                except OSError:
                    continue
                finally:
                    wire.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}", heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


async def test_who_inspects_a_connection_is_named_and_hears_nothing_of_the_request() -> None:
    with inspected() as (address, heard):
        looked, pressed = await tried(address)
        found = await knock(address, "hh2", timeout=5)
    assert isinstance(looked, NotReadable)
    assert isinstance(pressed, NotSent)
    assert found.problem is not None
    for problem in (looked.problem, pressed.problem, found.problem):
        assert problem.facts["issuer"] == "Acme Inspection"
        card = cards.card(problem)
        assert "“Acme Inspection”" in card.why
        assert "“Acme Inspection”" in card.do
    assert b"".join(heard) == b""


async def test_a_certificate_of_another_host_is_no_inspection() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA()
    authority.issue_cert("another.example").configure_cert(tls)
    with pytest.MonkeyPatch.context() as patch, authority.cert_pem.tempfile() as trusted:
        patch.setenv("SSL_CERT_FILE", trusted)
        with server(answered("200 OK"), tls) as address:
            looked, _ = await tried(address)
    assert isinstance(looked, NotReadable)
    assert "issuer" not in looked.problem.facts
    assert "belongs to another site" in cards.card(looked.problem).why


@pytest.mark.parametrize(
    "name", ["PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_TLS_REJECT_UNAUTHORIZED"]
)
async def test_no_variable_of_the_environment_passes_over_a_certificate(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "0")
    with inspected() as (address, heard):
        looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert isinstance(pressed, NotSent)
    assert b"".join(heard) == b""


def test_no_option_and_no_setting_speaks_of_passing_over_a_certificate() -> None:
    words = re.compile(
        r"insecure|\b(?:no|skip|ignore|disable)[-_](?:verify|tls|ssl|cert)|verify[-_](?:tls|ssl)",
        re.IGNORECASE,
    )
    found = [
        (path.name, line.strip())
        for path in sorted((ROOT / "app").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if words.search(line) or "ignore_https_errors" in line or "ignore-certificate-errors" in line
    ]
    assert found == []


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal", b"no http\r\n\r\n"]
)
async def test_half_an_answer_to_a_press_is_a_lost_one(answer: bytes) -> None:
    with server(answer) as address:
        looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert looked.problem.id is ProblemId.NET
    assert isinstance(pressed, AnswerLost)


async def test_a_body_that_is_not_what_its_encoding_says_is_no_answer() -> None:
    with server(answered("200 OK", "Content-Encoding: gzip")) as address:
        looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert isinstance(pressed, AnswerLost)


async def test_an_answer_larger_than_its_limit_is_not_read_on() -> None:
    with server(answered("200 OK", body="x" * 5000)) as address:
        looked, pressed = await tried(address)
    assert isinstance(looked, NotReadable)
    assert looked.problem.facts == {"what": "too large"}
    assert isinstance(pressed, AnswerLost)


@pytest.mark.parametrize(
    ("status", "wait", "seconds"),
    [
        ("429 Too Many", "7", 7.0),
        ("503 Unavailable", "2", 2.0),
        ("429 Too Many", "Wed, 21 Oct 2026 07:28:00 GMT", 60.0),
        ("429 Too Many", "-5", 0.0),
        ("429 Too Many", "nan", 60.0),
        ("429 Too Many", "1e99", 3600.0),
    ],
)
async def test_a_site_that_asks_to_slow_down_is_believed_within_reason(
    status: str, wait: str, seconds: float
) -> None:
    with server(answered(status, f"Retry-After: {wait}")) as address:
        for slow in await tried(address):
            assert isinstance(slow, SlowDown)
            assert slow.seconds == seconds


async def test_a_429_without_a_time_waits_a_minute() -> None:
    with server(answered("429 Too Many")) as address:
        for slow in await tried(address):
            assert isinstance(slow, SlowDown)
            assert slow.seconds == 60


async def test_a_gateway_s_error_fails_a_look_and_is_left_to_the_caller_of_a_press() -> None:
    for status in ("502 Bad Gateway", "503 Unavailable", "504 Timeout"):
        with server(answered(status)) as address:
            looked, pressed = await tried(address)
        assert isinstance(looked, NotReadable)
        assert looked.problem.id is ProblemId.HH2_DOWN
        assert pressed is None


async def test_a_redirect_is_not_followed() -> None:
    with server(answered("302 Found", "Location: http://127.0.0.1:1/")) as address:
        async with open_client(address) as client:
            assert (await read(client, "hh2", "/x")).status == 302


async def test_every_request_says_who_asks_and_opens_its_own_connection() -> None:
    with server(answered("200 OK")) as address:
        async with open_client(address) as client:
            assert client.headers["user-agent"].startswith("OnDemandSync/")
            for _ in range(3):  # the server closes after each: a kept connection would fail
                await send(client, "hh2", "/x", content=b"{}")


async def test_a_press_that_is_stopped_leaves_nothing_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with open_client(f"http://127.0.0.1:{silent.getsockname()[1]}") as client:
            with anyio.move_on_after(0.1) as scope:
                await send(client, "hh2", "/x", content=b"{}")
            assert scope.cancelled_caught


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1", "http://hh2.example", "https://me:secret@hh2.example", ""]
)
def test_an_address_that_may_not_be_used_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        open_client(address)


class Amount(msgspec.Struct):
    amount: int


@pytest.mark.parametrize(
    ("status", "kind", "body", "what"),
    [
        (500, "application/json", b'{"amount": 1}', "status 500"),
        (200, "text/html", b'{"amount": 1}', "text/html"),
        (200, "", b'{"amount": 1}', "nothing"),
        (200, "application/json", b'{"amount": ', "broken JSON"),
        (200, "application/json", b"\xff\xfe", "broken JSON"),
        (200, "application/json", b'{"amount": "1"}', "unexpected JSON"),
        (200, "application/json", b'{"message": "no"}', "unexpected JSON"),
    ],
)
def test_an_answer_is_decoded_exactly_or_not_at_all(status: int, kind: str, body: bytes, what: str) -> None:
    with pytest.raises(NotReadable) as wrong:
        decode(Answer(status, kind, body, {}), Amount, "procore")
    assert wrong.value.problem.id is ProblemId.PRO_ANSWER
    assert wrong.value.problem.facts == {"what": what}


def test_an_answer_that_is_right_is_decoded() -> None:
    assert decode(Answer(200, "application/hal+json", b'{"amount": 1}', {}), Amount, "hh2") == Amount(1)


async def test_a_knock_tells_the_hosts_time_and_takes_any_answer_but_a_gateways_for_one() -> None:
    with server(answered("404 Not Found", "Date: Tue, 24 Nov 2026 14:00:00 GMT")) as address:
        found = await knock(address, "hh2", timeout=5)
    assert (found.problem, found.host, found.proxy) == (None, "127.0.0.1", "")
    assert found.date is not None
    assert found.date.isoformat() == "2026-11-24T14:00:00+00:00"
    with server(answered("502 Bad Gateway", "Date: yesterday")) as address:
        found = await knock(address, "procore", timeout=5)
    assert found.problem is not None
    assert found.problem.id is ProblemId.PRO_DOWN
    assert found.date is None


async def test_a_knock_shows_whose_certificate_it_is_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA(organization_name="Acme Inspection")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with server(answered("200 OK"), context) as address:
        refused = await knock(address, "hh2", timeout=5)
        with authority.cert_pem.tempfile() as trusted:
            monkeypatch.setenv("SSL_CERT_FILE", trusted)
            found = await knock(address, "hh2", timeout=5)
    assert refused.problem is not None
    assert str(refused.problem.facts["why"]).startswith("certificate: ")
    assert (found.problem, found.issuer) == (None, "Acme Inspection")
    assert found.expires is not None


def test_the_proxy_is_named_without_its_password_and_never_for_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://dana:secret@proxy.acme.example:8080")
    monkeypatch.setenv("NO_PROXY", "app.procore.example")
    assert proxy_of("https://acme.hh2.example") == "proxy.acme.example:8080"
    assert proxy_of("https://app.procore.example") == ""
    assert proxy_of("http://127.0.0.1:8000") == ""
