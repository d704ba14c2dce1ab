"""The profile of a training company that is being served: made-up addresses and names, kept in memory only."""

from app.domain.profile import (
    DriverName,
    Hh2Settings,
    ProcoreSettings,
    Profile,
    RunSettings,
    Secret,
    name_key,
)
from app.training.served import Served

PRACTICE_NAME = "Training company"


def practice_profile(served: Served, driver: DriverName) -> Profile:
    """The profile of this start of the training company."""
    hh2, procore = served.hh2, served.procore
    return Profile(
        name=PRACTICE_NAME,
        driver=driver,
        hh2=Hh2Settings(hh2.site, hh2.address, hh2.user, services=True),
        procore=ProcoreSettings(
            company_id=procore.company_id,
            company_name=procore.company_name,
            user=procore.user,
            login=procore.address,
            api=procore.address,
            web=procore.address,
            client_id=procore.client_id,
            service_account=True,
        ),
        run=RunSettings(go_on=True, job_pause=0.0, poll=0.25),
    )


def practice_secrets(served: Served) -> dict[Secret, str]:
    """The made-up secrets of this start."""
    return {
        Secret.HH2_PASSWORD: served.hh2.password,
        Secret.HH2_API_KEY: served.hh2.api_key,
        Secret.HH2_API_SECRET: served.hh2.api_secret,
        Secret.PROCORE_PASSWORD: served.procore.password,
        Secret.PROCORE_CLIENT_SECRET: served.procore.client_secret,
    }


def is_practice(name: str) -> bool:
    """True for the name that only the training company may have."""
    return name_key(name) == name_key(PRACTICE_NAME)
