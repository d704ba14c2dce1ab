"""Serves the training company until it is ended: one process, two sites on loopback, one line that says where."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import anyio
import msgspec
import uvicorn

from app.training.door import Door, Protocol
from app.training.served import Hh2Served, ProcoreServed, Served
from app.training.stage import Stage

# One address for each site, because cookies ignore ports. Where a system has only 127.0.0.1, names do the same.
# The third is somebody else's: the company's own sign-in, or a look-alike.
_ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
_FALLBACK = ("127.0.0.1", "localhost", "127.0.0.1")


def serve(
    scenario: str = "ok",
    *,
    variant: str = "",
    seed: int = 1,
    pace: float = 1.0,
    size: str = "small",
    hour: float = 3600.0,
    skin: str = "plain",
    language: str = "en",
    trouble: str = "",
    until_stdin_closes: bool = False,
    tell: Callable[[str], None] | None = None,
) -> int:
    """Serve until SIGTERM, SIGINT, or (when asked) the end of standard input. Returns the exit code 0.

    `hour` is how many seconds Procore's hour of 600 requests lasts. Writes one line of JSON, a `Served`, to standard
    output or to `tell`. Raises NoSuchScenario, NoSuchSkin, NoSuchTrouble."""
    stage = Stage(
        scenario,
        variant=variant,
        seed=seed,
        pace=pace,
        size=size,
        hour=hour,
        skin=skin,
        language=language,
        trouble=trouble,
    )
    sockets, names = _listen()
    ports = [wire.getsockname()[1] for wire in sockets]
    hosts = [f"{name}:{port}" for name, port in zip(names, ports, strict=True)]
    names_of_sites = ("hh2", "procore", "elsewhere")
    stage.addresses = {site: f"http://{host}" for site, host in zip(names_of_sites, hosts, strict=True)}
    # Imported here, because the pages of both sites come with them.
    from app.training.elsewhere_site import elsewhere_app
    from app.training.hh2_site import hh2_app
    from app.training.procore_site import procore_app

    door = Door(
        stage,
        {
            ports[0]: ("hh2", hosts[0], hh2_app(stage)),
            ports[1]: ("procore", hosts[1], procore_app(stage)),
            ports[2]: ("elsewhere", hosts[2], elsewhere_app(stage)),
        },
    )
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        door,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # the door tells it, by the clock of the scenario
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    line = msgspec.json.encode(describe(stage, hosts, seed)).decode()
    _end_when_told(server, until_stdin_closes=until_stdin_closes)
    (tell or _print)(line)
    anyio.run(_run, server, sockets)
    return 0


def describe(stage: Stage, hosts: list[str], seed: int) -> Served:
    """Everything a client of this start needs to know."""
    papers = stage.papers
    return Served(
        Hh2Served(
            f"http://{hosts[0]}",
            papers.hh2_site,
            papers.hh2_user,
            papers.hh2_password,
            papers.api_key,
            papers.api_secret,
        ),
        ProcoreServed(
            f"http://{hosts[1]}",
            papers.company_id,
            stage.world.company.name,
            papers.procore_user,
            papers.procore_password,
            papers.client_id,
            papers.client_secret,
        ),
        papers.admin_token,
        os.getpid(),
        stage.world.story.name,
        seed,
        stage.pace,
        stage.trouble.name,
        f"http://{hosts[2]}",
    )


def _end_when_told(server: uvicorn.Server, *, until_stdin_closes: bool) -> None:
    """From here on a signal, or the end of standard input, is an end and no failure."""

    def end(*_: object) -> None:
        server.should_exit = True

    if threading.current_thread() is threading.main_thread():
        # uvicorn puts its own handlers above these, and raises the signal again when it is done.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _handler(end))
    if until_stdin_closes:
        threading.Thread(target=_wait_for_stdin, args=(end,), name="stdin", daemon=True).start()


async def _run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    await server.serve(sockets)


def _handler(end: Callable[..., None]) -> Callable[[int, FrameType | None], None]:
    def handler(_number: int, _frame: FrameType | None) -> None:
        end()

    return handler


def _wait_for_stdin(end: Callable[[], None]) -> None:
    """Standard input ends when the parent does, however it does."""
    while True:
        try:
            if not os.read(0, 4096):
                break
        except OSError:
            break
    end()


def _listen() -> tuple[list[socket.socket], tuple[str, ...]]:
    """Three listening sockets on free ports, and the names to reach them by."""
    bound: list[socket.socket] = []
    try:
        bound.extend(_bound(address) for address in _ADDRESSES)
    except OSError:
        for wire in bound:
            wire.close()
        return [_bound("127.0.0.1") for _ in _FALLBACK], _FALLBACK
    return bound, _ADDRESSES


def _bound(address: str) -> socket.socket:
    wire = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        wire.bind((address, 0))
        wire.listen(128)
    except OSError:
        wire.close()
        raise
    return wire


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
