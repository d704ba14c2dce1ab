"""A company of the tests: a training company in a process of its own, and a profile made for it by hand."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from app.assembly.house import House
from app.domain.events import Record
from app.domain.problems import Trouble
from app.domain.profile import DriverName, Hh2Settings, ProcoreSettings, Profile, RunSettings, Secret
from app.domain.run import RunState
from app.engine.faces import Conductor, Message, Wanted
from app.training.served import Served

NAME = "Acme"


@dataclass
class Told:
    """What a listener was told, in order."""

    records: list[Record] = field(default_factory=list)
    states: list[RunState] = field(default_factory=list)
    react: Callable[[Record, RunState], None] | None = None

    def __call__(self, record: Record, state: RunState) -> None:
        self.records.append(record)
        self.states.append(state)
        if self.react is not None:
            self.react(record, state)

    @property
    def names(self) -> list[str]:
        """The types of the events, in order."""
        return [type(record.event).__name__ for record in self.records]


def profile_for(served: Served, driver: DriverName = DriverName.TRAINING, **run: Any) -> Profile:
    """The profile a person would write for this start of the training company."""
    hh2, procore = served.hh2, served.procore
    return Profile(
        NAME,
        driver,
        Hh2Settings(hh2.site, hh2.address, hh2.user, services=True),
        ProcoreSettings(
            procore.company_id,
            procore.company_name,
            procore.user,
            procore.address,
            procore.address,
            procore.address,
            procore.client_id,
            service_account=True,
        ),
        RunSettings(**{"job_pause": 0.0, "poll": 0.02, **run}),
    )


def secrets_of(served: Served) -> dict[Secret, str]:
    """The made-up secrets of this start."""
    return {
        Secret.HH2_PASSWORD: served.hh2.password,
        Secret.HH2_API_KEY: served.hh2.api_key,
        Secret.HH2_API_SECRET: served.hh2.api_secret,
        Secret.PROCORE_PASSWORD: served.procore.password,
        Secret.PROCORE_CLIENT_SECRET: served.procore.client_secret,
    }


async def set_up(
    house: House, served: Served, *, remember: bool = False, without: Collection[Secret] = (), **run: Any
) -> None:
    """Make the profile and give it its secrets, but for those that it is `without`."""
    assert await house.save(profile_for(served, **run)) == []
    for secret, text in secrets_of(served).items():
        if secret not in without:
            await _keep(house, secret, text, remember)


async def _keep(house: House, secret: Secret, text: str, remember: bool, tries: int = 3) -> None:
    """Once more where the keyring's process dies meanwhile: it may, of a client that an earlier test killed."""
    for left in reversed(range(tries)):
        try:
            await house.keep_secret(NAME, secret, text, remember)
            return
        except Trouble as met:
            if not left:
                raise AssertionError(f"the tests' keyring: {met.problem.facts}") from met


async def carry_out(
    house: House, wanted: Wanted, told: Told | None = None, driver: DriverName | None = None
) -> tuple[RunState, Told]:
    """One run of the profile, to its end."""
    told = told or Told()
    conductor = await house.conductor(NAME, told, driver)
    return await conductor.run(wanted), told


async def goes_on(
    house: House,
    run_id: str,
    message: Message | None = None,
    told: Told | None = None,
    driver: DriverName | None = None,
) -> tuple[RunState, Told]:
    """A run of the profile goes on."""
    told = told or Told()
    conductor: Conductor = await house.conductor(NAME, told, driver)
    return await conductor.go_on(run_id, message), told
