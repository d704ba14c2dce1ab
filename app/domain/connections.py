"""What a test of a company's web services found, in values: who we are there, what we may, and what is missing."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome, Site
from app.domain.problem_kinds import KINDS
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab


class Standing(StrEnum):
    """How a connection stands."""

    OFF = "off"  # the company does not use it
    GOOD = "good"
    MISSING = "missing"  # it answers, and something is missing
    NOT_REACHED = "not-reached"
    PERSON = "person"  # somebody has to sign in, or to give a secret


class Way(StrEnum):
    """How we sign in."""

    SERVICE_ACCOUNT = "service-account"  # Procore: the company's app, for itself
    PERSON = "person"  # Procore: the company's app, in a person's name
    API_KEY = "api-key"  # hh2: with the company's API key
    PASSWORD = "password"  # hh2: user name and password alone


class Lack(StrEnum):
    """What is missing."""

    CLIENT_ID = "client-id"
    CLIENT_SECRET = "client-secret"
    SIGN_IN = "sign-in"  # nobody has signed in to Procore for this program yet
    COMPANY_NUMBER = "company-number"
    COMPANY = "company"  # this account does not see the company of the profile
    TOOL = "tool"  # the ERP Integrations tool is not among this account's tools
    LEVEL = "level"  # its level does not suffice for every tab
    ADDRESS = "address"  # Procore says that the company's pages lie elsewhere than the profile does
    PERMISSIONS = "permissions"  # Procore does not tell this account its rights: 403
    HH2_SITE = "hh2-site"
    HH2_USER = "hh2-user"
    HH2_PASSWORD = "hh2-password"
    API_SECRET = "api-secret"  # of key and secret there is one alone
    LISTS = "lists"  # some of hh2's lists may not be read


class Right(StrEnum):
    """What an account may do with a tab."""

    MAY = "may"
    MAY_NOT = "may-not"
    UNKNOWN = "unknown"


class Connection(msgspec.Struct, frozen=True):
    """One site's web services. `company` is the name the site has for it; `level` the account's access level on ERP
    Integrations, as Procore names it; `lists` what hh2 let be read, by name. `kept`: something can be disconnected.
    `pages`: where Procore says that the company's pages lie, if that is not where the profile has them."""

    site: Site
    standing: Standing
    way: Way | None = None
    kept: bool = False
    who: str = ""
    company: str = ""
    number: int = 0
    others: tuple[tuple[int, str], ...] = ()
    level: str = ""
    pages: str = ""
    rights: dict[Tab, Right] = {}
    lists: dict[str, bool] = {}
    lacks: tuple[Lack, ...] = ()
    problem: Problem | None = None


class Disconnected(msgspec.Struct, frozen=True):
    """What came of disconnecting: `had` is False where nothing was kept, `confirmed` False where Procore did not say
    that the grant is revoked."""

    had: bool
    confirmed: bool


# A person gives these; all others are settings and rights.
_GIVEN = frozenset({Lack.CLIENT_SECRET, Lack.SIGN_IN, Lack.HH2_PASSWORD, Lack.API_SECRET})


def standing(lacks: Sequence[Lack], problem: Problem | None) -> Standing:
    """How a connection stands that the company uses."""
    if problem is not None and problem.id is not ProblemId.PRO_PERM:
        return Standing.PERSON if KINDS[problem.id].person else Standing.NOT_REACHED
    if any(lack in _GIVEN for lack in lacks):
        return Standing.PERSON
    return Standing.MISSING if lacks or problem is not None else Standing.GOOD


def exit_code(connections: Sequence[Connection]) -> int:
    """0 all good, 10 something is missing (or nothing is set up), 20 not reached, 30 a person is needed."""
    found = {one.standing for one in connections}
    if Standing.PERSON in found:
        return EXIT_CODES[RunOutcome.PERSON]
    if Standing.NOT_REACHED in found:
        return EXIT_CODES[RunOutcome.FAILED]
    if Standing.MISSING in found or found <= {Standing.OFF}:
        return EXIT_CODES[RunOutcome.LOOK]
    return EXIT_CODES[RunOutcome.OK]
