"""Do they match? The verdict in words and icon, the tree of money to the single transaction, the differences, the rest.

It draws a report and rows that it is given, and says by signals what else it wants."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.match_progress import Estimate, Progress
from app.domain.match_question import Asked
from app.domain.match_report import Difference, Narrowed, Report, Saved
from app.domain.problems import Problem
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.match_differences import DifferencesModel
from app.ui.match_filters import MatchFilters
from app.ui.match_model import Item, MoneyModel, Value
from app.ui.match_rows import path_of, rows_of
from app.ui.problem_card import ProblemCard
from app.ui.rows import MATCH_MARKS, Mark
from app.words import keeping, match_asked, match_rest, match_told, numbers, times
from app.words import match as words
from app.words.language import _, named, ngettext

_WAIT_MS = 300  # after the last key, before the rows are narrowed


class MatchView(QDialog):
    """`compare_pressed` and `stop_pressed` for the reading, `choose_pressed` for what to compare, `save_pressed` for
    the files; `rows_wanted` asks for the rows below an item of the tree, `differences_wanted` for more differences
    after so many; `accept_pressed` and `count_pressed` carry the differences that are chosen; `forget_pressed` is for
    all that was read of the company."""

    compare_pressed = Signal()
    stop_pressed = Signal()
    choose_pressed = Signal()
    save_pressed = Signal()
    folder_chosen = Signal(str)
    accept_pressed = Signal(object)
    count_pressed = Signal(object)
    forget_pressed = Signal()
    rows_wanted = Signal(object)
    differences_wanted = Signal(object, int)

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Do they match? {company}").format(company=company))
        self.report: Report | None = None
        self.comparing = False
        self.icon = QLabel()
        self.headline = Sentence(_("Looking for the last report…"))
        bold = self.headline.font()
        bold.setBold(True)
        bold.setPointSizeF(bold.pointSizeF() * 1.2)
        self.headline.setFont(bold)
        self.details = Sentence()
        self.asked = Sentence()
        self.compare = QPushButton(_("&Compare now"))
        self.choose = QPushButton(_("C&hoose…"))
        self.choose.setAccessibleName(_("Choose what to compare"))
        self.stop = QPushButton(_("S&top"))
        self.save = QPushButton(_("&Save the report…"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Both sides are being read and compared"))
        self.told = Sentence()
        self.troubles = QVBoxLayout()
        self._trouble: ProblemCard | None = None
        self.filters = MatchFilters()
        self.money = MoneyModel(self)
        self.tree = rows_of(self.money, words.heading("money"))
        self.tree.setUniformRowHeights(True)
        self.tree.grow(0)  # a transaction has a date, a vendor and a text
        self.differences = DifferencesModel(self)
        self.list = rows_of(self.differences, words.heading("differences"))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.accept_these = QPushButton(_("&Accept…"))
        self.count_these = QPushButton(_("Count a&gain"))
        below = QHBoxLayout()
        below.addStretch(1)
        for button in (self.accept_these, self.count_these):
            button.setAutoDefault(False)
            below.addWidget(button)
        self.found = QWidget()
        column = QVBoxLayout(self.found)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(below)
        self.rest = QPlainTextEdit()
        self.rest.setReadOnly(True)
        self.rest.setTabChangesFocus(True)
        self.rest.setAccessibleName(_("What was not compared, and how old the data are"))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.tree, _("&Job-to-date cost"))
        self.pages.addTab(self.found, _("&Differences"))
        self.pages.addTab(self.rest, _("&What else to know"))
        self.forget = QPushButton(_("De&lete what was read…"))
        self.forget.setAutoDefault(False)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.forget, QDialogButtonBox.ButtonRole.ResetRole)
        self._lay_out()
        self._tie()
        self._show_state()

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.addWidget(self.headline)
        said.addWidget(self.details)
        said.addWidget(self.asked)
        head = QHBoxLayout()
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(said, 1)
        for button in (self.compare, self.choose, self.stop, self.save):
            button.setAutoDefault(False)
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self.told)
        layout.addLayout(self.troubles)
        layout.addWidget(self.filters)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.buttons)
        theme.size(self, 1000, 640)
        theme.readable_when_off(self)

    def _tie(self) -> None:
        self.compare.clicked.connect(self.compare_pressed)
        self.choose.clicked.connect(self.choose_pressed)
        self.stop.clicked.connect(self.stop_pressed)
        self.save.clicked.connect(self.save_pressed)
        self.forget.clicked.connect(self.forget_pressed)
        self.buttons.rejected.connect(self.reject)
        self.money.wanted.connect(self.rows_wanted)
        self.accept_these.clicked.connect(self._accept)
        self.count_these.clicked.connect(self._count)
        self.list.selectionModel().selectionChanged.connect(self._show_chosen)
        self.differences.modelReset.connect(self._show_chosen)
        self.money.filled.connect(self._begin_at_the_top)
        self.differences.wanted.connect(self._want_differences)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_WAIT_MS)
        self._waiting.timeout.connect(self.narrow)
        self.filters.changed.connect(self._narrow_soon)
        QShortcut(QKeySequence.StandardKey.Copy, self.tree, self.copy, context=_HERE)
        QShortcut(QKeySequence.StandardKey.Copy, self.list, self.copy, context=_HERE)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filters.go_to_search)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self.compare.click)

    # ---------------------------------------------------------------- what comes

    def take_report(self, report: Report | None, depths: tuple[int, ...]) -> None:
        """The report to show; None where there is none yet."""
        self.report, self._depths = report, depths
        self.filters.offer([one.reason for one in report.reasons] if report is not None else [])
        if report is None:
            self._say(
                Mark.NONE,
                _("There is no report yet."),
                _("Compare now reads both sides. Nothing is changed there."),
            )
        else:
            verdict = report.verdict
            said = words.verdict(
                verdict.match.value, verdict.differences, words.money(verdict.amount), verdict.not_compared
            )
            self._say(MATCH_MARKS[verdict.match], said, _details(report, datetime.now(UTC)))
        self.rest.setPlainText(
            "" if report is None else "\n".join(match_rest.rest(report, datetime.now(UTC)))
        )
        self.narrow()
        self._show_state()

    def wait_for_asked(self) -> None:
        """What the next comparison is asked for is not known yet: it cannot begin."""
        for button in (self.compare, self.choose):
            button.setEnabled(False)

    def show_asked(self, asked: Asked) -> None:
        """What the next comparison is asked for, where it is not the usual."""
        for button in (self.compare, self.choose):
            button.setEnabled(True)
        self.asked.say(match_asked.asked(asked))

    def begin(self) -> None:
        """A comparison begins."""
        self.comparing = True
        self.show_problem(None)
        self.bar.setRange(0, 0)
        self.told.say(_("Signing in…"))
        self._show_state()

    def show_progress(self, told: Progress | Estimate) -> None:
        """How far it is."""
        if not self.comparing:
            return
        if isinstance(told, Estimate):
            self.told.say(match_told.estimate(told))
            return
        if told.lists and told.step == "reading":
            self.bar.setRange(0, told.lists)
            self.bar.setValue(told.lists_done)
        else:
            self.bar.setRange(0, 0)
        self.told.say(match_told.progress(told))

    def end(self, problem: Problem | None = None) -> None:
        """The comparison has ended: a report came, it was stopped, or there is a problem."""
        self.comparing = False
        self.told.say("")
        self.show_problem(problem)
        self._show_state()

    def show_problem(self, problem: Problem | None) -> None:
        """The card of what stands in the way."""
        if self._trouble is not None:
            self.troubles.removeWidget(self._trouble)
            self._trouble.hide()
            self._trouble.deleteLater()
            self._trouble = None
        if problem is not None:
            self._trouble = ProblemCard(problem, noted=False)
            self.troubles.addWidget(self._trouble)

    def writing(self) -> None:
        """The report is being written."""
        self.save.setEnabled(False)
        self.told.say(match_told.progress(Progress("writing")))

    def saved(self, saved: Saved, folder: str) -> None:
        """The files stand there."""
        n = len(saved.files)
        said = ngettext("{n} file was written to {folder}.", "{n} files were written to {folder}.", n)
        self.told.say(f"{said.format(n=n, folder=folder)} {match_told.noted(saved.noted)}")
        self._show_state()

    def forgotten(self, files: int) -> None:
        """What was read of the company is gone."""
        self.show_problem(None)
        self.take_report(None, ())
        self.told.say(keeping.readings_forgotten(files))

    def take_rows(self, below: Item, rows: Sequence[Value]) -> None:
        """The rows that `rows_wanted` asked for."""
        self.money.take(below, rows)

    def take_differences(self, narrowed: Narrowed, after: int, rows: Sequence[Difference]) -> None:
        """The rows that `differences_wanted` asked for."""
        self.differences.take(narrowed, after, rows)

    # ---------------------------------------------------------------- what the person does

    @Slot()
    def narrow(self) -> None:
        """Show the rows that the filters leave, from the beginning."""
        self._waiting.stop()
        wanted = self.filters.narrowed()
        there = self.report is not None
        self.money.show_report(self._depths if there else (), wanted)
        self.differences.narrow(wanted, there=there)

    def chosen(self, *, accepted: bool) -> list[Difference]:
        """The differences that are chosen in the list: those that were accepted, or those that count."""
        rows = sorted(one.row() for one in self.list.selectionModel().selectedRows())
        return [one for one in (self.differences.rows[row] for row in rows) if one.accepted is accepted]

    @Slot()
    def _accept(self) -> None:
        self.accept_pressed.emit(self.chosen(accepted=False))

    @Slot()
    def _count(self) -> None:
        self.count_pressed.emit(self.chosen(accepted=True))

    @Slot()
    def _show_chosen(self) -> None:
        self.accept_these.setEnabled(bool(self.chosen(accepted=False)) and not self.comparing)
        self.count_these.setEnabled(bool(self.chosen(accepted=True)) and not self.comparing)

    @Slot()
    def _narrow_soon(self) -> None:
        self._waiting.start()

    @Slot()
    def copy(self) -> None:
        """The chosen rows, tab by tab, for a spreadsheet."""
        view = self.list if self.pages.currentWidget() is self.found else self.tree
        model = view.model()
        columns = range(model.columnCount())
        lines = ["\t".join(str(model.headerData(at, Qt.Orientation.Horizontal)) for at in columns)]
        chosen = sorted(view.selectionModel().selectedRows(), key=path_of)
        lines += ["\t".join(str(row.siblingAtColumn(at).data() or "") for at in columns) for row in chosen]
        if chosen:
            QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot(int)
    def _want_differences(self, after: int) -> None:
        self.differences_wanted.emit(self.differences.narrowed, after)

    @Slot()
    def _begin_at_the_top(self) -> None:
        """The keyboard is somewhere as soon as there are rows."""
        if not self.tree.currentIndex().isValid() and self.money.rowCount():
            choice = QItemSelectionModel.SelectionFlag.NoUpdate
            self.tree.selectionModel().setCurrentIndex(self.money.index(0, 0), choice)

    def _say(self, mark: Mark, headline: str, details: str) -> None:
        self.icon.setPixmap(mark_pixmap(mark, 32, self.devicePixelRatioF()))
        self.icon.setVisible(mark is not Mark.NONE)
        self.headline.say(headline)
        self.details.say(details)
        self.setAccessibleDescription(f"{headline} {details}")

    def _show_state(self) -> None:
        self.bar.setVisible(self.comparing)
        self.stop.setVisible(self.comparing)
        self.compare.setVisible(not self.comparing)
        self.choose.setVisible(not self.comparing)
        self.save.setEnabled(self.report is not None and not self.comparing)
        self.forget.setEnabled(not self.comparing)
        self.filters.setEnabled(self.report is not None)
        self._show_chosen()
        theme.show_primary(self.compare, not self.comparing and self.report is None)


_HERE = Qt.ShortcutContext.WidgetWithChildrenShortcut


def _details(report: Report, now: datetime) -> str:
    since = report.since
    parts = [_("Compared {when}, with a tolerance of {amount}.").format(
        when=times.day_and_clock(report.at, now), amount=words.money(report.tolerance)
    )]  # fmt: skip
    for name, count in since.items():
        if count and name != "first":
            parts.append(named(words.since(name), numbers.count(count)))
    if report.verdict.accepted:
        parts.append(_("Accepted: {n}").format(n=numbers.count(report.verdict.accepted)))
    return "  ·  ".join(parts)
