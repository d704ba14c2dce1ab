"""Answers that come late, or to a question nobody asks; and a person who presses in the browser and says so here."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from msgspec import structs
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import ByHand, RunOutcome, Site
from app.domain.looks import Phase, TabLook, TabOutcome
from app.domain.page_check import CheckStage
from app.domain.problems import NotPressed, NotSent, Problem, ProblemId, Unpressed, trouble
from app.domain.profile import DriverName, FieldFault, Hh2Settings, ProcoreSettings, Profile, RunSettings
from app.domain.tabs import Tab
from app.domain.taught import Pointed, Taught
from app.engine.faces import LookUp, Wanted
from app.ui.dialogs import Dialogs
from app.ui.errands import Kept
from app.ui.pages_desk import Lessons
from app.ui.view import Question
from tests.domain.stories import planned, through_step_one
from tests.engine.script import (
    FRESH,
    QUICK,
    QUIET,
    RUNNING,
    Script,
    ScriptedHh2,
    ScriptedProcore,
    Stage,
)  # fmt: skip
from tests.support.waiting import wait_until
from tests.ui.person import Desktop, desktop
from tests.ui.stories import Story

ACME = Profile(
    "Acme",
    DriverName.TRAINING,
    Hh2Settings("acme", "http://127.0.0.2:1", "claire"),
    ProcoreSettings(4281, "Acme", "claire", "http://127.0.0.3:1", "http://127.0.0.3:1", "http://127.0.0.3:1"),
    RunSettings(tabs=(Tab.VENDORS,), go_on=True, poll=0.02),
)
VENDORS = Wanted(tabs=(Tab.VENDORS,))
PATIENT = structs.replace(QUICK, person=30.0)


@contextmanager
def acme(qtbot: QtBot) -> Iterator[Desktop]:
    """The window of a company whose sites nobody serves."""

    async def prepare(house: House) -> None:
        assert await house.save(ACME) == []

    with desktop(qtbot, prepare=prepare) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        yield shown


@contextmanager
def working(qtbot: QtBot, stage: Stage) -> Iterator[Desktop]:
    """The same, with a real conductor over sites that follow a script."""
    with acme(qtbot) as shown:
        desk = shown.opened.desk
        stage.told.react = desk.bridge.listen
        desk._conductor = shown.ask(stage.conductor())
        try:
            yield shown
        finally:
            wait_until(lambda: not shown.view.busy, "the run is over", 20)
            shown.ask(stage.close())


def begin(shown: Desktop, wanted: Wanted = VENDORS) -> None:
    desk = shown.opened.desk
    assert desk._conductor is not None
    desk._begin(desk._conductor.run(wanted))


def _asks(stage: Callable[[], Stage], action: str) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        hand = stage().driver.hand
        assert hand is not None
        async with hand.asks(ByHand(Site.PROCORE, action, pointed=True, may_skip=True)) as asked:
            while True:
                said = asked.said()
                if said is not None:
                    break
                await anyio.sleep(0.01)
        if isinstance(said, Unpressed):
            raise NotPressed(said, action)
        return "seen"

    return ask


# ---------------------------------------------------------------- a person who is needed


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("I have done it, go on", TabOutcome.DONE), ("Keep it out of this run", TabOutcome.SKIPPED)],
)
def test_what_is_pressed_in_the_browser_is_said_in_the_window_and_the_run_goes_on(
    answer: str, outcome: TabOutcome, qtbot: QtBot, tmp_path: Path
) -> None:
    made: list[Stage] = []
    press = Script(_asks(lambda: made[0], "refresh-vendors"))
    made.append(
        Stage(tmp_path, procore=ScriptedProcore(press=press, look=Script(QUIET, FRESH)), patience=PATIENT)
    )
    with working(qtbot, made[0]) as shown:
        begin(shown)
        shown.press(answer)
        state = shown.until_over()
        assert state.tabs[Tab.VENDORS].outcome is outcome
        assert not shown.buttons(answer)


def test_an_old_proof_is_renewed_in_the_window_by_what_the_person_saw(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, patience=PATIENT)
    with working(qtbot, stage) as shown:
        desk = shown.opened.desk
        old = shown.ask(stage.written(planned((Tab.VENDORS,)), *through_step_one(), apart=4000.0))
        assert desk._conductor is not None
        desk._begin(desk._conductor.go_on(old))
        shown.wait_for("What you saw, in your own words")
        assert not shown.buttons("I have signed in, go on")
        shown.type(shown.window.notice.field.edit, "still the sync of 8:04")
        shown.press("Go on")
        state = shown.until_over()
        assert state.confirmed is not None
        assert state.confirmed.words == "still the sync of 8:04"
        assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


def test_a_code_is_asked_for_and_the_run_goes_on_when_it_was_entered(qtbot: QtBot, tmp_path: Path) -> None:
    entered: list[bool] = []
    hh2 = ScriptedHh2(
        sign_in=Script(trouble(ProblemId.MFA, site="hh2")), is_signed_in=Script(lambda: bool(entered))
    )
    stage = Stage(tmp_path, hh2=hh2, patience=PATIENT)
    with working(qtbot, stage) as shown:
        begin(shown)
        shown.press("I have signed in, go on")
        assert shown.view.busy
        entered.append(True)
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK


def test_a_run_that_ended_for_the_network_goes_on_from_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    gone = NotSent(Problem(ProblemId.NET, {"site": "procore"}))
    procore = ScriptedProcore(press=Script(gone, "begun"), look=Script(QUIET, QUIET, FRESH))
    stage = Stage(tmp_path, procore=procore, patience=PATIENT)
    with working(qtbot, stage) as shown:
        begin(shown)
        assert shown.until_over().left == (Tab.VENDORS,)
        shown.opened.desk.go_on()
        shown.opened.desk.go_on()  # a second press of the same button
        wait_until(lambda: shown.run is not None and shown.run.resumes == 1, "it goes on")
        state = shown.until_over()
        assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
        assert state.resumes == 1


def test_a_look_that_fails_before_a_retry_is_said_and_nothing_is_pressed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    begun = TabLook(Phase.QUEUED, "2", "Will begin", shows_end=False)
    procore = ScriptedProcore(look=Script(QUIET, begun, trouble(ProblemId.PRO_DOWN)))
    stage = Stage(tmp_path, procore=procore, patience=PATIENT)
    with working(qtbot, stage) as shown:
        begin(shown)
        assert shown.until_over().tabs[Tab.VENDORS].outcome is TabOutcome.UNKNOWN
        shown.press("Retry Vendors")
        wait_until(lambda: shown.view.trouble is not None, "it is said")
        assert shown.view.question is None
        assert len(procore.pressed) == 1
        shown.press("OK")
        assert shown.view.trouble is None


# ---------------------------------------------------------------- late, or not asked for


def test_answers_that_come_after_their_dialog_was_closed_open_nothing(qtbot: QtBot) -> None:
    with acme(qtbot) as shown:
        desk, dialogs = shown.opened.desk, shown.opened.presses.dialogs
        desk.jobs_read.emit([])
        desk.checked.emit(None)
        desk.pointed.emit(None)
        desk.pointed.emit(Pointed(Site.HH2, "start-sync", "button", "Run"))
        desk.lessons_read.emit(Lessons(ACME, allowed=True))
        desk.company_saved.emit()
        desk.company_refused.emit((FieldFault("name", "", "profile-name"),))
        desk.company_failed.emit(Problem(ProblemId.DISK))
        desk.bridge.stage_came.emit(Site.HH2, CheckStage.WALKING)
        for said in (dialogs._take_tabs, dialogs._jobs_chosen, dialogs.pages._check_again):
            said()
        dialogs._ask_delete(ACME.name)
        assert not shown.has_dialog()
        assert not shown.view.checking
        assert shown.view.trouble is None


def test_a_question_that_was_dropped_is_not_asked_by_its_late_answer(qtbot: QtBot) -> None:
    with acme(qtbot) as shown:
        desk = shown.opened.desk
        late = Question(Tab.VENDORS, ((None, LookUp(None, 1, QUIET)),), looking=False)
        jobs = Question(Tab.JOBS)
        for asked in (None, jobs):
            desk._change(question=asked)
            desk._take_question(late)
            assert shown.view.question is asked
        desk.retry()  # while it is still looking
        assert shown.view.question is jobs
        desk.drop_retry()
        desk.retry()
        assert not shown.view.busy


def _dialogs_of(shown: Desktop) -> list[QDialog]:
    return [one for one in shown.frame.findChildren(QDialog) if one.isVisible()]


OPENERS: dict[str, Callable[[Dialogs], None]] = {
    "new company": Dialogs.create,
    "settings": Dialogs.edit,
    "tabs": Dialogs.choose_tabs,
    "jobs": Dialogs.choose_jobs,
    "history": Dialogs.show_history,
}


@pytest.mark.parametrize("name", OPENERS)
def test_each_dialog_is_open_once_however_often_it_is_asked_for(name: str, qtbot: QtBot) -> None:
    with acme(qtbot) as shown:
        dialogs = shown.opened.presses.dialogs
        OPENERS[name](dialogs)
        OPENERS[name](dialogs)
        (only,) = _dialogs_of(shown)
        only.reject()
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        OPENERS[name](dialogs)
        assert len(_dialogs_of(shown)) == 1


def test_while_a_run_is_on_no_settings_open_and_no_second_run_begins(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(
        tmp_path, hh2=ScriptedHh2(look=Script(RUNNING)), patience=structs.replace(PATIENT, busy=60.0)
    )
    with working(qtbot, stage) as shown:
        begin(shown)
        wait_until(lambda: shown.run is not None, "the run is on")
        presses, desk = shown.opened.presses, shown.opened.desk
        run = shown.run
        assert run is not None
        presses.dialogs.create()
        presses.dialogs.edit()
        presses.dialogs.show_fault(FieldFault("run.poll", "0", "seconds-1-60"))
        (said,) = _dialogs_of(shown)
        assert isinstance(said, QMessageBox), "said, where the settings cannot be opened"
        assert "Pause between two looks" in said.text()
        said.reject()
        presses.start()
        presses.practise()
        desk.start(ACME, (), VENDORS)
        desk.test(Site.HH2)
        desk.check_pages()
        desk.choose("Another")
        desk.go_on()
        assert not shown.has_dialog()
        assert shown.view.profile == ACME
        shown.press("Stop")
        desk.stop()  # a second time
        state = shown.until_over()
        assert state.run_id == run.run_id
        assert stage.hh2.calls["sign_in"].calls == 1


def test_without_a_company_nothing_opens_and_nothing_is_asked(qtbot: QtBot) -> None:
    with desktop(qtbot) as shown:
        presses, desk = shown.opened.presses, shown.opened.desk
        for press in (
            presses.start,
            presses._prove_step_one,
            presses.dialogs.edit,
            presses.dialogs.choose_jobs,
            presses.dialogs.show_history,
            presses.dialogs.pages.show_check,
            presses.dialogs.pages.show_taught,
            presses.dialogs.show_connect,
            presses.connect_services,
            desk.read_lessons,
            desk.read_secrets,
            desk.put_back,
            desk.go_on,
            desk.close_run,
            desk.take_theirs,
            desk.read_jobs,
            desk.check_pages,
            desk.stop_check,
        ):
            press()
        presses.dialogs.pages.show_teach(Site.HH2, "start-sync")
        desk.point_at(Site.HH2, "start-sync")
        desk.teach(Taught(Site.HH2, "start-sync", "button", "Run"))
        desk.forget_taught("hh2:start-sync")
        desk.pick((Tab.VENDORS,), None)
        desk.ask_retry(Tab.VENDORS)
        desk.test(Site.HH2)
        desk.start(ACME, (), VENDORS)
        presses._prove_tab(Tab.VENDORS)
        presses._open_site(Site.HH2)
        presses._begin(VENDORS)
        assert not shown.has_dialog()
        assert not shown.view.busy
        assert shown.run is None
        assert shown.view.trouble is None


# ---------------------------------------------------------------- what is told


def test_a_keyring_that_kept_nothing_is_told_beside_the_clock_and_the_run_begins(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with working(qtbot, stage) as shown:
        desk = shown.opened.desk
        told: list[tuple[str, str]] = []
        desk.announced.connect(lambda *said: told.append(said))
        desk._wanted, desk._saving = VENDORS, ACME
        desk._take_kept(Kept((), {}, Problem(ProblemId.KEYRING, {"why": "locked"})))
        assert told[0][0] == "Acme"
        assert shown.view.trouble is None
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK


def test_a_run_that_cannot_be_written_down_is_said_and_can_go_on_later(qtbot: QtBot) -> None:
    with acme(qtbot) as shown:
        desk = shown.opened.desk
        desk._change(run=Story().started().state, busy=True)
        desk._fail_run(Problem(ProblemId.DISK, {"why": "full"}))
        assert not shown.view.busy
        assert shown.view.interrupted
        assert shown.reads("the disk is full")
        desk._change(run=Story().all_done().state, busy=True)
        desk._fail_run(Problem(ProblemId.DISK, {"why": "full"}))
        assert not shown.view.interrupted, "what has an end was not cut off"


class Opened(QObject):
    """Stands where the system's browser would open."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.addresses.append(url.toString())


@pytest.mark.qt_log_ignore("Unable to detect a web browser")
def test_the_sites_own_address_is_opened_and_where_it_cannot_be_it_is_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acme(qtbot) as shown:
        opened = Opened()
        QDesktopServices.setUrlHandler("http", opened, "take")  # type: ignore[arg-type]  # as it is called
        try:
            shown.opened.presses._open_site(Site.HH2)
            wait_until(
                lambda: len(opened.addresses) == 1, "hh2's is opened"
            )  # looked up beside: two may overtake
            shown.opened.presses._open_site(Site.PROCORE)
            wait_until(lambda: len(opened.addresses) == 2, "Procore's is opened")
        finally:
            QDesktopServices.unsetUrlHandler("http")
        assert opened.addresses == [ACME.hh2.base, ACME.procore.web]
        assert not shown.has_dialog()
        monkeypatch.setenv("PATH", "")
        monkeypatch.delenv("BROWSER", raising=False)
        shown.opened.presses._open_site(Site.HH2)
        wait_until(shown.has_dialog, "the address is shown")
        said = shown.dialog()
        assert isinstance(said, QMessageBox)
        assert ACME.hh2.base in said.text()
        said.reject()
