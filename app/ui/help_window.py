"""The help: its pages in a window of their own, which stays beside the program and can be used by keys alone."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QTextDocument, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
)

from app.domain.events import RunOutcome
from app.ui import theme
from app.ui.company_desk import CompanyDesk
from app.ui.geometry import keep_place
from app.ui.view import Stage, View, stage
from app.words import help as words
from app.words.language import _

_SUFFIX = ".md"


class HelpWindow(QDialog):
    """Shows one page. It belongs to no other window, so that a dialog which holds up the rest leaves it alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("Help of On-Demand Sync"))
        self.contents = QListWidget()
        self.contents.setAccessibleName(_("Pages of the help"))
        self.contents.addItems([words.title(name) for name in words.pages()])
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setAccessibleName(_("The page"))
        self.page.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.back = QPushButton(_("&Back"))
        self.close_button = QPushButton(_("C&lose"))
        for button in (self.back, self.close_button):
            button.setAutoDefault(False)
        self._passed: list[str] = []
        self.name = ""
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.contents)
        self.split.addWidget(self.page)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        low = QHBoxLayout()
        low.addWidget(self.back)
        low.addStretch(1)
        low.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.split, 1)
        column.addLayout(low)
        wide = max(self.contents.sizeHintForColumn(0) + 24, 120)
        self.contents.setMinimumWidth(min(wide, 320))
        room = self.screen().availableGeometry()
        self.resize(min(wide + 680, room.width() - 40), min(620, room.height() - 60))
        self.contents.currentRowChanged.connect(self._picked)
        self.page.anchorClicked.connect(self._follow)
        self.back.clicked.connect(self.go_back)
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Back, self).activated.connect(self.go_back)
        theme.readable_when_off(self)
        self.back.setEnabled(False)

    def show_page(self, name: str) -> None:
        """Show the page, and bring the keyboard to it."""
        if name != self.name:
            if self.name:
                self._passed.append(self.name)
            self.draw(name)
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(self, name: str) -> None:
        """Put this page in; `show_page` brings the window to the front too."""
        self.name = name
        document = self.page.document()
        document.setDocumentMargin(14)
        document.setMarkdown(words.text(name), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        for_tables(document)
        self.page.moveCursor(self.page.textCursor().MoveOperation.Start)
        at = words.pages().index(name)
        if self.contents.currentRow() != at:
            self.contents.setCurrentRow(at)
        self.back.setEnabled(bool(self._passed))

    @Slot(int)
    def _picked(self, at: int) -> None:
        name = words.pages()[at]
        if name != self.name:
            if self.name:
                self._passed.append(self.name)
            self.draw(name)

    @Slot(QUrl)
    def _follow(self, address: QUrl) -> None:
        name = address.fileName().removesuffix(_SUFFIX)
        if not address.scheme() and name in words.pages():
            self._passed.append(self.name)
            self.draw(name)
        elif address.scheme() == "https":
            QDesktopServices.openUrl(address)

    @Slot()
    def go_back(self) -> None:
        """The page before."""
        if self._passed:
            self.draw(self._passed.pop())


def for_tables(document: QTextDocument) -> None:
    """A page's tables with a thin edge and some room: Qt draws them without."""
    frames = document.rootFrame().childFrames()
    for frame in frames:
        form = frame.frameFormat()
        if form.isTableFormat():
            table = form.toTableFormat()
            table.setCellPadding(4)
            table.setCellSpacing(0)
            table.setBorder(1)
            table.setBorderCollapse(True)
            frame.setFrameFormat(table)


# Which page tells of a dialog; one that is not here is told of where the window is.
_PAGES = {
    "SetupWizard": "first-time",
    "ProfileDialog": "first-time",
    "PageCheckDialog": "first-time",
    "TaughtDialog": "first-time",
    "ConnectDialog": "first-time",
    "HistoryView": "history",
    "MatchView": "match",
    "CompareDialog": "match",
    "ColumnsDialog": "match",
    "AcceptDialog": "match",
    "MonthEndDialog": "month-end",
    "SupportDialog": "privacy",
    "ReadyDialog": "troubles",
}


class HelpDesk(QObject):
    """Opens the help at the page of what is on the screen; one window of it at a time.

    `page_of_window` tells the page of the main window as it stands now."""

    def __init__(self, desk: CompanyDesk, page_of_window: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self.window_shown: HelpWindow | None = None
        self._desk, self._page_of_window = desk, page_of_window
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusWindowChanged.connect(self._see)

    @Slot()
    def open(self) -> None:
        """The page of what is on the screen."""
        at = QApplication.activeWindow()
        self.show_page(_PAGES.get(type(at).__name__, "") or self._page_of_window())

    def show_page(self, name: str) -> None:
        """This page."""
        if self.window_shown is None:
            self.window_shown = HelpWindow()
            keep_place(self.window_shown, self._desk)
        self.window_shown.show_page(name)

    @Slot(QWindow)
    def _see(self, _window: QWindow | None) -> None:
        """Another window has the keyboard: a dialog gets its F1 then, however it was opened."""
        at = QApplication.activeWindow()
        if isinstance(at, QDialog) and not at.property("helped"):
            at.setProperty("helped", True)
            QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), at).activated.connect(self.open)

    def end(self) -> None:
        """The program ends, and the help with it."""
        if self.window_shown is not None:
            self.window_shown.close()
            self.window_shown.deleteLater()
            self.window_shown = None


def page_of(view: View) -> str:
    """The page that tells of what the main window shows."""
    run = view.run
    if stage(view) is Stage.NO_COMPANY:
        return "first-time"
    if view.trouble is not None or view.interrupted:
        return "troubles"
    if run is not None and (
        run.problems or (run.ended is not None and run.ended.outcome is not RunOutcome.OK)
    ):
        return "troubles"
    return "training" if view.training and run is None else "procedure"
