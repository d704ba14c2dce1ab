"""A place in memory for a person's grant, for cells that need one that nobody else has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class MemoryStore:
    """Fulfils `app.procore.kept.TokenStore`."""

    def __init__(self) -> None:
        self._text: str | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        yield

    async def load(self) -> str | None:
        return self._text

    async def save(self, text: str) -> None:
        self._text = text

    async def forget(self) -> None:
        self._text = None
