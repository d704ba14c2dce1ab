"""What the window draws and does where things are rare: no end yet, a proof without a time, a list that is empty."""

import signal
import socket
import threading

from msgspec import structs
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QPainter, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain import events as ev
from app.domain.events import NeedKind, Site
from app.domain.looks import Evidence, EvidenceKind, StepOneOutcome, TabOutcome
from app.domain.page_check import Element, PageCheck, Sight, SiteCheck
from app.domain.problems import Problem, ProblemId
from app.domain.profile import DriverName, FieldFault
from app.domain.tabs import Tab
from app.engine.faces import JobChoice
from app.ui import rows
from app.ui.check_box import TickedRows
from app.ui.jobs_dialog import JobsDialog
from app.ui.notice_box import NoticeBox
from app.ui.notices import Ask, Notice, notice
from app.ui.page_check_dialog import PageCheckDialog
from app.ui.profile_dialog import ProfileDialog
from app.ui.rows import Mark
from app.ui.run_log import RunLog
from app.ui.signals import Signals
from app.ui.single_instance import SingleInstance
from app.ui.view import Action, Question, gate_sentence, primary, tabs_left
from tests.support.waiting import wait_until
from tests.ui.scenes import window_of
from tests.ui.stories import BEGAN, COMPANY, JOBS, PROOF, Story, scene, view

# ---------------------------------------------------------------- what is said of a run


def test_what_proved_job_costs_is_told_job_by_job() -> None:
    run = Story().proven().ended(Tab.JOB_COSTS).state
    said = rows.proof(run, Tab.JOB_COSTS)
    for job in JOBS:
        assert f"{job.code} {job.name}: Done" in said
    assert said.count("Pressed at") == len(JOBS) + (run.tabs[Tab.JOB_COSTS].refresh.pressed_at is not None)
    half = Story().proven().tell(ev.JobsFound(JOBS, "person"))
    half.pressed(Tab.JOB_COSTS, JOBS[0])
    assert JOBS[0].code not in rows.proof(half.state, Tab.JOB_COSTS), "it has not ended"


def test_a_proof_that_somebody_wrote_without_a_time_is_shown_all_the_same() -> None:
    story = Story().syncing().tell(ev.StepOneFinished(StepOneOutcome.DONE, structs.replace(PROOF, at="")))
    said = rows.proof_of_step_one(story.state)
    assert PROOF.text in said
    assert "Read at" not in said
    assert rows.proof_of_step_one(Story().state) == ""
    nothing = Evidence(EvidenceKind.SERVICE, "no-movement", "2026-11-24T14:00:00+00:00")
    quiet = Story().proven().tell(ev.TabFinished(Tab.JOB_COSTS, TabOutcome.NOTHING_VISIBLE, None, nothing))
    said = rows.proof(quiet.state, Tab.JOB_COSTS)
    assert "no job's costs have moved" in said
    assert "Pressed at" not in said


def test_a_tab_says_where_its_press_stands() -> None:
    def row(story: Story) -> tuple[Mark, str]:
        return rows._state(story.state, Tab.VENDORS)

    pressed = Story().proven().pressed(Tab.VENDORS)
    assert row(pressed) == (Mark.RUNNING, "In progress")
    announced = Story().proven()
    look = pressed.state.tabs[Tab.VENDORS].refresh.baseline
    assert look is not None
    announced.tell(ev.TabBaseline(Tab.VENDORS, look), ev.RefreshRequested(Tab.VENDORS))
    assert row(announced) == (Mark.RUNNING, "Pressing…")
    announced.tell(ev.RefreshAnswerLost(Tab.VENDORS, "reset"))
    assert row(announced) == (Mark.RUNNING, "The answer was lost; looking…")


def test_between_the_last_job_and_the_end_of_job_costs_no_job_is_named() -> None:
    story = Story().proven().tell(ev.JobsFound(JOBS[:1], "person"))
    story.pressed(Tab.JOB_COSTS, JOBS[0])
    assert "Job 1 of 1" in rows._state(story.state, Tab.JOB_COSTS)[1]
    story.tell(ev.JobFinished(JOBS[0], TabOutcome.DONE, None, story.proof("Completed 14:06")))
    assert JOBS[0].code not in rows._state(story.state, Tab.JOB_COSTS)[1]


def test_what_is_left_and_what_comes_next_without_a_run_or_in_its_midst() -> None:
    assert not tabs_left(view())
    assert not tabs_left(view(Story().proven()))
    looking = view(Story().proven(), question=Question(Tab.VENDORS))
    assert primary(looking, BEGAN) is Action.NOTICE
    nobody = Story().tell(ev.ProblemMet(Problem(ProblemId.NOT_PRESSED, {"site": "hh2"}))).over(gave_up=True)
    assert gate_sentence(view(nobody), nobody.at) == "Step 2 stays shut, because step 1 did not finish."


def test_a_code_is_asked_for_by_what_it_is_and_the_browser_is_named_where_there_is_one() -> None:
    asked, now = scene("needs a code")
    by_pages = notice(asked, now)
    assert by_pages is not None
    assert by_pages.ask is Ask.SIGN_IN
    assert by_pages.text.count("The window of the site was brought to the front.") == 1
    training = structs.replace(COMPANY, driver=DriverName.TRAINING)
    without = notice(structs.replace(asked, profile=training), now)
    assert without is not None
    assert "brought to the front" not in without.text
    unsaid = Story().signed_in().needs(NeedKind.SIGN_IN, None, Site.PROCORE)
    assert notice(view(unsaid), now) is not None


# ---------------------------------------------------------------- boxes, lists and dialogs


def test_a_question_that_is_gone_is_not_answered_and_escape_leaves_only_where_nothing_is_lost(
    qtbot: QtBot,
) -> None:
    box = NoticeBox()
    qtbot.addWidget(box)
    answers: list[tuple[Ask, bool]] = []
    opened: list[object] = []
    box.answered.connect(lambda asked, yes, _typed: answers.append((asked.ask, yes)))
    box.open_pressed.connect(opened.append)
    for press in (box._say_yes, box._say_no, box._open_site):
        press()
    assert (answers, opened) == ([], [])
    box.show_notice(
        Notice(Ask.TROUBLE, "It is so", "Nothing can be done.", no="OK", site=Site.HH2, link=True)
    )
    box._say_yes()  # by Enter: there is no such answer
    box._open_site()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert (answers, opened) == ([], [Site.HH2])
    box.show_notice(Notice(Ask.RETRY, "Once more?", "It shows this.", "Yes", "Keep it"))
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert answers == [(Ask.RETRY, False)]


def test_a_list_of_no_jobs_can_be_ticked_as_a_whole(qtbot: QtBot) -> None:
    empty = JobsDialog(COMPANY, [], frozenset({"gone"}), None)
    qtbot.addWidget(empty)
    empty.take([])
    empty.jobs.mark([], True)
    assert empty.codes() == (), "a job that is not offered is not chosen"
    one = JobsDialog(COMPANY, [JobChoice(JOBS[0])], frozenset(), 6.0)
    qtbot.addWidget(one)
    model = one.jobs
    changed: list[object] = []
    model.dataChanged.connect(lambda *_: changed.append(1))
    model.mark([], True)
    assert changed == []
    model.mark([0], True)
    assert len(changed) == 1
    assert one.codes() == (JOBS[0].code,)


def test_a_row_without_a_box_is_drawn_without_one(qtbot: QtBot) -> None:
    model = QStandardItemModel(1, 1)
    image = QImage(40, 20, QImage.Format.Format_ARGB32)
    before = image.copy()
    painter = QPainter(image)
    option = QStyleOptionViewItem()
    option.rect = QRect(QPoint(0, 0), image.size())
    TickedRows().paint(painter, option, model.index(0, 0))
    painter.end()
    assert image == before


def test_a_log_without_news_stays_as_it_is(qtbot: QtBot) -> None:
    log = RunLog()
    qtbot.addWidget(log)
    log.add(Story().records)
    before = log.text.document().blockCount()
    log.add([])
    assert log.text.document().blockCount() == before


def test_a_report_without_sites_is_shown_and_nothing_is_copied_before_it_came(qtbot: QtBot) -> None:
    dialog = PageCheckDialog(COMPANY.name)
    qtbot.addWidget(dialog)
    QGuiApplication.clipboard().setText("before")
    dialog._copy()
    assert QGuiApplication.clipboard().text() == "before"
    dialog.take(PageCheck(COMPANY.name, False, BEGAN, "1.0", problem=Problem(ProblemId.BROWSER)))
    assert dialog.table.rowCount() == 0
    dialog._copy()
    assert QGuiApplication.clipboard().text().startswith("Check of the pages of")
    found = Element("start-sync", sight=Sight.FOUND, name="Start Sync", mark="C", role="button")
    dialog.take(
        PageCheck(COMPANY.name, False, BEGAN, "1.0", sites=(SiteCheck(Site.HH2, "x", elements=(found,)),))
    )
    assert [index.row() for index in dialog.table.selectionModel().selectedRows()] == [0]


def test_settings_with_a_wrong_number_are_not_saved(qtbot: QtBot) -> None:
    dialog = ProfileDialog(COMPANY, (COMPANY.name,))
    qtbot.addWidget(dialog)
    saved: list[object] = []
    dialog.save_pressed.connect(lambda *said: saved.append(said))
    dialog.proof.edit.setText("an hour")
    dialog._save()
    assert saved == []
    dialog.proof.edit.setText("60")
    dialog._save()
    assert len(saved) == 1


def test_a_fault_is_said_beside_the_field_it_belongs_to(qtbot: QtBot) -> None:
    frame, window = window_of(*scene("idle"))
    qtbot.addWidget(frame)
    box = window.step_one.sign_in
    assert box.fault(FieldFault("hh2.site", "!!", "hh2-site"))
    assert not box.fault(FieldFault("procore.user", "", "user-name"))
    assert not box.fault(FieldFault("hh2.base", "x", "address"))
    wait_until(box.place.edit.hasFocus, "the cursor is there")
    frame.let_go()
    frame.close()


# ---------------------------------------------------------------- around the window


def test_a_request_to_end_is_heard_in_the_main_thread_alone_and_what_was_there_comes_back(
    qtbot: QtBot,
) -> None:
    made: list[Signals] = []
    thread = threading.Thread(target=lambda: made.append(Signals()))
    thread.start()
    thread.join()
    before = signal.getsignal(signal.SIGTERM)
    made[0].close()
    assert signal.getsignal(signal.SIGTERM) is before
    heard = Signals()
    came: list[int] = []
    heard.came.connect(lambda: came.append(1))
    assert signal.getsignal(signal.SIGTERM) is not before
    ours: socket.socket = heard._write
    ours.send(bytes([signal.SIGCHLD]))  # another signal: nobody wants us to end
    QTest.qWait(20)
    assert came == []
    signal.raise_signal(signal.SIGTERM)
    wait_until(lambda: came == [1], "it is heard")
    heard.close()
    heard.close()
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_only_window_is_the_first_one_and_the_next_one_is_not(qtbot: QtBot) -> None:
    first, second = SingleInstance(), SingleInstance()
    assert first.is_first()
    assert not second.is_first()
    first.close()
    assert second.is_first()
    second.close()


def test_a_click_with_the_other_button_on_the_tray_opens_no_window(qtbot: QtBot) -> None:
    from app.engine.thread import EngineThread
    from app.ui.bridge import Bridge
    from app.ui.tray import Tray

    tray = Tray(Bridge(EngineThread()))
    opened: list[int] = []
    tray.open_pressed.connect(lambda: opened.append(1))
    for reason in (QSystemTrayIcon.ActivationReason.Context, QSystemTrayIcon.ActivationReason.MiddleClick):
        tray._activated(reason)
    assert opened == []
    tray._activated(QSystemTrayIcon.ActivationReason.Trigger)
    assert opened == [1]
    tray.remove()


def test_enter_on_a_button_that_is_off_presses_nothing(qtbot: QtBot) -> None:
    frame, window = window_of(*scene("step 1 running"))
    qtbot.addWidget(frame)
    pressed: list[int] = []
    window.step_one.start.clicked.connect(lambda: pressed.append(1))
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    frame.keyPressEvent(key)
    assert pressed == []
    frame.let_go()
    frame.close()
