"""What a look at a portal shows, and what may be concluded from it: nothing without a baseline.

A driver turns a page (or the training company's answer) into a `SyncLook` or a `TabLook`; it does not judge.
The judgement is `judge_sync` and `judge_tab`, pure functions over the look before our press, the look now,
and what we know of our press. Unknown is never success."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.filters import Filters
from app.domain.tabs import TABS, Lands, Tab


class Phase(StrEnum):
    """What a page says of the latest sync or refresh it knows of."""

    NONE = "none"  # nothing has run that the page would tell of
    QUEUED = "queued"  # accepted, not begun ("Will Begin Syncing", the client has not picked it up)
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    OFFLINE = "offline"  # hh2 says in so many words that the sync client cannot be reached
    STALE = "stale"  # Procore's word for "no end was reported": unknown, never success
    UNKNOWN = "unknown"  # the page shows something that no table recognises


ENDED = frozenset({Phase.DONE, Phase.FAILED, Phase.STALE, Phase.OFFLINE})
UNDER_WAY = frozenset({Phase.QUEUED, Phase.RUNNING})


class SyncLook(msgspec.Struct, frozen=True):
    """hh2's Accounting Sync page, as it stands now.

    `mark` identifies the sync that `phase` speaks of (its number, its time stamp, or the text that stood there): an end
    counts as ours only when the mark is not the baseline's. `progress` is 0..1 where the page says one."""

    phase: Phase
    mark: str
    text: str
    progress: float | None = None
    failures: tuple[str, ...] = ()
    filters: Filters | None = None


class Waiting(msgspec.Struct, frozen=True):
    """Records that wait in a tab: staged for an approver, and failed exports. None where the
    page shows no count."""

    ready_to_import: int | None = None
    failed_to_export: int | None = None
    first_failure: str = ""


class Since(msgspec.Struct, frozen=True):
    """Since when (UTC) records stood in a tab's queues at every look that we took; None for an empty one. Whether they
    are the same records nobody can tell from a count."""

    ready_to_import: datetime | None = None
    failed_to_export: datetime | None = None


class TabLook(msgspec.Struct, frozen=True):
    """One tab of ERP Integrations (for Job Costs: one job of it), as it stands now. `mark` as in `SyncLook`.

    `can_press` is whether the tab's button stands there, enabled. `shows_end` is False where the page
    tells of no end at all, so that waiting longer teaches nothing. `visible` is False where an end is
    shown and nothing else changed."""

    phase: Phase
    mark: str
    text: str
    waiting: Waiting = Waiting()
    can_press: bool = True
    shows_end: bool = True
    visible: bool = True


class EvidenceKind(StrEnum):
    """Where a proof comes from."""

    PAGE = "page"  # what the site's page says after our press, against the baseline before it
    TRAINING = "training"  # the same, from the training company's own routes
    PERSON = "person"  # a person looked and said so
    SERVICE = "service"  # a documented web service; corroborates, proves nothing alone


class Evidence(msgspec.Struct, frozen=True):
    """What proved an end. `text` is what was read or said; `at` is UTC, ISO 8601; `before` is
    what stood there before."""

    kind: EvidenceKind
    text: str
    at: str
    before: str = ""


class StepOneOutcome(StrEnum):
    """How step 1 ended."""

    DONE = "done"
    FAILED = "failed"
    UNSURE = "unsure"
    CANCELLED = "cancelled"
    PERSON = "person"


class TabOutcome(StrEnum):
    """How a tab ended. What is a success, and what is worth a retry, is said in the sets below: name it there alone."""

    DONE = "done"
    STAGED = "staged"
    NOTHING_VISIBLE = "nothing-visible"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


# Unknown is not success: an outcome that is in none of these sets needs a person's look.
COMPLETE = frozenset({TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE})
SUCCESSES = COMPLETE | {TabOutcome.STAGED}
RETRYABLE = frozenset({TabOutcome.FAILED, TabOutcome.UNKNOWN})


class Unknown(StrEnum):
    """Why an outcome is unknown."""

    QUEUED = "queued"
    STALE = "stale"
    LOST_ANSWER = "lost-answer"
    SILENT = "silent"


class Verdict(msgspec.Struct, frozen=True):
    """What a look allows us to conclude: `ended` False means keep looking."""

    ended: bool
    phase: Phase
    text: str = ""


def judge_sync(before: SyncLook, now: SyncLook) -> Verdict:
    """Has the sync we pressed for ended? Only a mark that was not there before our press can say so."""
    if now.phase not in ENDED or now.mark == before.mark:
        return Verdict(False, now.phase, now.text)
    return Verdict(True, now.phase, now.text)


def judge_theirs(now: SyncLook) -> Verdict:
    """Has the sync that was under way before our press ended? The baseline was under way, so any end is news."""
    return Verdict(now.phase in ENDED, now.phase, now.text)


def began(before: SyncLook | TabLook, now: SyncLook | TabLook) -> bool:
    """Does the page show that something started after the baseline? The look-up of a press
    whose answer was lost."""
    return now.mark != before.mark and now.phase in ENDED | UNDER_WAY


class TabVerdict(msgspec.Struct, frozen=True):
    """What a look at a tab allows us to conclude: `outcome` None means keep looking."""

    outcome: TabOutcome | None
    why: Unknown | None = None


def judge_tab(tab: Tab, before: TabLook, now: TabLook) -> TabVerdict:
    """Has the refresh we pressed for ended, and how? An end that stood there before is not ours."""
    if now.mark == before.mark or now.phase not in ENDED:
        if now.mark != before.mark and now.phase in UNDER_WAY and not now.shows_end:
            return TabVerdict(TabOutcome.UNKNOWN, Unknown.QUEUED)
        return TabVerdict(None)
    if now.phase is Phase.FAILED:
        return TabVerdict(TabOutcome.FAILED)
    if now.phase is not Phase.DONE:
        return TabVerdict(TabOutcome.UNKNOWN, Unknown.STALE)
    # Whether what waits came with this refresh or earlier does not matter to the person: it is
    # not in Procore yet.
    if TABS[tab].lands is Lands.STAGED and (now.waiting.ready_to_import or 0) > 0:
        return TabVerdict(TabOutcome.STAGED)
    if not now.visible:
        return TabVerdict(TabOutcome.NOTHING_VISIBLE)
    return TabVerdict(TabOutcome.DONE)
