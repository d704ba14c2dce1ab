"""One line for each event, for people: the command line's progress, the window's log, and the history's timeline."""

from app.domain import events as ev
from app.domain.events import AnyEvent
from app.domain.filters import Filters
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Job, Tab
from app.words import by_hand as words_by_hand
from app.words import match_told, outcomes, problems, sites, tabs, times
from app.words.language import _, ngettext
from app.words.reasons import reason


def line(event: AnyEvent) -> str:
    """What happened, in one line without its time."""
    parts = (_of_the_run, _of_the_filters, _of_step_one, _of_the_brake, _of_step_two, _of_the_match)
    return next((said for part in parts if (said := part(event))), type(event).__name__)


def where(tab: Tab, job: Job | None) -> str:
    """The tab, and for Job Costs the job."""
    if job is None:
        return tabs.title(tab)
    return _("{tab}, {job}").format(tab=tabs.title(tab), job=tabs.job(job))


def _of_the_run(event: AnyEvent) -> str:
    match event:
        case ev.RunPlanned(step_one=True):
            return _("Planned by {who} for {company}: {filters}; then {tabs}").format(
                who=event.who,
                company=event.profile,
                filters=sites.filters(event.filters),
                tabs=_titles(event.tabs),
            )
        case ev.RunPlanned():
            return _("Planned by {who} for {company}: step 2 only, {tabs}").format(
                who=event.who, company=event.profile, tabs=_titles(event.tabs)
            )
        case ev.RunResumed(after_crash=True):
            return _("The run that was cut off goes on, asked for by {who}").format(who=event.who)
        case ev.RunResumed():
            return _("The run goes on, asked for by {who}").format(who=event.who)
        case ev.SignInRequested():
            return _("Signing in to {site}").format(site=sites.site(event.site))
        case ev.SignedIn():
            return _("Signed in to {site} as {who}").format(site=sites.site(event.site), who=event.who)
        case ev.SignInRefused(problem=Problem(id=ProblemId.MFA)):
            return problems.title(event.problem)
        case ev.SignInRefused():  # why not is said by the problem, which is written down next
            return _("Not signed in to {site}").format(site=sites.site(event.site))
        case ev.SessionEnded():
            return _("The sign-in to {site} ended; signing in again").format(site=sites.site(event.site))
        case ev.ProblemMet():
            return problems.title(event.problem)
        case ev.NeedsPerson():
            return _("{need} Waiting until {time}").format(need=need(event), time=times.clock(event.until))
        case ev.PersonActed(gave_up=True):
            return _("Nobody came in time")
        case ev.PersonActed():
            return _("A person answered")
        case ev.CancelRequested():
            return _("Stopping, asked for by {who}").format(who=event.who)
        case ev.RunEnded():
            return outcomes.run(event.outcome)
        case _:
            return ""


def need(event: ev.NeedsPerson) -> str:
    """What the person is needed for, as sentences."""
    if event.by_hand is None:
        return outcomes.need(event.need, event.site)
    return words_by_hand.whole(event.by_hand)


def _of_the_filters(event: AnyEvent) -> str:
    match event:
        case ev.FiltersRead(filters=None):
            return _("hh2 does not show its filters")
        case ev.FiltersRead(filters=Filters() as filters):
            return _("hh2's filters were: {filters}").format(filters=sites.filters(filters))
        case ev.FiltersRequested(putting_back=True):
            return _("Putting hh2's filters back to {filters}").format(filters=sites.filters(event.filters))
        case ev.FiltersRequested():
            return _("Setting hh2's filters to {filters}").format(filters=sites.filters(event.filters))
        case ev.FiltersApplied(changed=False):
            return _("hh2's filters are as wanted: {filters}").format(filters=sites.filters(event.filters))
        case ev.FiltersApplied():
            return _("hh2's filters now are: {filters}").format(filters=sites.filters(event.filters))
        case _:
            return ""


def _of_step_one(event: AnyEvent) -> str:
    match event:
        case ev.StepOneBaseline():
            return _("Before our press hh2 showed: {text}").format(
                text=event.look.text or outcomes.phase(event.look.phase)
            )
        case ev.SyncRequested():
            return _("Pressing Start Sync")
        case ev.SyncAccepted(text=""):
            return _("hh2 accepted it")
        case ev.SyncAccepted():
            return _("hh2 accepted it: {text}").format(text=event.text)
        case ev.SyncDeclined():
            return _("hh2 did not start: {problem}").format(problem=problems.title(event.problem))
        case ev.SyncAnswerLost():
            return _("hh2's answer was lost ({cause}); looking whether it started").format(
                cause=reason(event.cause)
            )
        case ev.SyncProgress(fraction=float(fraction)):
            return _("hh2: {text} ({percent} %)").format(text=event.text, percent=round(100 * fraction))
        case ev.SyncProgress():
            return _("hh2: {text}").format(text=event.text)
        case ev.TheirsAccepted():
            return _("{who} takes the sync that is already under way").format(who=event.who)
        case ev.StepOneFinished(evidence=None):
            return _("Step 1: {outcome}").format(outcome=outcomes.step_one(event.outcome))
        case ev.StepOneFinished():
            return _("Step 1: {outcome}. {evidence}").format(
                outcome=outcomes.step_one(event.outcome), evidence=_evidence(event)
            )
        case ev.PersonConfirmed():
            return _("{who} looked in hh2 and said: “{words}”").format(who=event.who, words=event.words)
        case ev.GateOpened(by_person=True):
            return _("Step 2 is open, on a person's word")
        case ev.GateOpened():
            return _("Step 2 is open, on the proof of step 1")
        case _:
            return ""


def _of_the_brake(event: AnyEvent) -> str:
    match event:
        case ev.BrakeChecked(felt=Problem() as felt):
            return problems.title(felt)
        case ev.BrakeChecked(why="no-service"):
            return _(
                "Not checked, without hh2's web services: whether hh2 lists far fewer records than last time"
            )
        case ev.BrakeChecked(now=now) if not now:
            return _("Not checked, hh2 could not be read: whether it lists far fewer records than last time")
        case ev.BrakeChecked(before=None):
            return _("hh2's records are counted, for comparison at the next run")
        case ev.BrakeChecked():
            return _("hh2 does not list far fewer records than last time")
        case _:
            return ""


def _of_step_two(event: AnyEvent) -> str:
    match event:
        case ev.TabsChosen():
            return _("Chosen: {tabs}").format(tabs=_titles(event.tabs))
        case ev.JobsFound():
            return ngettext("{n} job for Job Costs", "{n} jobs for Job Costs", len(event.jobs)).format(
                n=len(event.jobs)
            )
        case ev.TabBaseline():
            return _("{where}: before our press it showed: {text}").format(
                where=where(event.tab, event.job), text=event.look.text or outcomes.phase(event.look.phase)
            )
        case ev.RetryAsked():
            return _("{where}: {who} asks for it once more").format(
                where=where(event.tab, event.job), who=event.who
            )
        case ev.RefreshRequested():
            return _("{where}: pressing {button}").format(
                where=where(event.tab, event.job), button=tabs.button(event.tab)
            )
        case ev.RefreshAccepted():
            return _("{where}: accepted").format(where=where(event.tab, event.job))
        case ev.RefreshDeclined():
            return _("{where}: not started: {problem}").format(
                where=where(event.tab, event.job), problem=problems.title(event.problem)
            )
        case ev.RefreshAnswerLost():
            return _("{where}: the answer was lost ({cause}); looking whether it started").format(
                where=where(event.tab, event.job), cause=reason(event.cause)
            )
        case ev.RefreshProgress():
            return _("{where}: {text}").format(where=where(event.tab, event.job), text=event.text)
        case ev.JobFinished():
            return _("{where}: {outcome}").format(
                where=where(Tab.JOB_COSTS, event.job), outcome=outcomes.tab(event.outcome, event.why)
            )
        case ev.TabFinished():
            return _("{where}: {outcome}").format(
                where=tabs.title(event.tab), outcome=outcomes.tab(event.outcome, event.why, event.waiting)
            )
        case _:
            return ""


def _of_the_match(event: AnyEvent) -> str:
    match event:
        case ev.MatchForeseen():
            return match_told.foreseen(event.requests, event.seconds, event.jobs, whole=event.whole)
        case ev.MatchProgress():
            return match_told.progress(event.progress)
        case ev.Matched():
            return match_told.verdict(event.summary)
        case ev.ReportSaved() | ev.ReportAlone():
            return match_told.saved(event)
        case _:
            return ""


def _titles(chosen: tuple[Tab, ...]) -> str:
    return tabs.titles(chosen) if chosen else _("no tabs")


def _evidence(event: ev.StepOneFinished) -> str:
    found = event.evidence
    return (
        ""
        if found is None
        else _("{source}: “{text}”").format(source=outcomes.evidence(found.kind), text=found.text)
    )
