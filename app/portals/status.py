"""From what a page says to a phase and a mark: only what was not there before our press can be ours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.looks import ENDED, UNDER_WAY, Phase
from app.domain.tabs import Job
from app.portals.folding import fold
from app.portals.labels import Table
from app.portals.reading import Saying

# Of several new ends the worst is told: a failure is not hidden by a success beside it.
_WORST_FIRST = (Phase.FAILED, Phase.OFFLINE, Phase.STALE, Phase.DONE)


@dataclass
class Watch:
    """What is known of a page since our press. Without a press of this process nothing is new by itself."""

    pressed: bool = False
    stood: Counter[str] = field(
        default_factory=Counter
    )  # every sentence that stood there just before our press
    ran: bool = False  # since then the page said, or showed, that something was under way
    answer: str = ""  # what the page said to our press

    def press(self, sayings: Iterable[Saying], table: Table) -> None:
        """Our press is about to be made; what stands there now is not ours."""
        self.pressed, self.ran, self.answer = True, False, ""
        self.stood = Counter(table.without_ages(one.text) for one in sayings)


@dataclass(frozen=True)
class Status:
    """What a page says of the latest sync or refresh; `fresh` when it says so since our press."""

    phase: Phase
    mark: str
    text: str
    fresh: bool = False


@dataclass(frozen=True)
class _Said:
    phase: Phase
    text: str
    plain: str
    place: str


def status(
    table: Table, sayings: Sequence[Saying], heard: Sequence[str], watch: Watch, *, button_busy: bool
) -> Status:
    """The status of a page. `sayings` stand there now, `heard` came up since our press, `button_busy` is its button."""
    standing = [said for one in sayings if (said := _said(table, one.text, one.place)) is not None]
    passing = [said for text in heard if (said := _said(table, text, "heard")) is not None]
    new = _new(standing, watch) if watch.pressed else []
    new_heard = [one for one in passing if one.plain not in watch.stood] if watch.pressed else []
    under_way = [
        one
        for one in standing
        if one.phase in UNDER_WAY and (one.place in ("live", "row") or button_busy or one in new)
    ]
    if watch.pressed and (button_busy or any(one.phase in UNDER_WAY for one in (*new, *new_heard))):
        watch.ran = True
    ended = [one for one in standing if one.phase in ENDED]
    before = _mark(ended)
    if under_way:
        now = next((one for one in under_way if one in new), under_way[0])
        return Status(now.phase, f"{before} > {now.plain}", now.text, fresh=now in new)
    if button_busy:
        return Status(Phase.RUNNING, f"{before} > busy", "", fresh=watch.pressed)
    fresh = [one for one in (*new, *new_heard) if one.phase in ENDED]
    if fresh:
        worst = next(one for phase in _WORST_FIRST for one in fresh if one.phase is phase)
        return Status(worst.phase, f"{before} > {worst.plain}", worst.text, fresh=True)
    if ended:
        phases = {one.phase for one in ended}
        # After a restart nothing tells which of several ends is the latest: then none is told.
        phase = ended[0].phase if len(phases) == 1 or not watch.ran else Phase.UNKNOWN
        ran = " (again)" if watch.ran else ""
        return Status(phase, before + ran, ended[0].text, fresh=watch.ran)
    return Status(Phase.NONE, "", "", fresh=False)


def of_job(table: Table, sayings: Sequence[Saying], job: Job, others: Sequence[Job]) -> list[Saying]:
    """The sentences that speak of a job, or of no job at all where none names it."""
    named = [one for one in sayings if _names(one.text, job)]
    if any(table.phase_of(one.text) is not None for one in named):
        return named
    return [one for one in sayings if one in named or not any(_names(one.text, other) for other in others)]


def _names(text: str, job: Job) -> bool:
    """Is the job named in the text, by its code or its whole name?"""
    folded = f" {fold(text)} "
    return any(
        part and (f" {part} " in folded or f" {part}:" in folded or f" {part}," in folded)
        for part in (fold(job.code), fold(job.name))
    )


def _said(table: Table, text: str, place: str) -> _Said | None:
    phase = table.phase_of(text)
    return None if phase is None else _Said(phase, text, table.without_ages(text), place)


def _new(standing: Sequence[_Said], watch: Watch) -> list[_Said]:
    left = Counter(watch.stood)
    found = []
    for one in standing:
        if left[one.plain] > 0:
            left[one.plain] -= 1
        else:
            found.append(one)
    return found


def _mark(ended: Sequence[_Said]) -> str:
    """All ends that stand there, as one text; long ones as a digest, so that a mark stays short."""
    whole = " | ".join(dict.fromkeys(one.plain for one in ended))
    if len(whole) <= 160:
        return whole
    import hashlib

    return f"{whole[:100]}… {hashlib.sha256(whole.encode()).hexdigest()[:16]}"
