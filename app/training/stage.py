"""What the handlers of both training sites share: the world, who may sign in, sessions, faults, the log."""

import datetime as dt
import hmac
import secrets
from typing import cast

import msgspec
from starlette.requests import Request

from app.training.company import Company, found
from app.training.faults import Armed
from app.training.grants import Grants
from app.training.limits import Limits
from app.training.pages.skins import PLAIN, Skin, skin
from app.training.scenarios import scenario
from app.training.sessions import Sessions
from app.training.troubles import page_trouble
from app.training.world import World

WRONG_TRIES = (
    5  # hh2 locks accounts after wrong passwords; how many is not known [?]: the training company's own
)


class Papers(msgspec.Struct, frozen=True):
    """The made-up credentials of one start of the training company. Never logged, never kept."""

    hh2_site: str
    hh2_user: str
    hh2_password: str
    api_key: str
    api_secret: str
    procore_user: str
    procore_password: str
    client_id: str
    client_secret: str
    company_id: int
    admin_token: str


def make_papers() -> Papers:
    """Credentials that were never used before."""
    token = secrets.token_urlsafe
    return Papers(
        "training",
        "controller@training.example",
        token(12),
        token(12),
        token(18),
        "controller@training.example",
        token(12),
        token(18),
        token(24),
        562_949_953_000_001,
        token(24),
    )


class Seen(msgspec.Struct, frozen=True):
    """One request as a server saw it; no body, no header, and of the query only what names records and pages.

    `carried` names the secrets that stood anywhere in it."""

    seq: int
    at: dt.datetime
    site: str
    method: str
    path: str
    call: str
    status: int | None
    fault: str | None
    carried: tuple[str, ...] = ()


class Stage:
    """The stage on which a scenario is played. `play` clears it for another."""

    def __init__(
        self,
        scenario_name: str = "ok",
        *,
        variant: str = "",
        seed: int = 1,
        pace: float = 1.0,
        size: str = "small",
        skin: str = PLAIN,
        language: str = "en",
        trouble: str = "",
        hour: float = 3600.0,
    ) -> None:
        self.papers = make_papers()
        self.seed, self.size, self.pace = seed, size, pace
        self.dress(skin, language)
        self.hh2_sessions = Sessions(".ASPXAUTH")
        self.procore_sessions = Sessions("_training_procore")
        self.pending = Sessions("_training_pending")  # the password was right, and more is asked
        self.tickets: set[str] = set()  # from the company's own sign-in, each good once
        self.addresses: dict[str, str] = {}  # of each site, once they are served
        self.grants = Grants(self.papers.client_id, self.papers.client_secret)
        self.limits = Limits(length=hour)
        self.requests: list[Seen] = []
        self._company: Company | None = None
        self.play(scenario_name, variant, trouble)

    def play(self, scenario_name: str, variant: str = "", trouble: str = "") -> None:
        """Begin a scenario: a fresh world, nobody signed in, an empty log. Raises NoSuchScenario, NoSuchTrouble."""
        story = scenario(scenario_name, variant)
        self.trouble = page_trouble(trouble)
        if self.trouble.traits is not None:
            story = msgspec.structs.replace(story, traits=self.trouble.traits)
        now = dt.datetime.now(dt.UTC)
        if self._company is None or self._company.today != now.date():
            self._company = found(self.seed, self.size, now.date())
        self.world = World(story, seed=self.seed, pace=self.pace, now=now, company=self._company)
        # Refreshes whose end was told in passing, or before this began: a toast tells each once.
        self.toasted = {one.number for one in self.world.refreshes}
        self.armed = Armed((*story.faults, *self.trouble.faults))
        self.hh2_sessions.clear()
        self.procore_sessions.clear()
        self.pending.clear()
        self.tickets.clear()
        self.one_time_code = f"{secrets.randbelow(1_000_000):06}"
        self.grants.clear()
        self.limits.clear()
        self.requests.clear()
        self._wrong_tries = 0

    def dress(self, name: str, language: str) -> None:
        """From now on the pages are made this way. Raises NoSuchSkin."""
        self.skin: Skin = skin(name, language)

    def sessions(self, site: str) -> Sessions:
        """Who is signed in to a site."""
        return self.hh2_sessions if site == "hh2" else self.procore_sessions

    def secrets(self) -> dict[str, str]:
        """Every secret that somebody may send now: those of this start, and the tokens that are granted."""
        papers = self.papers
        return {
            "hh2-password": papers.hh2_password,
            "hh2-api-key": papers.api_key,
            "hh2-api-secret": papers.api_secret,
            "procore-password": papers.procore_password,
            "procore-client-secret": papers.client_secret,
            **self.grants.tokens(),
        }

    def reseed(self, seed: int) -> None:
        """The next scenario is played in the company of another seed."""
        self.seed = seed
        self._company = None

    def set_pace(self, pace: float) -> None:
        """What begins from now on takes `pace` times its usual time."""
        self.pace = self.world.pace = pace

    def hh2_verdict(self, user: str, password: str, api: tuple[str, str] | None = None) -> int:
        """The `Result` of a sign-in to hh2. [C] hh2-wire.md, "Sign-in A"

        1 user or password refused, 2 API client refused, 3 user locked, 4 API client locked, 5 validated. `api` is key
        and secret where the sign-in has them."""
        told = self.world.story.traits.hh2_result
        papers = self.papers
        if told != 5:
            return told
        if api is not None and not (same(api[0], papers.api_key) and same(api[1], papers.api_secret)):
            return 2
        if self._wrong_tries >= WRONG_TRIES:
            return 3
        if not (same(user.casefold(), papers.hh2_user) and same(password, papers.hh2_password)):
            self._wrong_tries += 1
            return 1
        self._wrong_tries = 0
        return 5

    def procore_accepts(self, user: str, password: str) -> bool:
        """Whether Procore signs this person in."""
        papers = self.papers
        if self.world.story.traits.procore_refuses:
            return False
        return same(user.casefold(), papers.procore_user) and same(password, papers.procore_password)


def same(one: str, other: str) -> bool:
    """Equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def stage_of(request: Request) -> Stage:
    """The stage behind a request."""
    return cast(Stage, request.app.state.stage)
