"""The half of the desk that is about companies: opening, saving, testing, deleting, and reading what lies behind."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from app.domain.events import Site
from app.domain.problems import Problem
from app.domain.profile import Profile, Secret, SecretState
from app.engine.faces import Conductor, JobChoice, Practice, Preferences, Tested, Wanted, Workplace
from app.ui import errands
from app.ui.bridge import Bridge
from app.ui.errands import Company, Kept
from app.ui.view import View

T = TypeVar("T")
# How long somebody is waited for at the browser during a check: to read a code off a telephone, not more.
PERSON_SECONDS = 600.0
Secrets = Sequence[tuple[Secret, str, bool]]


class CompanyDesk(QObject):
    """`changed`: the view is another. `refused`, `company_refused`: faulty fields. `saved`, `company_saved`: done.
    `company_failed`: the problem that kept a company from being saved.

    `preferences_read`: what was remembered has come, once."""

    changed = Signal()
    refused = Signal(object)
    saved = Signal()
    company_refused = Signal(object)
    company_saved = Signal()
    company_failed = Signal(object)
    jobs_read = Signal(object)
    preferences_read = Signal(object)

    def __init__(self, bridge: Bridge, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.bridge = bridge
        self.workplace = workplace
        self._conductor: Conductor | None = None
        self._wanted: Wanted | None = None
        self._name = ""
        self._asked_for = False
        self._saving: Profile | None = None
        self.preferences = Preferences()
        self._practice: Practice | None = None
        self._unsaid: Problem | None = None

    @property
    def company(self) -> str:
        """The name of the company that is shown; "" for the training company, which ends with this window."""
        return self.view.profile.name if self.view.profile is not None and not self.view.training else ""

    # ---------------------------------------------------------------- opening

    def begin(self, name: str = "", practice: Practice | None = None) -> None:
        """Read what was remembered; then open the training company, `name`, or the company of the last time."""
        self._name, self._practice = name, practice
        self._ask(self.workplace.preferences(), self._take_preferences)

    def _take_preferences(self, kept: Preferences) -> None:
        self._unsaid = kept.problem
        self.preferences = msgspec.structs.replace(kept, problem=None)
        self.preferences_read.emit(self.preferences)
        if self._practice is not None:
            self.practise(self._practice)
        else:
            self._asked_for = bool(self._name)
            self.open(self._name or kept.last_profile)

    def remember(self, **changes: Any) -> None:
        """Keep this for the next time. Where that fails nothing is lost that anybody would miss today."""
        kept = msgspec.structs.replace(self.preferences, **changes)
        if kept != self.preferences:
            self.preferences = kept
            self.bridge.ask(self, self.workplace.remember(kept), remembered, remembered)

    def open(self, name: str = "") -> None:
        """Read the list of companies and open `name`, or the first."""
        self._name = name
        self._ask(errands.names(self.workplace, name), self._take_names)

    def practise(self, practice: Practice | None = None) -> None:
        """Start the training company, and open it."""
        if not self.view.busy:
            self._ask(self.workplace.start_training(practice or Practice()), self.open)

    def _take_names(self, known: tuple[list[str], str]) -> None:
        names, found = known
        self._change(ready=True, profiles=tuple(names))
        # Who named a company is told that there is none, not shown another; what was remembered may be gone.
        missing = self._name if self._asked_for else ""
        self._asked_for = False
        wanted = found or missing or (names[0] if names else "")
        if wanted:
            self.choose(wanted)
        else:
            self._change(trouble=self._unsaid)

    def choose(self, name: str) -> None:
        """Work with a company; the one before is let go of."""
        if self.view.busy or self.view.checking:
            return
        before = self.view.profile
        self._name = name
        self._conductor = None
        self._change(
            held=False,
            run=None,
            interrupted=False,
            looking=False,
            question=None,
            trouble=None,
            not_ready=None,
            tested={},
            choices=(),
        )
        self._ask(self._change_company(before.name if before is not None else "", name), self._take_company)

    def try_again(self) -> None:
        """Open the company once more, after what stood in the way was put right."""
        if not self.view.held:
            self.open(self._name)

    async def _change_company(self, before: str, name: str) -> Company:
        if before:
            await self.workplace.release(before)
        return await errands.open_company(self.workplace, name, self.bridge.listen)

    def _take_company(self, company: Company) -> None:
        self._conductor = company.conductor
        self._change(
            profile=company.profile,
            held=company.conductor is not None,
            secrets=company.secrets,
            trouble=company.trouble or self._unsaid,
            run=company.interrupted,
            interrupted=company.interrupted is not None,
            habits=company.habits,
            fresh=company.fresh,
            results=company.results,
            laid_down=company.laid_down,
            last_good=company.last_good,
            choices=company.choices,
        )
        if not self.view.training:
            self.remember(last_profile=company.profile.name)

    # ---------------------------------------------------------------- changing

    def save_company(self, profile: Profile, replaces: str) -> None:
        """Save the settings of a company, a new one or a changed one, and open it."""
        self._saving = profile
        kept = errands.keep(self.workplace, profile, (), replaces)
        self.bridge.ask(self, kept, self._take_company_kept, self._fail_company)

    def _fail_company(self, problem: Problem) -> None:
        self.company_failed.emit(problem)
        # A renaming lets go of the company first; where it came to nothing the company is taken up again.
        before = self.view.profile
        if before is not None and self._saving is not None and self._saving.name != before.name:
            self.open(before.name)

    def _take_company_kept(self, kept: Kept) -> None:
        if kept.faults or self._saving is None:
            self.company_refused.emit(kept.faults)
            return
        self.company_saved.emit()
        self.open(self._saving.name)

    def delete(self, name: str) -> None:
        """Delete a company with its secrets and its folder."""
        self._conductor = None
        self._change(profile=None, held=False, run=None, interrupted=False, not_ready=None)
        self._ask(self._delete(name), self._take_names)

    async def _delete(self, name: str) -> tuple[list[str], str]:
        await self.workplace.release(name)
        await self.workplace.delete(name)
        return await errands.names(self.workplace, "")

    def save(self, profile: Profile, secrets: Secrets) -> None:
        """Save what was typed in the window; then `saved`, or `refused` with the faults."""
        self._wanted = None
        self._keep(profile, secrets)

    def _keep(self, profile: Profile, secrets: Secrets) -> None:
        self._saving = profile
        self._ask(errands.keep(self.workplace, profile, secrets), self._take_kept)

    def _take_kept(self, kept: Kept) -> None:
        if kept.faults:
            self._wanted = None
            self.refused.emit(kept.faults)
            return
        self._change(profile=self._saving, secrets=kept.secrets, trouble=kept.trouble)
        self.saved.emit()

    # ---------------------------------------------------------------- testing and reading

    def test(self, site: Site) -> None:
        """Sign in once and say who we are there."""
        profile = self.view.profile
        if profile is not None and not self.view.busy:
            self._change(testing=site)
            self._ask(self._test(profile.name, site), self._take_tested)

    async def _test(self, name: str, site: Site) -> tuple[Tested, dict[Secret, SecretState]]:
        tested = await self.workplace.test(name, site)
        return tested, await errands.secret_states(self.workplace, name)

    def _take_tested(self, answer: tuple[Tested, dict[Secret, SecretState]]) -> None:
        tested, secrets = answer
        self._change(testing=None, secrets=secrets, tested={**self.view.tested, tested.site: tested})

    def read_secrets(self) -> None:
        """A test may have met a refused password: what is known of them is read anew."""
        if self.view.profile is not None:
            self._ask(errands.secret_states(self.workplace, self.view.profile.name), self._take_secrets)

    def _take_secrets(self, secrets: dict[Secret, SecretState]) -> None:
        self._change(secrets=secrets)

    def read_jobs(self) -> None:
        """Read the list of jobs now."""
        if self.view.profile is not None:
            self._ask(self.workplace.job_choices(self.view.profile.name, True), self._take_jobs)

    def _take_jobs(self, choices: list[JobChoice]) -> None:
        self._change(choices=tuple(choices))
        self.jobs_read.emit(choices)

    def begin_history_anew(self) -> None:
        """The person decided: the ledger that cannot be used is put aside, and the company opened again."""
        if self.view.profile is not None:
            self._ask(self.workplace.begin_history_anew(self.view.profile.name), self._begun_anew)

    def _begun_anew(self, _kept: str) -> None:
        self.drop_trouble()
        self.try_again()

    # ---------------------------------------------------------------- the view

    def drop_trouble(self) -> None:
        """The person has read it; what else there is to say comes then."""
        if self.view.trouble == self._unsaid:
            self._unsaid = None
        self._change(trouble=self._unsaid)

    def _change(self, **changes: Any) -> None:
        self.view = msgspec.structs.replace(self.view, **changes)
        self.changed.emit()

    def _ask(self, coroutine: Coroutine[Any, Any, T], done: Callable[[T], None]) -> None:
        self.bridge.ask(self, coroutine, done, self._fail)

    def _fail(self, problem: Problem) -> None:
        self._wanted = None
        self._change(ready=True, testing=None, trouble=problem)
        self.jobs_read.emit(list(self.view.choices))


def remembered(_answer: object) -> None:
    """Nothing waits for it."""
