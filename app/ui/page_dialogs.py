"""Check the pages, and Teach: the dialogs are opened here, told what comes back, and ask before a label is kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.events import Site
from app.domain.page_check import CheckStage, PageCheck
from app.domain.taught import Pointed
from app.ui import questions
from app.ui.geometry import keep_place
from app.ui.pages_desk import Lessons, PagesDesk
from app.words import taught as words
from app.words.language import _

if TYPE_CHECKING:
    from app.ui.page_check_dialog import PageCheckDialog
    from app.ui.taught_dialog import TaughtDialog


class PageDialogs(QObject):
    """One dialog of a kind at a time; none blocks the window's loop."""

    def __init__(self, frame: QWidget, desk: PagesDesk) -> None:
        super().__init__(frame)
        self._frame, self._desk = frame, desk
        self.check: PageCheckDialog | None = None
        self.taught: TaughtDialog | None = None
        desk.checked.connect(self._take_check)
        desk.pointed.connect(self._take_pointed)
        desk.lessons_read.connect(self._take_lessons)
        desk.bridge.stage_came.connect(self._take_stage)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        keep_place(dialog, self._desk)
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        for name in ("check", "taught"):
            if getattr(self, name) is self.sender():
                setattr(self, name, None)

    # ---------------------------------------------------------------- check the pages

    @Slot()
    def show_check(self) -> None:
        """Check the pages, and show the report as it comes."""
        if self._opened():
            self._check_again()

    def _opened(self) -> bool:
        from app.ui.page_check_dialog import PageCheckDialog

        profile = self._desk.view.profile
        if self.check is not None or profile is None:
            return False
        self.check = PageCheckDialog(profile.name, self._frame)
        self.check.again_pressed.connect(self._check_again)
        self.check.teach_pressed.connect(self._point)
        self.check.taught_pressed.connect(self.show_taught)
        self.check.finished.connect(self._desk.stop_check)
        self._open(self.check)
        return True

    @Slot()
    def _check_again(self) -> None:
        if self.check is not None:
            self.check.begin()
            self._desk.check_pages()

    @Slot(object, object)
    def _take_stage(self, site: Site, at: CheckStage) -> None:
        if self.check is not None:
            self.check.show_stage(site, at)

    @Slot(object)
    def _take_check(self, report: PageCheck | None) -> None:
        if self.check is None:
            return
        if report is None:  # stopped, or it could not begin: the window says why
            self.check.close()
        else:
            self.check.take(report)

    # ---------------------------------------------------------------- teach

    def show_teach(self, site: Site, action: str) -> None:
        """From the card of a run: show this element in the browser, without a check before."""
        if self._opened():
            self._point(site, action)

    @Slot(object, str)
    def _point(self, site: Site, action: str) -> None:
        if self.check is not None:
            self.check.begin_pointing()
            self._desk.point_at(site, action)

    @Slot(object)
    def _take_pointed(self, pointed: Pointed | None) -> None:
        profile = self._desk.view.profile
        if self.check is None or profile is None:
            return
        if pointed is None:
            self.check.close()
        elif pointed.unfit is not None:
            self.check.end_pointing(words.unfit(pointed.unfit))
        else:
            self.check.end_pointing(words.not_kept())
            text = words.would_keep(pointed, profile.name)
            keep = _Keep(self.check, self._desk, pointed)
            questions.ask(
                self.check, _("Keep it?"), text, _("&Keep it"), _("&Leave it"), keep.keep, warn=True
            )

    @Slot(object)
    def _take_lessons(self, found: Lessons) -> None:
        if self.taught is not None:
            self.taught.take(found.profile.labels, allowed=found.allowed)
        elif self.check is not None:
            self.check.end_pointing(words.kept() if found.unfit is None else words.unfit(found.unfit))

    @Slot()
    def show_taught(self) -> None:
        """What was taught, to look at and to take out again."""
        from app.ui.taught_dialog import TaughtDialog

        profile = self._desk.view.profile
        if self.taught is None and profile is not None:
            self.taught = TaughtDialog(profile.name, self.check or self._frame)
            self.taught.remove_pressed.connect(self._desk.forget_taught)
            self._open(self.taught)
            self._desk.read_lessons()


class _Keep(QObject):
    """What is kept when the person agrees."""

    def __init__(self, dialog: QDialog, desk: PagesDesk, pointed: Pointed) -> None:
        super().__init__(dialog)
        self._desk, self._pointed = desk, pointed

    def keep(self) -> None:
        self._desk.teach(self._pointed.label)
