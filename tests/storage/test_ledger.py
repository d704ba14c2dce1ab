# ruff: noqa: ASYNC240 - looking at files between two awaits is what these tests do
"""The ledger keeps every event durably, in order, and nobody changes it unseen."""

import sqlite3
import stat
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import events as ev
from app.domain.audit import FaultKind, Verified
from app.domain.conclusion import conclude
from app.domain.events import AnyEvent, Record, RunOutcome
from app.domain.filters import Filters
from app.domain.history import JOB_KIND, durations, step_one_kind, summary, tab_kind
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.match_report import Written
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.run import fold
from app.domain.tabs import Tab
from app.storage import ledger_file
from app.storage.ledger import Ledger
from tests.domain.stories import BEGIN, JOBS, PROOF, QUIET, planned, refreshed, through_step_one
from tests.storage.conftest import fill, read_only

KEY = bytes(range(32))
MINUTE = timedelta(minutes=1)

# Everything in this file runs in a loop of its own, as the engine's does.
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def writing(folder: Path, key: bytes | None = KEY) -> AsyncIterator[Ledger]:
    ledger = await Ledger.open(folder, key)
    try:
        yield ledger
    finally:
        await ledger.close()


def story(
    *events: AnyEvent, run: str = "run-1", begin: datetime = BEGIN, plan: ev.RunPlanned | None = None
) -> list[Record]:
    """Records a second apart."""
    every = [plan or planned(), *events]
    return [
        Record(place + 1, begin + timedelta(seconds=place), run, event) for place, event in enumerate(every)
    ]


def whole_run(
    run: str = "run-1", begin: datetime = BEGIN, tabs: Iterable[Tab] = (Tab.VENDORS, Tab.JOBS)
) -> list[Record]:
    events = [*through_step_one(), *(event for tab in tabs for event in refreshed(tab))]
    records = story(*events, run=run, begin=begin, plan=planned(tabs))
    state = fold(records)
    assert state is not None
    last = records[-1]
    return [*records, Record(last.seq + 1, last.at + timedelta(seconds=1), run, conclude(state))]


async def test_a_report_saved_after_the_end_is_held_by_the_chain_and_changes_nothing_else(
    own_home: Path,
) -> None:
    records = whole_run()
    last = records[-1]
    saved = ev.ReportSaved("b658", "dana", (Written("pdf", "/reports/a.pdf", "ab" * 32, 12),))
    later = Record(last.seq + 1, last.at + 60 * MINUTE, last.run_id, saved)
    async with writing(own_home) as ledger:
        for record in records:
            await ledger.append(record)
        before, good = await ledger.runs(), await ledger.last_good()
        await ledger.append(later)
        assert (await ledger.runs(), await ledger.last_good()) == (before, good)
        assert await ledger.interrupted() is None
        assert (await ledger.records("run-1"))[-1] == later
        assert (await ledger.verify()).faults == ()
    with closing(sqlite3.connect(own_home / ledger_file.NAME)) as connection, connection:
        connection.execute("DELETE FROM events WHERE seq = ?", (later.seq,))
    async with writing(own_home) as ledger:
        assert [fault.kind for fault in (await ledger.verify()).faults] == [FaultKind.CUT_END, FaultKind.CUT]


async def test_a_report_without_a_run_stands_by_itself_and_hides_no_run_that_was_cut_off(
    own_home: Path,
) -> None:
    records = whole_run()[:-1]  # cut off before its end
    files = (Written("pdf", "/reports/a.pdf", "ab" * 32, 12),)
    first, later = (Record(1, BEGIN, f"report-{n}", ev.ReportAlone(n, "dana", files)) for n in ("a", "b"))
    async with writing(own_home) as ledger:
        await ledger.append(first)
        assert await ledger.runs() == []
        assert (await ledger.verify()).faults == ()
        await append_all(ledger, records)
        before = await ledger.runs()
        await ledger.append(later)
        assert await ledger.runs() == before
        cut_off = await ledger.interrupted()
        assert cut_off is not None
        assert cut_off.run_id == "run-1"
        assert await ledger.records("report-b") == [later]
        verified = await ledger.verify()
        assert (verified.events, verified.faults) == (len(records) + 2, ())
        resumed = Record(records[-1].seq + 1, later.at + MINUTE, "run-1", ev.RunResumed("dana", True))
        await ledger.append(resumed)
        assert (await ledger.verify()).faults == ()
    behind_its_back(
        own_home, "UPDATE events SET payload = replace(payload, 'abab', 'cdcd') WHERE run_id = 'report-a'"
    )
    assert [(fault.kind, fault.run_id) for fault in (await checked(own_home)).faults] == [
        (FaultKind.EDITED, "report-a")
    ]
    behind_its_back(own_home, "DELETE FROM events WHERE run_id = 'report-b'")
    assert FaultKind.CUT in [fault.kind for fault in (await checked(own_home)).faults]


async def fill_in(folder: Path, *runs: list[Record], key: bytes | None = KEY) -> None:
    async with writing(folder, key) as ledger:
        for records in runs:
            for record in records:
                await ledger.append(record)


async def append_all(ledger: Ledger, records: list[Record]) -> None:
    for record in records:
        await ledger.append(record)


def behind_its_back(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / ledger_file.NAME)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


async def checked(folder: Path, key: bytes | None = KEY) -> Verified:
    return await (await Ledger.open_to_read(folder, key)).verify()


# ---------------------------------------------------------------- what is kept


async def test_a_run_is_read_back_as_it_was_written(company: Path) -> None:
    records = whole_run()
    await fill_in(company, records)
    ledger = await Ledger.open_to_read(company)
    assert await ledger.records("run-1") == records
    assert await ledger.records("another") == []
    assert await ledger.interrupted() is None
    state = fold(records)
    assert state is not None
    assert await ledger.runs() == [summary(state)] == [await ledger.run("run-1")]
    assert await ledger.last_good() == records[-1].at


async def test_every_kind_of_event_is_kept(company: Path) -> None:
    """One of each, as the domain's own encoder makes them."""
    problem = Problem(
        ProblemId.HH2_LONG, {"usual": 6, "now": 15.5, "none": None, "yes": True, "text": "ü\n\"'\0"}
    )
    events: list[AnyEvent] = [
        ev.RunResumed("dana", True),
        ev.SignInRefused(ev.Site.HH2, problem),
        ev.SyncProgress("…", 0.5),
        ev.JobsFound(JOBS, "person", ("X",)),
        ev.NeedsPerson(ev.NeedKind.PRESS, BEGIN, problem, ev.Site.PROCORE),
        ev.StepOneFinished(StepOneOutcome.FAILED, None, problem, ("a", "b")),
    ]
    records = story(*events)
    await fill_in(company, records)
    assert await (await Ledger.open_to_read(company)).records("run-1") == records
    assert (await checked(company)).holds


async def test_progress_is_kept_once_in_a_while_and_nothing_else_is_left_out(company: Path) -> None:
    # forty seconds of progress, four times a second, with one press in the middle
    events: list[AnyEvent] = [*through_step_one()[:9]]
    records = story(*events)
    last = records[-1]
    for number in range(160):
        event: AnyEvent = (
            ev.SyncProgress(f"{number} of 160")
            if number != 80
            else ev.ProblemMet(Problem(ProblemId.HH2_LONG))
        )
        records.append(
            Record(last.seq + 1 + number, last.at + number * timedelta(seconds=0.25), "run-1", event)
        )
    await fill_in(company, records)
    kept = await (await Ledger.open_to_read(company)).records("run-1")
    passing = [record for record in kept if isinstance(record.event, ev.SyncProgress)]
    assert len(passing) == 8
    assert [record for record in kept if not isinstance(record.event, ev.SyncProgress)] == [
        record for record in records if not isinstance(record.event, ev.SyncProgress)
    ]
    assert (await checked(company)).holds


async def test_a_run_that_was_cut_off_is_found_and_goes_on(company: Path) -> None:
    records = whole_run()
    await fill_in(company, records[:8])
    ledger = await Ledger.open_to_read(company)
    found = await ledger.interrupted()
    assert found is not None
    assert (found.run_id, found.ended_at, found.resumable) == ("run-1", None, True)
    rest = [Record(9, records[8].at, "run-1", ev.RunResumed("dana", True))]
    rest += [msgspec.structs.replace(record, seq=record.seq + 1) for record in records[8:]]
    await fill_in(company, rest)
    assert await ledger.records("run-1") == records[:8] + rest
    assert await ledger.interrupted() is None
    assert (await checked(company)).holds


async def test_an_older_cut_off_run_is_not_the_last_one(company: Path) -> None:
    await fill_in(company, whole_run("old")[:5], whole_run("new", BEGIN + MINUTE))
    ledger = await Ledger.open_to_read(company)
    assert await ledger.interrupted() is None
    assert [run.run_id for run in await ledger.runs()] == ["new", "old"]


async def test_history_is_newest_first_and_can_be_narrowed(company: Path) -> None:
    failed = story(
        ev.StepOneFinished(StepOneOutcome.FAILED, None, Problem(ProblemId.HH2_DOWN)),
        ev.ProblemMet(Problem(ProblemId.HH2_DOWN)),
        ev.RunEnded(RunOutcome.FAILED, 20),
        run="failed",
        begin=BEGIN + 2 * MINUTE,
        plan=msgspec.structs.replace(planned(), training=False),
    )
    await fill_in(company, whole_run("one"), whole_run("two", BEGIN + MINUTE), failed)
    ledger = await Ledger.open_to_read(company)

    async def ids(limit: int = 200, **narrowed: object) -> list[str]:
        return [run.run_id for run in await ledger.runs(limit, **narrowed)]  # type: ignore[arg-type]

    assert await ids() == ["failed", "two", "one"]
    assert await ids(1) == ["failed"]
    assert await ids(outcome=RunOutcome.OK) == ["two", "one"]
    assert await ids(training=False) == ["failed"]
    assert await ids(since=BEGIN + MINUTE) == ["failed", "two"]
    assert await ids(before=BEGIN + MINUTE) == ["one"]
    assert await ids(
        outcome=RunOutcome.OK, since=BEGIN + MINUTE, before=BEGIN + 2 * MINUTE, training=True
    ) == ["two"]
    line = await ledger.run("failed")
    assert line is not None
    assert (line.problems, line.step_one, line.training) == (("HH2-DOWN",), StepOneOutcome.FAILED, False)


async def test_usual_times_come_from_what_ended_well_and_was_not_interrupted(company: Path) -> None:
    one = JOBS[0]
    job_costs: list[AnyEvent] = [
        ev.JobsFound((one,), "person"),
        ev.TabBaseline(Tab.JOB_COSTS, QUIET, one),
        ev.RefreshRequested(Tab.JOB_COSTS, one),
        ev.RefreshAccepted(Tab.JOB_COSTS, one),
        ev.JobFinished(one, TabOutcome.DONE, None, PROOF),
        ev.TabFinished(Tab.JOB_COSTS, TabOutcome.DONE, None, PROOF),
    ]
    first = story(
        *through_step_one(), *refreshed(Tab.VENDORS), *refreshed(Tab.JOBS, TabOutcome.FAILED), *job_costs
    )
    cut = whole_run("cut", BEGIN + MINUTE)
    resumed = [*cut[:9], Record(10, cut[8].at + 60 * MINUTE, "cut", ev.RunResumed("dana", True))]
    resumed += [
        msgspec.structs.replace(record, seq=record.seq + 1, at=record.at + 61 * MINUTE) for record in cut[9:]
    ]
    await fill_in(company, first, resumed)
    ledger = await Ledger.open_to_read(company)
    assert await ledger.durations(step_one_kind(Filters())) == [2.0], "an hour of power cut tells nothing"
    assert await ledger.durations(tab_kind(Tab.VENDORS)) == [2.0, 2.0]
    assert await ledger.durations(tab_kind(Tab.JOBS)) == [2.0], "a failure tells nothing"
    assert await ledger.durations(JOB_KIND) == [2.0]
    assert await ledger.durations("nothing") == []
    assert await ledger.last_jobs() == ("24-001",)


async def test_the_last_chosen_jobs_outlive_a_run_without_any(company: Path) -> None:
    chose = story(ev.TabsChosen((Tab.JOB_COSTS,), ("24-002", "24-003")), run="chose")
    await fill_in(company, chose, whole_run("none", BEGIN + MINUTE))
    assert await (await Ledger.open_to_read(company)).last_jobs() == ("24-002", "24-003")


async def test_without_a_ledger_there_is_no_history(company: Path) -> None:
    ledger = await Ledger.open_to_read(company)
    assert await ledger.runs() == []
    assert await ledger.records("x") == []
    assert await ledger.last_good() is None
    assert await ledger.last_jobs() == ()
    assert await ledger.interrupted() is None
    assert (await ledger.verify()).events == 0
    assert list(company.iterdir()) == [], "looking makes nothing"
    with pytest.raises(RuntimeError):
        await ledger.append(whole_run()[0])


KNOWN = st.sampled_from(
    [
        *through_step_one(),
        *refreshed(Tab.VENDORS, TabOutcome.STAGED),
        ev.SyncProgress("x"),
        ev.RunResumed("dana", False),
        ev.TabsChosen((Tab.JOBS, Tab.JOB_COSTS), ("24-001",)),
        ev.JobsFound(JOBS, "last"),
        ev.RetryAsked(Tab.VENDORS, "dana"),
        ev.JobFinished(JOBS[1], TabOutcome.DONE, None, PROOF),
        ev.TheirsAccepted("dana"),
        ev.PersonConfirmed("all green", "dana"),
        ev.CancelRequested("dana"),
        ev.ProblemMet(Problem(ProblemId.NET), True),
        ev.RunEnded(RunOutcome.LOOK, 10),
    ]
)


def allowed(records: list[Record]) -> list[Record]:
    """Without what follows an end and is no resume: the engine writes no such thing."""
    kept: list[Record] = []
    for record in records:
        if not kept or not isinstance(kept[-1].event, ev.RunEnded) or isinstance(record.event, ev.RunResumed):
            kept.append(record)
    return kept


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events=st.lists(KNOWN, max_size=14), cut=st.integers(0, 14))
async def test_the_line_in_the_history_says_what_the_events_say(
    company: Path, events: list[AnyEvent], cut: int
) -> None:
    """Whatever events, and wherever the program was started anew in between."""
    for left in company.iterdir():
        left.unlink()
    records = allowed(story(*events))
    await fill_in(company, records[:cut])
    await fill_in(company, records[cut:])
    ledger = await Ledger.open_to_read(company)
    state = fold(records)
    assert state is not None
    assert await ledger.run("run-1") == summary(state)
    since = BEGIN
    expected: list[tuple[str, float]] = []
    for place, record in enumerate(records):
        since = record.at if isinstance(record.event, ev.RunResumed) else since
        now = fold(records[: place + 1])
        assert now is not None
        expected += durations(now, record, since)
    for kind in {kind for kind, _ in expected} | {step_one_kind(Filters())}:
        assert await ledger.durations(kind) == [seconds for name, seconds in expected if name == kind]
    assert (await checked(company)).faults == ()


# ---------------------------------------------------------------- order, and other processes


async def test_what_is_appended_at_once_is_written_in_the_order_of_the_calls(company: Path) -> None:
    records = whole_run()
    async with writing(company) as ledger, anyio.create_task_group() as tasks:
        for record in records:
            tasks.start_soon(ledger.append, record)
    assert await (await Ledger.open_to_read(company)).records("run-1") == records
    assert (await checked(company)).holds


async def test_an_append_that_was_begun_is_whole_even_when_the_caller_is_stopped(company: Path) -> None:
    records = whole_run()
    answered = False
    async with writing(company) as ledger:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await ledger.append(records[0])
            answered = True
        assert answered
        await ledger.append(records[1])
        assert await ledger.records("run-1") == records[:2]


async def test_an_event_is_written_once(company: Path) -> None:
    records = whole_run()
    async with writing(company) as ledger:
        await ledger.append(records[0])
        await ledger.append(records[1])
        with pytest.raises(sqlite3.IntegrityError):
            await ledger.append(records[1])
        await ledger.append(records[2])
    assert (await checked(company)).holds


async def test_history_can_be_read_while_a_run_is_written(company: Path) -> None:
    records = whole_run()
    reader = await Ledger.open_to_read(company, KEY)
    async with writing(company) as ledger:
        for place, record in enumerate(records, start=1):
            await ledger.append(record)
            assert len(await reader.records("run-1")) == place
            assert (await reader.verify()).holds


async def test_the_file_is_this_users_only(company: Path) -> None:
    async with writing(company) as ledger:
        await ledger.append(whole_run()[0])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in company.iterdir()}
    assert set(modes) == {"ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"}
    assert set(modes.values()) == {0o600}


async def test_writing_is_durable_by_the_databases_own_word(company: Path) -> None:
    connection = ledger_file.open_to_write(company / "ledger.sqlite")
    with closing(connection):
        said = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2}


# ---------------------------------------------------------------- the chain


@pytest.mark.parametrize("key", [KEY, None], ids=["keyed", "without a keyring"])
async def test_an_untouched_ledger_holds(company: Path, key: bytes | None) -> None:
    runs = [whole_run("one"), whole_run("two", BEGIN + MINUTE)]
    await fill_in(company, *runs, key=key)
    found = await checked(company, key)
    count = sum(map(len, runs))
    assert found == Verified(count, count if key else 0, 0 if key else count, 0, ())


@pytest.mark.parametrize(
    ("done", "kind", "run", "seq"),
    [
        ("UPDATE events SET payload = replace(payload, ' 8:04', ' 9:00') WHERE run_id = 'two' AND seq = 11",
         FaultKind.EDITED, "two", 11),
        ("UPDATE events SET at = replace(at, 'T08', 'T09') WHERE run_id = 'one' AND seq = 3",
         FaultKind.EDITED, "one", 3),
        ("UPDATE events SET mac = zeroblob(32) WHERE run_id = 'one' AND seq = 3", FaultKind.EDITED, "one", 3),
        ("UPDATE events SET key = '' WHERE run_id = 'one' AND seq = 3", FaultKind.EDITED, "one", 3),
        ("DELETE FROM events WHERE run_id = 'one' AND seq = 1", FaultKind.CUT, "one", 2),
        ("DELETE FROM events WHERE run_id = 'one' AND seq IN (5, 6)", FaultKind.CUT, "one", 7),
        ("DELETE FROM events WHERE run_id = 'one'", FaultKind.CUT, "two", 1),
        ("DELETE FROM events WHERE run_id = 'three' AND seq > 12", FaultKind.CUT, "three", 21),
        ("DELETE FROM events WHERE run_id = 'three' AND seq = 21", FaultKind.CUT_END, "three", 20),
        ("UPDATE head SET mac = (SELECT mac FROM events WHERE run_id = 'two' AND seq = 21)", FaultKind.CUT_END,
         "three", 21),
        ("DELETE FROM head", FaultKind.CUT_END, "three", 21),
        ("DROP TABLE head", FaultKind.CUT_END, "three", 21),
        ("UPDATE events SET id = 1000 - id WHERE run_id = 'two' AND seq IN (4, 5)", FaultKind.MOVED, "two", 5),
        ("UPDATE runs SET outcome = 'ok', summary = replace(summary, '\"done\"', '\"failed\"') WHERE run_id = 'two'",
         FaultKind.SUMMARY, "two", 0),
        ("UPDATE runs SET seal = NULL WHERE run_id = 'two'", FaultKind.SUMMARY, "two", 21),
        ("DELETE FROM runs WHERE run_id = 'two'", FaultKind.SUMMARY, "two", 21),
    ],
)  # fmt: skip
async def test_an_edit_a_cut_and_a_move_are_found_at_their_place(
    company: Path, done: str, kind: FaultKind, run: str, seq: int
) -> None:
    await fill_in(
        company,
        *(whole_run(name, BEGIN + place * MINUTE) for place, name in enumerate(("one", "two", "three"))),
    )
    behind_its_back(company, done)
    found = await checked(company)
    assert not found.holds
    assert (kind, run, seq) in [(fault.kind, fault.run_id, fault.seq) for fault in found.faults]
    touched = {fault.run_id for fault in found.faults}
    assert touched <= {run, "one" if "'one'" in done else run}, "and nothing else is suspected"


LAST_RUN = ("DELETE FROM events WHERE run_id = 'two'", "DELETE FROM runs WHERE run_id = 'two'")
AS_IF_IT_WERE = (
    "UPDATE head SET (id, mac) = (SELECT id, mac FROM events ORDER BY id DESC LIMIT 1)",
    "DELETE FROM head",
)


@pytest.mark.parametrize(
    "hidden", [(), AS_IF_IT_WERE[:1], AS_IF_IT_WERE[1:]], ids=["as it is", "moved", "gone"]
)
async def test_a_last_run_that_was_taken_out_whole_is_found_also_after_the_next_run(
    company: Path, hidden: tuple[str, ...]
) -> None:
    await fill_in(company, whole_run("one"), whole_run("two", BEGIN + MINUTE))
    behind_its_back(company, *LAST_RUN, *hidden)
    found = await checked(company)
    assert [(fault.kind, fault.run_id, fault.seq) for fault in found.faults] == [
        (FaultKind.CUT_END, "one", 21)
    ]
    await fill_in(company, whole_run("three", BEGIN + 2 * MINUTE))
    found = await checked(company)
    assert [(fault.kind, fault.run_id, fault.seq) for fault in found.faults] == [(FaultKind.CUT, "three", 1)]


async def test_a_history_that_was_emptied_is_found(company: Path) -> None:
    await fill_in(company, whole_run("one"))
    behind_its_back(company, "DELETE FROM events", "DELETE FROM runs")
    found = await checked(company)
    assert [(fault.kind, fault.run_id, fault.seq) for fault in found.faults] == [(FaultKind.CUT_END, "", 0)]


async def test_a_ledger_that_was_begun_before_there_was_a_head_gets_one(company: Path) -> None:
    await fill_in(company, whole_run("one"))
    behind_its_back(company, "DROP TABLE head")
    await fill_in(company, whole_run("two", BEGIN + MINUTE))
    assert (await checked(company)).holds


async def test_two_events_that_changed_places_are_found(company: Path) -> None:
    await fill_in(company, whole_run("one"))
    behind_its_back(
        company,
        "UPDATE events SET id = -1 WHERE seq = 4",
        "UPDATE events SET id = 4 WHERE seq = 5",
        "UPDATE events SET id = 5 WHERE seq = 4",
    )
    found = await checked(company)
    assert {fault.kind for fault in found.faults} == {FaultKind.MOVED}
    assert {fault.seq for fault in found.faults} == {4, 5, 6}


async def test_an_event_slipped_in_without_the_key_is_found(company: Path) -> None:
    await fill_in(company, whole_run("one")[:-1])
    await fill_in(company, [Record(21, BEGIN + MINUTE, "one", ev.RunEnded(RunOutcome.OK, 0))], key=b"a guess")
    found = await checked(company)
    assert (found.other_key, found.holds) == (1, False)


async def test_what_was_written_without_a_keyring_is_told_apart(company: Path) -> None:
    await fill_in(company, whole_run("one"), key=None)
    await fill_in(company, whole_run("two", BEGIN + MINUTE), key=KEY)
    found = await checked(company)
    assert (found.unkeyed, found.keyed, found.holds) == (21, 21, True)


async def test_a_lost_key_is_said_and_is_no_fault(company: Path) -> None:
    await fill_in(company, whole_run("one"))
    found = await checked(company, b"a new key")
    assert (found.other_key, found.faults, found.holds) == (21, (), False)


# ---------------------------------------------------------------- disks and files


async def test_a_full_disk_loses_nothing_and_can_be_made_good(tiny_disk: Path) -> None:
    records = whole_run()
    async with writing(tiny_disk / "Acme") as ledger:
        for record in records[:6]:
            await ledger.append(record)
        ballast = fill(tiny_disk)
        for _ in range(3):
            with pytest.raises(Trouble) as caught:
                await append_all(ledger, records[6:])
            assert caught.value.problem.id is ProblemId.DISK
            assert caught.value.problem.facts["why"] == "full"
        kept = await ledger.records("run-1")
        assert kept == records[: len(kept)]
        ballast.unlink()
        for record in records[len(kept) :]:
            await ledger.append(record)
        assert await ledger.records("run-1") == records
    assert (await checked(tiny_disk / "Acme")).holds


async def test_no_ledger_can_be_begun_on_a_full_disk(tiny_disk: Path) -> None:
    (tiny_disk / "Acme").mkdir()
    fill(tiny_disk)
    with pytest.raises(Trouble) as caught:
        await Ledger.open(tiny_disk / "Acme", KEY)
    assert (caught.value.problem.id, caught.value.problem.facts["why"]) == (ProblemId.DISK, "full")


async def test_a_read_only_folder_is_said_before_a_run_and_its_history_can_be_read(company: Path) -> None:
    records = whole_run()
    await fill_in(company, records)
    with read_only(company):
        with pytest.raises(Trouble) as caught:
            await Ledger.open(company, KEY)
        assert caught.value.problem.id is ProblemId.DISK
        assert caught.value.problem.facts["why"] in ("read-only", "not-allowed")
        assert await (await Ledger.open_to_read(company)).records("run-1") == records


BROKEN = {
    "no database": b"this is a letter, not a ledger\n" * 200,
    "half a header": b"SQLite format 3\0" + b"\xff" * 300,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
async def test_a_file_that_is_no_ledger_is_kept_and_never_written(company: Path, data: bytes) -> None:
    path = company / "ledger.sqlite"
    path.write_bytes(data)
    for _ in range(2):
        with pytest.raises(Trouble) as caught:
            await Ledger.open(company, KEY)
        assert caught.value.problem.id is ProblemId.FILE_BROKEN
        with pytest.raises(Trouble) as caught:
            await (await Ledger.open_to_read(company)).runs()
        assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert path.read_bytes() == data
    kept = list(company.glob("ledger.sqlite.kept-*"))
    assert [each.read_bytes() for each in kept] == [data]
    assert await Ledger.begin_anew(company) == kept[0]
    await fill_in(company, whole_run())
    assert (await checked(company)).holds
    assert await Ledger.begin_anew(company) is None, "one that can be used stays, with all it knows"
    assert (await checked(company)).holds
    assert kept[0].read_bytes() == data


async def test_a_database_of_another_program_is_left_alone(company: Path) -> None:
    behind_its_back(company, "CREATE TABLE theirs (x)")
    before = (company / "ledger.sqlite").read_bytes()
    with pytest.raises(Trouble) as caught:
        await Ledger.open(company, KEY)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert (company / "ledger.sqlite").read_bytes() == before


async def test_a_ledger_of_a_newer_version_is_said_and_left_as_it_is(company: Path) -> None:
    await fill_in(company, whole_run())
    behind_its_back(company, f"PRAGMA user_version = {ledger_file.SCHEMA + 1}")
    before = (company / "ledger.sqlite").read_bytes()
    with pytest.raises(Trouble) as caught:
        await Ledger.open(company, KEY)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert caught.value.problem.facts["newer"] is True
    assert (company / "ledger.sqlite").read_bytes() == before
    assert (company / str(caught.value.problem.facts["copy"])).read_bytes() == before


async def test_a_damaged_page_is_said_and_kept(company: Path) -> None:
    await fill_in(company, *(whole_run(f"run-{number}", BEGIN + number * MINUTE) for number in range(40)))
    path = company / "ledger.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xaa" * (size // 4))
    with pytest.raises(Trouble) as caught:
        await checked(company)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert list(company.glob("ledger.sqlite.kept-*"))


async def test_rows_that_the_program_never_wrote_are_said(company: Path) -> None:
    await fill_in(company, whole_run())
    behind_its_back(company, 'UPDATE events SET payload = \'{"type":"Nonsense"}\' WHERE seq = 3')
    with pytest.raises(Trouble) as caught:
        await (await Ledger.open_to_read(company)).records("run-1")
    assert caught.value.problem.id is ProblemId.FILE_BROKEN


async def test_a_ledger_of_an_older_form_is_copied_before_it_is_changed(company: Path) -> None:
    records = whole_run()
    await fill_in(company, records)
    path = company / "ledger.sqlite"
    steps = {ledger_file.SCHEMA: ("ALTER TABLE runs ADD COLUMN note TEXT", "UPDATE runs SET note = 'new'")}
    with closing(ledger_file.open_to_write(path, ledger_file.SCHEMA + 1, steps)) as connection:
        assert connection.execute("SELECT note FROM runs").fetchone() == ("new",)
        assert connection.execute("PRAGMA user_version").fetchone() == (ledger_file.SCHEMA + 1,)
    (copy,) = company.glob("ledger.sqlite.version-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    for left in company.glob("ledger.sqlite*"):
        if left != copy:
            left.unlink()
    copy.rename(path)
    assert await (await Ledger.open_to_read(company)).records("run-1") == records


async def test_a_change_of_form_that_fails_changes_nothing(company: Path) -> None:
    records = whole_run()
    await fill_in(company, records)
    steps = {ledger_file.SCHEMA: ("ALTER TABLE runs ADD COLUMN note TEXT", "UPDATE nothing SET note = 'new'")}
    with pytest.raises(Trouble):
        ledger_file.open_to_write(company / "ledger.sqlite", ledger_file.SCHEMA + 1, steps)
    assert await (await Ledger.open_to_read(company)).records("run-1") == records
    await fill_in(company, whole_run("run-2"))


@pytest.mark.slow
async def test_ten_thousand_runs_stay_quick(company: Path) -> None:
    """Written straight into the tables: what is measured is the reading."""
    await fill_in(company, whole_run())
    behind_its_back(
        company,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
        " INSERT INTO runs SELECT 'x' || i, strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', '2026-01-01', i || ' minutes'),"
        " ended_at, outcome, training, last_seq, summary, NULL, seal, key FROM runs, n WHERE run_id = 'run-1'",
        "INSERT INTO events (run_id, seq, at, payload, prev, mac, key) SELECT r.run_id, e.seq, e.at, e.payload, e.prev,"
        " e.mac, e.key FROM runs r, events e WHERE r.run_id != 'run-1' AND e.run_id = 'run-1'",
        "INSERT INTO durations (kind, seconds, run_id) SELECT 'job', 2.0, run_id FROM runs",
    )
    ledger = await Ledger.open_to_read(company)
    begin = time.perf_counter()
    assert len(await ledger.runs()) == 200
    assert len(await ledger.records("x5000")) == 21
    assert len(await ledger.durations("job")) == 100
    assert await ledger.last_good() is not None
    assert await ledger.last_jobs() == ()
    await ledger.interrupted()
    assert time.perf_counter() - begin < 0.5
    async with writing(company) as writer:
        begin = time.perf_counter()
        for record in whole_run("new", datetime.now(UTC)):
            await writer.append(record)
        assert time.perf_counter() - begin < 2.0
