"""A run that is killed at one named point: `python -m tests.end_to_end.cut_off WHEN WHAT NTH`, the company on stdin.

WHEN is "before" or "after"; WHAT is "write:EVENT" (the ledger's append of that event), "send:CALL" (of a portal),
"page:CALL" (the same on the sites' pages) or "call:NAME" (a request on its way, by the name the training servers give
it). The parts are the real ones; only the
killing is added around them. With "never" as WHEN nothing is killed, and what was written and sent is told."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import anyio
import msgspec

from app import http
from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import Record
from app.domain.match_report import Written
from app.domain.run import RunState
from app.engine.conductor import RunConductor
from app.engine.faces import Conductor
from app.portals.hh2_pages import Hh2Pages
from app.portals.procore_pages import ProcorePages
from app.storage.ledger import Ledger
from app.training import calls
from app.training.client import TrainingHh2, TrainingProcore
from app.training.served import Served
from tests.end_to_end.company import NAME, Told, set_up
from tests.end_to_end.crash_stories import STORIES, Story, told

SENDS: dict[str, tuple[type, str]] = {
    "hh2.sign_in": (TrainingHh2, "sign_in"),
    "hh2.apply_filters": (TrainingHh2, "apply_filters"),
    "hh2.start": (TrainingHh2, "start"),
    "procore.sign_in": (TrainingProcore, "sign_in"),
    "procore.press": (TrainingProcore, "press"),
}

# The presses by the driver `browser`, on the pages.
PAGES: dict[str, tuple[type, str]] = {
    "hh2.start": (Hh2Pages, "start"),
    "procore.press": (ProcorePages, "press"),
}


class Asked(msgspec.Struct):
    """What is carried out, and where."""

    served: Served
    story: str
    jobs: tuple[str, ...] | None = None


def die() -> None:
    """As a power cut: nothing is flushed, closed or tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(when: str, what: str, nth: int, hosts: dict[str, str] | None = None) -> None:
    """Put the killing around the real part. `hosts` names the site of each host and port, for "call:"."""
    kind, _, name = what.partition(":")
    seen = 0

    def due(found: bool) -> bool:
        nonlocal seen
        seen += found
        return found and seen == nth

    if kind == "write":
        append = Ledger.append

        async def killed_append(self: Ledger, record: Record) -> None:
            now = due(type(record.event).__name__ == name)
            if now and when == "before":
                die()
            await append(self, record)
            if now:
                die()

        Ledger.append = killed_append  # type: ignore[method-assign]
        return
    if kind == "call":
        exchange = http._exchange

        async def killed_exchange(client: http.Client, method: str, path: str, *rest: Any) -> Any:
            now = due(_named(client, method, path, hosts or {}) == name)
            if now and when == "before":
                die()
            answer = await exchange(client, method, path, *rest)
            if now:
                die()
            return answer

        http._exchange = killed_exchange  # type: ignore[assignment]
        return
    owner, method = {"send": SENDS, "page": PAGES}[kind][name]
    call: Callable[..., Awaitable[Any]] = getattr(owner, method)

    async def killed_call(*arguments: Any) -> Any:
        now = due(True)
        if now and when == "before":
            die()
        answer = await call(*arguments)
        if now:
            die()
        return answer

    setattr(owner, method, killed_call)


def _named(client: http.Client, method: str, path: str, hosts: dict[str, str]) -> str:
    base = client.base_url
    site = hosts.get(f"{base.host}:{base.port}", "elsewhere")
    return calls.name_of(site, method, urlsplit(path).path)


def count(found: Counter[str], hosts: dict[str, str]) -> None:
    """Count what is written and sent, and kill nothing."""
    append, exchange = Ledger.append, http._exchange

    async def counted_append(self: Ledger, record: Record) -> None:
        found[f"write:{type(record.event).__name__}"] += 1
        await append(self, record)

    async def counted_exchange(client: http.Client, method: str, path: str, *rest: Any) -> Any:
        found[f"call:{_named(client, method, path, hosts)}"] += 1
        return await exchange(client, method, path, *rest)

    Ledger.append = counted_append  # type: ignore[method-assign]
    http._exchange = counted_exchange  # type: ignore[assignment]


def hosts_of(served: Served) -> dict[str, str]:
    """The site of each host and port of the training company."""
    return {
        urlsplit(served.hh2.address).netloc: "hh2",
        urlsplit(served.procore.address).netloc: "procore",
    }


async def main(asked: Asked) -> None:
    story = STORIES[asked.story]
    wanted = msgspec.structs.replace(story.wanted, jobs=asked.jobs) if asked.jobs else story.wanted
    house = House("command line", person=60.0 if story.says is not None else 0.0)
    await set_up(house, asked.served, without=story.without)
    listener = Told()
    conductor = await house.conductor(NAME, listener, story.driver)
    listener.react = partial(_react, conductor, story, [])
    state = await conductor.run(wanted)
    if story.then is not None:
        state = await conductor.go_on(state.run_id, story.then)
    if story.saved:
        files = (Written("pdf", "/reports/a.pdf", "ab" * 32, 12),)
        assert isinstance(conductor, RunConductor)
        assert await conductor.write_down(state.run_id, ev.ReportSaved("b658", "dana", files))
        assert await conductor.write_down_alone(ev.ReportAlone("b659", "dana", files))
    await house.close()


def _react(conductor: Conductor, story: Story, once: list[bool], record: Record, _state: RunState) -> None:
    if story.says is not None and not once and told(record, story):
        once.append(True)
        conductor.tell(story.says)


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    if sys.argv[1] == "never":
        seen: Counter[str] = Counter()
        count(seen, hosts_of(given.served))
        anyio.run(main, given)
        sys.stdout.write(msgspec.json.encode(seen).decode())
    else:
        arm(sys.argv[1], sys.argv[2], int(sys.argv[3]), hosts_of(given.served))
        anyio.run(main, given)
