"""How old the data are that stand in hh2 and in Procore: what runs proved, and what hh2's page shows beside it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from app.domain.filters import Filters
from app.domain.looks import SUCCESSES, Phase, StepOneOutcome, SyncLook, TabOutcome
from app.domain.run import RunState
from app.domain.tabs import Tab

_CLOCKS_DIFFER = timedelta(minutes=2)  # a site's clock and ours; a page may leave out the seconds
_LONG_AGO = timedelta(days=400)


class Refreshed(msgspec.Struct, frozen=True):
    """When a tab's own refresh last ended as a success, and how."""

    at: datetime
    outcome: TabOutcome


class Freshness(msgspec.Struct, frozen=True):
    """What this program's own runs know. `sage`: when step 1 last ended proven, with which filters, and the words that
    hh2 showed then; None where no run proved one. A tab that no run refreshed is not among `tabs`.

    hh2 has no sync of one entity alone: `sage` holds for all of them."""

    sage: datetime | None = None
    filters: Filters | None = None
    shown: str = ""
    tabs: dict[Tab, Refreshed] = {}

    def with_run(self, run: RunState) -> "Freshness":
        """With what one more run knows, where that is newer."""
        known = self
        step = run.step_one
        ours = step.outcome is StepOneOutcome.DONE and not step.theirs
        if ours and step.finished_at is not None and (known.sage is None or step.finished_at > known.sage):
            filters = step.filters_now or run.plan.filters
            shown = step.evidence.text if step.evidence is not None else ""
            known = msgspec.structs.replace(known, sage=step.finished_at, filters=filters, shown=shown)
        for tab, state in run.tabs.items():
            ended, outcome = state.refresh.finished_at, state.outcome
            if ended is None or outcome not in SUCCESSES:
                continue
            before = known.tabs.get(tab)
            if before is None or ended > before.at:
                known = msgspec.structs.replace(known, tabs={**known.tabs, tab: Refreshed(ended, outcome)})
        return known


class Shown(msgspec.Struct, frozen=True):
    """What hh2's page showed at a look without a press. `ended` is the one moment that it names, if it names one.

    `by_itself`: an end that is later than any that this program's runs saw: hh2 synced by itself, or somebody else had
    it sync. With which filters nobody knows, so it proves nothing: a person looks, and says so."""

    text: str
    at: datetime
    ended: datetime | None = None
    by_itself: bool = False


def shown(look: SyncLook, known: Freshness, at: datetime, zone: tzinfo | None = None) -> Shown | None:
    """What a look at `at` says beside what is known; None where it shows nothing of an end that went well.

    `zone` is that of a page which names none; None: this computer's own."""
    if look.phase is not Phase.DONE or not look.text or look.failures:
        return None
    ended = moment(look.text, at, zone)
    if look.text == known.shown or ended is None:
        return Shown(look.text, at, ended)
    later = known.sage is None or ended > known.sage + _CLOCKS_DIFFER
    return Shown(look.text, at, ended, by_itself=later)


def moment(text: str, at: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The one moment of the past that a text names, in UTC; None for none, for several, or where it could be two.

    How hh2 writes a moment is not public [?]: what is read here are the usual ways, and what could be a day or a month
    counts only where one of both is a day that has been."""
    latest = at + _CLOCKS_DIFFER
    found = {one for one in _moments(text, at, zone) if at - _LONG_AGO < one <= latest}
    return min(found.pop(), at) if len(found) == 1 else None


_TIME = r"(?P<hour>\d{1,2})(?::| ?h ?)(?P<minute>\d\d)(?::(?P<second>\d\d))? ?(?P<half>[AaPp]\.?[Mm]\.?)?"
_ZONE = r" ?(?P<zone>UTC|GMT|Z\b|[+-]\d\d:?\d\d)?"
_BETWEEN = r"(?:,? (?:at|à) |T|,? )"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<a>\d\d)-(?P<b>\d\d){_BETWEEN}{_TIME}{_ZONE}")
_SLASHED = re.compile(rf"\b(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<year>\d{{4}}){_BETWEEN}{_TIME}{_ZONE}")
_AGO = re.compile(
    r"\b(?P<n>\d{1,3}) (?P<unit>second|minute|hour|day)s? ago\b"
    r"|\bil y a (?P<n_fr>\d{1,3}) (?P<unit_fr>seconde|minute|heure|jour)s?\b",
    re.IGNORECASE,
)
_UNITS = {
    "second": 1, "seconde": 1, "minute": 60, "hour": 3600, "heure": 3600, "day": 86400, "jour": 86400,
}  # fmt: skip


def _moments(text: str, at: datetime, zone: tzinfo | None) -> Iterator[datetime]:
    for found in _ISO.finditer(text):
        yield from _moment_of(found, int(found["a"]), int(found["b"]), zone)
    for found in _SLASHED.finditer(text):
        first, second = int(found["a"]), int(found["b"])
        yield from _moment_of(found, first, second, zone)
        if first != second:
            yield from _moment_of(found, second, first, zone)
    for found in _AGO.finditer(text):
        number, unit = found["n"] or found["n_fr"], found["unit"] or found["unit_fr"]
        yield at - timedelta(seconds=int(number) * _UNITS[unit.lower()])


def _moment_of(found: re.Match[str], month: int, day: int, zone: tzinfo | None) -> Iterator[datetime]:
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        local = datetime(  # noqa: DTZ001  # its zone is found next
            int(found["year"]), month, day, hour, int(found["minute"]), int(found["second"] or 0)
        )
    except ValueError:
        return
    said = found["zone"]
    if said in ("UTC", "GMT", "Z"):
        yield local.replace(tzinfo=UTC)
    elif said:
        yield datetime.fromisoformat(f"{local.isoformat()}{said}").astimezone(UTC)
    else:
        yield (local.replace(tzinfo=zone) if zone is not None else local.astimezone()).astimezone(UTC)
