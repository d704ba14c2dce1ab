"""What the training sites say on their pages and in their answers, in their own words."""

import datetime as dt
from collections.abc import Callable

from app.domain.looks import Phase
from app.training.operations import Refresh, Sync

ABOUT_DEPTH = (
    "Shallow Sync reads active records and costs by their posting date. "
    "Deep Sync also reads inactive records and costs by the day they were entered; it takes longer."
)
NO_PROOF = "Last sync: completed"
SYNC_BUSY = "A sync is already running."
TAB_BUSY = "This list is already being refreshed."
NO_RIGHT = "You do not have permission to refresh this tab."
NEVER = "Never refreshed"
EXPORT_FAILURE = "Vendor ID V0007 is already used by another vendor in Sage 300 CRE."
FAILURES = (
    "Job Cost: the file of transactions is in use by another task (exclusive use).",
    "Accounts Payable: the list of vendors could not be opened.",
)

_SYNC = {
    Phase.QUEUED: "Sync {number} was requested by {who}; waiting for the sync client on the Sage server.",
    Phase.RUNNING: "Sync {number} is running: {percent} %.",
    Phase.DONE: "Sync {number} completed on {at}. {records} records were new or changed.",
    Phase.FAILED: "Sync {number} failed on {at}. {failures} failures.",
    Phase.OFFLINE: "Sync {number} is waiting: the sync client on the Sage server is offline.",
}
_REFRESH = {
    Phase.QUEUED: "Request {number} will begin shortly.",
    Phase.RUNNING: "Request {number} is in progress.",
    Phase.DONE: "Request {number}: success, {at}. {updated} updated, {staged} ready to import.",
    Phase.FAILED: "Request {number}: failed, {at}. The ERP connector did not answer.",
    Phase.STALE: "Request {number}: stale.",
}


def stamp(at: dt.datetime) -> str:
    """A moment as the sites print it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def sync_text(sync: Sync, phase: Phase, now: float, at: Callable[[float], dt.datetime]) -> str:
    """What hh2's page says of a sync."""
    ended = sync.ends if sync.ends is not None and phase in (Phase.DONE, Phase.FAILED) else now
    return _SYNC[phase].format(
        number=sync.number,
        who=sync.who,
        percent=int(100 * (sync.progress(now) or 0)),
        at=stamp(at(ended)),
        records=sync.records,
        failures=len(sync.failures),
    )


def refresh_text(refresh: Refresh, phase: Phase, at: Callable[[float], dt.datetime]) -> str:
    """What Procore's tab says of a refresh."""
    return _REFRESH[phase].format(
        number=refresh.number, at=stamp(at(refresh.ends)), updated=refresh.updated, staged=refresh.staged
    )
