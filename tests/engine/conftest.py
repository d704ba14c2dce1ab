"""The training servers and a house in which a person can answer; and sites that say what a test tells them to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import _admin, admin, anyio_backend, company, house
from tests.engine.script import Make, Stage

__all__ = ["_admin", "admin", "anyio_backend", "company", "house", "stage"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Make]:
    """Makes a stage; its ledger is closed at the end."""
    made: list[Stage] = []

    def make(**parts: object) -> Stage:
        made.append(Stage(tmp_path, **parts))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.close()
