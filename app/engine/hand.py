"""The person's own hand: asked for one press at a time, in the ledger before they are, and waited for."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta

import anyio

from app.domain.events import ByHand, NeedKind, NeedsPerson, PersonActed
from app.domain.problems import Unpressed
from app.engine.faces import LeaveOut, Ready
from app.engine.patience import Patience
from app.engine.person import Person
from app.engine.ports import Clock, Driver
from app.engine.recorder import Recorder

# The deadline of the call to a portal that is being made: a person is slower than any page.
RUNNING: ContextVar[anyio.CancelScope] = ContextVar("RUNNING")


class _Asked:
    """Fulfils `ports.Asked`."""

    def __init__(self, person: Person, clock: Clock, ends: float, *, may_skip: bool) -> None:
        self._person = person
        self._clock = clock
        self._ends = ends
        self._may_skip = may_skip
        self.gave_up = False

    @property
    def left(self) -> float:
        return max(0.0, self._ends - self._clock.ticks())

    def said(self) -> bool | Unpressed | None:
        if self._person.take(Ready) is not None:
            return True
        if self._may_skip and self._person.take(LeaveOut) is not None:
            return Unpressed.LEFT_OUT
        if self.left <= 0:
            self.gave_up = True
            return Unpressed.NOBODY
        return None


class PersonsHand:
    """Fulfils `ports.Hand` for one run."""

    def __init__(
        self, recorder: Recorder, person: Person, patience: Patience, clock: Clock, driver: Driver
    ) -> None:
        self._recorder = recorder
        self._person = person
        self._patience = patience
        self._clock = clock
        self._driver = driver

    @property
    def is_there(self) -> bool:
        """Is anybody there to press?"""
        return self._patience.person > 0

    @asynccontextmanager
    async def asks(self, by_hand: ByHand) -> AsyncIterator[_Asked]:
        """See `ports.Hand`. Stopped in the middle, the question stays as the last word on this press."""
        patience = self._patience.person
        running = RUNNING.get()
        running.deadline = math.inf
        asked = _Asked(self._person, self._clock, self._clock.ticks() + patience, may_skip=by_hand.may_skip)
        self._person.forget()
        until = self._clock.now() + timedelta(seconds=patience)
        await self._recorder.add(NeedsPerson(NeedKind.PRESS, until, None, by_hand.site, by_hand))
        await self._driver.to_front(by_hand.site)
        try:
            yield asked
        except Exception:
            await self._recorder.add(PersonActed(NeedKind.PRESS))
            raise
        await self._recorder.add(PersonActed(NeedKind.PRESS, asked.gave_up))
        running.deadline = anyio.current_time() + self._patience.request
