"""The card of one problem: what happened, why, what to do, who can do it; the details folded away."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.events import Site
from app.domain.problem_pages import page_of
from app.domain.problems import Problem, ProblemId
from app.domain.taught import END_DONE, is_end
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.rows import Mark
from app.ui.small_button import SmallButton
from app.words import problems, sites
from app.words.language import _


class ProblemCard(QFrame):
    """One problem, as people read it. `noted` is drawn as something that was dealt with; `over`: of an ended run."""

    copied = Signal(str)
    teach_pressed = Signal(object, str)
    open_pressed = Signal(object, object)

    def __init__(
        self, problem: Problem, noted: bool, parent: QWidget | None = None, *, over: bool = False
    ) -> None:
        super().__init__(parent)
        self.problem = problem
        self.noted = noted
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._card = problems.card(problem, over=over)
        icon = QLabel()
        mark = Mark.NOTHING_VISIBLE if noted else Mark.PERSON
        icon.setPixmap(mark_pixmap(mark, 20, self.devicePixelRatioF()))
        self.title = Sentence(
            _("Dealt with: {problem}").format(problem=self._card.title) if noted else self._card.title
        )
        font = self.title.font()
        font.setBold(not noted)
        self.title.setFont(font)
        self.copy = QPushButton(_("Copy for support"))
        self.copy.setAccessibleName(_("Copy for support: {problem}").format(problem=self._card.title))
        self.copy.clicked.connect(self._copy)
        self._page = page_of(problem)
        self.open = QPushButton()
        if self._page is not None:
            name = sites.site(self._page[0])
            self.open.setText(_("Open in {site}").format(site=name))
            said = _("Open in {site}: {problem}").format(site=name, problem=self._card.title)
            self.open.setAccessibleName(said)
        self.open.clicked.connect(self._open)
        self.more = SmallButton(_("Details"))
        self.more.setCheckable(True)
        self.more.setAccessibleName(_("Details: {problem}").format(problem=self._card.title))
        self.details = Sentence(self._details(), self)
        self.details.hide()
        self.more.toggled.connect(self.details.setVisible)
        lesson = to_teach(problem)
        of_end = lesson is not None and is_end(*lesson)
        self.teach = QPushButton(
            _("Show in the browser what tells that it is finished…")
            if of_end
            else _("Show it in the browser…")
        )
        self.teach.clicked.connect(self._teach)
        self._lay_out(icon)
        self.setAccessibleName(self._card.title)
        self.setAccessibleDescription(f"{self._card.why} {self._card.do} {self._card.who_says}.")

    def _lay_out(self, icon: QLabel) -> None:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.title)
        if not self.noted:
            column.addWidget(Sentence(self._card.why))
            column.addWidget(Sentence(f"{self._card.do} {self._card.who_says}."))
        below = QHBoxLayout()
        below.addWidget(self.more)
        below.addWidget(self.teach)
        below.addStretch(1)
        column.addLayout(below)
        column.addWidget(self.details)
        buttons = QVBoxLayout()
        buttons.setSpacing(3)
        buttons.addWidget(self.open)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        layout.addLayout(buttons)
        self.open.setVisible(not self.noted and self._page is not None)
        for part in (self.copy, self.more):  # of what was dealt with nothing is to be done
            part.setVisible(not self.noted)
        self.teach.hide()

    def show_teach(self, possible: bool) -> None:
        """Offer to teach the label that was not found, where it can be taught, now."""
        self.teach.setVisible(possible and not self.noted and to_teach(self.problem) is not None)

    @Slot()
    def _teach(self) -> None:
        wanted = to_teach(self.problem)
        if wanted is not None:
            self.teach_pressed.emit(*wanted)

    def _details(self) -> str:
        """For whoever helps: the code and the facts as they are."""
        facts = (f"{name}: {value}" for name, value in self.problem.facts.items() if value not in (None, ""))
        return "\n".join((self.problem.id.value, *facts))

    @Slot()
    def _copy(self) -> None:
        facts = "\n".join(f"{name}: {value}" for name, value in self.problem.facts.items())
        QGuiApplication.clipboard().setText(f"{self._card.as_text()}\n{facts}".strip())
        self.copied.emit(self._card.title)

    @Slot()
    def _open(self) -> None:
        if self._page is not None:
            self.open_pressed.emit(*self._page)


# The page told no end that we understood; it may tell one that the person does.
_NO_END = frozenset({"no-end", "silent", "cut-off"})
_SITES = {ProblemId.HH2_LABEL: Site.HH2, ProblemId.PRO_LABEL: Site.PROCORE}


def to_teach(problem: Problem) -> tuple[Site, str] | None:
    """What a person could show: the element whose label was not found, or more than once; the text of an end."""
    why, tab = problem.facts.get("why"), problem.facts.get("tab")
    if problem.id is ProblemId.HH2_UNSURE and why in _NO_END:
        return Site.HH2, END_DONE
    if problem.id is ProblemId.PRO_STALE and why in _NO_END and tab:
        return Site.PROCORE, f"{END_DONE}-{tab}"
    action = str(problem.facts.get("action") or "")
    site = _SITES.get(problem.id)
    if site is None or not action or ":" in action or why:
        return None
    return site, action
