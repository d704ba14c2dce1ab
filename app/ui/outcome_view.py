"""What happened in a run: its end in words, what can be done next, and a card for each problem."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.conclusion import told
from app.domain.events import ProblemMet, RunOutcome
from app.domain.problems import Problem
from app.domain.profile import DriverName
from app.domain.run import RunState
from app.ui.field import Sentence
from app.ui.icons import MarkLabel, mark_pixmap
from app.ui.problem_card import ProblemCard
from app.ui.rows import MATCH_MARKS, Mark, what_happened
from app.ui.view import View, elapsed, may_go_on
from app.words import outcomes, sites, times
from app.words.language import _

_MARKS = {
    RunOutcome.OK: Mark.DONE,
    RunOutcome.LOOK: Mark.STAGED,
    RunOutcome.FAILED: Mark.FAILED,
    RunOutcome.PERSON: Mark.PERSON,
    RunOutcome.CANCELLED: Mark.CANCELLED,
}


class OutcomeView(QScrollArea):
    """The result of a run; it stands in the window whether or not a notification was seen."""

    go_on_pressed = Signal()
    put_back_pressed = Signal()
    match_pressed = Signal()
    teach_pressed = Signal(object, str)
    open_pressed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("What happened"))
        self.setMinimumHeight(56)
        self._told: tuple[ProblemMet, ...] = ()
        self.icon = MarkLabel()
        self.headline = Sentence()
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.details = Sentence()
        self.go_on = QPushButton(_("Go on where it stopped"))
        self.put_back = QPushButton(_("Put hh2's filters back"))
        self.match = QPushButton(_("Do they match?…"))
        self.match.setAccessibleName(_("Show the match report"))
        self.match.clicked.connect(self.match_pressed)
        self.go_on.clicked.connect(self.go_on_pressed)
        self.put_back.clicked.connect(self.put_back_pressed)
        head = QHBoxLayout()
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self.headline)
        words.addWidget(self.details)
        head.addLayout(words, 1)
        head.addWidget(self.match, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.put_back, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        self._cards = QVBoxLayout()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(head)
        column.addLayout(self._cards)
        column.addStretch(1)
        self.setWidget(inside)

    def show_view(self, view: View, now: datetime, asked: Problem | None = None) -> None:
        """Draw the run that is under way, or that ended last; `asked` is told above the steps already."""
        run = None if view.interrupted else view.run
        met_so_far = told(run.problems) if run is not None else ()
        self._show_cards(tuple(met for met in met_so_far if asked is None or met.problem.id is not asked.id))
        for card in self.cards():
            by_pages = run is not None and run.plan.driver != DriverName.TRAINING.value
            card.show_teach(view.held and not view.busy and by_pages)
        self.go_on.setVisible(may_go_on(view))
        matched = run.matched if run is not None and not view.busy else None
        self.match.setVisible(matched is not None)
        if matched is not None:
            self.match.setIcon(QIcon(mark_pixmap(MATCH_MARKS[matched.verdict], 16, self.devicePixelRatioF())))
        offer = run is not None and run.ended is not None and not view.busy and run.step_one.filters_changed
        self.put_back.setVisible(bool(offer and run and run.step_one.filters_before is not None))
        if view.interrupted and view.run is not None:
            self._say(Mark.PERSON, _("The last run was cut off."), "  ·  ".join(what_happened(view.run)))
            return
        if run is None:
            self._say(Mark.NONE, _("Nothing has run yet."), "")
            return
        if run.ended is None:
            self._say(Mark.RUNNING, _("Under way."), view.comparing)
            return
        lines = what_happened(run)
        took = times.duration(elapsed(run, now))
        lines.append(
            _("It took {time}, until {end}.").format(time=took, end=times.day_and_clock(run.last_at, now))
        )
        before = run.step_one.filters_before
        if self.put_back.isVisibleTo(self) and before is not None:
            lines.append(_("hh2's filters were {filters} before.").format(filters=sites.filters(before)))
        self._say(_MARKS[run.ended.outcome], outcomes.run(run.ended.outcome), _summary(run, lines))

    def show_comparing(self, told: str) -> None:
        """How far the comparison at the end of a run is."""
        self.details.say(told)

    def cards(self) -> list[ProblemCard]:
        """The cards that are shown, in order."""
        found = [self._cards.itemAt(at) for at in range(self._cards.count())]
        widgets = [item.widget() for item in found if item is not None]
        return [widget for widget in widgets if isinstance(widget, ProblemCard)]

    def _say(self, mark: Mark, headline: str, details: str) -> None:
        self.icon.show_mark(mark, 24)
        self.headline.say(headline)
        self.details.say(details)
        self.setAccessibleDescription(f"{headline} {details}")

    def _show_cards(self, problems: tuple[ProblemMet, ...]) -> None:
        if problems == self._told:
            return
        self._told = problems
        for card in self.cards():
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        for met in sorted(problems, key=lambda one: one.noted):
            card = ProblemCard(met.problem, met.noted, over=True)
            card.teach_pressed.connect(self.teach_pressed)
            card.open_pressed.connect(self.open_pressed)
            self._cards.addWidget(card)


def _summary(run: RunState, lines: list[str]) -> str:
    return "  ·  ".join(lines) if run.chosen else " ".join(lines)
