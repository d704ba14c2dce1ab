"""A bar that says that something is under way whose end nobody can foresee."""

from PySide6.QtWidgets import QProgressBar, QWidget


class Working(QProgressBar):
    """Takes no room while nothing is under way. `name` is what a screen reader says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setMaximumHeight(self.fontMetrics().height())
        self.hide()
