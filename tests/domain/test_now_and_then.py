"""A scheduler's run is begun only where the last good run that did as much is older than it says."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.history import RunSummary
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.now_and_then import age, good_enough
from app.domain.tabs import Tab

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
GOOD = RunSummary(
    run_id="r1",
    profile="Acme",
    training=False,
    driver="browser",
    who="dana",
    started_at=NOW - timedelta(minutes=20),
    ended_at=NOW - timedelta(minutes=10),
    outcome=RunOutcome.OK,
    step_one=StepOneOutcome.DONE,
    filters=Filters(),
    tabs={Tab.VENDORS: TabOutcome.DONE, Tab.JOBS: TabOutcome.NOTHING_VISIBLE},
    problems=(),
    resumable=False,
)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("text", "length"),
    [("30m", HALF_AN_HOUR), ("2h", timedelta(hours=2)), ("1D", timedelta(days=1)), (" 5 m ", timedelta(minutes=5))],
)  # fmt: skip
def test_an_age_is_typed_in_minutes_hours_or_days(text: str, length: timedelta) -> None:
    assert age(text) == length


@pytest.mark.parametrize("text", ["", "30", "0m", "-5m", "1.5h", "30 minutes", "m", "1w", "999999d", "٣m"])
def test_anything_else_is_no_age(text: str) -> None:
    assert age(text) is None


def test_a_good_run_that_did_as_much_lately_makes_another_one_unnecessary() -> None:
    assert good_enough([GOOD], Filters(), (Tab.VENDORS,), HALF_AN_HOUR, NOW) is GOOD
    assert good_enough([GOOD], Filters(DateRange.TODAY), (), HALF_AN_HOUR, NOW) is GOOD


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_at": NOW - HALF_AN_HOUR},  # as old as that
        {"ended_at": NOW + timedelta(hours=1)},  # the clock was set back
        {"ended_at": None, "outcome": None},  # cut off
        *({"outcome": other} for other in RunOutcome if other is not RunOutcome.OK),
        {"filters": Filters(DateRange.TODAY)},
        {"tabs": {Tab.VENDORS: TabOutcome.DONE}},
        {"tabs": {Tab.VENDORS: TabOutcome.DONE, Tab.JOBS: TabOutcome.STAGED}},
        {"tabs": {Tab.VENDORS: TabOutcome.DONE, Tab.JOBS: None}},
    ],
)
def test_one_is_needed_after_anything_less(changes: dict[str, object]) -> None:
    less = msgspec.structs.replace(GOOD, **changes)
    assert good_enough([less], Filters(), (Tab.VENDORS, Tab.JOBS), HALF_AN_HOUR, NOW) is None


def test_a_deep_sync_is_needed_after_a_shallow_one() -> None:
    assert good_enough([GOOD], Filters(depth=Depth.DEEP), (), HALF_AN_HOUR, NOW) is None
