"""Procore's authorize page in the browser: the answer is read on its way, and reaches nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import anyio
import pytest

from app.domain.problems import ProblemId, Trouble
from app.portals.authorize import allowed
from app.portals.browser import DrivenBrowser
from app.procore.authorize import is_redirect
from tests.portals.shown import Answer, Shown, page

pytestmark = pytest.mark.anyio
ANSWER = "http://localhost/?code=the-code&state=the-state"


async def ask(browser: DrivenBrowser, address: str, within: float = 30.0) -> str:
    return await allowed(browser, address, is_redirect, within)


@pytest.fixture
def listening() -> Iterator[list[str]]:
    """A program of somebody else that listens on this computer's port 80, and what came to it."""
    heard: list[str] = []
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        wire.bind(("127.0.0.1", 80))
    except OSError as refused:
        wire.close()
        pytest.skip(f"port 80 cannot be listened on here: {refused}")
    wire.listen()

    def listen() -> None:
        while True:
            try:
                conversation, _ = wire.accept()
            except OSError:
                return
            with closing(conversation):
                conversation.settimeout(5)
                heard.append(conversation.recv(4096).decode("latin-1"))
                conversation.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=listen)
    thread.start()
    yield heard
    wire.shutdown(socket.SHUT_RDWR)
    wire.close()
    thread.join()


async def test_the_answer_reaches_nobody_who_listens_on_this_computer(
    browser: DrivenBrowser, shown: Shown, listening: list[str]
) -> None:
    shown.show("/", "<script>location = '/allowed'</script>")
    shown.answers["/allowed"] = Answer("", 302, {"Location": ANSWER})
    assert await ask(browser, f"{shown.address}/") == ANSWER
    shown.answers["/straight"] = Answer("", 302, {"Location": ANSWER})
    assert await ask(browser, f"{shown.address}/straight") == ANSWER
    assert listening == []


async def test_only_the_window_itself_can_answer(browser: DrivenBrowser, shown: Shown) -> None:
    """A frame, a picture and another port are stopped, and are no answer."""
    shown.show("/", f"<iframe src='{ANSWER}'></iframe><img src='{ANSWER}'><img src='http://localhost:1/?code=x'>",
               "<script>addEventListener('load', () => { location = '/asks' })</script>")  # fmt: skip
    shown.answers["/asks"] = Answer(page("<script>location = 'http://localhost/?code=real'</script>"))
    assert await ask(browser, f"{shown.address}/") == "http://localhost/?code=real"


async def test_nobody_who_answers_in_time_is_told(browser: DrivenBrowser, shown: Shown) -> None:
    shown.show("/", "<p>Allow?</p>")
    with pytest.raises(Trouble) as met:
        await ask(browser, f"{shown.address}/", within=0.2)
    assert met.value.problem.id is ProblemId.PRO_CONNECT
    assert met.value.problem.facts == {"why": "given-up"}


async def test_a_page_that_cannot_be_reached_is_told_with_its_host(browser: DrivenBrowser) -> None:
    with anyio.fail_after(30):
        with pytest.raises(Trouble) as met:
            await ask(browser, "http://127.0.0.1:9/oauth/authorize")
    assert met.value.problem.id is ProblemId.NET
    assert met.value.problem.facts["host"] == "127.0.0.1"
