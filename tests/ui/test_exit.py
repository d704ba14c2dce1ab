"""Exit during a run, wherever it stands: the button answers at once, the engine is free within a second, and nothing
more is begun."""

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.domain.events import AnyEvent, RunOutcome, SignedIn, SignInRequested, Site, SyncRequested
from app.domain.profile import DriverName
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.engine.faces import Practice
from app.training.faults import Fault, FaultKind
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, answers_within, desktop

AT_ONCE = 0.1
FREE = 1.0
HANGS = 25.0  # seconds that a call does not answer: far longer than anybody waits here


def _stop_and_exit(shown: Desktop) -> None:
    shown.window.exit_pressed.emit()
    wait_until(lambda: shown.has("Stop and exit"), "it is asked")
    with answers_within(AT_ONCE):
        shown.press("Stop and exit")
    assert shown.reads("Stopping…")


def _then_close_once_more(shown: Desktop) -> None:
    _stop_and_exit(shown)
    with answers_within(AT_ONCE):
        shown.frame.close()
        shown.frame.close()
        shown.window.exit_pressed.emit()
    assert not shown.has_dialog(), "nothing is asked a second time"


class _Session:
    """What the desktop gives a program at the end of its session; Qt makes none for a test."""

    def __init__(self) -> None:
        self.waits = False

    def cancel(self) -> None:
        self.waits = True


def _the_session_ends(shown: Desktop) -> None:
    session = _Session()
    with answers_within(AT_ONCE):
        shown.opened.session_end.commit(session)  # type: ignore[arg-type]
    assert session.waits


def _asked_by_the_system(_shown: Desktop) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(shown: Desktop, leaves: Callable[[Desktop], None] = _stop_and_exit) -> RunState:
    """Leave in the middle of a run; the run as it was left."""
    assert shown.view.busy
    begun = time.monotonic()
    leaves(shown)
    wait_until(lambda: not shown.view.busy, "the engine is free", HANGS)
    took = time.monotonic() - begun
    wait_until(lambda: shown.gone, "the program has ended")
    assert took < FREE, f"the engine was free after {took:.2f} s"
    assert shown.run is not None
    assert shown.run.ended is not None
    assert shown.run.ended.outcome is RunOutcome.CANCELLED
    return shown.run


def _hangs(call: str) -> Fault:
    return Fault(FaultKind.DELAY, call, nth=0, seconds=HANGS)


def _heard(shown: Desktop) -> list[AnyEvent]:
    """The events of the run, as they come to the window."""
    heard: list[AnyEvent] = []
    shown.opened.desk.told.connect(lambda records: heard.extend(record.event for record in records))
    return heard


@pytest.mark.parametrize(
    ("call", "before"),
    [
        ("hh2.sign-in", SignInRequested(Site.HH2, "")),
        ("procore.sign-in", SignInRequested(Site.PROCORE, "")),
        ("hh2.filters.read", SignedIn(Site.PROCORE, "")),
    ],
)
def test_before_step_one_while_a_site_does_not_answer(
    acme: Open, admin: Admin, call: str, before: SignInRequested | SignedIn
) -> None:
    with acme(go_on=True) as shown:
        admin.fault(_hangs(call))
        heard = _heard(shown)
        shown.press("Start Sync")
        wait_until(
            lambda: any(isinstance(one, type(before)) and one.site is before.site for one in heard),
            "the site is asked, and does not answer",
        )
        _leave(shown)
    assert admin.presses() == []


@pytest.mark.parametrize(
    "leaves",
    [
        _stop_and_exit,
        _then_close_once_more,
        _the_session_ends,
        pytest.param(
            _asked_by_the_system,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="signals of a terminal"),
        ),
    ],
)
def test_in_step_one_however_one_leaves(acme: Open, admin: Admin, leaves: Callable[[Desktop], None]) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        shown.press("Start Sync")
        wait_until(lambda: admin.presses("sync.start") != [], "step 1 is under way")
        state = _leave(shown, leaves)
        assert state.opened is None, "the gate stays shut"
    assert len(admin.presses("sync.start")) == 1
    assert admin.presses("tab.refresh") == []


def test_while_start_sync_was_sent_and_not_answered(acme: Open, admin: Admin) -> None:
    with acme(go_on=True) as shown:
        admin.fault(_hangs("hh2.sync.start"))
        heard = _heard(shown)
        shown.press("Start Sync")
        wait_until(lambda: any(isinstance(one, SyncRequested) for one in heard), "it is sent")
        assert _leave(shown).step_one.press is not Press.NONE, "it is known that it was sent"
    assert admin.presses("tab.refresh") == []


def test_while_a_tab_is_refreshed_the_next_one_is_not_begun(acme: Open, admin: Admin) -> None:
    with acme("slow", pace=0.12, go_on=True) as shown:
        shown.press("Start Sync")
        wait_until(lambda: admin.presses("tab.refresh") != [], "step 2 is under way", 30)
        state = _leave(shown)
        pressed = {tab for tab in Tab if state.tabs[tab].refresh.press is not Press.NONE}
    assert {Tab(one["tab"]) for one in admin.presses("tab.refresh")} <= pressed
    assert Tab.JOB_COSTS not in pressed


def test_while_a_person_is_waited_for(acme: Open, admin: Admin) -> None:
    with acme("no-proof", go_on=True) as shown:
        shown.press("Start Sync")
        wait_until(lambda: shown.run is not None and shown.run.need is not None, "a person is needed", 30)
        _leave(shown)
    assert admin.presses("tab.refresh") == []


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_in_step_one_by_pages_in_the_browser(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice("slow", driver=DriverName.BROWSER)) as shown:
        shown.press("Start Sync")
        wait_until(
            lambda: shown.run is not None and shown.run.step_one.press is Press.ANSWERED,
            "step 1 is under way",
            60,
        )
        assert _leave(shown).opened is None
