"""Which tabs step 2 goes on with by itself."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.tabs import Tab
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import CheckBox
from app.ui.field import Sentence
from app.words import tabs
from app.words.language import _


class TabsDialog(QDialog):
    """Asks which tabs; `jobs_pressed` asks for the jobs of Job Costs."""

    jobs_pressed = Signal()

    def __init__(self, chosen: tuple[Tab, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Tabs for step 2"))
        self.checks = {tab: CheckBox(tabs.title(tab).replace("&", "&&")) for tab in Tab}
        self.jobs = QPushButton(_("&Jobs…"))
        self.jobs.setAutoDefault(False)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(
            Sentence(_("These are refreshed by themselves as soon as step 1 is proven finished."))
        )
        for tab, check in self.checks.items():
            check.setAccessibleName(tabs.title(tab))
            check.setChecked(tab in chosen)
            check.toggled.connect(self._show)
            if tab is Tab.JOB_COSTS:
                line = QHBoxLayout()
                line.addWidget(check, 1)
                line.addWidget(self.jobs)
                layout.addLayout(line)
            else:
                layout.addWidget(check)
        layout.addWidget(self.buttons)
        theme.show_primary(self.buttons.button(QDialogButtonBox.StandardButton.Ok), True)
        self.setMinimumWidth(320)
        theme.readable_when_off(self)
        self.jobs.clicked.connect(self.jobs_pressed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show()

    def chosen(self) -> tuple[Tab, ...]:
        """The tabs that are ticked, in order."""
        return tuple(tab for tab, check in self.checks.items() if check.isChecked())

    @Slot()
    def _show(self) -> None:
        self.jobs.setEnabled(self.checks[Tab.JOB_COSTS].isChecked())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.chosen()))
