"""The card of one problem: what happened, why, what to do, who can do it; the details folded away."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.events import Site
from app.domain.problems import Problem, ProblemId
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.rows import Mark
from app.words import problems
from app.words.language import _


class ProblemCard(QFrame):
    """One problem, as people read it. `noted` is drawn as something that was dealt with."""

    copied = Signal(str)
    teach_pressed = Signal(object, str)

    def __init__(self, problem: Problem, noted: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.noted = noted
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._card = problems.card(problem)
        icon = QLabel()
        mark = Mark.NOTHING_VISIBLE if noted else Mark.PERSON
        icon.setPixmap(mark_pixmap(mark, 20, self.devicePixelRatioF()))
        self.title = Sentence(
            _("Dealt with: {problem}").format(problem=self._card.title) if noted else self._card.title
        )
        font = self.title.font()
        font.setBold(not noted)
        self.title.setFont(font)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        if not noted:
            column.addWidget(Sentence(self._card.why))
            column.addWidget(Sentence(f"{self._card.do} {self._card.who_says}."))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        self.copy = QPushButton(_("Copy for support"))
        self.copy.setAccessibleName(_("Copy for support: {problem}").format(problem=self._card.title))
        self.copy.clicked.connect(self._copy)
        self.copy.setVisible(not noted)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.teach = QPushButton(_("Show it in the browser…"))
        self.teach.clicked.connect(self._teach)
        self.teach.hide()
        column.addWidget(self.teach, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(self._card.title)
        self.setAccessibleDescription(f"{self._card.why} {self._card.do} {self._card.who_says}.")

    def show_teach(self, possible: bool) -> None:
        """Offer to teach the label that was not found, where it can be taught, now."""
        self.teach.setVisible(possible and not self.noted and to_teach(self.problem) is not None)

    @Slot()
    def _teach(self) -> None:
        wanted = to_teach(self.problem)
        if wanted is not None:
            self.teach_pressed.emit(*wanted)

    @Slot()
    def _copy(self) -> None:
        facts = "\n".join(f"{name}: {value}" for name, value in self.problem.facts.items())
        QGuiApplication.clipboard().setText(f"{self._card.as_text()}\n{facts}".strip())
        self.copied.emit(self._card.title)


_SITES = {ProblemId.HH2_LABEL: Site.HH2, ProblemId.PRO_LABEL: Site.PROCORE}


def to_teach(problem: Problem) -> tuple[Site, str] | None:
    """The element that a person could show, where the problem is that its label was not found, or more than once."""
    action = str(problem.facts.get("action") or "")
    site = _SITES.get(problem.id)
    if site is None or not action or ":" in action or problem.facts.get("why"):
        return None
    return site, action
