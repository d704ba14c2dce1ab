"""How things stand and how they ended, in words: runs, step 1, tabs, the gate, and what a person is needed for."""

from app.domain.events import NeedKind, RunOutcome, Site
from app.domain.gate import Shut
from app.domain.looks import EvidenceKind, Phase, StepOneOutcome, TabOutcome, Unknown, Waiting
from app.words.language import N_, _, ngettext
from app.words.sites import site as site_name

_RUNS: dict[RunOutcome, str] = {
    RunOutcome.OK: N_("Finished. All is done."),
    RunOutcome.LOOK: N_("Finished, and something needs a look."),
    RunOutcome.FAILED: N_("It failed."),
    RunOutcome.PERSON: N_("It stopped, because a person is needed."),
    RunOutcome.CANCELLED: N_("It was stopped."),
}
_STEP_ONE: dict[StepOneOutcome, str] = {
    StepOneOutcome.DONE: N_("Proven finished"),
    StepOneOutcome.FAILED: N_("Failed"),
    StepOneOutcome.UNSURE: N_("Not proven"),
    StepOneOutcome.CANCELLED: N_("Stopped"),
    StepOneOutcome.PERSON: N_("Needs a person"),
}
_TABS: dict[TabOutcome, str] = {
    TabOutcome.DONE: N_("Done"),
    TabOutcome.STAGED: N_("Staged, waits for import"),
    TabOutcome.NOTHING_VISIBLE: N_("Refreshed, nothing new to see"),
    TabOutcome.FAILED: N_("Failed"),
    TabOutcome.UNKNOWN: N_("Unknown"),
    TabOutcome.SKIPPED: N_("Skipped"),
    TabOutcome.CANCELLED: N_("Stopped"),
}
_UNKNOWN: dict[Unknown, str] = {
    Unknown.QUEUED: N_("Unknown: accepted, no end is shown"),
    Unknown.STALE: N_("Unknown: no end was reported"),
    Unknown.LOST_ANSWER: N_("Unknown: the answer was lost"),
    Unknown.SILENT: N_("Unknown: the page shows no change"),
}
_PHASES: dict[Phase, str] = {
    Phase.NONE: N_("nothing has run yet"),
    Phase.QUEUED: N_("accepted, not begun"),
    Phase.RUNNING: N_("under way"),
    Phase.DONE: N_("done"),
    Phase.FAILED: N_("failed"),
    Phase.OFFLINE: N_("the sync client cannot be reached"),
    Phase.STALE: N_("no end was reported"),
    Phase.UNKNOWN: N_("not recognised"),
}
_SHUT: dict[Shut, str] = {
    Shut.NOT_FINISHED: N_("Step 2 opens when step 1 of this run is proven finished."),
    Shut.FAILED: N_("Step 2 stays shut, because step 1 did not finish."),
    Shut.UNSURE: N_("Step 2 stays shut until you say what you saw in hh2: step 1 is not proven finished."),
    Shut.OLD: N_("Step 2 is shut again: the proof of step 1 has grown old. Start step 1 again."),
    Shut.CANCELLED: N_("Step 2 is shut, because the run was stopped."),
}
_NEEDS: dict[NeedKind, str] = {
    NeedKind.CONFIRM_STEP_ONE: N_("Please look in hh2 and say what you saw."),
    NeedKind.CHOOSE_TABS: N_("Step 1 is finished. Choose the tabs to refresh."),
    NeedKind.SIGN_IN: N_("Please sign in."),
    NeedKind.PRESS: N_("Please press the button in the window that opened."),
}
_EVIDENCE: dict[EvidenceKind, str] = {
    EvidenceKind.PAGE: N_("The page showed"),
    EvidenceKind.TRAINING: N_("The training company's page showed"),
    EvidenceKind.PERSON: N_("A person looked and said"),
    EvidenceKind.SERVICE: N_("The web service answered"),
}


def run(outcome: RunOutcome) -> str:
    """How a run ended, as a sentence."""
    return _(_RUNS[outcome])


def step_one(outcome: StepOneOutcome) -> str:
    """How step 1 ended, in a word or three."""
    return _(_STEP_ONE[outcome])


def tab(outcome: TabOutcome, why: Unknown | None = None, waiting: Waiting | None = None) -> str:
    """How a tab ended, with the reason of an unknown and the number of staged records."""
    if outcome is TabOutcome.UNKNOWN and why is not None:
        return _(_UNKNOWN[why])
    count = waiting.ready_to_import if waiting else None
    if outcome is TabOutcome.STAGED and count:
        return ngettext("{n} record waits for import", "{n} records wait for import", count).format(n=count)
    return _(_TABS[outcome])


def phase(which: Phase) -> str:
    """What a page says of its latest sync or refresh."""
    return _(_PHASES[which])


def shut(why: Shut) -> str:
    """Why step 2 may not begin, as a sentence."""
    return _(_SHUT[why])


def need(kind: NeedKind, site: Site | None = None) -> str:
    """What a person is needed for, as a sentence."""
    if kind is NeedKind.SIGN_IN and site is not None:
        return _("Please sign in to {site}.").format(site=site_name(site))
    return _(_NEEDS[kind])


def evidence(kind: EvidenceKind) -> str:
    """Where a proof comes from; the text that was read or said follows it."""
    return _(_EVIDENCE[kind])
