"""How old the data are: what runs proved counts, and what hh2's page shows beside it is told apart from that."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import events as ev
from app.domain.freshness import Freshness, Refreshed, moment, shown
from app.domain.looks import Phase, SyncLook, TabOutcome
from app.domain.tabs import Tab
from tests.domain import stories

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
MONTREAL = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Sync 3 completed on 2026-11-24 14:26:00 UTC. 12 records.", datetime(2026, 11, 24, 14, 26, tzinfo=UTC)),
        ("Last synced 11/24/2026 9:26 AM", datetime(2026, 11, 24, 14, 26, tzinfo=UTC)),
        ("Dernière synchronisation : 24/11/2026 09:26", datetime(2026, 11, 24, 14, 26, tzinfo=UTC)),
        ("Dernière synchronisation : 2026-11-24 à 9 h 26", datetime(2026, 11, 24, 14, 26, tzinfo=UTC)),
        ("Completed 2026-11-24T09:26:00-05:00", datetime(2026, 11, 24, 14, 26, tzinfo=UTC)),
        ("Completed 4 minutes ago", NOW - timedelta(minutes=4)),
        ("Terminée il y a 2 heures", NOW - timedelta(hours=2)),
        ("Last sync: completed", None),
        ("From 2026-11-24 09:00 to 2026-11-24 09:26", None),  # two moments: which is the end?
        ("Next sync at 2026-11-25 09:26", None),  # that is still to come
        ("Completed 05/06/2026 09:26", None),  # 5 June or 6 May?
        ("Completed 2026-13-44 99:99", None),
    ],
)  # fmt: skip
def test_the_one_moment_that_a_page_names_is_read(text: str, when: datetime | None) -> None:
    assert moment(text, NOW, MONTREAL) == when


@given(
    st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/]\d\d?[-/]\d{1,4} \d\d?:\d\d( [AP]M)?", fullmatch=True)
)
def test_no_text_names_a_moment_that_is_still_to_come(text: str) -> None:
    found = moment(text, NOW, MONTREAL)
    assert found is None or found <= NOW


def test_runs_tell_how_old_each_tab_is_and_which_filters_stood() -> None:
    run = stories.told(
        *stories.through_step_one(),
        *stories.refreshed(Tab.VENDORS, TabOutcome.STAGED),
        *stories.refreshed(Tab.JOBS, TabOutcome.FAILED),
    )
    known = Freshness().with_run(run)
    assert known.sage == run.step_one.finished_at
    assert known.filters == run.plan.filters
    assert {tab: one.outcome for tab, one in known.tabs.items()} == {Tab.VENDORS: TabOutcome.STAGED}
    newest = Freshness(sage=NOW, tabs={Tab.VENDORS: Refreshed(NOW, TabOutcome.DONE)})
    assert newest.with_run(run) == newest, "an older run makes nothing older"


def test_a_word_of_a_person_makes_nothing_fresh() -> None:
    word = ev.PersonConfirmed("hh2 shows Completed, 8:04", "dana")
    opened = ev.GateOpened(stories.PROOF, by_person=True)
    run = stories.told(word, opened, plan=stories.planned(step_one=False))
    assert Freshness().with_run(run).sage is None


LATER = SyncLook(Phase.DONE, "14", "Completed on 2026-11-24 14:26:00 UTC")


def test_an_end_later_than_our_own_says_that_hh2_synced_by_itself() -> None:
    known = Freshness(sage=NOW - timedelta(hours=3), shown="Completed 8:04")
    seen = shown(LATER, known, NOW)
    assert seen is not None
    assert (seen.by_itself, seen.ended) == (True, NOW - timedelta(minutes=4))


@pytest.mark.parametrize(
    ("look", "known"),
    [
        (
            LATER,
            Freshness(sage=NOW - timedelta(minutes=4), shown="other words"),
        ),  # it is our own, told otherwise
        (LATER, Freshness(sage=NOW - timedelta(hours=3), shown=LATER.text)),  # the very words of our own
        (SyncLook(Phase.DONE, "14", "Last sync: completed"), Freshness()),  # it names no time
    ],
)
def test_what_may_be_our_own_sync_is_not_called_one_by_itself(look: SyncLook, known: Freshness) -> None:
    seen = shown(look, known, NOW)
    assert seen is not None
    assert not seen.by_itself


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.DONE])
def test_only_an_end_that_went_well_is_told(phase: Phase) -> None:
    assert shown(SyncLook(phase, "14", LATER.text), Freshness(), NOW) is None
