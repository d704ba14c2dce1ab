"""Which jobs to refresh in Job Costs: searchable, those whose costs moved first, the time it will take shown."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.problems import Problem
from app.domain.profile import Profile
from app.engine.faces import JobChoice
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import TickedRows
from app.ui.estimate import estimate
from app.ui.field import Sentence
from app.ui.working import Working
from app.words import problems, tabs
from app.words.language import _, ngettext

Index = QModelIndex | QPersistentModelIndex


class JobList(QAbstractListModel):
    """The jobs with their check marks; thousands of them are no more work than ten."""

    chosen_changed = Signal()

    def __init__(
        self, choices: Sequence[JobChoice], chosen: frozenset[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.choices: list[JobChoice] = []
        self.chosen: set[str] = set()
        self.take(choices, chosen)

    def take(self, choices: Sequence[JobChoice], chosen: frozenset[str]) -> None:
        """Other jobs to choose from; those that moved come first, then by number."""
        self.beginResetModel()
        self.choices = sorted(choices, key=lambda one: (not one.moved, one.job.code))
        known = {one.job.code for one in choices}
        self.chosen = set(chosen & known)
        self.endResetModel()
        self.chosen_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.choices)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.choices[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            name = tabs.job(one.job)
            return _("{job} (costs moved)").format(job=name) if one.moved else name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if one.job.code in self.chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.mark([index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def mark(self, at: Sequence[int], on: bool) -> None:
        """Tick or untick the jobs at these places."""
        for one in at:
            (self.chosen.add if on else self.chosen.discard)(self.choices[one].job.code)
        if at:
            self.dataChanged.emit(self.index(min(at)), self.index(max(at)), [Qt.ItemDataRole.CheckStateRole])
        self.chosen_changed.emit()


class JobsDialog(QDialog):
    """Asks which jobs to refresh, or else to compare. `codes` gives the answer; `read_pressed` asks for the list to be
    read anew."""

    read_pressed = Signal()

    def __init__(
        self, profile: Profile, choices: Sequence[JobChoice], chosen: frozenset[str], usual: float | None,
        parent: QWidget | None = None, *, to_refresh: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(_("Jobs for Job Costs") if to_refresh else _("Jobs to compare"))
        self._profile, self._usual, self._to_refresh = profile, usual, to_refresh
        self.jobs = JobList(choices, chosen, self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self.jobs)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search by number or name"))
        self.search.setAccessibleName(_("Search for a job"))
        self.search.setClearButtonEnabled(True)
        self.list = QListView()
        self.list.setModel(self._found)
        self.list.setItemDelegate(TickedRows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(_("Jobs"))
        self.all = QPushButton(_("&All"))
        self.none = QPushButton(_("&None"))
        self.moved = QPushButton(_("Those that &moved"))
        self.read = QPushButton(_("&Read the list now"))
        self.bar = Working(_("Reading the list of jobs"), self)
        self.takes = Sentence()
        self.empty = Sentence()
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self.search.textChanged.connect(self._found.setFilterFixedString)
        self.all.clicked.connect(self._all)
        self.none.clicked.connect(self._none)
        self.moved.clicked.connect(self._moved)
        self.read.clicked.connect(self.read_pressed)
        self.jobs.chosen_changed.connect(self._show)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show()

    def _lay_out(self) -> None:
        picks = QHBoxLayout()
        for button in (self.all, self.none, self.moved):
            button.setAutoDefault(False)
            picks.addWidget(button)
        picks.addStretch(1)
        picks.addWidget(self.read)
        self.read.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty)
        layout.addWidget(self.bar)
        layout.addLayout(picks)
        layout.addWidget(self.takes)
        layout.addWidget(self.buttons)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        theme.show_primary(ok, True)
        self.resize(520, 520)
        theme.readable_when_off(self)

    def codes(self) -> tuple[str, ...]:
        """The codes that are ticked, in the order of the list."""
        return tuple(one.job.code for one in self.jobs.choices if one.job.code in self.jobs.chosen)

    def take(self, choices: Sequence[JobChoice]) -> None:
        """The list as it was read anew; what was ticked stays ticked where it is still there."""
        self.jobs.take(choices, frozenset(self.jobs.chosen))
        self._show_reading(reading=False)

    @Slot()
    def _all(self) -> None:
        self._mark_found(True)

    @Slot()
    def _none(self) -> None:
        self._mark_found(False)

    def _mark_found(self, on: bool) -> None:
        found = [self._found.index(at, 0) for at in range(self._found.rowCount())]
        self.jobs.mark([self._found.mapToSource(index).row() for index in found], on)

    @Slot()
    def _moved(self) -> None:
        self.jobs.mark(range(len(self.jobs.choices)), False)
        self.jobs.mark([at for at, one in enumerate(self.jobs.choices) if one.moved], True)

    @Slot()
    def _show(self) -> None:
        count = len(self.jobs.chosen)
        self.takes.say(self._told(count))
        self.empty.say(
            "" if self.jobs.choices else _("No job is known yet. Read the list; this signs in to Procore.")
        )
        self.moved.setEnabled(any(one.moved for one in self.jobs.choices))

    def _told(self, count: int) -> str:
        if not self._to_refresh:
            said = ngettext("{n} job, of {all} in the list.", "{n} jobs, of {all} in the list.", count)
            every = _("No job is chosen: all that moved are compared.")
            return said.format(n=count, all=len(self.jobs.choices)) if count else every
        if not count:
            return _("No job is chosen: Job Costs would have nothing to do.")
        return _("{estimate}, of {all} in the list.").format(
            estimate=estimate(self._profile, count, self._usual), all=len(self.jobs.choices)
        )

    def show_problem(self, problem: Problem) -> None:
        """Why the list could not be read."""
        self.empty.say(problems.card(problem).in_short())
        self._show_reading(reading=False)

    def show_reading(self) -> None:
        """The list is being read anew."""
        self._show_reading(reading=True)

    def _show_reading(self, *, reading: bool) -> None:
        self.read.setEnabled(not reading)
        self.bar.setVisible(reading)
