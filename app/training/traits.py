"""How the training world behaves in a scenario: the traits that are no faults of the wire."""

from enum import StrEnum

import msgspec

from app.domain.filters import Filters
from app.domain.tabs import Tab
from app.training.news import News


class SyncTrait(StrEnum):
    """How a sync goes."""

    NORMAL = "normal"
    SLOW = "slow"
    BUSY = "busy"  # somebody else's is under way at first
    OFFLINE = "offline"  # accepted, never picked up; the page says so after a while
    FAILED = "failed"
    NO_PROOF = "no-proof"  # carried out, and the page never tells


class TabTrait(StrEnum):
    """How the refresh of a tab goes, where it does not go well."""

    FAILED = "failed"
    STALE = "stale"
    BUSY = "busy"  # somebody else's is under way at first


class ServerTrait(StrEnum):
    """How the Windows services of the Sage server stand."""

    NORMAL = "normal"
    HH2_STOPPED = "hh2-stopped"
    DATABASE_LATER = "database-later"  # started after hh2, which then has to be restarted
    DATABASE_STOPPED = "database-stopped"


class Traits(msgspec.Struct, frozen=True):
    """One world's behaviour. `hh2_result` is the verdict of hh2's sign-in (5 accepts) [C] hh2-wire.md, "Sign-in A";
    `level` is the account's access level on ERP Integrations [C] procore-wire.md. `filters` stand in hh2 at first.
    `mismatch`: what Procore holds is not what Sage holds, in every known way. `procore_refuses`: whoever signs in.
    `clock_ahead`: by how many seconds the sites' clocks are ahead of this computer's. `records_gone`: from the second
    sync on most of hh2's jobs and vendors are archived."""

    news: News = News.CHANGES
    sync: SyncTrait = SyncTrait.NORMAL
    tabs: dict[Tab, TabTrait] = {}
    failed_exports: dict[Tab, int] = {}
    hh2_result: int = 5
    level: str = "Admin"
    filters: Filters = Filters()
    mismatch: bool = False
    server: ServerTrait = ServerTrait.NORMAL
    procore_refuses: bool = False
    clock_ahead: int = 0
    records_gone: bool = False
