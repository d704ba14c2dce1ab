"""Every end of a run stands in a file of its own, whoever was there: good, failed, stopped, closed after a crash."""

import json
from pathlib import Path

import pytest

from app.assembly.house import House
from app.domain import events as ev
from app.domain.result import file_name
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Stop, Wanted
from tests.end_to_end.company import NAME, Told, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))


async def _of(house: House, state: RunState) -> tuple[str, dict[str, object]]:
    name = file_name(state)
    return _read(await house.past.results(NAME), name)


def _read(folder: str, name: str) -> tuple[str, dict[str, object]]:
    """The text and the JSON; there is nothing else."""
    files = {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}
    assert set(files) == {f"{name}.txt", f"{name}.json"}
    return files[f"{name}.txt"], json.loads(files[f"{name}.json"])


def _put_in_the_way(folder: str) -> None:
    Path(folder).parent.mkdir(parents=True, exist_ok=True)
    Path(folder).write_text("a file where the folder should be")


async def test_a_good_run_is_written_down_with_what_proved_it(house: House, admin: Admin) -> None:
    state, _ = await carry_out(house, VENDORS)
    text, plain = await _of(house, state)
    evidence = state.tabs[Tab.VENDORS].refresh.evidence
    assert evidence is not None
    assert evidence.text in text
    assert f"{NAME} (TRAINING)" in text
    assert (plain["exit"], plain["run_id"], plain["profile"]) == (0, state.run_id, NAME)


async def test_a_run_that_failed_is_written_down_with_its_card(house: House, admin: Admin) -> None:
    admin.play("client-offline")
    state, _ = await carry_out(house, VENDORS)
    text, plain = await _of(house, state)
    assert "the Sage server has not picked it up" in text
    assert (plain["outcome"], plain["exit"]) == ("failed", 20)


async def test_a_run_that_was_stopped_is_written_down(house: House, admin: Admin) -> None:
    def stop(record: ev.Record, _state: RunState) -> None:
        if isinstance(record.event, ev.SyncAccepted):
            conductor.tell(Stop())

    conductor = await house.conductor(NAME, Told(react=stop))
    text, plain = await _of(house, await conductor.run(VENDORS))
    assert plain["outcome"] == "cancelled"
    assert "The sync that was started goes on in hh2" in text


async def test_where_the_file_cannot_be_written_the_run_ends_all_the_same(house: House, admin: Admin) -> None:
    _put_in_the_way(await house.past.results(NAME))
    state, _ = await carry_out(house, VENDORS)
    assert state.ended is not None
    assert state.ended.exit == 0
