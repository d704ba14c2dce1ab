"""What follows from the state of a run: the stage, the sentence of step 2, the question, the tray, the estimate."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import events as ev
from app.domain.events import NeedKind, Site
from app.domain.looks import Phase, SyncLook, TabLook, TabOutcome, Unknown
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import SecretState
from app.domain.result import file_name
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import LookUp
from app.engine.thread import EngineThread
from app.ui import icons, rows, theme
from app.ui.bridge import Bridge
from app.ui.desk import unclear_jobs
from app.ui.estimate import estimate, job_costs_estimate
from app.ui.field import Sentence
from app.ui.notices import Ask, Field, notice
from app.ui.rows import Mark
from app.ui.tray import tray_state
from app.ui.view import Action, Question, View, announcement, gate_sentence, last_good, may_go_on, primary
from tests.support.waiting import wait_until
from tests.ui import stories
from tests.ui.scenes import window_of
from tests.ui.stories import COMPANY, JOBS, VIEWS, Story, scene, view


def test_each_state_has_the_one_action_that_comes_next() -> None:
    wanted = {
        "loading": Action.NONE,
        "no company": Action.CREATE,
        "idle": Action.START,
        "step 1 running": Action.NONE,
        "gate open, choose tabs": Action.REFRESH,
        "all done": Action.START,
        "unsure": Action.NOTICE,
        "unsure, nobody came": Action.NOTICE,
        "retry asked": Action.NOTICE,
        "interrupted": Action.NOTICE,
        "step 2 only": Action.NOTICE,
        "in use elsewhere": Action.NOTICE,
        "leaving": Action.NONE,
    }
    assert {name: primary(*scene(name)) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("idle", "Step 2 opens when step 1 of this run is proven finished."),
        ("gate open, choose tabs", "Step 2 is open: step 1 is proven finished. Choose the tabs to refresh."),
        ("step 2 running", "Step 2 is under way."),
        ("all done", "All chosen tabs are done."),
        (
            "staged, failed, unknown",
            "All chosen tabs were pressed once. What failed or is unknown can be retried.",
        ),
        ("step 1 failed", "Step 2 stays shut, because step 1 did not finish."),
        ("stopped", "Step 2 is shut, because the run was stopped."),
        (
            "proof has grown old",
            "Step 2 is shut again: the proof of step 1 has grown old. Start step 1 again.",
        ),
    ],
)
def test_the_sentence_of_step_two_fits_its_state(name: str, said: str) -> None:
    assert gate_sentence(*scene(name)) == said


def test_staged_tabs_and_a_word_are_said_so() -> None:
    story = Story().proven()
    for tab in Tab:
        story.ended(tab, TabOutcome.STAGED if tab is Tab.VENDORS else TabOutcome.DONE)
    shown = view(story.over())
    assert gate_sentence(shown, story.at) == "All chosen tabs were refreshed; some records wait for import."
    word = Story(step_one=False, go_on=False)
    word.tell(ev.PersonConfirmed("done", "claire"), ev.GateOpened(stories.PROOF, by_person=True))
    word.needs(NeedKind.CHOOSE_TABS)
    assert gate_sentence(view(word), word.at).startswith("Step 2 is open, on your word.")
    assert rows.step_one(word.state) == (Mark.PERSON, "Step 2 only: hh2 synced by itself")


@pytest.mark.parametrize(
    ("name", "ask", "field"),
    [
        ("unsure", Ask.WORD, Field.WORDS),
        ("step 2 only", Ask.STEP_TWO_ONLY, Field.WORDS),
        ("busy", Ask.THEIRS, Field.NOTHING),
        ("needs a code", Ask.SIGN_IN, Field.NOTHING),
        ("word for an old proof", Ask.WORD, Field.WORDS),
        ("assisted, press it", Ask.PRESS, Field.NOTHING),
        ("assisted, look for it", Ask.PRESS, Field.NOTHING),
        ("retry asked", Ask.RETRY, Field.NOTHING),
        ("interrupted", Ask.INTERRUPTED, Field.NOTHING),
        ("file broken", Ask.TROUBLE, Field.NOTHING),
        ("leaving", Ask.LEAVING, Field.NOTHING),
    ],
)
def test_the_person_is_asked_one_thing(name: str, ask: Ask, field: Field) -> None:
    asked = notice(*scene(name))
    assert asked is not None
    assert (asked.ask, asked.field) == (ask, field)
    assert asked.title
    assert asked.text


@pytest.mark.parametrize("name", ["idle", "all done", "step 1 running", "gate open, choose tabs", "stopped"])
def test_nobody_is_asked_while_there_is_nothing_to_ask(name: str) -> None:
    assert notice(*scene(name)) is None


def test_a_retry_of_many_jobs_names_some_and_counts_the_rest() -> None:
    found = tuple(
        (Job(str(at), f"25-{at:03}", "x"), LookUp(None, 0, TabLook(Phase.NONE, "", ""))) for at in range(6)
    )
    asked = notice(view(question=Question(Tab.JOB_COSTS, found, looking=False)), stories.BEGAN)
    assert asked is not None
    assert asked.text.count("was last pressed: never. It shows now: “nothing has run yet”.") == 4
    assert asked.text.endswith("And 2 more jobs.")
    looking = notice(view(question=Question(Tab.VENDORS)), stories.BEGAN)
    assert looking is not None
    assert (looking.text, looking.yes) == ("Looking at what the tab shows now…", "")


def test_the_jobs_whose_end_is_unclear_are_looked_up() -> None:
    story = Story().proven().tell(ev.JobsFound(JOBS, "movement"))
    ends = (TabOutcome.DONE, TabOutcome.UNKNOWN, TabOutcome.FAILED)
    for job, outcome in zip(JOBS, ends, strict=True):
        why = Unknown.STALE if outcome is TabOutcome.UNKNOWN else None
        proof = story.proof("done") if outcome is TabOutcome.DONE else None
        story.pressed(Tab.JOB_COSTS, job).tell(ev.JobFinished(job, outcome, why, proof))
    assert unclear_jobs(story.state) == JOBS[1:]


def _palette(ground: str, ink: str) -> QPalette:
    palette = QPalette(QColor(ground))
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
    return palette


@pytest.mark.parametrize("state", ["tray-idle", "tray-running", "tray-attention", "tray-done"])
def test_in_high_contrast_the_tray_has_one_ink_that_fits_its_ground(state: str, qtbot: QtBot) -> None:
    usual = (_palette("#f0f0f0", "#000000"), _palette("#323232", "#ffffff"), _palette("#202124", "#e8eaed"))
    assert [icons.tray_icon_name(state, palette) for palette in usual] == [state] * 3
    high = (_palette("#ffffff", "#000000"), _palette("#000000", "#ffffff"), _palette("#000000", "#ffff00"))
    names = [icons.tray_icon_name(state, palette) for palette in high[:2]]
    assert icons.tray_icon_name(state, high[2]) == f"{state}-light-symbolic"
    assert names == [f"{state}-dark-symbolic", f"{state}-light-symbolic"]
    for name, ink in zip(names, ("#000000", "#ffffff"), strict=True):
        image = icons.icon(name).pixmap(64, 64).toImage()
        inks = {
            image.pixelColor(x, y).name()
            for x in range(64)
            for y in range(64)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert ink in inks
        assert inks <= {"#000000", "#ffffff"} | {one for one in inks if len(set(one[1::2])) == 1}, (
            "greys of an edge"
        )


def test_the_tray_tells_how_it_stands() -> None:
    names = {name: tray_state(scene(name)[0])[0] for name in VIEWS}
    assert names["idle"] == "tray-idle"
    assert names["step 1 running"] == names["step 2 running"] == "tray-running"
    assert names["all done"] == names["stopped"] == "tray-done"
    assert names["unsure"] == names["step 1 failed"] == names["interrupted"] == "tray-attention"
    cut = view(stories.cut_off(), busy=False)
    assert tray_state(cut) == ("tray-idle", "")


def test_an_end_and_a_need_are_announced_once() -> None:
    done = Story().all_done().state
    assert announcement(None, done) == (COMPANY.name, "Finished. All is done.")
    told = announcement(None, done, "results")
    assert told is not None
    assert f"{file_name(done)}.txt" in told[1], "a notification is never the only place of a result"
    assert announcement(done, done) is None
    need = stories.unsure().state
    assert announcement(None, need) == (COMPANY.name, "Please look in hh2 and say what you saw.")
    assert announcement(need, need) is None
    assert announcement(None, Story().syncing().state) is None


def test_a_run_goes_on_only_where_something_is_left() -> None:
    left = Story().proven().ended(Tab.COST_CODES).over()
    assert may_go_on(view(left))
    assert not may_go_on(view(Story().all_done()))
    assert not may_go_on(view(left, held=False))
    assert not may_go_on(view(stories.cut_off(), busy=False, interrupted=True))


def test_the_time_of_job_costs_is_said_before_the_press() -> None:
    assert estimate(COMPANY, 0, None) == ""
    assert estimate(COMPANY, 1, None) == "1 job"
    assert estimate(COMPANY, 2, 1.0).startswith("2 jobs, ")
    slow = msgspec.structs.replace(COMPANY, run=msgspec.structs.replace(COMPANY.run, job_pause=120.0))
    assert estimate(slow, 3, None) == "3 jobs, at least 4 minutes"
    assert estimate(slow, 3, 60.0) == "3 jobs, about 7 minutes"
    assert job_costs_estimate(View(), None) == ""
    assert job_costs_estimate(view(choices=()), None).startswith("Job Costs: the jobs whose costs moved")
    assert job_costs_estimate(view(), ()) == "Job Costs: no job is chosen."
    assert job_costs_estimate(view(), None).startswith("Job Costs: 2 jobs")


def test_step_one_says_how_it_stands() -> None:
    lost = (
        Story()
        .signed_in()
        .tell(
            ev.StepOneBaseline(SyncLook(Phase.NONE, "", "")),
            ev.SyncRequested(),
            ev.SyncAnswerLost("ReadTimeout"),
        )
    )
    assert rows.step_one(lost.state) == (Mark.RUNNING, "The answer was lost; looking whether it started…")
    assert rows.step_one(stories.signing_in().state) == (Mark.RUNNING, "Signing in…")
    assert rows.step_one(stories.busy().state) == (Mark.WAITING, "Waits for the sync that is under way…")
    assert rows.step_one(Story().state) == (Mark.RUNNING, "Getting ready…")
    given_up = stories.signing_in().tell(ev.CancelRequested("claire")).over()
    assert rows.step_one(given_up.state)[1] == "Not finished"


def test_a_run_that_ended_well_is_the_last_good_one_from_that_moment_on() -> None:
    done = Story().all_done()
    ended = done.state.last_at
    assert last_good(view(done, last_good=None)) == ended
    assert last_good(view(done)) == ended  # the one before it is older
    later = ended + timedelta(minutes=5)
    assert last_good(view(done, last_good=later)) == later
    for other in (Story().mixed(), stories.step_two_running(), stories.cut_off()):
        assert last_good(view(other, last_good=None)) is None
    assert last_good(view()) == stories.BEGAN - timedelta(hours=3)


# ------------------------------------------------------------------ drawn


def test_what_is_typed_stays_while_the_question_is_the_same(qtbot: QtBot) -> None:
    asked, now = scene("unsure")
    frame, window = window_of(asked, now)
    qtbot.addWidget(frame)
    window.notice.field.edit.setText("I saw")
    window.show_view(asked, now + timedelta(seconds=40))
    assert window.notice.field.edit.text() == "I saw"
    another, later = scene("step 2 only")
    window.show_view(another, later)
    assert window.notice.field.edit.text() == ""
    frame.let_go()
    frame.close()


def test_the_primary_button_keeps_its_colour_however_often_it_is_drawn(qtbot: QtBot) -> None:
    asked, now = scene("idle")
    frame, window = window_of(asked, now)
    qtbot.addWidget(frame)
    start = window.step_one.start
    sheet = start.styleSheet()
    assert start.property("primary") is True
    for at in range(3):
        window.show_view(asked, now + timedelta(seconds=at))
        QApplication.processEvents()
        assert start.styleSheet() == sheet
    assert theme.colours(QApplication.palette()).primary in sheet
    frame.let_go()
    frame.close()


def test_a_tab_that_stands_as_it_stood_is_left_alone_and_drawn_when_it_changes(qtbot: QtBot) -> None:
    running, now = scene("step 2 running")
    frame, window = window_of(running, now)
    qtbot.addWidget(frame)
    drawn = {tab: row.words.text() for tab, row in window.step_two.rows.items()}
    for row in window.step_two.rows.values():
        row.words.setText("touched")
    window.show_view(running, now)
    assert {row.words.text() for row in window.step_two.rows.values()} == {"touched"}
    window.show_view(*scene("all done"))
    done = {tab: row.words.text() for tab, row in window.step_two.rows.items()}
    assert "touched" not in {done[tab] for tab in done if rows.row(running, tab, now).words != done[tab]}
    window.show_view(*scene("idle"))
    window.show_view(running, now)
    assert {tab: row.words.text() for tab, row in window.step_two.rows.items()} == drawn
    frame.let_go()
    frame.close()


def test_a_done_tab_is_read_as_strongly_as_other_text(qtbot: QtBot) -> None:
    done, now = scene("all done")
    frame, window = window_of(done, now)
    qtbot.addWidget(frame)
    check = window.step_two.rows[Tab.VENDORS].check
    palette = check.palette()
    role = palette.ColorRole.WindowText
    assert not check.isEnabled()
    assert palette.color(palette.ColorGroup.Disabled, role) == palette.color(palette.ColorGroup.Active, role)
    frame.let_go()
    frame.close()


def test_a_sentence_is_never_a_window_of_its_own(qtbot: QtBot) -> None:
    alone = Sentence("some words")
    qtbot.addWidget(alone)
    assert not alone.isVisible()
    alone.say("other words")
    assert not alone.isVisible()
    alone.say("")
    assert alone.isHidden()


def test_every_state_has_an_icon_and_a_missing_one_is_made_up_for(qtbot: QtBot) -> None:
    for mark in Mark:
        assert icons.mark_pixmap(mark, 20, 1.0).isNull() is (mark is Mark.NONE)
    assert not icons.icon("no such icon").isNull()


def test_a_keyring_that_cannot_be_opened_asks_for_the_password_here(qtbot: QtBot) -> None:
    states = dict.fromkeys(stories.KEPT, SecretState.UNAVAILABLE)
    frame, window = window_of(view(secrets=states), stories.BEGAN)
    qtbot.addWidget(frame)
    box = window.step_one.sign_in
    assert box.password.isVisible()
    assert "this run only" in box.where.text()
    frame.let_go()
    frame.close()


# ------------------------------------------------------------------ the bridge


@dataclass
class _Heard:
    answers: list[object]
    problems: list[Problem]


def _asked(bridge: Bridge, owner: QObject, work: object) -> _Heard:
    heard = _Heard([], [])
    bridge.ask(owner, work, heard.answers.append, heard.problems.append)  # type: ignore[arg-type]
    return heard


def test_answers_come_in_the_windows_thread_and_troubles_as_problems(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    engine = EngineThread()
    engine.start()
    owner, gone = QObject(), QObject()
    bridge = Bridge(engine)
    here = QThread.currentThread()

    async def says() -> bool:
        return QThread.currentThread() is here

    async def troubled() -> None:
        raise Trouble(Problem(ProblemId.DISK))

    async def broken() -> None:
        raise RuntimeError("a canary that nobody is shown")

    good, bad = _asked(bridge, owner, says()), _asked(bridge, owner, troubled())
    worse, nobody = _asked(bridge, owner, broken()), _asked(bridge, gone, says())
    gone.deleteLater()
    QApplication.sendPostedEvents(gone, 52)
    wait_until(lambda: good.answers and bad.problems and worse.problems, "the answers")
    assert good.answers == [False]
    assert bad.problems == [Problem(ProblemId.DISK)]
    assert worse.problems == [Problem(ProblemId.INTERNAL, {"what": "RuntimeError"})]
    assert nobody.answers == []
    bridge.close()
    late = says()
    assert _asked(bridge, owner, late).answers == []
    bridge.listen(Story().records[0], Story().state)
    assert "a request of the window failed" in caplog.text


def test_many_events_are_handed_on_together(qtbot: QtBot) -> None:
    engine = EngineThread()
    engine.start()
    bridge = Bridge(engine)
    told: list[tuple[int, RunState]] = []
    bridge.told.connect(lambda records, state: told.append((len(records), state)))
    story = Story().all_done()

    async def listen() -> None:
        for record in story.records:
            bridge.listen(record, story.state)

    engine.submit(listen())
    wait_until(lambda: sum(count for count, _ in told) == len(story.records), "all events")
    assert len(told) <= 3
    assert told[-1][1].ended is not None
    bridge.close()
    assert Site.HH2.value == "hh2"


def test_every_outcome_of_a_tab_has_its_icon() -> None:
    assert {outcome.value for outcome in TabOutcome} <= {mark.value for mark in Mark}
