"""A company's documented web services: tested, and allowed or revoked by a person."""

from typing import TYPE_CHECKING

from app.assembly.companies import Companies
from app.assembly.machine_policy import MachinePolicy
from app.domain.connections import Connection, Disconnected
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import SecretState
from app.storage.folders import Folders

if TYPE_CHECKING:
    from app.portals.browser import DrivenBrowser

TEN_MINUTES = 600.0  # a code lives no longer [C] procore-wire.md


class WebServices:
    """Fulfils that part of `engine.faces.Workplace`; `person` says how long a person is waited for, in seconds."""

    def __init__(self, folders: Folders, companies: Companies, policy: MachinePolicy, person: float) -> None:
        self._folders = folders
        self._companies = companies
        self._policy = policy
        self._person = person
        self.asking: DrivenBrowser | None = None  # the browser in which a person is asked now

    async def connections(self, name: str) -> list[Connection]:
        """The documented web services of a company, tested now: Procore's, then hh2's."""
        services = self._companies.services(await self._companies.use(name))
        return [await services.procore(), await services.hh2()]

    async def ask_for_code(self, name: str) -> str:
        """The address where a person allows this program and is shown a code to copy."""
        return (
            await self._companies.services(await self._companies.use(name)).begin(out_of_band=True)
        ).address

    async def give_code(self, name: str, text: str) -> SecretState:
        """The code that the person copied."""
        return await self._companies.services(await self._companies.use(name)).answer(text)

    async def sign_in_to_services(self, name: str) -> SecretState:
        """The person signs in to Procore in the driven browser and allows this program; the answer is read there."""
        from app.portals.authorize import allowed
        from app.portals.browser import DrivenBrowser
        from app.procore.authorize import is_redirect

        services = self._companies.services(await self._companies.use(name))
        attempt = await services.begin(out_of_band=False)
        browser = DrivenBrowser(self._folders.runtime, headless=None, browsers=self._policy.browsers)
        if browser.headless:
            raise Trouble(Problem(ProblemId.BROWSER, {"why": "no-display"}))
        self.asking = browser
        try:
            await browser.open()
            within = min(self._person or TEN_MINUTES, TEN_MINUTES)
            answer = await allowed(browser, attempt.address, is_redirect, within)
        finally:
            self.asking = None
            await browser.close()
        return await services.answer(answer)

    async def disconnect(self, name: str) -> Disconnected:
        """A person's grant is revoked at Procore and forgotten; of a service account its secret is forgotten."""
        return await self._companies.services(await self._companies.use(name)).disconnect()

    async def close(self) -> None:
        """Nobody is asked any more."""
        if self.asking is not None:
            await self.asking.close()
