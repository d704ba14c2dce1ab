"""The clock of a real run."""

import time
from datetime import UTC, datetime

import anyio


class SystemClock:
    """Wall time in UTC, monotonic seconds, and a sleep that a stop ends at once."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)
