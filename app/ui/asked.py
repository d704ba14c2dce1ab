"""What a person typed and chose in the window, as values on their way to the engine."""

import msgspec

from app.domain.addresses import hh2_site
from app.domain.filters import Filters
from app.domain.profile import FieldFault, Hh2Settings, ProcoreSettings, Profile, company_number
from app.domain.tabs import Tab


class TypedSignIn(msgspec.Struct, frozen=True):
    """One site's sign-in as typed. `place` is the hh2 site, or the company's number in Procore."""

    place: str
    user: str
    password: str
    remember: bool

    def __repr__(self) -> str:
        """Without the password: a value may end up in a log."""
        return f"TypedSignIn({self.place!r}, {self.user!r})"


class AskedOfStepOne(msgspec.Struct, frozen=True):
    """The choices of step 1. `jobs` None leaves the choice to the program."""

    filters: Filters
    go_on: bool
    tabs: tuple[Tab, ...]
    jobs: tuple[str, ...] | None = None


def with_sign_ins(profile: Profile, hh2: TypedSignIn, procore: TypedSignIn) -> Profile | FieldFault:
    """The profile with what was typed, the hh2 site made exact; or the fault of a number that is none."""
    typed = procore.place.strip()
    try:
        number = company_number(typed) if typed else 0
    except ValueError:
        return FieldFault("procore.company_id", typed, "company-id")
    try:
        site = hh2_site(hh2.place) if hh2.place else ""
    except ValueError:
        return FieldFault("hh2.site", hh2.place, "hh2-site")
    settings: Hh2Settings = msgspec.structs.replace(profile.hh2, site=site, user=hh2.user)
    company: ProcoreSettings = msgspec.structs.replace(profile.procore, company_id=number, user=procore.user)
    return msgspec.structs.replace(profile, hh2=settings, procore=company)


def with_choices(profile: Profile, asked: AskedOfStepOne) -> Profile:
    """The profile with the choices of this time, so that they stand there the next time."""
    run = msgspec.structs.replace(
        profile.run,
        date_range=asked.filters.date_range,
        depth=asked.filters.depth,
        tabs=asked.tabs,
        go_on=asked.go_on,
        jobs=asked.jobs if asked.jobs is not None else profile.run.jobs,
    )
    return msgspec.structs.replace(profile, run=run)
