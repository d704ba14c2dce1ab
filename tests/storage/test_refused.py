"""What a ledger, a disk thread and a company's files do when something is asked of them that cannot be, or is late."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
from msgspec import structs

from app import disk
from app.domain import events as ev
from app.domain.events import Record, Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Hh2Settings, Profile, Secret
from app.domain.taught import Taught
from app.storage import ledger_file, profiles
from app.storage.disk_thread import DiskThread
from app.storage.folders import Folders
from app.storage.ledger import Ledger
from app.storage.profile_secrets import bound_to
from app.storage.turn import turn
from tests.domain.stories import planned
from tests.storage.conftest import read_only

pytestmark = pytest.mark.anyio
RENEW = Taught(Site.PROCORE, "refresh-vendors", "button", "Renew")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def _why(met: pytest.ExceptionInfo[Trouble]) -> object:
    return met.value.problem.facts.get("why")


# ---------------------------------------------------------------- the thread of the disk


async def test_a_closed_thread_takes_no_more_work_and_closes_once() -> None:
    thread = DiskThread("ledger")
    done: list[str] = []
    assert await thread.run(lambda: "written") == "written"
    await thread.close(lambda: done.append("closed"))
    await thread.close(lambda: done.append("closed again"))
    assert done == ["closed"]
    with pytest.raises(RuntimeError, match="ledger is closed"):
        await thread.run(lambda: None)


async def test_a_thread_that_was_never_needed_is_closed_where_it_stands() -> None:
    done: list[str] = []
    await DiskThread("ledger").close(lambda: done.append(threading.current_thread().name))
    assert done == [threading.current_thread().name]


@pytest.mark.parametrize("fails", [False, True], ids=["done", "failed"])
async def test_what_a_cancelled_caller_asked_for_is_done_and_what_comes_after_it_too(fails: bool) -> None:
    thread = DiskThread("ledger")
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        begun.set()
        may_end.wait(10)
        done.append("slow")
        if fails:
            raise OSError("as it should")

    asked = asyncio.ensure_future(thread.run(slow))
    await asyncio.to_thread(begun.wait, 10)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    may_end.set()
    await thread.run(lambda: done.append("next"))
    assert done == ["slow", "next"]
    await thread.close(lambda: None)


# ---------------------------------------------------------------- the ledger's file


def test_a_ledger_file_that_has_vanished_or_is_empty_is_no_ledger_yet(company: Path) -> None:
    path = company / ledger_file.NAME
    assert ledger_file.open_to_read(path) is None
    path.touch()
    assert ledger_file.open_to_read(path) is None


async def test_a_ledger_of_an_older_form_is_not_read_before_a_run_has_brought_it_up_to_date(
    company: Path,
) -> None:
    ledger = await Ledger.open(company, None)
    await ledger.append(Record(1, datetime.now(UTC), "r", planned()))
    await ledger.close()
    path = company / ledger_file.NAME
    assert ledger_file.open_to_read(path, schema=2) is None
    with closing(ledger_file.open_to_read(path) or pytest.fail("it is there")) as connection:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM events")


def test_a_folder_in_the_ledgers_place_is_said_as_the_disk(company: Path) -> None:
    (company / ledger_file.NAME).mkdir()
    for opens in (ledger_file.open_to_write, ledger_file.open_to_read):
        with pytest.raises(Trouble) as met:
            opens(company / ledger_file.NAME)
        assert met.value.problem.id is ProblemId.DISK


async def test_a_ledger_that_was_opened_to_read_takes_no_event(company: Path) -> None:
    ledger = await Ledger.open_to_read(company)
    with pytest.raises(RuntimeError, match="opened to read"):
        await ledger.append(Record(1, datetime.now(UTC), "r", planned()))


async def test_a_run_of_many_hundred_events_is_one_run(company: Path) -> None:
    ledger = await Ledger.open(company, None)
    began = datetime.now(UTC)
    await ledger.append(Record(1, began, "r", planned()))
    many = 300
    for seq in range(2, many):
        met = ev.SignInRequested(Site.HH2, f"f{seq}")
        await ledger.append(Record(seq, began + timedelta(seconds=seq), "r", met))
    await ledger.append(
        Record(many, began + timedelta(hours=1), "r", ev.RunResumed("dana", after_crash=True))
    )
    assert len(await ledger.records("r")) == many
    await ledger.close()


# ---------------------------------------------------------------- a company's files


def test_a_name_that_another_company_has_in_other_letters_is_taken(folders: Folders) -> None:
    assert profiles.save(folders, Profile("Acme")) == []
    assert profiles.save(folders, Profile("Beta")) == []
    (fault,) = profiles.save(folders, Profile("ACME"), "Beta")
    assert fault.expected == "profile-name-taken"
    (fault,) = profiles.save(folders, Profile("ACME"))
    assert fault.expected == "profile-name-taken"
    assert profiles.names(folders) == ["Acme", "Beta"]


def test_a_data_folder_that_stands_in_the_way_keeps_both_companies_as_they_are(folders: Folders) -> None:
    assert profiles.save(folders, Profile("Acme")) == []
    folders.of_profile_ready("Acme")
    (folders.of_profile_ready("Beta") / "ledger.sqlite").write_bytes(b"somebody's")
    with pytest.raises(Trouble) as met:
        profiles.save(folders, Profile("Beta"), "Acme")
    assert _why(met) == "in-the-way"
    assert profiles.names(folders) == ["Acme"]
    assert (folders.of_profile("Beta") / "ledger.sqlite").read_bytes() == b"somebody's"


@pytest.mark.parametrize("with_data", [True, False])
def test_a_file_that_cannot_be_renamed_leaves_its_data_where_it_was(
    with_data: bool, folders: Folders
) -> None:
    assert profiles.save(folders, Profile("Acme")) == []
    if with_data:
        folders.of_profile_ready("Acme")
    with read_only(folders.profiles):
        with pytest.raises(Trouble) as met:
            profiles.save(folders, Profile("Beta"), "Acme")
    assert _why(met) in ("read-only", "not-allowed")
    assert profiles.names(folders) == ["Acme"]
    assert folders.of_profile("Acme").is_dir() is with_data
    assert not folders.of_profile("Beta").exists()


def test_a_company_that_is_not_there_is_deleted_already(folders: Folders) -> None:
    profiles.delete(folders, "Nobody")
    assert profiles.save(folders, Profile("Acme")) == []
    profiles.delete(folders, "acme")  # without any data yet
    assert profiles.names(folders) == []


def test_what_was_taught_is_written_changed_and_taken_out_and_the_persons_comments_stay(
    folders: Folders,
) -> None:
    acme = Profile("Acme", hh2=Hh2Settings("acme"))
    assert profiles.save(folders, acme) == []
    path = profiles.file_of(folders, "Acme")
    assert path is not None
    path.write_text(path.read_text().replace("[hh2]", "# ours since 2019\n[hh2]"))
    for labels in (
        (RENEW,),
        (structs.replace(RENEW, name="Renew all"), structs.replace(RENEW, action="tool")),
        (),
    ):
        assert profiles.save(folders, structs.replace(acme, labels=labels)) == []
        assert profiles.read(folders, "Acme").labels == labels
        assert "# ours since 2019" in path.read_text()


@pytest.mark.parametrize("reads", [disk.read, disk.remove])
def test_a_file_that_may_not_be_touched_is_said_as_the_disk(reads: object, tmp_path: Path) -> None:
    (tmp_path / "in the way").mkdir()
    (tmp_path / "in the way" / "child").touch()
    with pytest.raises(Trouble) as met:
        reads(tmp_path / "in the way")  # type: ignore[operator]
    assert met.value.problem.id is ProblemId.DISK


def test_every_secret_is_bound_to_an_address_or_to_this_program() -> None:
    acme = Profile("Acme", hh2=Hh2Settings("acme"))
    bound = {secret: bound_to(acme, secret) for secret in Secret}
    assert all(bound.values())
    assert bound[Secret.HH2_PASSWORD] == "https://acme.hh2.com"
    assert bound_to(Profile("Acme"), Secret.HH2_PASSWORD) == ""


# ---------------------------------------------------------------- one after the other


async def test_a_turn_is_waited_for_and_not_for_ever(folders: Folders) -> None:
    held, let_go = anyio.Event(), anyio.Event()
    order: list[str] = []

    async def first() -> None:
        async with turn(folders, "grant", 5.0):
            held.set()
            await let_go.wait()
            order.append("first")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(first)
        await held.wait()
        with pytest.raises(Trouble) as met:
            async with turn(folders, "grant", 0.05):
                pytest.fail("two at once")
        assert met.value.problem.id is ProblemId.IN_USE
        let_go.set()
        async with turn(folders, "grant", 10.0):
            order.append("second")
    assert order == ["first", "second"]
