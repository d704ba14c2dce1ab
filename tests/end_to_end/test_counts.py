"""Counts that do not depend on the machine, so that what was made quick stays so: requests, statements, wake-ups.

The modules of a start are counted in tests/ui/test_start.py; seconds are told by `run.py bench` alone."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import Record, RunPlanned, SignedIn, Site
from app.domain.filters import Filters
from app.domain.match_question import Options
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.match.compare import compare
from app.match.store import Row, Store, open_store
from app.storage.ledger_writer import Writer
from tests.end_to_end.company import NAME, carry_out, set_up
from tests.match.lists import Company
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.person import desktop

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
# What a run asks once, however long it takes and whatever it refreshes.
ONCE = {
    "hh2.sign-in": 1,
    "hh2.rest.sign-in": 1,
    "hh2.filters.read": 1,
    "hh2.sync.start": 1,
    "hh2.rest.read": 6,  # four short lists that are counted, and the jobs before and after the sync
    "procore.sign-in": 1,
    "procore.oauth.token": 1,
    "procore.rest.read": 1,
    "procore.rest.permissions": 1,
    "procore.rights": 1,
    "procore.jobs": 1,
}
# Statements of one comparison, however many lines: what they do is in app/match/sql_*.py.
MOST_STATEMENTS = 115


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_run_asks_each_site_no_more_than_it_has_to(admin: Admin) -> None:
    house = House("command line", person=0.0)
    await set_up(house, admin.served)
    await carry_out(house, Wanted())
    await house.release(NAME)
    await house.close()
    calls = Counter(seen["call"] for seen in admin.log()["requests"])
    assert {call: calls[call] for call in ONCE} == ONCE
    presses = admin.presses("tab.refresh")
    assert calls["procore.tab.press"] == len(presses) == 17
    looks = set(calls) - set(ONCE) - {"procore.tab.press"}
    assert looks == {"hh2.sync.look", "procore.tab.look"}


class Counted(Store):
    """A store that counts the statements it is given."""

    statements = 0

    def execute(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> list[Row]:
        self.statements += sum(1 for part in sql.split(";") if part.strip())
        return super().execute(sql, values)


def test_a_comparison_takes_as_many_statements_for_many_lines_as_for_few(tmp_path: Path) -> None:
    found: list[int] = []
    for lines in (3, 300):
        opened = open_store(tmp_path / str(lines))
        store = Counted(opened.folder, opened._connection)
        company = Company()
        for n in range(lines):
            company.cost(f"{n}.10", code=f"0{n % 2 + 1}-010")
        company.lay(store)
        store.statements = 0
        compare(store, Options())
        found.append(store.statements)
        store.close()
    assert found[0] == found[1]
    assert found[0] <= MOST_STATEMENTS


def test_an_event_is_written_with_its_head_and_only_a_telling_one_writes_the_line_of_its_run(
    tmp_path: Path,
) -> None:
    writer = Writer(tmp_path / "ledger.sqlite", bytes(32))
    said: list[str] = []
    connection: sqlite3.Connection = writer._connection
    connection.set_trace_callback(lambda sql: said.append(" ".join(sql.split()[:3])))
    planned = RunPlanned("Acme", "training", True, "me", "0", True, Filters(), tuple(Tab), None, True)
    writer.append(Record(1, AT, "run", planned))
    written = ["BEGIN IMMEDIATE", "INSERT INTO events", "INSERT INTO head"]
    assert said[-5:] == [*written, "INSERT INTO runs", "COMMIT"]
    said.clear()
    writer.append(Record(2, AT + timedelta(seconds=1), "run", SignedIn(Site.HH2, "me")))
    assert said == [*written, "COMMIT"]
    writer.close()


def test_in_the_tray_nothing_wakes_it_until_something_happens(qtbot: QtBot) -> None:
    with desktop(qtbot) as shown:
        wait_until(lambda: ticking(shown.frame) == 1, "the ages are told while it is seen")
        shown.frame.hide()
        shown.opened.presses.draw()
        assert ticking(shown.frame) == 0
        shown.frame.show()
        wait_until(lambda: ticking(shown.frame) == 1, "they are told again")


def ticking(frame: object) -> int:
    """The timers that go off again and again."""
    timers = frame.findChildren(QTimer)  # type: ignore[attr-defined]
    return sum(1 for timer in timers if timer.isActive() and not timer.isSingleShot())
