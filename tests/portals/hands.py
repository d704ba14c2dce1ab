"""Somebody at the driven browser, for tests of one step: what they do when they are asked, and what they say."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from app.domain.events import ByHand
from app.domain.problems import Unpressed

Says = bool | Unpressed | None


@dataclass
class Answer:
    """What the person says, and how long they are waited for."""

    told: Says
    ends: float

    @property
    def left(self) -> float:
        return max(0.0, self.ends - anyio.current_time())

    def said(self) -> Says:
        return self.told if self.left > 0 else Unpressed.NOBODY


@dataclass
class Person:
    """Fulfils `app.portals.by_hand.Hand`. `does` is done at each question, and gives what is said."""

    does: Callable[[ByHand], Awaitable[Says]]
    is_there: bool = True
    patience: float = 10.0
    asked: list[ByHand] = field(default_factory=list)

    @asynccontextmanager
    async def asks(self, by_hand: ByHand) -> AsyncIterator[Answer]:
        self.asked.append(by_hand)
        told = await self.does(by_hand)
        yield Answer(told, anyio.current_time() + self.patience)
