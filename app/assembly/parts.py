"""The parts of a run: its driver, the sources beside it, and how long it waits."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from app.assembly.company import Company
from app.assembly.pages import Pages
from app.assembly.practice import is_practice
from app.assembly.training_company import TrainingCompany
from app.domain.profile import DriverName, Profile, is_training
from app.engine.policy import Policy, for_pages, training_policy
from app.engine.ports import Driver, Sources
from app.storage.folders import Folders

if TYPE_CHECKING:
    from app.assembly.connect import Services


class Parts:
    """`person` and `presses` are the house's: how long a person is waited for, in seconds, and for a press by hand."""

    def __init__(
        self,
        folders: Folders,
        pages: Pages,
        training: TrainingCompany,
        *,
        person: float,
        presses: float | None,
    ) -> None:
        self._folders = folders
        self._pages = pages
        self._training = training
        self._person = person
        self._presses = person if presses is None else presses

    def policy(self, profile: Profile, driver: DriverName) -> Policy:
        """How long a run by this driver waits, and how often it looks."""
        person = self._presses if driver is DriverName.ASSISTED else self._person
        if is_training(profile):
            pace = self._training.pace if is_practice(profile.name) else profile.run.poll / 0.25
            policy = training_policy(pace, person)
            return policy if driver is DriverName.TRAINING else for_pages(policy)
        return Policy(poll=profile.run.poll, person=person)

    def drivers(self, company: Company, driver: DriverName | None = None) -> Callable[[], Driver]:
        """Makes the company's own driver, or another one. The rooms behind a driver are imported when one is made."""
        profile, name = company.profile, driver or company.profile.driver

        def make() -> Driver:
            if name is DriverName.TRAINING:
                from app.training.client import TrainingDriver

                return TrainingDriver(profile.hh2.address, profile.procore.web)
            from app.portals.driver import BrowserDriver

            assisted = name is DriverName.ASSISTED
            folder = self._folders.runtime
            # What was taught since the run's parts were made counts.
            walked = self._pages.allowed(msgspec.structs.replace(profile, labels=company.profile.labels))
            if self._training.trouble == "browser-absent" and is_practice(profile.name):
                return BrowserDriver(walked, folder=folder, browsers=tuple, assisted=assisted)
            return BrowserDriver(walked, headless=None, folder=folder, assisted=assisted)

        return make

    def sources(
        self, company: Company, services: "Callable[[Company], Services]"
    ) -> Callable[[], Awaitable[Sources]]:
        """Opens the documented web services that stand beside a run."""

        async def make() -> Sources:
            from app.assembly.sources import open_sources

            tokens = services(company).tokens()
            return await open_sources(company.profile, company.secrets, company.folder, tokens)

        return make
