"""A company's profile: every setting of one company, without secrets, and what is wrong with a setting."""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

import msgspec

from app.domain.addresses import hh2_site, is_loopback_origin, origin
from app.domain.brake import BRAKE, Brake
from app.domain.filters import DateRange, Depth
from app.domain.tabs import Tab
from app.domain.taught import BUTTON_LIKE, LONGEST_NAME, LONGEST_TEXT, TEXT, Taught


class DriverName(StrEnum):
    """The ways to a portal."""

    BROWSER = "browser"
    ASSISTED = "assisted"
    TRAINING = "training"


class Secret(StrEnum):
    """The secrets a profile may have. Each is kept in the keyring under its own name, bound to one origin."""

    HH2_PASSWORD = "hh2-password"
    HH2_API_KEY = "hh2-api-key"
    HH2_API_SECRET = "hh2-api-secret"
    PROCORE_PASSWORD = "procore-password"
    PROCORE_CLIENT_SECRET = "procore-client-secret"
    PROCORE_TOKENS = "procore-tokens"
    HH2_SIGN_IN = "hh2-sign-in"
    PROCORE_SIGN_IN = "procore-sign-in"
    LEDGER_KEY = "ledger-key"


class SecretState(StrEnum):
    """What is known of a secret, without reading it to anyone."""

    MISSING = "missing"
    KEPT = "kept"
    THIS_RUN = "this-run"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


class Hh2Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """hh2. `base` empty means `https://{site}.hh2.com`. `services` switches the documented web services on."""

    site: str = ""
    base: str = ""
    user: str = ""
    services: bool = False

    @property
    def address(self) -> str:
        """The origin that hh2's pages and services are reached at; "" while no site is set."""
        if self.base:
            return origin(self.base)
        return f"https://{self.site}.hh2.com" if self.site else ""


class ProcoreSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Procore. The addresses are those of production [C]; `client_id` empty means that OAuth is not set up."""

    company_id: int = 0
    company_name: str = ""
    user: str = ""
    login: str = "https://login.procore.com"
    api: str = "https://api.procore.com"
    web: str = "https://app.procore.com"
    client_id: str = ""
    service_account: bool = False


class RunSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run starts from, and how patient it is (seconds, minutes). `keep_sign_in`: the browser's sign-ins are
    secrets of the company, and the next run goes on with them."""

    date_range: DateRange = DateRange.PAST_WEEK
    depth: Depth = Depth.SHALLOW
    tabs: tuple[Tab, ...] = tuple(Tab)
    jobs: tuple[str, ...] = ()
    go_on: bool = False
    proof_minutes: int = 60
    job_pause: float = 15.0
    poll: float = 1.0
    keep_sign_in: bool = False


class MatchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a comparison's records and reports are kept (days; 0: for ever), and what the safety brake stops at:
    see `Brake`."""

    keep_days: int = 400
    brake_percent: int = BRAKE.share
    brake_records: int = BRAKE.least
    brake_small: int = BRAKE.small

    @property
    def brake(self) -> Brake:
        """The brake of this company."""
        return Brake(self.brake_percent, self.brake_records, self.brake_small)


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One company. `name` is also the name of its file and folder. `labels` are those that a person taught."""

    name: str
    driver: DriverName = DriverName.BROWSER
    hh2: Hh2Settings = Hh2Settings()
    procore: ProcoreSettings = ProcoreSettings()
    run: RunSettings = RunSettings()
    match: MatchSettings = MatchSettings()
    version: int = 1
    labels: tuple[Taught, ...] = ()


PROFILE_VERSION = 1
LARGEST_NUMBER = 2**63 - 1  # of a company in Procore: what 64 bits hold
_NAME = re.compile(r"[\w][\w .&'()-]{0,59}(?<![ .])")
_ACTION = re.compile(r"[a-z]+(-[a-z]+)*")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class FieldFault(msgspec.Struct, frozen=True):
    """One setting that cannot be used: its path ("hh2.site"), what stands there, and the id
    of what was expected."""

    path: str
    value: str
    expected: str


def composed(name: str) -> str:
    """A company's name with its accents composed, as it is kept."""
    return unicodedata.normalize("NFC", name)


def name_key(name: str) -> str:
    """What two spellings of one company's name have in common: "acme" and "ACME" are one company, and an accent may be
    composed or not."""
    return composed(composed(name.strip()).casefold())


def company_number(text: str) -> int:
    """The number of a company in Procore as a person typed it; raises ValueError where it is none."""
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_NUMBER:
        raise ValueError("company-id")
    return int(text)


def procore_company(pasted: str) -> int:
    """The number of a company from the address of one of its pages in Procore, or typed by itself; raises ValueError
    where there is none. It stands after "companies", or is the first part of the path that is a number. [I]"""
    text = pasted.strip()
    if "/" not in text:
        return company_number(text)
    parts = re.split(r"[/?#]", text.partition("://")[2] or text)[1:]
    numbers = [part for part in parts if part.isdecimal() and len(part) > 2]
    after = [part for before, part in pairwise(parts) if before == "companies" and part.isdecimal()]
    if not numbers and not after:
        raise ValueError("company-id")
    return company_number((after or numbers)[0])


def faults(profile: Profile) -> list[FieldFault]:
    """Every setting of the profile that cannot be used, in the order of the file. Empty fields
    are not faults here."""
    found: list[FieldFault] = []
    if not _NAME.fullmatch(profile.name) or _RESERVED.fullmatch(profile.name):
        found.append(FieldFault("name", profile.name, "profile-name"))
    if profile.hh2.site:
        try:
            hh2_site(profile.hh2.site)
        except ValueError:
            found.append(FieldFault("hh2.site", profile.hh2.site, "hh2-site"))
    addresses = {
        "hh2.base": profile.hh2.base,
        "procore.login": profile.procore.login,
        "procore.api": profile.procore.api,
        "procore.web": profile.procore.web,
    }
    for path, value in addresses.items():
        if not value and path == "hh2.base":
            continue
        try:
            origin(value)
        except ValueError:
            found.append(FieldFault(path, value, "address"))
    if not 0 <= profile.procore.company_id <= LARGEST_NUMBER:
        found.append(FieldFault("procore.company_id", str(profile.procore.company_id), "company-id"))
    if not 1 <= profile.run.proof_minutes <= 24 * 60:
        found.append(FieldFault("run.proof_minutes", str(profile.run.proof_minutes), "minutes-1-1440"))
    if not 0 <= profile.run.job_pause <= 600:
        found.append(FieldFault("run.job_pause", str(profile.run.job_pause), "seconds-0-600"))
    least = 0.02 if is_training(profile) else 1.0
    if not least <= profile.run.poll <= 60:
        found.append(FieldFault("run.poll", str(profile.run.poll), "seconds-1-60"))
    found += _match_faults(profile.match)
    for at, label in enumerate(profile.labels):
        if label.role not in ({TEXT} if label.is_end else BUTTON_LIKE):
            found.append(FieldFault(f"labels[{at}].role", label.role, "button-like-role"))
        if not label.name.strip() or len(label.name) > (LONGEST_TEXT if label.is_end else LONGEST_NAME):
            found.append(FieldFault(f"labels[{at}].name", label.name, "label-name"))
        if not _ACTION.fullmatch(label.action):
            found.append(FieldFault(f"labels[{at}].action", label.action, "label-action"))
    if profile.driver is DriverName.TRAINING and not is_training(profile):
        found.append(FieldFault("driver", profile.driver.value, "driver-real"))
    return found


def _match_faults(match: MatchSettings) -> list[FieldFault]:
    bounds = {
        "keep_days": (match.keep_days, 0, 3650, "days-0-3650"),
        # A brake that nothing could make stop is none.
        "brake_percent": (match.brake_percent, 1, 90, "percent-1-90"),
        "brake_records": (match.brake_records, 1, 1000, "records-1-1000"),
        "brake_small": (match.brake_small, 0, 10_000, "records-0-10000"),
    }
    return [
        FieldFault(f"match.{name}", str(value), expected)
        for name, (value, least, most, expected) in bounds.items()
        if not least <= value <= most
    ]


def is_training(profile: Profile) -> bool:
    """True when every address of the profile stays on this computer: the training company, shown as TRAINING."""
    procore = profile.procore
    try:
        addresses = (profile.hh2.address, procore.login, procore.api, procore.web)
        return all(is_loopback_origin(address) for address in addresses)
    except ValueError:
        return False
