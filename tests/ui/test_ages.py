"""How old the data are, and how long a run still takes, as the window says it: from what is known, else not at all."""

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.events import Site
from app.domain.freshness import Freshness
from app.domain.habit import habit
from app.domain.tabs import Tab
from app.ui import rows
from app.ui.notices import notice
from app.ui.view import View
from tests.ui import stories
from tests.ui.scenes import window_of
from tests.ui.stories import BEGAN, Story, scene, view


def _said(qtbot: QtBot, shown: View, seconds: float = 0.0) -> tuple[str, str]:
    """What step 1 says of the time, and of the age of the data."""
    frame, window = window_of(shown, BEGAN + timedelta(seconds=seconds))
    qtbot.addWidget(frame)
    QApplication.processEvents()
    said = window.step_one.took.text(), window.step_one.age.text()
    frame.let_go()
    frame.close()
    return said


def test_each_tab_says_how_old_it_is_before_a_run(qtbot: QtBot) -> None:
    seen, now = scene("idle")
    assert rows.row(seen, Tab.JOBS, now).words == "Last refreshed 3 days ago"
    assert rows.row(seen, Tab.VENDORS, now).words == "Last refreshed 3 hours ago; records waited for import"
    assert rows.row(seen, Tab.SUB_JOBS, now).words == "Not refreshed by this program yet"
    assert rows.row(view(fresh=Freshness()), Tab.JOBS, now).words == ""


def test_a_sync_that_hh2_did_by_itself_is_offered_and_nothing_is_pressed_for_the_person(qtbot: QtBot) -> None:
    _, age = _said(qtbot, view(tested=stories.seen_by_itself()))
    assert "hh2 synced by itself 4 minutes ago" in age
    assert "Step 2 only goes on from there, when you say so." in age
    asked = notice(view(tested=stories.seen_by_itself(), looking=True), BEGAN)
    assert asked is not None
    assert "hh2 synced by itself 4 minutes ago" in asked.text
    assert asked.field.value == "words", "the person's own words are asked for all the same"


def test_while_a_run_is_on_what_was_seen_before_it_is_told_no_more(qtbot: QtBot) -> None:
    _, age = _said(qtbot, view(Story().syncing(), tested=stories.seen_by_itself()))
    assert "by itself" not in age


def test_the_time_that_is_left_follows_from_the_habit_and_is_not_said_without_one(qtbot: QtBot) -> None:
    syncing = Story().syncing()
    pressed = syncing.state.step_one.pressed_at
    assert pressed is not None
    at = (pressed - BEGAN).total_seconds() + 60
    took, _ = _said(qtbot, view(syncing), at)
    assert "Step 1: about 3 minutes left." in took
    assert "In all" not in took, "how long the tabs take is not known"
    unknown, _ = _said(qtbot, view(syncing, habits={}), at)
    assert "left" not in unknown
    slow, _ = _said(qtbot, view(syncing), at + 400)
    assert "left" not in slow, "slower than this company ever was"


@pytest.mark.parametrize(
    ("name", "shown", "value"),
    [("step 2 running", True, 3), ("job costs running", True, None), ("step 1 running", False, None),
     ("gate open, choose tabs", False, None), ("all done", False, None)],
)  # fmt: skip
def test_step_two_shows_how_far_it_is_while_it_is_under_way(
    qtbot: QtBot, name: str, shown: bool, value: int | None
) -> None:
    seen, now = scene(name)
    frame, window = window_of(seen, now)
    qtbot.addWidget(frame)
    bar = window.step_two.bar
    assert bar.isVisibleTo(window.step_two) is shown
    if value is not None:
        assert (bar.maximum(), bar.value()) == (6, value)
    if name == "job costs running":
        assert bar.maximum() == 5 + len(stories.JOBS), "each job counts"
    frame.let_go()
    frame.close()


def test_a_sign_in_that_is_tested_shows_that_it_is_under_way(qtbot: QtBot) -> None:
    for testing in (Site.HH2, None):
        frame, window = window_of(view(testing=testing), BEGAN)
        qtbot.addWidget(frame)
        bars = (window.step_one.sign_in.bar, window.step_two.sign_in.bar)
        assert [bar.isVisibleTo(window.inside) for bar in bars] == [testing is Site.HH2, False]
        frame.let_go()
        frame.close()


def test_the_time_of_the_whole_run_is_said_where_all_of_it_is_known(qtbot: QtBot) -> None:
    whole = dict(view().habits) | {f"tab:{tab.value}": habit((60.0, 60.0, 60.0)) for tab in Tab}
    story = Story()
    story.state = msgspec.structs.replace(
        story.state,
        tabs={
            tab: msgspec.structs.replace(one, chosen=tab is Tab.VENDORS)
            for tab, one in story.state.tabs.items()
        },
    )
    took, _ = _said(qtbot, view(story, habits=whole))
    assert "In all: about 5 minutes left." in took
