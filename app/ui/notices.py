"""What stands above the two steps when the person is needed: one question at a time, in words, with its answers."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.events import NeedKind, Site
from app.domain.problems import Problem, ProblemId
from app.domain.profile import DriverName
from app.domain.run import Need, RunState
from app.ui import rows
from app.ui.view import Question, Stage, View, asks_for_word, seen_at_hh2, stage, theirs_under_way
from app.words import by_hand as words_by_hand
from app.words import freshness, outcomes, problems, progress, tabs, times
from app.words.language import _, ngettext


class Ask(StrEnum):
    """What a notice is about; its answers are told apart by it."""

    WORD = "word"  # unsure: say what you saw
    STEP_TWO_ONLY = "step-two-only"
    SIGN_IN = "sign-in"
    PRESS = "press"
    RETRY = "retry"
    THEIRS = "theirs"
    INTERRUPTED = "interrupted"
    TROUBLE = "trouble"
    LEDGER = "ledger"  # it cannot be used
    NOT_READY = "not-ready"  # a run was asked for, and would probably come to nothing
    LEAVING = "leaving"


# The answer that does nothing, where there is one. To close a run, or to take somebody else's sync, is no such answer.
LEFT_BY_ESCAPE = {Ask.STEP_TWO_ONLY: False, Ask.RETRY: False, Ask.NOT_READY: True}


class Field(StrEnum):
    """What the person types in a notice."""

    NOTHING = "nothing"
    WORDS = "words"


class Notice(msgspec.Struct, frozen=True):
    """One question. `yes` labels the primary answer, `no` the other; "" leaves it away. `link` opens the site;
    `working`: what it speaks of is under way."""

    ask: Ask
    title: str
    text: str
    yes: str = ""
    no: str = ""
    field: Field = Field.NOTHING
    label: str = ""
    site: Site | None = None
    problem: Problem | None = None
    link: bool = False
    working: bool = False


def notice(view: View, now: datetime) -> Notice | None:
    """The question to ask now, the most pressing first; None when the person is not needed."""
    if view.leaving:
        said = _("The program ends as soon as the run has stopped.")
        return Notice(Ask.LEAVING, _("Stopping…"), said, working=True)
    if view.trouble is not None:
        return _trouble(view.trouble, view)
    if view.not_ready is not None and not view.busy:
        return _not_ready(view.not_ready)
    run = view.run
    if stage(view) is Stage.INTERRUPTED and run is not None:
        return _interrupted(run, now)
    if view.looking:
        return _step_two_only(view, now)
    if view.question is not None:
        return _retry(view.question)
    if view.stopping or run is None:
        return None
    if asks_for_word(view):
        asked = run.need.problem if run.need is not None else None
        problem = asked or run.step_one.problem or Problem(ProblemId.HH2_UNSURE)
        return _word(Ask.WORD, problem, run)
    if view.busy and run.need is not None:
        return _need(view, run.need)
    if theirs_under_way(view):
        card = problems.card(Problem(ProblemId.HH2_BUSY))
        text = f"{card.why} {card.do}"
        return Notice(Ask.THEIRS, card.title, text, no=_("Ta&ke theirs"), problem=Problem(ProblemId.HH2_BUSY))
    return None


def _not_ready(problem: Problem) -> Notice:
    """The answer that begins nothing is the first one: to begin all the same is for who knows better."""
    card = problems.card(problem)
    nothing = _("Nothing was started.")
    text = f"{nothing} {card.why} {card.do} {card.who_says}."
    return Notice(Ask.NOT_READY, card.title, text, _("Go bac&k"), _("Be&gin anyway"), problem=problem)


def _word(ask: Ask, problem: Problem | None, run: RunState | None) -> Notice:
    title = _("Step 2 only: has hh2 synced by itself?")
    text = _(
        "Look at Accounting Sync in hh2: has the sync ended, and when? Step 2 opens only on what you saw there."
    )
    if problem is not None:
        card = problems.card(problem)
        title, text = card.title, f"{card.why} {text}"
    if run is not None and run.need is not None:
        text = _until(text, run.need)
    return Notice(
        ask,
        title,
        text,
        _("&Go on"),
        _("Go bac&k") if ask is Ask.STEP_TWO_ONLY else "",
        Field.WORDS,
        _("What you saw, in your own words"),
        Site.HH2,
        problem,
        link=True,
    )


def _step_two_only(view: View, now: datetime) -> Notice:
    """With what hh2's page showed, where it was looked at; the person looks all the same, and says what they saw."""
    asked, seen = _word(Ask.STEP_TWO_ONLY, None, None), seen_at_hh2(view)
    if seen is None:
        return asked
    shows = freshness.by_itself(seen, now) or freshness.of_page(seen, now)
    said = _("Read at {time}: {shows}").format(shows=shows, time=times.clock(seen.at))
    return msgspec.structs.replace(asked, text=f"{said} {asked.text}")


def _need(view: View, need: Need) -> Notice | None:
    if need.kind is NeedKind.CHOOSE_TABS:
        return None
    if need.by_hand is not None:
        text = " ".join((words_by_hand.where(need.by_hand), words_by_hand.goes_on()))
        no = _("&Keep it out of this run") if need.by_hand.may_skip else ""
        yes = _("I have done it, &go on")
        title = words_by_hand.sentence(need.by_hand)
        return Notice(Ask.PRESS, title, _until(text, need), yes, no, site=need.site)
    problem = need.problem or Problem(ProblemId.MFA)
    card = problems.card(problem)
    text = card.do
    if view.profile is not None and view.profile.driver is not DriverName.TRAINING:
        text = f"{text} " + _("The window of the site was brought to the front.")
    yes = _("I have signed in, &go on")
    return Notice(Ask.SIGN_IN, card.title, _until(text, need), yes, site=need.site, problem=problem)


def _until(text: str, need: Need) -> str:
    return text + " " + _("Waiting until {time}.").format(time=times.clock(need.until))


def _retry(question: Question) -> Notice:
    title = _("Refresh {tab} once more?").format(tab=tabs.title(question.tab))
    if question.looking:
        return Notice(
            Ask.RETRY, title, _("Looking at what the tab shows now…"), no=_("Go bac&k"), working=True
        )
    lines = []
    for job, found in question.found[:4]:
        shows = found.look.text or outcomes.phase(found.look.phase)
        pressed = times.clock_seconds(found.pressed_at) if found.pressed_at else _("never")
        lines.append(
            _("{where} was last pressed: {time}. It shows now: “{text}”.").format(
                where=progress.where(question.tab, job), time=pressed, text=shows
            )
        )
    more = len(question.found) - len(lines)
    if more > 0:
        lines.append(ngettext("And {n} more job.", "And {n} more jobs.", more).format(n=more))
    return Notice(Ask.RETRY, title, "\n".join(lines), _("Refresh it a&gain"), _("&Keep it as it is"))


def _interrupted(run: RunState, now: datetime) -> Notice:
    during = _("step 2") if run.opened is not None else _("step 1")
    card = problems.card(Problem(ProblemId.INTERRUPTED, {"step": during}))
    known = [_("It was begun {when}.").format(when=times.day_and_clock(run.planned_at, now))]
    known.append("; ".join(rows.what_happened(run)) + ".")
    return Notice(
        Ask.INTERRUPTED,
        card.title,
        " ".join((*known, card.do)),
        _("Continue it (&go on)"),
        _("Close it as it stands"),
    )


def _trouble(problem: Problem, view: View) -> Notice:
    """A company that could not be opened can only be tried again, or another one be chosen: "OK" would help nobody."""
    card = problems.card(problem)
    text = f"{card.why} {card.do} {card.who_says}."
    open_company = view.held and view.profile is not None
    known = view.profile is not None or bool(view.profiles)
    yes = "" if open_company or not known else _("Try a&gain")
    if problem.facts.get("ledger") and not view.held and view.profile is not None:
        anew = _("&Begin a new history…")
        return Notice(Ask.LEDGER, card.title, text, yes=_("Try a&gain"), no=anew, problem=problem)
    no = "" if yes and view.profile is not None else _("OK")
    return Notice(Ask.TROUBLE, card.title, text, yes=yes, no=no, problem=problem)
