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
    # every sentence that stood there just before our press
    stood: Counter[str] = field(default_factory=Counter)
    # an end stood there before our press, or that there was none: what comes later is new
    filled: bool = False
    ran: bool = False  # since then a look found something under way
    # ends that had stood there and were gone while something was under way
    gone: set[str] = field(default_factory=set)
    answer: str = ""  # what the page said to our press
    loads: int = 0  # how often the page had been asked for when we pressed
    sign: str = ""  # what showed since our press that something is under way, if nothing tells of it in lines
    shown: int = 0  # how often the page had been asked for when it showed that last
    told: bool = False  # the page tells of what is under way in lines: it will tell of the end there too

    def press(self, sayings: Iterable[Saying], table: Table, loads: int = 0) -> None:
        """Our press is about to be made; what stands there now is not ours. `loads` as in `status`."""
        sayings = list(sayings)
        self.pressed, self.ran, self.answer = True, False, ""
        self.loads = self.shown = loads
        self.sign, self.told = "", False
        self.gone.clear()
        self.stood = Counter(table.without_ages(one.text) for one in sayings)
        self.filled = any(_of_said(table, one.text) in ENDED or _is_empty(table, one.text) for one in sayings)


@dataclass(frozen=True)
class Status:
    """What a page says of the latest sync or refresh; `fresh` when it says so since our press.

    `anew`: only the page asked for anew tells more."""

    phase: Phase
    mark: str
    text: str
    fresh: bool = False
    anew: bool = False


@dataclass(frozen=True)
class Button:
    """The button of a page, as far as it tells of what is under way. `busy`: off, or `runs`, which it says itself."""

    name: str = ""
    busy: bool = False
    runs: bool = False


@dataclass(frozen=True)
class _Said:
    phase: Phase
    text: str
    plain: str
    place: str


def status(
    table: Table,
    sayings: Sequence[Saying],
    heard: Sequence[str],
    watch: Watch,
    *,
    button: Button,
    loads: int = 0,
    whole: bool = True,
) -> Status:
    """The status of a page. `sayings` stand there now, `heard` came up since our press.

    `loads` is how often the page was asked for so far; `whole` False while parts of it are still to come."""
    button_busy = button.busy
    standing = [said for one in sayings if (said := _said(table, one.text, one.place)) is not None]
    ended = [one for one in standing if one.phase in ENDED]
    new: list[_Said] = []
    fresh: list[_Said] = []
    if watch.pressed:
        passing = [said for text in heard if (said := _said(table, text, "heard")) is not None]
        new = _new(standing, watch)
        again = [one for one in ended if one.plain in watch.gone]
        fresh = [
            one for one in (*new, *passing) if one.phase in ENDED and one.plain not in watch.stood
        ] + again
    under_way = [
        one
        for one in standing
        if one.phase in UNDER_WAY and (one.place in ("live", "row") or button_busy or one in new)
    ]
    if fresh and not button_busy and all(one.phase is Phase.QUEUED and one in new for one in under_way):
        under_way = []  # "was requested" may stand there long after the end
    before = _mark(ended)
    if under_way or button_busy:
        # The answer to our press ("was requested") may stand there long after it has begun to run.
        mine = [one for one in under_way if one in new]
        running = [one for one in mine if one.phase is Phase.RUNNING]
        now = next(iter([*running, *mine, *under_way]), None)
        if watch.pressed:
            _note_running(watch, new, ended)
            _note_sign(watch, new, button, loads)
        anew = bool(watch.sign) and not watch.told and watch.shown == watch.loads
        if now is None:
            return Status(Phase.RUNNING, f"{before} > busy", "", fresh=watch.pressed, anew=anew)
        return Status(now.phase, f"{before} > {now.plain}", now.text, fresh=now in new, anew=anew)
    if fresh:
        if not (watch.ran or watch.filled):
            # Nothing stood there before, and nothing was seen to run: it may be an old end that the page shows late.
            return Status(Phase.UNKNOWN, before, fresh[0].text)
        worst = next(one for phase in _WORST_FIRST for one in fresh if one.phase is phase)
        return Status(worst.phase, f"{before} > {worst.plain}", worst.text, fresh=True)
    if watch.pressed and watch.sign and not watch.told and watch.shown > watch.loads:
        anew = loads > watch.shown and whole
        return _without_sign(table, sayings, watch, button, ended, anew=anew)
    if ended:
        # After a restart nothing tells which of several different ends is the latest: then none is told.
        first = ended[0]
        alike = watch.pressed or all(one.phase is first.phase for one in ended)
        return Status(first.phase if alike else Phase.UNKNOWN, before, first.text)
    return Status(Phase.NONE, "", "")


def _note_running(watch: Watch, new: Sequence[_Said], ended: Sequence[_Said]) -> None:
    """Something is under way since our press. An end that is gone meanwhile, and comes again, will be a new one."""
    watch.ran = True
    if any(one.phase in UNDER_WAY for one in new):
        stands = {one.plain for one in ended}
        watch.gone.update(plain for plain in watch.stood if plain not in stands)


def _note_sign(watch: Watch, new: Sequence[_Said], button: Button, loads: int) -> None:
    """A banner or the button shows that something runs. A page that tells of it in lines tells of its end there too."""
    if any(one.place not in ("live", "heard") and one.phase in UNDER_WAY for one in new):
        watch.told = True
    banner = next((one.text for one in new if one.place == "live" and one.phase is Phase.RUNNING), "")
    if banner or button.runs:
        watch.sign, watch.shown = banner or button.name or "…", loads


def _without_sign(
    table: Table,
    sayings: Sequence[Saying],
    watch: Watch,
    button: Button,
    ended: Sequence[_Said],
    *,
    anew: bool,
) -> Status:
    """What showed since our press that it runs, on a page that we asked for anew, is there no more.

    A toast goes by itself, and a page may change its own button: so the sign must have come from the site after our
    press, the page must have been asked for once more, and nothing may stand there that nobody understands, nor
    anything of a failure, though it stood there before."""
    before = _mark(ended)
    mark, text = f"{before} > {table.without_ages(watch.sign)} > -", f"{watch.sign} → {button.name or '–'}"
    if not anew:
        return Status(Phase.RUNNING, f"{before} > busy", watch.sign, fresh=True, anew=True)
    strange = [
        one.text
        for one in sayings
        if (one.place == "live" or (one.place == "row" and not one.acts))
        and _of_said(table, one.text) is None
        and table.without_ages(one.text) not in watch.stood
    ]
    if strange or not button.name or any(one.phase is not Phase.DONE for one in ended):
        return Status(Phase.UNKNOWN, before, (strange or [text])[0])
    return Status(Phase.DONE, mark, text, fresh=True)


def of_job(table: Table, sayings: Sequence[Saying], job: Job, others: Sequence[Job]) -> list[Saying]:
    """The sentences that speak of a job, or of no job at all where none names it."""
    mine = _Named((job,))
    named = [one for one in sayings if mine.in_text(one.text)]
    if any(table.phase_of(one.text) is not None for one in named):
        return named
    theirs = _Named(tuple(other for other in others if other.key != job.key))
    return [one for one in sayings if one in named or not theirs.in_text(one.text)]


class _Named:
    """Jobs by their folded codes and whole names, found in a text as words."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        parts = {part for job in jobs for part in (fold(job.code), fold(job.name)) if part}
        self._words = {part for part in parts if " " not in part}
        self._phrases = parts - self._words

    def in_text(self, text: str) -> bool:
        folded = fold(text)
        if any(word.strip(",.:;()") in self._words or word in self._words for word in folded.split()):
            return True
        padded = f" {folded} "
        return any(phrase in folded and f" {phrase}" in padded for phrase in self._phrases)


def _said(table: Table, text: str, place: str) -> _Said | None:
    phase = _of_said(table, text)
    return None if phase is None else _Said(phase, text, table.without_ages(text), place)


def _of_said(table: Table, text: str) -> Phase | None:
    """As `phase_of`; the cell that says when the last one ended is an end too."""
    phase = table.phase_of(text)
    if (
        phase is None
        and table.says("synced", text)
        and any(char.isdigit() for char in table.without_ages(text))
    ):
        return Phase.DONE
    return phase


def _is_empty(table: Table, text: str) -> bool:
    """Does it say that nothing has run yet? A cell of the last end without any time does too."""
    return table.says("empty", text) or (table.says("synced", text) and _of_said(table, text) is None)


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
