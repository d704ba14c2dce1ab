"""The frame above the two steps in which the person is asked something, and answers in place."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.profile import FieldFault
from app.ui import theme
from app.ui.field import Field, Sentence
from app.ui.icons import mark_pixmap
from app.ui.notices import LEFT_BY_ESCAPE, Notice
from app.ui.notices import Field as Typed
from app.ui.rows import Mark
from app.ui.working import Working
from app.words import faults as fault_words
from app.words.language import _
from app.words.sites import site as site_name


class NoticeBox(QFrame):
    """Shows a `Notice`; `answered` gives it back with True for the primary answer, and what was typed."""

    answered = Signal(object, bool, str)
    open_pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(_("What you are asked"))
        self._notice: Notice | None = None
        self.icon = QLabel()
        self.title = Sentence()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.text = Sentence()
        self.field = Field("")
        self.bar = Working(_("Looking…"), self)
        self.yes = QPushButton()
        self.no = QPushButton()
        self.open = QPushButton()
        self._lay_out()
        self.yes.clicked.connect(self._say_yes)
        self.no.clicked.connect(self._say_no)
        self.open.clicked.connect(self._open_site)
        self.field.edit.returnPressed.connect(self._say_yes)
        self._paint()
        self.hide()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addWidget(self.open)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addWidget(self.field)
        column.addWidget(self.bar)
        column.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)

    def show_notice(self, notice: Notice | None) -> None:
        """Draw the question; what is being typed stays while the question is the same."""
        before, self._notice = self._notice, notice
        self.setVisible(notice is not None)
        if notice is None or notice == before:
            return
        new = before is None or before.ask is not notice.ask
        self.icon.setPixmap(mark_pixmap(Mark.PERSON, 24, self.devicePixelRatioF()))
        self.title.say(notice.title)
        self.text.say(notice.text)
        self.setAccessibleDescription(f"{notice.title} {notice.text}")
        for button, label in ((self.yes, notice.yes), (self.no, notice.no)):
            button.setText(label)
            button.setVisible(bool(label))
        self.open.setVisible(notice.link and notice.site is not None)
        if notice.site is not None:
            self.open.setText(_("Open {site}").format(site=site_name(notice.site)))
        self.bar.setVisible(notice.working)
        self.field.setVisible(notice.field is not Typed.NOTHING)
        self.field.label.setText(notice.label)
        self.field.edit.setAccessibleName(notice.label)
        if new:
            self.field.fill("")
        theme.show_primary(self.yes, bool(notice.yes))

    @Slot()
    def _say_yes(self) -> None:
        notice = self._notice
        if notice is None or not notice.yes:
            return
        typed = self.field.edit.text()
        if notice.field is not Typed.NOTHING and not typed.strip():
            self.field.fault(fault_words.expected(FieldFault("", "", "words")))
            return
        self.answered.emit(notice, True, typed)

    @Slot()
    def _say_no(self) -> None:
        if self._notice is not None:
            self.answered.emit(self._notice, False, "")

    @Slot()
    def _open_site(self) -> None:
        if self._notice is not None:
            self.open_pressed.emit(self._notice.site)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is the answer that leaves everything as it is, where there is one."""
        if (
            event.key() == Qt.Key.Key_Escape
            and self._notice is not None
            and self._notice.ask in LEFT_BY_ESCAPE
        ):
            self.answered.emit(self._notice, LEFT_BY_ESCAPE[self._notice.ask], "")
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "yes"):
            self._paint()
        super().changeEvent(event)

    def _paint(self) -> None:
        theme.style(self, theme.notice_sheet(self.palette()))
