"""A run that is killed at one named point: `python -m tests.end_to_end.cut_off WHEN WHAT NTH`, the company on stdin.

WHEN is "before" or "after"; WHAT is "write:EVENT" (the ledger's append of that event) or "send:CALL" (of a portal).
The parts are the real ones; only the killing is added around them."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec

from app.assembly.house import House
from app.domain.events import Record
from app.engine.faces import Wanted
from app.storage.ledger import Ledger
from app.training.client import TrainingHh2, TrainingProcore
from app.training.served import Served
from tests.end_to_end.company import NAME, Told, set_up

SENDS = {
    "hh2.sign_in": (TrainingHh2, "sign_in"),
    "hh2.apply_filters": (TrainingHh2, "apply_filters"),
    "hh2.start": (TrainingHh2, "start"),
    "procore.sign_in": (TrainingProcore, "sign_in"),
    "procore.press": (TrainingProcore, "press"),
}


def die() -> None:
    """As a power cut: nothing is flushed, closed or tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(when: str, what: str, nth: int) -> None:
    """Put the killing around the real part."""
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
    owner, method = SENDS[name]
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


async def main(asked: dict[str, Any]) -> None:
    house = House("command line", person=0.0)
    await set_up(house, msgspec.convert(asked["served"], Served))
    conductor = await house.conductor(NAME, Told())
    await conductor.run(msgspec.convert(asked["wanted"], Wanted))
    await house.close()


if __name__ == "__main__":
    arm(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    anyio.run(main, msgspec.json.decode(sys.stdin.buffer.read()))
