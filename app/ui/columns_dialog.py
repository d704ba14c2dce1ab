"""Which heading of a file fills which column: proposed, shown beside its first rows, and confirmed by a person."""

from pathlib import PurePath

import msgspec
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.lists import Kind
from app.domain.match_question import FileLook
from app.domain.problems import Problem
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.field import Sentence, Wrong
from app.ui.table import ReadTable
from app.words import match as words
from app.words import problems
from app.words.language import _


class ColumnsDialog(QDialog):
    """`confirmed` carries the look with the columns that the person chose; `list_wanted` asks how the same file would
    be read as another list, which `show_look` then shows."""

    confirmed = Signal(object)
    list_wanted = Signal(object)

    def __init__(self, look: FileLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Columns of {file}").format(file=PurePath(look.path).name))
        self.look = look
        self.lists = QComboBox()
        self.lists.setAccessibleName(_("The list that the file holds"))
        for kind in look.lists:
            self.lists.addItem(words.entity(kind.value), kind.value)
        self.said = Sentence()
        self.rows = ReadTable((), _("The first rows of the file"))
        self.boxes: dict[str, QComboBox] = {}
        self.form = QScrollArea()
        self.form.setWidgetResizable(True)
        self.form.setFrameShape(QFrame.Shape.NoFrame)
        self.form.setAccessibleName(_("Columns"))
        self.wrong = Wrong()
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(_("&Use these columns"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self.lists.activated.connect(self._want_list)
        self.buttons.accepted.connect(self._confirm)
        self.buttons.rejected.connect(self.reject)
        self.show_look(look)

    def _lay_out(self) -> None:
        top = QFormLayout()
        label = QLabel(_("The file &holds"))
        label.setBuddy(self.lists)
        top.addRow(label, self.lists)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.said)
        layout.addWidget(self.rows, 2)
        layout.addWidget(self.form, 3)
        layout.addWidget(self.wrong)
        layout.addWidget(self.buttons)
        theme.show_primary(self.use, True)
        theme.readable_when_off(self)
        self.resize(760, 620)

    def show_look(self, look: FileLook) -> None:
        """The file read as this list."""
        self.look = look
        self.lists.setCurrentIndex(max(0, self.lists.findData(look.kind.value)))
        said = (
            _("{side}: these columns were confirmed for files with the same headings.")
            if look.remembered
            else _("{side}: this is proposed from the headings. Look whether it is right.")
        )
        self.said.say(said.format(side=words.side(look.side.value)))
        self.rows.setColumnCount(len(look.headings))
        self.rows.setHorizontalHeaderLabels(list(look.headings))
        self.rows.setRowCount(len(look.rows))
        for at, row in enumerate(look.rows):
            for place, text in enumerate(row[: len(look.headings)]):
                self.rows.setItem(at, place, QTableWidgetItem(text))
        self._make_boxes(look)
        self._show()

    def _make_boxes(self, look: FileLook) -> None:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 0, 0)
        self.boxes = {}
        for column in look.wanted:
            box = QComboBox()
            box.addItem(_("(not in the file)"), "")
            for heading in look.headings:
                box.addItem(heading, heading)
            box.setCurrentIndex(max(0, box.findData(look.columns.get(column, ""))))
            name = words.column(column)
            shown = _("{column} (needed)").format(column=name) if column in look.needed else name
            box.setAccessibleName(shown)
            box.setMinimumContentsLength(18)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(self._show)
            label = QLabel(shown)
            label.setBuddy(box)
            form.addRow(label, box)
            self.boxes[column] = box
        self.form.setWidget(inside)
        theme.readable_when_off(inside)

    def columns(self) -> dict[str, str]:
        """Which heading fills which column, as it is chosen now."""
        return {column: box.currentData() for column, box in self.boxes.items() if box.currentData()}

    def show_problem(self, problem: Problem) -> None:
        """Why the file cannot be read so, or the columns could not be kept."""
        self.wrong.say(problems.card(problem).in_short())
        self.lists.setCurrentIndex(max(0, self.lists.findData(self.look.kind.value)))

    @Slot()
    def _show(self) -> None:
        chosen = self.columns()
        needed = self.look.needed - set(chosen)
        missing = [words.column(column) for column in self.look.wanted if column in needed]
        twice = len(set(chosen.values())) < len(chosen)
        self.use.setEnabled(not missing and not twice)
        if missing:
            self.wrong.say(_("Choose the heading of: {columns}.").format(columns=_(", ").join(missing)))
        else:
            self.wrong.say(_("One heading stands for two columns.") if twice else "")

    @Slot(int)
    def _want_list(self, at: int) -> None:
        kind = Kind(self.lists.itemData(at))
        if kind is not self.look.kind:
            self.list_wanted.emit(kind)

    @Slot()
    def _confirm(self) -> None:
        self.confirmed.emit(msgspec.structs.replace(self.look, columns=self.columns()))
