"""Fixtures: a training company that serves a whole module of tests, and its admin route."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.training import process
from app.training.process import TrainingCompany
from tests.training.admin import Admin

ROOT = Path(__file__).resolve().parents[2]
ALONE = (sys.executable, "-m", "tests.training.alone")


def environ() -> dict[str, str]:
    """The environment of a child that finds this project whatever the working directory."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def company() -> Iterator[TrainingCompany]:
    """The servers of this module of tests; each test begins its own scenario with `admin.play`."""
    started = process.start("ok", pace=0.02, program=ALONE, environ=environ())
    yield started
    started.end()


@pytest.fixture(scope="module")
def _admin(company: TrainingCompany) -> Iterator[Admin]:
    admin = Admin(company.served)
    yield admin
    admin.close()


@pytest.fixture
def admin(_admin: Admin) -> Admin:
    """The admin route, after a fresh start of scenario ok."""
    _admin.settings(hour=100_000, burst=100_000)
    _admin.play("ok")
    return _admin


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
