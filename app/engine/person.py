"""Waiting for a person: a mailbox of what they say, and a wait that always ends."""

from collections import deque
from datetime import timedelta
from typing import TypeVar

import anyio

from app.domain.events import NeedKind, NeedsPerson, PersonActed, Site
from app.domain.problems import Problem
from app.engine.faces import Message
from app.engine.patience import Patience
from app.engine.ports import Clock
from app.engine.recorder import Recorder

M = TypeVar("M", bound=Message)


class GaveUp(Exception):
    """Nobody came in time, or nobody is there to come: the run ends, resumable."""


class Person:
    """What the person said, in order. Messages that nobody waits for are dropped when the next wait begins."""

    def __init__(self, patience: Patience, clock: Clock) -> None:
        self._patience = patience
        self._clock = clock
        self._said: deque[Message] = deque()
        self._news = anyio.Event()

    def tell(self, message: Message) -> None:
        """From the engine's loop."""
        self._said.append(message)
        self._news.set()

    def take(self, kind: type[M]) -> M | None:
        """A message of this kind if one was said, without waiting."""
        for message in self._said:
            if isinstance(message, kind):
                self._said.remove(message)
                return message
        return None

    def forget(self) -> None:
        """What was said to an earlier question is no answer to the next one."""
        self._said.clear()

    async def wait(
        self,
        recorder: Recorder,
        need: NeedKind,
        *kinds: type[M],
        problem: Problem | None = None,
        site: Site | None = None,
    ) -> M:
        """Say what is needed and wait for one of the kinds of answer; raises GaveUp when the time is over."""
        until = self._clock.now() + timedelta(seconds=self._patience.person)
        self.forget()  # what is said once the question stands is an answer to it
        await recorder.add(NeedsPerson(need, until, problem, site))
        ends = self._clock.ticks() + self._patience.person
        while self._clock.ticks() < ends:
            for kind in kinds:
                found = self.take(kind)
                if found is not None:
                    await recorder.add(PersonActed(need))
                    return found
            self._news = anyio.Event()
            with anyio.move_on_after(max(0.0, ends - self._clock.ticks())):
                await self._news.wait()
        await recorder.add(PersonActed(need, gave_up=True))
        raise GaveUp
