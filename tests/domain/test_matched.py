"""Do they match, as a part of a run: when it is left to do, and what it makes of the run's end."""

import msgspec
import pytest

from app.domain import events as ev
from app.domain.conclusion import conclude
from app.domain.events import RunOutcome
from app.domain.match_progress import Summary, Unseen
from app.domain.match_report import Why
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.domain.run import NotAllowed, check
from app.domain.tabs import Tab
from tests.domain.stories import QUIET, next_record, planned, refreshed, through_step_one, told

ASKED = msgspec.structs.replace(planned([Tab.VENDORS]), match=True)


def matched(verdict: Match) -> ev.Matched:
    return ev.Matched(Summary("report", verdict, int(verdict is Match.DIFFERS)))


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Match.MATCHES, RunOutcome.OK),
        (Match.WITHIN_TOLERANCE, RunOutcome.OK),
        (Match.DIFFERS, RunOutcome.LOOK),
        (Match.NOT_COMPARED, RunOutcome.LOOK),
    ],
)
def test_the_worse_of_run_and_match_counts(verdict: Match, outcome: RunOutcome) -> None:
    state = told(*through_step_one(), *refreshed(Tab.VENDORS), matched(verdict), plan=ASKED)
    assert conclude(state).outcome is outcome


def test_a_match_that_was_asked_for_and_not_made_is_no_success() -> None:
    state = told(*through_step_one(), *refreshed(Tab.VENDORS), plan=ASKED)
    assert state.match_is_left
    assert conclude(state).outcome is RunOutcome.FAILED
    safe = ev.ProblemMet(Problem(ProblemId.SAFE, {"what": "jobs", "before": 412, "now": 280}))
    state = told(*through_step_one(), *refreshed(Tab.VENDORS), safe, plan=ASKED)
    assert conclude(state).outcome is RunOutcome.PERSON


def test_nothing_is_compared_before_step_one_is_proven_or_without_being_asked() -> None:
    for events, plan in (
        (through_step_one()[:9], ASKED),
        ([*through_step_one(), *refreshed(Tab.VENDORS)], planned([Tab.VENDORS])),
    ):
        state = told(*events, plan=plan)
        assert not state.match_is_left
        with pytest.raises(NotAllowed):
            check(state, next_record(state, matched(Match.MATCHES)))


def test_a_later_refresh_makes_what_was_compared_old() -> None:
    state = told(*through_step_one(), *refreshed(Tab.VENDORS), matched(Match.MATCHES), plan=ASKED)
    assert not state.match_is_left
    again = told(
        *through_step_one(),
        *refreshed(Tab.VENDORS),
        matched(Match.MATCHES),
        ev.RetryAsked(Tab.VENDORS, "dana"),
        ev.TabBaseline(Tab.VENDORS, QUIET),
        ev.RefreshRequested(Tab.VENDORS),
        plan=ASKED,
    )
    assert again.matched is None
    assert again.match_is_left


def test_what_was_silent_is_counted() -> None:
    found = Summary("r", Match.NOT_COMPARED, 0, not_compared=(Unseen("costs", Why.NOT_READ, count=3),))
    assert (found.silent, found.is_match) == (3, False)
