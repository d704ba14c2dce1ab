"""Where a meter lets the program keep its files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "ONDEMAND_SYNC_HOME"


@contextmanager
def home(folder: Path) -> Iterator[None]:
    """This process' own home of the program while the block runs."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def environ(folder: Path) -> dict[str, str]:
    """The environment of a program that has its home there and finds this source tree."""
    root = Path(__file__).resolve().parents[2]
    return {**os.environ, VARIABLE: str(folder), "PYTHONPATH": str(root)}
