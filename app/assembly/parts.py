"""The parts of a run: its driver, the sources beside it, and how long it waits."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from app.assembly.company import Company
from app.assembly.machine_policy import MachinePolicy
from app.assembly.practice import is_practice
from app.assembly.training_company import TrainingCompany
from app.domain.profile import DriverName, Profile, is_training
from app.engine.patience import Patience, for_pages, training_patience
from app.engine.ports import Driver, Sources
from app.storage.folders import Folders

if TYPE_CHECKING:
    from app.assembly.connect import Services


class Parts:
    """`person` and `presses` are the house's: how long a person is waited for, in seconds, and for a press by hand."""

    def __init__(
        self,
        folders: Folders,
        policy: MachinePolicy,
        training: TrainingCompany,
        *,
        person: float,
        presses: float | None,
    ) -> None:
        self._folders = folders
        self._policy = policy
        self._training = training
        self._person = person
        self._presses = person if presses is None else presses

    def patience(self, profile: Profile, driver: DriverName) -> Patience:
        """How long a run by this driver waits, and how often it looks."""
        person = self._presses if driver is DriverName.ASSISTED else self._person
        if is_training(profile):
            pace = self._training.pace if is_practice(profile.name) else profile.run.poll / 0.25
            patience = training_patience(pace, person)
            return patience if driver is DriverName.TRAINING else for_pages(patience)
        return Patience(poll=profile.run.poll, person=person)

    def drivers(self, company: Company, driver: DriverName | None = None) -> Callable[[], Driver]:
        """Makes the company's own driver, or another one. The rooms behind a driver are imported when one is made."""
        profile, name = company.profile, driver or company.profile.driver

        def make() -> Driver:
            if name is DriverName.TRAINING:
                from app.training.client import TrainingDriver

                return TrainingDriver(profile.hh2.address, profile.procore.web)
            from app.assembly.outlines import KeptOutlines
            from app.assembly.places import KeptPlaces
            from app.assembly.sign_in_state import KeptSignIns
            from app.portals.driver import BrowserDriver

            assisted = name is DriverName.ASSISTED
            folder = self._folders.runtime
            # What was taught since the run's parts were made counts.
            walked = self._policy.allowed(msgspec.structs.replace(profile, labels=company.profile.labels))
            kept = KeptSignIns(lambda: company.profile, company.secrets)
            absent = self._training.trouble == "browser-absent" and is_practice(profile.name)
            return BrowserDriver(
                walked,
                folder=folder,
                browsers=tuple if absent else self._policy.browsers,
                assisted=assisted,
                sign_ins=kept,
                outlines=KeptOutlines(company.folder).keep,
                places=KeptPlaces(company).keep,
            )

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
