"""Work of the engine's thread that the window can stop."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import anyio

T = TypeVar("T")


class Stoppable(Generic[T]):
    """Everything of it runs in the engine's loop. Stopped before it began, it does not begin."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._scope: anyio.CancelScope | None = None
        self._stopped = False

    async def run(self) -> T | None:
        """What the work gives; None where it was stopped."""
        with anyio.CancelScope() as self._scope:
            if not self._stopped:
                return await self._work()
        return None

    async def stop(self) -> None:
        """End it at its next step."""
        self._stopped = True
        if self._scope is not None:
            self._scope.cancel()
