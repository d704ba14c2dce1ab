"""The way of a new company from what was typed to a test of both sites: saved, opened, its passwords kept, tested."""

from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.events import Site
from app.domain.problems import Problem
from app.domain.profile import FieldFault, Profile
from app.engine.faces import Tested
from app.ui.company_desk import CompanyDesk, Secrets
from app.words import problems, setting_up


class Step(Enum):
    """How far a site is."""

    UNDER_WAY = 1
    DONE = 2


class SetupSteps(QObject):
    """`tested`: site, step, and what came of it. `ended`: what there is to say at the end, "" where all is well.
    `refused`: faulty fields; nothing was saved."""

    tested = Signal(object, object, str)
    ended = Signal(str)
    refused = Signal(object)

    def __init__(self, desk: CompanyDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._profile: Profile | None = None
        self._secrets: Secrets = ()
        self._opening = self._keeping = False
        self._left: list[Site] = []
        self._at: Site | None = None
        desk.company_saved.connect(self._saved)
        desk.company_refused.connect(self._refuse)
        desk.company_failed.connect(self._fail)
        desk.saved.connect(self._kept)
        desk.refused.connect(self._refuse)
        desk.changed.connect(self._look)

    @Slot(object, object)
    def go(self, profile: Profile, secrets: Secrets) -> None:
        """Save the company and test both sites."""
        self._profile, self._secrets = profile, secrets
        self._opening = self._keeping = False
        self._left, self._at = [], None
        self._desk.save_company(profile, "")

    @Slot()
    def _saved(self) -> None:
        self._opening = self._profile is not None

    @Slot()
    def _look(self) -> None:
        """The view has changed: is the company open, has a test ended?"""
        view, wanted = self._desk.view, self._profile
        if wanted is None:
            return
        if self._opening and view.profile is not None and view.profile.name == wanted.name:
            if view.held:
                self._opening, self._keeping = False, True
                self._desk.save(view.profile, self._secrets)
            elif view.trouble is not None:
                self._fail(view.trouble)
        elif self._at is not None and view.testing is None:
            found = view.tested.get(self._at)
            if found is not None:
                self.tested.emit(self._at, Step.DONE, _said(found))
                self._next()
            elif view.trouble is not None:
                self._fail(view.trouble)

    @Slot()
    def _kept(self) -> None:
        if self._keeping:
            self._keeping = False
            self._left = [Site.HH2, Site.PROCORE]
            self._next()

    def _next(self) -> None:
        if not self._left:
            self._at = None
            self._end("")
            return
        self._at = self._left.pop(0)
        self.tested.emit(self._at, Step.UNDER_WAY, "")
        self._desk.test(self._at)

    @Slot(object)
    def _refuse(self, faults: tuple[FieldFault, ...]) -> None:
        if self._profile is not None:
            self._profile = None
            self.refused.emit(faults)

    @Slot(object)
    def _fail(self, problem: Problem) -> None:
        if self._profile is not None:
            self._end(problems.card(problem).as_text())

    def _end(self, said: str) -> None:
        self._profile, self._at = None, None
        self.ended.emit(said)


def _said(found: Tested) -> str:
    if found.problem is not None:
        return setting_up.not_signed_in(found.site, problems.title(found.problem))
    return setting_up.signed_in(found.site, found.who)
