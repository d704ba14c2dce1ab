"""Outcomes, times, tabs, settings and events, as they are said."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from app.domain import events as ev
from app.domain.brake import safe_problem
from app.domain.events import NeedKind, RunOutcome, Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.gate import Shut
from app.domain.lists import Kind, Side
from app.domain.looks import (
    Evidence,
    EvidenceKind,
    Phase,
    StepOneOutcome,
    SyncLook,
    TabLook,
    TabOutcome,
    Unknown,
    Waiting,
)
from app.domain.match_progress import Progress, Summary, Unseen
from app.domain.match_report import Why, Written
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.domain.profile import DriverName, FieldFault, Profile, faults
from app.domain.tabs import NOT_ON_DEMAND, TABS, Job, Tab
from app.words import faults as fault_words
from app.words import keeping, match_told, outcomes, problems, progress, sites, tabs, times

AT = datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)
JOB = Job("901", "25-014", "Pont des Érables")


def test_every_outcome_has_words_of_its_own() -> None:
    said = [outcomes.run(one) for one in RunOutcome]
    said += [outcomes.step_one(one) for one in StepOneOutcome]
    assert len(set(said)) == len(RunOutcome) + len(StepOneOutcome)
    assert len({outcomes.tab(one) for one in TabOutcome}) == len(TabOutcome)
    assert len({outcomes.tab(TabOutcome.UNKNOWN, why) for why in Unknown}) == len(Unknown)
    assert len({outcomes.phase(one) for one in Phase}) == len(Phase)
    assert len({outcomes.shut(one) for one in Shut}) == len(Shut)
    assert len({outcomes.need(one) for one in NeedKind}) == len(NeedKind)
    assert len({outcomes.evidence(one) for one in EvidenceKind}) == len(EvidenceKind)


def test_unknown_is_never_said_like_a_success() -> None:
    for why in Unknown:
        said = outcomes.tab(TabOutcome.UNKNOWN, why)
        assert said.startswith("Unknown")
        assert "Done" not in said


def test_staged_records_are_counted() -> None:
    assert outcomes.tab(TabOutcome.STAGED, None, Waiting(1)) == "1 record waits for import"
    assert outcomes.tab(TabOutcome.STAGED, None, Waiting(12)) == "12 records wait for import"
    assert outcomes.tab(TabOutcome.STAGED) == "Staged, waits for import"


def test_a_sign_in_names_its_site() -> None:
    assert outcomes.need(NeedKind.SIGN_IN, Site.PROCORE) == "Please sign in to Procore."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (12.4, "12 s"), (250, "4 min 10 s"), (7500, "2 h 5 min"), (-3, "0 s")],
)
def test_a_duration_has_two_parts_at_most(seconds: float, said: str) -> None:
    assert times.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(20, "less than a minute"), (60, "1 minute"), (250, "4 minutes"), (9000, "2 hours")]
)
def test_an_estimate_is_round(seconds: float, said: str) -> None:
    assert times.about(seconds) == said


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=4, seconds=59), "4 minutes ago"),
        (timedelta(hours=30), "30 hours ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(age: timedelta, said: str) -> None:
    assert times.ago(AT - age, AT) == said


def test_clock_times_are_those_of_the_person_not_of_the_server() -> None:
    montreal = timezone(timedelta(hours=-5))
    assert times.clock(AT, montreal) == "09:05"
    assert times.clock_seconds(AT, montreal) == "09:05:09"
    assert times.day_and_clock(AT, AT, montreal) == "today at 09:05"
    assert times.day_and_clock(AT, AT + timedelta(days=1), montreal) == "yesterday at 09:05"
    assert times.day_and_clock(AT, AT + timedelta(days=9), montreal) == "2026-11-24 at 09:05"


def test_the_tabs_have_procores_own_english_words() -> None:
    for tab, facts in TABS.items():
        assert tabs.title(tab) == facts.title
        assert tabs.button(tab) == facts.button
    assert tuple(tabs.not_on_demand()) == NOT_ON_DEMAND
    assert tabs.titles([Tab.VENDORS, Tab.JOBS]) == "Vendors, Jobs"
    assert tabs.job(JOB) == "25-014 Pont des Érables"


def test_every_fault_of_a_profile_says_what_was_expected() -> None:
    bad = msgspec.convert(
        {
            "name": "con",
            "driver": "training",
            "hh2": {"site": "!!", "base": "ftp://x"},
            "procore": {"company_id": -1, "login": "x", "api": "http://api.example", "web": ""},
            "run": {"proof_minutes": 0, "job_pause": -1, "poll": 0.5},
        },
        Profile,
    )
    found = faults(bad)
    assert len(found) >= 9
    for fault in found:
        assert fault_words.expected(fault) != fault_words.expected(FieldFault("x", "", "no such id"))
        assert fault_words.field(fault.path) != fault.path
        assert fault_words.sentence(fault).startswith(fault_words.field(fault.path))
    assert fault_words.field("made.up") == "made.up"


def test_filters_are_called_as_on_hh2s_page() -> None:
    assert sites.filters(Filters()) == "Past Week, Shallow"
    assert sites.why_longer(Filters()) == ""
    assert "longer" in sites.why_longer(Filters(DateRange.ALL))
    assert "longer" in sites.why_longer(Filters(depth=Depth.DEEP))
    assert len({sites.driver(one) for one in DriverName}) == 3
    assert sites.site("elsewhere") == "elsewhere"


@pytest.mark.parametrize(
    ("platform", "store"),
    [
        ("win32", "Windows Credential Manager"),
        ("darwin", "the macOS Keychain"),
        ("linux", "this desktop's keyring"),
    ],
)
def test_a_password_says_where_it_goes(monkeypatch: pytest.MonkeyPatch, platform: str, store: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert store in keeping.where(remember=True)
    assert keeping.where(remember=False) == "Used for this run only, then forgotten."
    assert keeping.where(remember=True, available=False).lower().startswith(store.lower())
    assert "this run only" in keeping.where(remember=True, available=False)


def test_what_is_known_of_a_password_names_the_site_and_never_the_password() -> None:
    said = {
        keeping.known(state, Site.HH2) for state in ("missing", "kept", "this-run", "refused", "unavailable")
    }
    assert len(said) == 5
    assert "hh2 refused this password" in keeping.known("refused", Site.HH2)


LOOK = SyncLook(Phase.DONE, "17", "Last sync 13:40")
TAB_LOOK = TabLook(Phase.DONE, "3", "")
PROOF = Evidence(EvidenceKind.PAGE, "Sync completed 14:04", "2026-11-24T14:04:00Z")
EVENTS: list[tuple[ev.AnyEvent, str]] = [
    (
        ev.RunPlanned("Acme", "browser", False, "claire", "1", True, Filters(), (Tab.JOBS,), None, True),
        "Planned by claire for Acme: Past Week, Shallow; then Jobs",
    ),
    (
        ev.RunPlanned("Acme", "browser", False, "claire", "1", False, Filters(), (), None, True),
        "Planned by claire for Acme: step 2 only, no tabs",
    ),
    (ev.RunResumed("claire", True), "The run that was cut off goes on, asked for by claire"),
    (ev.RunResumed("claire", False), "The run goes on, asked for by claire"),
    (ev.SignInRequested(Site.HH2, "f"), "Signing in to hh2"),
    (ev.SignedIn(Site.HH2, "claire"), "Signed in to hh2 as claire"),
    (ev.SignInRefused(Site.HH2, Problem(ProblemId.HH2_DOWN)), "Not signed in to hh2"),
    (ev.SignInRefused(Site.PROCORE, Problem(ProblemId.MFA)), "The site needs you to sign in."),
    (
        ev.SignInRefused(Site.PROCORE, Problem(ProblemId.MFA, {"site": "procore", "why": "code"})),
        "Procore asks for your code.",
    ),
    (ev.SessionEnded(Site.PROCORE), "The sign-in to Procore ended; signing in again"),
    (ev.FiltersRead(None), "hh2 does not show its filters"),
    (ev.FiltersRead(Filters()), "hh2's filters were: Past Week, Shallow"),
    (ev.FiltersRequested(Filters()), "Setting hh2's filters to Past Week, Shallow"),
    (ev.FiltersRequested(Filters(), True), "Putting hh2's filters back to Past Week, Shallow"),
    (ev.FiltersApplied(Filters(), False), "hh2's filters are as wanted: Past Week, Shallow"),
    (ev.FiltersApplied(Filters(), True), "hh2's filters now are: Past Week, Shallow"),
    (ev.StepOneBaseline(LOOK), "Before our press hh2 showed: Last sync 13:40"),
    (ev.SyncRequested(), "Pressing Start Sync"),
    (ev.SyncAccepted(), "hh2 accepted it"),
    (ev.SyncAccepted("Sync started"), "hh2 accepted it: Sync started"),
    (ev.SyncDeclined(Problem(ProblemId.HH2_BUSY)), "hh2 did not start: hh2 is already syncing."),
    (ev.SyncAnswerLost("time-out"), "hh2's answer was lost (time-out); looking whether it started"),
    (ev.SyncProgress("Vendors", 0.5), "hh2: Vendors (50 %)"),
    (ev.SyncProgress("Vendors"), "hh2: Vendors"),
    (ev.TheirsAccepted("claire"), "claire takes the sync that is already under way"),
    (
        ev.StepOneFinished(StepOneOutcome.DONE, PROOF),
        "Step 1: Proven finished. The page showed: “Sync completed 14:04”",
    ),
    (ev.StepOneFinished(StepOneOutcome.UNSURE), "Step 1: Not proven"),
    (ev.PersonConfirmed("it says done", "claire"), "claire looked in hh2 and said: “it says done”"),
    (ev.GateOpened(PROOF, False), "Step 2 is open, on the proof of step 1"),
    (ev.GateOpened(PROOF, True), "Step 2 is open, on a person's word"),
    (ev.BrakeChecked({"jobs": 40}, {"jobs": 41}), "hh2 does not list far fewer records than last time"),
    (ev.BrakeChecked({"jobs": 40}), "hh2's records are counted, for comparison at the next run"),
    (ev.BrakeChecked(why="no-service"), "Not checked, without hh2's web services: whether"),
    (ev.BrakeChecked(why="unreadable"), "Not checked, hh2 could not be read: whether"),
    (
        ev.BrakeChecked({"jobs": 280}, {"jobs": 412}, safe_problem("jobs", 412, 280)),
        "Far fewer jobs than last time (412 → 280). We stopped before going on.",
    ),
    (ev.TabsChosen((Tab.VENDORS,), None), "Chosen: Vendors"),
    (ev.JobsFound((JOB,), "movement"), "1 job for Job Costs"),
    (ev.TabBaseline(Tab.VENDORS, TAB_LOOK), "Vendors: before our press it showed: done"),
    (ev.RetryAsked(Tab.VENDORS, "claire"), "Vendors: claire asks for it once more"),
    (
        ev.RefreshRequested(Tab.JOB_COSTS, JOB),
        "Job Costs, 25-014 Pont des Érables: pressing Sync Job Costs",
    ),
    (ev.RefreshAccepted(Tab.VENDORS), "Vendors: accepted"),
    (
        ev.RefreshDeclined(Tab.VENDORS, Problem(ProblemId.PRO_DOWN)),
        "Vendors: not started: Procore itself is not answering.",
    ),
    (
        ev.RefreshAnswerLost(Tab.VENDORS, "reset"),
        "Vendors: the answer was lost (reset); looking whether it started",
    ),
    (ev.RefreshProgress(Tab.VENDORS, "in progress"), "Vendors: in progress"),
    (ev.JobFinished(JOB, TabOutcome.DONE), "Job Costs, 25-014 Pont des Érables: Done"),
    (
        ev.TabFinished(Tab.VENDORS, TabOutcome.STAGED, waiting=Waiting(2)),
        "Vendors: 2 records wait for import",
    ),
    (ev.MatchForeseen(212, 240.0, 40), "To compare 40 jobs, 212 requests, about 4 minutes"),
    (
        ev.MatchForeseen(11, 3.0, 0, whole=False),
        "To compare, first 11 requests, less than a minute; how many jobs there are is known after it",
    ),
    (
        ev.MatchProgress(Progress("reading", Side.SAGE, Kind.COSTS, "", 40, 3, 1200)),
        "Sage: Job costs · 3 of 40 lists · 1,200 rows",
    ),
    (
        ev.MatchProgress(Progress("waiting", Side.PROCORE, seconds=7.0)),
        "Procore asks us to slow down; we go on in 7 s.",
    ),
    (ev.Matched(Summary("r", Match.MATCHES, 0)), "Procore and Sage match."),
    (
        ev.Matched(Summary("r", Match.DIFFERS, 2, Decimal("4.05"), (Unseen("vendors", Why.READ_FAILED),))),
        "2 differences, 4.05 in all. 1 could not be compared.",
    ),
    (
        ev.ReportSaved("b658aa11cc", "dana", (Written("pdf", "/reports/a.pdf", "ab12cd34ef", 12),)),
        "dana saved report b658aa11: 1 file (pdf ab12cd34…)",
    ),
    (
        ev.ReportAlone("b658aa11cc", "dana", (Written("pdf", "/reports/a.pdf", "ab12cd34ef", 12),)),
        "dana saved report b658aa11: 1 file (pdf ab12cd34…)",
    ),
    (ev.ProblemMet(Problem(ProblemId.SESSION)), "Your sign-in ended."),
    (
        ev.NeedsPerson(NeedKind.CHOOSE_TABS, AT),
        "Step 1 is finished. Choose the tabs to refresh. Waiting until ",
    ),
    (ev.PersonActed(NeedKind.PRESS), "A person answered"),
    (ev.PersonActed(NeedKind.PRESS, True), "Nobody came in time"),
    (ev.CancelRequested("claire"), "Stopping, asked for by claire"),
    (ev.RunEnded(RunOutcome.OK, 0), "Finished. All is done."),
]


@pytest.mark.parametrize(("event", "said"), EVENTS, ids=[type(event).__name__ for event, _ in EVENTS])
def test_every_event_is_one_line(event: ev.AnyEvent, said: str) -> None:
    line = progress.line(event)
    assert line.startswith(said)
    assert "\n" not in line


def test_no_event_was_forgotten() -> None:
    told = {type(event) for event, _ in EVENTS}
    assert told == set(ev.AnyEvent.__args__)


def test_a_list_that_could_not_be_read_is_named_with_its_side_and_the_problem() -> None:
    told = match_told.silence(Unseen("vendors", Why.READ_FAILED, "procore", 3, ProblemId.NET.value))
    assert told.startswith("Procore: Vendors (3): could not be read: ")
    assert told.endswith(problems.title_of(ProblemId.NET))
