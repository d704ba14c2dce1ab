"""Keeping to Procore's limits: as many requests at once as the rate headers leave, and none before they are reset. [C]

procore-wire.md, "REST habits": an hourly and a 10-second window; `X-Rate-Limit-Limit`, `-Remaining`, `-Reset` (unix
seconds) describe the nearer one."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime

import anyio

AT_ONCE = 4
HOUR, BURST = 600, 25  # samples of the documentation, until the headers say otherwise
_WINDOW = 10.0
_LONGEST = 3660.0  # seconds: no window is longer, whatever a header says


class Pace:
    """One account's pace. `waits` is told how many seconds nothing will be asked, where it is more than a second."""

    def __init__(
        self,
        waits: Callable[[float], None] = lambda _: None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._waits = waits
        self._clock = clock
        self._sleep = sleep
        self._door = anyio.Lock()
        self._left: int | None = None  # None: not known
        self._reset = 0.0
        self._window = (
            0  # as the header tells the end of the window that is counted in, in Procore's own time
        )
        self._under_way = 0
        self._hour, self._burst = HOUR, BURST
        self._told = anyio.Event()  # set by the next answer
        self._silent = False  # an answer told nothing of a limit: there is none to keep to

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While inside, one request may be sent; those that wait stand in line."""
        async with self._door:
            while self._left is None or self._left <= 0:
                if self._left is not None:
                    seconds = min(max(self._reset - self._clock(), 0.0), _LONGEST)
                    if seconds > 1:
                        self._waits(seconds)
                    await self._sleep(seconds)
                    self._left = None
                elif self._under_way and not self._silent:
                    await self._told.wait()  # how much is left tells the one that is under way
                else:
                    break
            if self._left is not None:
                self._left -= 1
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._tell()

    def closed_for(self) -> float:
        """For how many seconds nothing may be asked, by the last answer; 0 where something may."""
        return 0.0 if self._left is None or self._left > 0 else max(0.0, self._reset - self._clock())

    def _tell(self) -> None:
        self._told.set()
        self._told = anyio.Event()

    def heard(self, headers: Mapping[str, str]) -> None:
        """What an answer says of the limit. To be called before the answer's turn ends."""
        left, reset = (
            _number(headers.get("x-rate-limit-remaining")),
            _number(headers.get("x-rate-limit-reset")),
        )
        limit = _number(headers.get("x-rate-limit-limit"))
        if left is None or reset is None:
            self._silent = self._left is None
            return
        seconds = reset - _sent(headers)
        if limit:
            self._hour, self._burst = (limit, self._burst) if seconds > 2 * _WINDOW else (self._hour, limit)
        # Of those that are under way some may have been counted already: the smaller number is the careful one. An
        # answer that was overtaken by a later one knows less: only a window that went on leaves more than before.
        told = max(0, left - max(0, self._under_way - 1))
        self._left = told if self._left is None or reset > self._window else min(self._left, told)
        self._window = max(self._window, reset)
        self._reset = self._clock() + max(0.0, seconds)

    def refused(self, seconds: float) -> None:
        """We were asked to slow down."""
        self._left = 0
        self._reset = self._clock() + seconds

    def seconds(self, requests: int) -> float:
        """How long so many requests take: in bursts up to the hour's limit, and from there on hour by hour."""
        if requests <= self._burst:
            return requests * 0.3
        hours = (requests - 1) // self._hour
        return max(hours * 3600.0, (requests - self._burst) / self._burst * _WINDOW)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def _sent(headers: Mapping[str, str]) -> float:
    """When the answer was sent, by Procore's own clock where it tells it: ours may be wrong."""
    at = server_time(headers)
    return time.time() if at is None else at.timestamp()


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The clock of the answer's sender, in its own zone; None where it does not tell."""
    try:
        return parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
