"""Check the pages: a line for each element of both sites, what it was found by and where; the whole for support."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import Site
from app.domain.page_check import CheckStage, Element, PageCheck, Sight
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.rows import Mark
from app.ui.table import ReadTable
from app.words import page_check, sites
from app.words.language import _

_RESULT = 2  # the column of the result


class PageCheckDialog(QDialog):
    """`again_pressed` asks for a new check, `teach_pressed` to let the person show an element in the browser;
    `show_stage` and `take` are told how it goes and what came of it."""

    again_pressed = Signal()
    teach_pressed = Signal(object, str)
    taught_pressed = Signal()

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Check the pages of {company}").format(company=company))
        self.report: PageCheck | None = None
        self.walking = False
        self.said = Sentence()
        font = self.said.font()
        font.setBold(True)
        self.said.setFont(font)
        self.about = Sentence()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("The pages are being checked"))
        titles = [_("Site"), _("What a run needs"), _("Result"), _("Found by"), _("Where")]
        self.table = ReadTable(titles, _("Elements of the pages"))
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(_("What else the check found"))
        self.again = QPushButton(_("Check &again"))
        self.copy = QPushButton(_("&Copy for support"))
        self.show_it = QPushButton(_("&Show it in the browser…"))
        self.taught = QPushButton(_("What was &taught…"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.again, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        for one in (self.show_it, self.taught):
            one.setAutoDefault(False)
        teach = QHBoxLayout()
        teach.addWidget(self.show_it)
        teach.addWidget(self.taught)
        teach.addStretch(1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.notes)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addWidget(self.about)
        layout.addWidget(self.bar)
        layout.addWidget(split, 1)
        layout.addLayout(teach)
        layout.addWidget(self.buttons)
        self.resize(920, 580)
        self.buttons.rejected.connect(self.reject)
        self.again.clicked.connect(self.again_pressed)
        self.copy.clicked.connect(self._copy)
        self.show_it.clicked.connect(self._teach)
        self.taught.clicked.connect(self.taught_pressed)
        self.table.itemSelectionChanged.connect(self._show_teach)
        self.begin()

    def begin(self) -> None:
        """A check begins."""
        self.report = None
        self.said.say(_("Opening the browser…"))
        self.about.say(
            _(
                "Both sites are opened in the browser, and everything that a run would press or read is looked for. "
                "Nothing is started, applied or refreshed. If a site asks for a code, enter it in the browser window."
            )
        )
        self.table.setRowCount(0)
        self.notes.setPlainText("")
        self._walk(True)

    def begin_pointing(self) -> None:
        """The person is to show an element; what the check found stays."""
        self.said.say(_("Opening the browser…"))
        self.about.say(_("Click on the button or link in the browser window. The click does nothing there."))
        self._walk(True)

    def end_pointing(self, said: str) -> None:
        """What came of it."""
        self.said.say(said)
        self.about.say("")
        self._walk(False)

    def show_stage(self, site: Site, at: CheckStage) -> None:
        """How far the check is."""
        self.said.say(page_check.stage(site, at))

    def take(self, report: PageCheck) -> None:
        """The report; what is wanting comes first in view."""
        self.report = report
        self.said.say(page_check.verdict(report))
        self.about.say("")
        rows = [(site.site, one) for site in report.sites for one in site.elements]
        self.table.setRowCount(len(rows))
        for at, (site, one) in enumerate(rows):
            self._fill(at, site, one)
        self.notes.setPlainText("\n\n".join((*page_check.notes(report), _(page_check.MARKS))))
        wanting = next((at for at, (_site, one) in enumerate(rows) if one.is_wanting), None)
        if rows:
            self.table.selectRow(wanting or 0)
        self._walk(False)

    def _walk(self, walking: bool) -> None:
        self.walking = walking
        self.bar.setVisible(walking)
        self.again.setEnabled(not walking)
        self.copy.setEnabled(not walking and self.report is not None)
        self.taught.setEnabled(not walking)
        self._show_teach()

    def _chosen(self) -> tuple[Site, Element] | None:
        rows = (
            [] if self.report is None else [(one.site, e) for one in self.report.sites for e in one.elements]
        )
        at = self.table.currentRow()
        return rows[at] if 0 <= at < len(rows) else None

    @Slot()
    def _show_teach(self) -> None:
        """A line can be shown where something that is pressed was looked for, and not found or more than once."""
        chosen = self._chosen()
        element = chosen[1] if chosen is not None else None
        fits = (
            element is not None
            and element.presses
            and ":" not in element.action
            and element.sight in (Sight.MISSING, Sight.SEVERAL)
        )
        self.show_it.setEnabled(fits and not self.walking)

    @Slot()
    def _teach(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.teach_pressed.emit(chosen[0], chosen[1].action)

    def _fill(self, at: int, site: Site, one: Element) -> None:
        texts = (
            sites.site(site),
            page_check.element(one),
            page_check.sight(one),
            page_check.found_by(one),
            page_check.where(one),
        )
        for column, text in enumerate(texts):
            cell = QTableWidgetItem(text)
            if column == _RESULT:
                cell.setIcon(QIcon(mark_pixmap(_mark(one), 16, self.devicePixelRatioF())))
            self.table.setItem(at, column, cell)

    @Slot()
    def _copy(self) -> None:
        if self.report is not None:
            QGuiApplication.clipboard().setText("\n".join(page_check.lines(self.report)))


def _mark(one: Element) -> Mark:
    if one.sight is Sight.FOUND:
        return Mark.DONE
    if not one.is_wanting:
        return Mark.NOTHING_VISIBLE
    return Mark.UNKNOWN if one.sight is Sight.NOT_LOOKED else Mark.FAILED
