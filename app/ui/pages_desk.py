"""The part of the desk that is about the sites' pages: checking them, and what a person teaches on them."""

from collections.abc import Coroutine
from typing import Any

import msgspec
from PySide6.QtCore import Signal

from app.domain.events import Site
from app.domain.page_check import PageCheck
from app.domain.problems import Problem
from app.domain.profile import Profile, Secret, SecretState
from app.domain.taught import Pointed, Taught, Unfit
from app.engine.faces import Workplace
from app.ui import errands
from app.ui.company_desk import PERSON_SECONDS, CompanyDesk, remembered


class Lessons(msgspec.Struct, frozen=True):
    """What was taught, as it stands now. `unfit`: why the last label was not taken."""

    profile: Profile
    allowed: bool
    unfit: Unfit | None = None


class PagesDesk(CompanyDesk):
    """`checked`: the report of a check of the pages; None where it was stopped or could not begin. `pointed`: what a
    person pointed at; None likewise. `lessons_read`: what was taught, after each change too."""

    checked = Signal(object)
    pointed = Signal(object)
    lessons_read = Signal(object)

    def check_pages(self) -> None:
        """Look for everything that a run would press or read, on both sites' pages; `checked` brings the report."""
        profile = self.view.profile
        if profile is not None and self.view.held and not self.view.busy and not self.view.checking:
            self._change(checking=True)
            check = self._check(profile.name)
            self.bridge.ask(self, check, self._take_check, self._fail_check)

    async def _check(self, name: str) -> tuple[PageCheck | None, dict[Secret, SecretState]]:
        report = await self.workplace.check_pages(name, PERSON_SECONDS, self.bridge.listen_to_check)
        return report, await errands.secret_states(self.workplace, name)

    def _take_check(self, answer: tuple[PageCheck | None, dict[Secret, SecretState]]) -> None:
        report, secrets = answer
        self._change(checking=False, secrets=secrets)
        self.checked.emit(report)

    def _fail_check(self, problem: Problem) -> None:
        self._change(checking=False, trouble=problem)
        self.checked.emit(None)

    def stop_check(self) -> None:
        """End the check, or the waiting for somebody to point at something, that is under way."""
        if self.view.checking:
            self._ask(self.workplace.stop_check(), remembered)

    # ---------------------------------------------------------------- teach

    def point_at(self, site: Site, action: str) -> None:
        """Let the person point at the control that stands for an element; `pointed` brings it, nothing is kept."""
        profile = self.view.profile
        if profile is not None and self.view.held and not self.view.busy and not self.view.checking:
            self._change(checking=True)
            listen = self.bridge.listen_to_check
            work = self.workplace.point_at(profile.name, site, action, PERSON_SECONDS, listen)
            self.bridge.ask(self, work, self._take_pointed, self._fail_pointed)

    def _take_pointed(self, pointed: Pointed | None) -> None:
        self._change(checking=False)
        self.pointed.emit(pointed)

    def _fail_pointed(self, problem: Problem) -> None:
        self._change(checking=False, trouble=problem)
        self.pointed.emit(None)

    def teach(self, label: Taught) -> None:
        """Keep a label that the person agreed to."""
        if self.view.profile is not None:
            self._learn(_teach(self.workplace, self.view.profile.name, label))

    def forget_taught(self, key: str) -> None:
        """Take a label out again."""
        if self.view.profile is not None:
            self._learn(_forget(self.workplace, self.view.profile.name, key))

    def read_lessons(self) -> None:
        """What was taught, and whether it may be."""
        if self.view.profile is not None:
            self._learn(lessons(self.workplace, self.view.profile.name))

    def _learn(self, work: Coroutine[Any, Any, Lessons]) -> None:
        self._ask(work, self._take_lessons)

    def _take_lessons(self, found: Lessons) -> None:
        profile = self.view.profile
        if profile is not None and profile.name == found.profile.name:
            # What is typed in the window is saved over this one: its labels have to be those that are kept.
            self._change(profile=msgspec.structs.replace(profile, labels=found.profile.labels))
        self.lessons_read.emit(found)


async def lessons(workplace: Workplace, name: str, unfit: Unfit | None = None) -> Lessons:
    """The profile as it is kept, and whether the company's IT allows to teach."""
    return Lessons(await workplace.profile(name), await workplace.may_teach(), unfit)


async def _teach(workplace: Workplace, name: str, label: Taught) -> Lessons:
    return await lessons(workplace, name, await workplace.teach(name, label))


async def _forget(workplace: Workplace, name: str, key: str) -> Lessons:
    await workplace.forget_taught(name, key)
    return await lessons(workplace, name)
