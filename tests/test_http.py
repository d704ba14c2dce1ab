"""What became of a request: not sent, lost, not readable, slow down; and that nothing is trusted too far."""

import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager

import anyio
import msgspec
import pytest
import trustme

from app.domain.problems import AnswerLost, NotReadable, NotSent, ProblemId, SlowDown
from app.http import Answer, decode, open_client, read, send

pytestmark = pytest.mark.anyio


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
                with closing(wire):
                    try:
                        if tls is not None:
                            wire = tls.wrap_socket(wire, server_side=True)
                        wire.recv(65536)
                        wire.sendall(answer)
                        wire.close()
                    except OSError:
                        continue

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
