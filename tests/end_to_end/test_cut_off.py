"""Kill -9 before and after every kind of write and send: the next start knows what was done, and does nothing twice."""

import ast
from pathlib import Path
from typing import Any

import pytest

from app.assembly.house import House
from app.domain.events import RunOutcome
from app.domain.filters import Filters
from app.domain.run import Press
from app.domain.tabs import Tab
from app.training import calls
from tests.end_to_end import cut_off as driven
from tests.end_to_end.company import NAME, goes_on, set_up
from tests.end_to_end.crash_checks import cut_off, taken_up
from tests.end_to_end.crash_stories import STORIES, kinds
from tests.end_to_end.cut_off import Asked
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

# In which story each kind of event is written, and how often where that is certain: its first and its last are cut.
WRITES = {
    "RunPlanned": ("whole", 1),
    "RunResumed": ("asked again", 1),
    "SignInRequested": ("whole", 2),
    "SignedIn": ("whole", 2),
    "SignInRefused": ("refused", 1),
    "SessionEnded": ("sessions end", 2),
    "FiltersRead": ("whole", 1),
    "FiltersRequested": ("put back", 2),
    "FiltersApplied": ("put back", 2),
    "StepOneBaseline": ("whole", 1),
    "SyncRequested": ("whole", 1),
    "SyncAccepted": ("whole", 1),
    "SyncDeclined": ("start told to slow down", 1),
    "SyncAnswerLost": ("start lost", 1),
    "SyncProgress": ("in no hurry", 1),
    "TheirsAccepted": ("somebody else's sync", 1),
    "StepOneFinished": ("whole", 1),
    "PersonConfirmed": ("no proof", 1),
    "GateOpened": ("whole", 1),
    "BrakeChecked": ("whole", 1),
    "TabsChosen": ("tabs picked later", 1),
    "JobsFound": ("whole", 1),
    "TabBaseline": ("whole", 4),
    "RetryAsked": ("asked again", 1),
    "RefreshRequested": ("whole", 4),
    "RefreshAccepted": ("whole", 4),
    "RefreshDeclined": ("told to slow down", 1),
    "RefreshAnswerLost": ("refresh lost", 1),
    "RefreshProgress": ("in no hurry", 1),
    "JobFinished": ("whole", 3),
    "TabFinished": ("whole", 2),
    "MatchForeseen": ("compared", 1),
    "MatchProgress": ("compared", 1),
    "Matched": ("compared", 1),
    "ReportSaved": ("report saved", 1),
    "ReportAlone": ("report saved", 1),
    "ProblemMet": ("no proof", 1),
    "NeedsPerson": ("no proof", 1),
    "PersonActed": ("tabs picked later", 1),
    "CancelRequested": ("stopped", 1),
    "RunEnded": ("whole", 1),
}
# The calls of a portal, and each kind of request under them, by the names of `app.training.calls`.
SENDS = {
    "send:hh2.sign_in": ("whole", 1),
    "send:hh2.apply_filters": ("whole", 1),
    "send:hh2.start": ("whole", 1),
    "send:procore.sign_in": ("whole", 1),
    "send:procore.press": ("whole", 4),
    "call:hh2.sign-in": ("sessions end", 2),
    "call:hh2.filters.read": ("whole", 1),
    "call:hh2.filters.apply": ("put back", 2),
    "call:hh2.sync.look": ("whole", 3),
    "call:hh2.sync.start": ("start told to slow down", 2),
    "call:hh2.rest.sign-in": ("whole", 1),
    "call:hh2.rest.read": ("whole", 5),
    "call:hh2.soap": ("without an API key", 1),
    "call:procore.sign-in": ("sessions end", 2),
    "call:procore.rights": ("whole", 1),
    "call:procore.jobs": ("whole", 1),
    "call:procore.tab.look": ("whole", 4),
    "call:procore.tab.press": ("whole", 4),
    "call:procore.oauth.token": ("asked again", 2),
    "call:procore.rest.permissions": ("whole", 1),
    "call:procore.rest.read": ("whole", 1),
}
# The presses on the sites' pages, in the browser: the same kinds of requests, sent by another driver.
PAGES = {
    "page:hh2.start": ("by pages", 1),
    "page:procore.press": ("by pages", 1),
}
MAKES = {"page:hh2.start": "sync.start", "page:procore.press": "tab.refresh"}
NOT_OF_A_RUN = {
    "hh2.who": "asked while a person signs in by hand; reads only",
    "procore.who": "asked while a person signs in by hand; reads only",
    "hh2.rest.status": "read by no run",
    "hh2.rest.failures": "read by no run",
    "procore.oauth": "a page that a person's browser opens",
    "procore.oauth.answer": "sent by a person's browser",
    "procore.oauth.revoke": "an errand of its own: tests/procore/test_kept.py",
}


def _cells(table: dict[str, tuple[str, int]]) -> list[Any]:
    """The first and the last time of each kind, before and after. Of the usual run `test` draws one in six, of those by
    pages one in four, of the others one in sixteen; those with a comparison take half a minute each."""
    cells = []
    for what, (story, often) in table.items():
        for nth in sorted({1, often}):
            for when in ("before", "after"):
                mark = pytest.mark.drawn({"whole": 6, "by pages": 4}.get(story, 16))
                if story == "compared":
                    mark = pytest.mark.slow
                cells.append(pytest.param(story, when, what, nth, marks=mark, id=f"{when} {what} {nth}"))
    return cells


def test_every_kind_of_event_and_of_request_is_cut() -> None:
    assert set(WRITES) == kinds()
    source = ast.parse(Path(calls.__file__).read_text(encoding="utf-8"))
    named: set[str] = set()
    for line in source.body:
        if isinstance(line, ast.AnnAssign) and getattr(line.target, "id", "") in ("HH2", "PROCORE"):
            assert line.value is not None
            named |= {name for _, _, name in ast.literal_eval(line.value)}
    cut = {what.removeprefix("call:") for what in SENDS if what.startswith("call:")}
    assert len(named) > 20
    assert cut | set(NOT_OF_A_RUN) == named
    assert not cut & set(NOT_OF_A_RUN)
    for kind, table, cells in (("send:", driven.SENDS, SENDS), ("page:", driven.PAGES, PAGES)):
        assert {what.removeprefix(kind) for what in cells if what.startswith(kind)} == table.keys()
    assert MAKES.keys() == PAGES.keys()


async def asked_for(story: str, house: House, admin: Admin) -> Asked:
    codes: tuple[str, ...] | None = None
    if STORIES[story].jobs:
        choices = await house.job_choices(NAME, fresh=True)
        codes = tuple(choice.job.code for choice in choices[: STORIES[story].jobs])
    await house.close()
    return Asked(admin.served, story, codes)


@pytest.mark.parametrize(
    ("story", "when", "what", "nth"),
    [
        *_cells({f"write:{name}": where for name, where in WRITES.items()}),
        *_cells(SENDS),
        *_cells(PAGES),
    ],
)
async def test_a_run_cut_off_anywhere_is_taken_up_and_nothing_is_pressed_twice(
    story: str, when: str, what: str, nth: int, house: House, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)  # no browser shows a window
    asked = await asked_for(story, house, admin)
    cut_off(admin, asked, when, what, nth)
    if story == "by pages":
        _cut_around_the_press(admin, when, what)
    state, records = await taken_up(admin, asked)
    if state is None:
        # Nothing was known of a run yet, or it had ended: then nothing may be left undone.
        assert (records == []) == (when == "before" and what == "write:RunPlanned")
        return
    if story != "whole":
        return
    pressed = [(press["tab"], press["job"]) for press in admin.presses("tab.refresh")]
    wanted = [("vendors", ""), *(("job-costs", code) for code in asked.jobs or ())]
    assert sorted(set(pressed)) == sorted(wanted)
    refreshes = (state.tabs[Tab.VENDORS].refresh, *state.tabs[Tab.JOB_COSTS].jobs.values())
    assert all(one.outcome is not None for one in refreshes)
    if all(one.press is not Press.LOST for one in refreshes):
        assert len(pressed) == len(set(pressed))


def _cut_around_the_press(admin: Admin, when: str, what: str) -> None:
    """The press that was cut was made, or not, and no other after it."""
    made = [press["what"] for press in admin.presses()]
    by_pages = [one["call"] for one in admin.log()["requests"] if one["call"].endswith(".page")]
    assert by_pages, "nothing was asked for by pages"
    order = ["sync.start", "tab.refresh"]
    assert made == order[: order.index(MAKES[what]) + (when == "after")]


async def test_a_run_cut_off_while_hh2_syncs_is_watched_to_its_end_without_a_second_start(
    house: House, admin: Admin
) -> None:
    cut_off(admin, await asked_for("whole", house, admin), "after", "write:SyncAccepted", 1)
    started_again = House("command line", person=0.0)
    try:
        await set_up(started_again, admin.served)
        found = await started_again.interrupted(NAME)
        assert found is not None
        assert found.filters != Filters()
        state, told = await goes_on(started_again, found.run_id)
        assert state.resumes == 1
        assert told.names[0] == "RunResumed"
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
    finally:
        await started_again.close()
    assert len(admin.presses("sync.start")) == 1
