"""The card of every problem: what happened, why, what to do, and who can do it. Facts fill the blanks."""

from datetime import UTC, datetime

import msgspec

from app.domain.problems import Fact, Problem, ProblemId
from app.domain.tabs import Tab
from app.words import causes, keeping, times
from app.words.cards import CARDS, Counted, Sentences, Template
from app.words.doors import words_of
from app.words.language import _, ngettext
from app.words.reasons import reason
from app.words.sites import Who, site
from app.words.sites import who as who_sentence
from app.words.tabs import title as tab_title


class Card(msgspec.Struct, frozen=True):
    """A problem in words. Each part is one or two sentences; `who` is a sentence without its full stop."""

    id: ProblemId
    title: str
    why: str
    do: str
    who: Who
    who_says: str

    def as_text(self) -> str:
        """The card as plain text, the id last: for the command line, and for support."""
        return "\n".join((self.title, self.why, self.do, f"{self.who_says}. [{self.id.value}]"))

    def in_short(self) -> str:
        """The card on one line, for a place beside what could not be done."""
        return f"{self.title} {self.why} {self.do}"


def card(problem: Problem, *, over: bool = False) -> Card:
    """The card of a problem, in the person's language; `over`: of a run that has ended."""
    words = words_of(problem, over=over)
    who = causes.who(problem, words.who)
    blanks = _blanks(causes.in_words(problem))
    return Card(
        problem.id,
        _say(words.title, blanks),
        _say(words.why, blanks),
        _say(words.do, blanks),
        who,
        who_sentence(who),
    )


def title(problem: Problem) -> str:
    """What happened, in one sentence."""
    return _say(words_of(problem).title, _blanks(causes.in_words(problem)))


def title_of(known: ProblemId) -> str:
    """What happened, where its facts were not kept."""
    return _say(CARDS[known].title, _blanks({}))


def _say(sentences: Sentences, blanks: dict[str, Fact]) -> str:
    """The first sentence whose blanks can all be filled; the last one of a card has none."""
    choices: tuple[Template, ...] = sentences if isinstance(sentences, tuple) else (sentences,)
    for choice in choices:
        try:
            if isinstance(choice, Counted):
                number = blanks[choice.count]
                if isinstance(number, bool) or not isinstance(number, int):
                    continue
                return ngettext(choice.one, choice.many, number).format_map(blanks)
            return _(choice).format_map(blanks)
        except KeyError:
            continue
    return ""


def _blanks(facts: dict[str, Fact]) -> dict[str, Fact]:
    """The facts as people read them: names of sites and tabs, times of this computer, durations."""
    blanks: dict[str, Fact] = {"store": keeping.store()}
    for name, value in facts.items():
        if value is None or value == "" or (name == "usual" and not _is_a_time(value)):
            continue
        blanks[name] = _readable(name, value)
    return blanks


def _is_a_time(value: Fact) -> bool:
    """False for what would be said as "0 s": nothing takes no time, so nothing is claimed."""
    return isinstance(value, (int, float)) and round(value) > 0


def _readable(name: str, value: Fact) -> Fact:
    if name == "site":
        return site(str(value))
    if name == "tab" and value in {tab.value for tab in Tab}:
        return tab_title(Tab(str(value)))
    if name in ("seconds", "usual", "took", "pause", "ahead", "behind") and isinstance(value, (int, float)):
        return times.duration(value)
    if name in ("until", "at", "since") and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return value
        if not at.tzinfo:
            return value
        now = datetime.now(UTC)
        today = at.astimezone().date() == now.astimezone().date()
        return times.clock(at) if today or name == "until" else times.day_and_clock(at, now)
    if name == "why" and isinstance(value, str):
        return reason(value).rstrip(".")
    return value.rstrip(".") if isinstance(value, str) else value  # the sentence has its own full stop
