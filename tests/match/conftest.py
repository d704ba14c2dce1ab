"""The store of a company, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.match.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(tmp_path)
    yield opened
    opened.close()
