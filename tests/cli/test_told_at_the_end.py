"""What the command line tells of a run, and which run it may go on with."""

import io
import json
import sys
from pathlib import Path

import pytest
from msgspec import structs

from app.cli.sync import _may_go_on, _Teller
from app.domain import events as ev
from app.domain.events import AnyEvent, ByHand, NeedKind, RunOutcome, Site
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.match_progress import Summary, Unseen
from app.domain.match_report import Why, Written
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Looked
from app.words.ended import summary
from tests.domain.stories import IDLE, planned, refreshed, run_of, through_step_one
from tests.domain.stories import told as state_of

PLAN = planned((Tab.VENDORS,))
STARTED: tuple[AnyEvent, ...] = (ev.StepOneBaseline(IDLE), ev.SyncRequested(), ev.SyncAccepted())
OPEN = tuple(through_step_one())
DONE = (*OPEN, *refreshed(Tab.VENDORS))
NET = ev.ProblemMet(Problem(ProblemId.NET, {"site": "procore"}))
LIMIT = ev.ProblemMet(Problem(ProblemId.LIMIT, {"site": "procore", "seconds": 4}), noted=True)
WORD = Looked("hh2 shows Completed 8:04")


def _over(*events: AnyEvent, outcome: RunOutcome = RunOutcome.OK, reason: str = "") -> RunState:
    return state_of(*events, ev.RunEnded(outcome, ev.EXIT_CODES[outcome], reason), plan=PLAN)


@pytest.mark.parametrize(
    ("run", "word", "may"),
    [
        (state_of(*STARTED, plan=PLAN), False, True),
        (_over(outcome=RunOutcome.PERSON, reason="NOT-PRESSED"), False, True),
        (_over(*DONE), False, False),
        (_over(*OPEN, NET, outcome=RunOutcome.FAILED), False, True),
        (_over(*OPEN, ev.CancelRequested("dana"), outcome=RunOutcome.CANCELLED), False, False),
        (_over(*STARTED, ev.StepOneFinished(StepOneOutcome.UNSURE), outcome=RunOutcome.PERSON), False, False),
        (_over(*STARTED, ev.StepOneFinished(StepOneOutcome.UNSURE), outcome=RunOutcome.PERSON), True, True),
        (_over(*STARTED, ev.StepOneFinished(StepOneOutcome.FAILED), outcome=RunOutcome.FAILED), True, False),
    ],
    ids=[
        "cut off",
        "not pressed",
        "all done",
        "tabs left",
        "stopped",
        "unsure",
        "unsure and a word",
        "failed",
    ],
)
def test_a_run_goes_on_only_where_no_second_sync_would_begin(run: RunState, word: bool, may: bool) -> None:
    assert _may_go_on(run, WORD if word else None) is may


def test_a_comparison_that_is_left_is_made_by_going_on() -> None:
    plan = structs.replace(PLAN, match=True)
    left = state_of(*DONE, ev.RunEnded(RunOutcome.FAILED, 20), plan=plan)
    assert _may_go_on(left, None)
    stopped = state_of(*DONE, ev.CancelRequested("d"), ev.RunEnded(RunOutcome.CANCELLED, 130), plan=plan)
    assert not _may_go_on(stopped, None)


def test_at_the_end_each_problem_has_its_card_and_a_note_has_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    teller = _Teller(json=False)
    assert teller.end(_over(*OPEN, LIMIT, NET, outcome=RunOutcome.FAILED)) == 20
    said = capsys.readouterr()
    assert said.out == ""
    assert "Vendors: not begun" in said.err
    assert said.err.count("[NET]") == 1
    assert "[LIMIT]" not in said.err
    assert teller.end(state_of(plan=PLAN)) == 70, "a run without an end is a fault of the program"


def test_with_json_every_event_is_a_line_and_the_result_is_the_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    teller = _Teller(json=True)
    events = (*DONE, ev.RunEnded(RunOutcome.OK, 0))
    states = run_of(*events, plan=PLAN)
    for seq, (event, state) in enumerate(zip((PLAN, *events), states, strict=True), start=1):
        teller(ev.Record(seq, state.last_at, "run", event), state)
    teller.end(states[-1])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["type"] for one in told[:2]] == ["RunPlanned", "SignInRequested"]
    assert told[-1]["type"] == "result"
    assert told[-1]["tabs"][0]["outcome"] == TabOutcome.DONE.value


@pytest.mark.parametrize("is_json", [True, False])
def test_a_run_that_could_not_begin_is_said_and_with_json_is_a_result(
    is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = _Teller(json=is_json)
    assert teller.no_run(Problem(ProblemId.IN_USE, {"who": "dana", "face": "window"})) == 30
    said = capsys.readouterr()
    assert "[IN-USE]" in said.err
    assert [json.loads(line)["exit"] for line in said.out.splitlines()] == ([30] if is_json else [])
    assert teller.fault(ZeroDivisionError()) == 70
    said = capsys.readouterr()
    assert [json.loads(line)["exit"] for line in said.out.splitlines()] == ([70] if is_json else [])


@pytest.mark.parametrize("terminal", [True, False])
def test_what_may_be_typed_is_said_where_somebody_is_at_a_terminal(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setattr(sys, "stdin", Stdin())
    asked = ev.NeedsPerson(NeedKind.PRESS, IDLE_AT, None, Site.HH2, ByHand(Site.HH2, "start-sync"))
    teller = _Teller(json=False)
    assert teller.need() is None
    state = state_of(asked, plan=PLAN)
    teller(ev.Record(2, state.last_at, "run", asked), state)
    assert teller.need() is state.need
    assert ("Enter = I did it" in capsys.readouterr().err) is terminal


def test_a_comparison_is_in_the_summary_with_what_was_not_compared_and_its_files(tmp_path: Path) -> None:
    unseen = tuple(Unseen(what, Why.READ_FAILED, "procore", 2) for what in ("vendors", "jobs"))
    files = (Written("json", str(tmp_path / "report.json"), "0" * 64, 10),)
    matched = Summary("r1", Match.NOT_COMPARED, 0, not_compared=unseen, files=files)
    plan = structs.replace(PLAN, match=True)
    lines = summary(state_of(*DONE, ev.Matched(matched), plan=plan))
    assert "4 could not be compared." in lines
    assert "Could not be compared:" in lines
    assert lines[-1] == f"JSON: {tmp_path / 'report.json'}"


IDLE_AT = run_of(plan=PLAN)[0].last_at
