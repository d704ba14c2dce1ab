"""Runs as lists of events, as the engine would write them, and the views that the window draws from them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from app.domain import events as ev
from app.domain.conclusion import conclude
from app.domain.events import AnyEvent, NeedKind, Record, Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.freshness import Freshness, Refreshed, Shown
from app.domain.habit import habit
from app.domain.laid_down import Deployed, Policy, laid_down
from app.domain.looks import (
    Evidence,
    EvidenceKind,
    Phase,
    StepOneOutcome,
    SyncLook,
    TabLook,
    TabOutcome,
    Unknown,
    Waiting,
)
from app.domain.problems import Fact, Problem, ProblemId
from app.domain.profile import (
    DriverName,
    Hh2Settings,
    ProcoreSettings,
    Profile,
    RunSettings,
    Secret,
    SecretState,
)
from app.domain.run import RunState, apply, check, start
from app.domain.tabs import Job, Tab
from app.engine.faces import JobChoice, LookUp, Tested
from app.ui.view import Question, View

BEGAN = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
JOBS = (
    Job("901", "25-014", "Pont des Érables"),
    Job("902", "25-020", "École Saint-Laurent, agrandissement du gymnase et de la cafétéria"),
    Job("903", "25-031", "Riverside Medical Tower"),
)
COMPANY = Profile(
    "Construction Beaulieu",
    DriverName.BROWSER,
    Hh2Settings(site="beaulieu", user="c.tremblay"),
    ProcoreSettings(
        company_id=562949953425831, company_name="Beaulieu inc.", user="c.tremblay@beaulieu.example"
    ),
    RunSettings(),
)
TRAINING = Profile(
    "Training company",
    DriverName.TRAINING,
    Hh2Settings(site="training", base="http://127.0.0.2:40001", user="claire"),
    ProcoreSettings(
        company_id=4281,
        company_name="Érable & Sons",
        user="claire@training.example",
        login="http://127.0.0.3:40002",
        api="http://127.0.0.3:40002",
        web="http://127.0.0.3:40002",
    ),
    RunSettings(job_pause=0.1, poll=0.1),
)
KEPT = {Secret.HH2_PASSWORD: SecretState.KEPT, Secret.PROCORE_PASSWORD: SecretState.KEPT}
PROOF = Evidence(
    EvidenceKind.PAGE,
    "Last sync completed 24/11/2026 14:04:31, 0 failures",
    "2026-11-24T14:04:33+00:00",
    "Last sync completed 24/11/2026 13:35:02",
)

NONE_WAIT = Waiting()


class Story:
    """A run that is told event by event; what the engine might not write is refused here too."""

    def __init__(
        self,
        *,
        go_on: bool = True,
        step_one: bool = True,
        filters: Filters | None = None,
        training: bool = False,
    ) -> None:
        self.records: list[Record] = []
        self.at = BEGAN
        self.state: RunState
        self.tell(
            ev.RunPlanned(
                COMPANY.name,
                "browser",
                training,
                "claire",
                "1.0",
                step_one,
                filters or Filters(),
                tuple(Tab),
                None,
                go_on,
            )
        )

    def tell(self, *events: AnyEvent, after: float = 1.0) -> "Story":
        """These events, `after` seconds apart."""
        for event in events:
            self.at += timedelta(seconds=after)
            record = Record(len(self.records) + 1, self.at, "run-1", event)
            if self.records:
                check(self.state, record)
                self.state = apply(self.state, record)
            else:
                self.state = start(record)
            self.records.append(record)
        return self

    def wait(self, seconds: float) -> "Story":
        """Time goes by."""
        self.at += timedelta(seconds=seconds)
        return self

    def signed_in(self) -> "Story":
        """Both sites know us."""
        return self.tell(
            ev.SignInRequested(Site.HH2, "a1"),
            ev.SignedIn(Site.HH2, "c.tremblay"),
            ev.SignInRequested(Site.PROCORE, "b2"),
            ev.SignedIn(Site.PROCORE, "Claire Tremblay"),
        )

    def started(self, before: SyncLook | None = None) -> "Story":
        """Start Sync was pressed and accepted."""
        wanted = self.state.plan.filters
        self.signed_in().tell(
            ev.FiltersRead(Filters(DateRange.PAST_MONTH, Depth.SHALLOW)),
            ev.FiltersRequested(wanted),
            ev.FiltersApplied(wanted, changed=True),
            ev.StepOneBaseline(
                before or SyncLook(Phase.DONE, "17", "Last sync completed 24/11/2026 13:35:02")
            ),
            ev.SyncRequested(),
            ev.SyncAccepted("Sync requested"),
        )
        return self

    def syncing(self, fraction: float | None = 0.42) -> "Story":
        """Step 1 is under way."""
        return self.started().tell(ev.SyncProgress("Job cost transactions", fraction), after=70)

    def proven(self) -> "Story":
        """Step 1 is proven finished, the gate open."""
        self.syncing(0.97).tell(ev.StepOneFinished(StepOneOutcome.DONE, PROOF), after=120)
        return self.tell(ev.GateOpened(PROOF, by_person=False))

    def choosing(self) -> "Story":
        """Step 1 is proven, and the tabs wait for the person."""
        return self.proven().needs(NeedKind.CHOOSE_TABS)

    def needs(self, kind: NeedKind, problem: Problem | None = None, site: Site | None = None) -> "Story":
        """The person is waited for."""
        return self.tell(ev.NeedsPerson(kind, self.at + timedelta(minutes=30), problem, site))

    def pressed(self, tab: Tab, job: Job | None = None) -> "Story":
        """The tab's button was pressed and accepted."""
        return self.tell(
            ev.TabBaseline(tab, TabLook(Phase.DONE, "3", "Completed 13:40"), job),
            ev.RefreshRequested(tab, job),
            ev.RefreshAccepted(tab, job, "In progress"),
        )

    def ended(
        self,
        tab: Tab,
        outcome: TabOutcome = TabOutcome.DONE,
        why: Unknown | None = None,
        waiting: Waiting = NONE_WAIT,
        reason: str = "",
    ) -> "Story":
        """The tab was refreshed, with this outcome."""
        proof = None if outcome in (TabOutcome.UNKNOWN, TabOutcome.FAILED) else self.proof("Completed 14:06")
        if tab is Tab.JOB_COSTS:
            self.tell(ev.JobsFound(JOBS, "movement"))
            for job in JOBS:
                self.pressed(tab, job).tell(ev.JobFinished(job, outcome, why, proof, reason), after=9)
        else:
            self.pressed(tab)
        return self.tell(ev.TabFinished(tab, outcome, why, proof, waiting, reason), after=11)

    def proof(self, text: str) -> Evidence:
        """What a tab's page said."""
        return Evidence(EvidenceKind.PAGE, text, self.at.isoformat(), "Completed 13:40")

    def all_done(self) -> "Story":
        """All six tabs refreshed, and the run ended."""
        self.proven()
        for tab in Tab:
            self.ended(tab)
        return self.over()

    def mixed(self) -> "Story":
        """Every kind of outcome, and the run ended."""
        self.proven()
        self.ended(Tab.COST_CODES).ended(Tab.VENDORS, TabOutcome.STAGED, waiting=Waiting(12))
        self.tell(ev.ProblemMet(Problem(ProblemId.Q_IMPORT, {"tab": "vendors", "n": 12})))
        self.tell(ev.ProblemMet(Problem(ProblemId.LIMIT, {"site": "procore", "seconds": 40}), noted=True))
        self.ended(Tab.JOBS, TabOutcome.FAILED, reason="Job 25-014 has no division")
        failed: dict[str, Fact] = {"tab": "jobs", "text": "Job 25-014 has no division."}
        self.tell(ev.ProblemMet(Problem(ProblemId.PRO_FAILED, failed)))
        self.ended(Tab.SUB_JOBS, TabOutcome.UNKNOWN, Unknown.STALE)
        self.tell(ev.ProblemMet(Problem(ProblemId.PRO_STALE, {"tab": "sub-jobs"})))
        self.ended(Tab.PRIME_CONTRACTS, TabOutcome.NOTHING_VISIBLE)
        self.ended(Tab.JOB_COSTS)
        return self.over()

    def failed(self, problem: Problem, outcome: StepOneOutcome = StepOneOutcome.FAILED) -> "Story":
        """Step 1 did not come to a good end, and the run ended."""
        self.tell(ev.ProblemMet(problem), ev.StepOneFinished(outcome, problem=problem), after=30)
        return self.over()

    def over(self, gave_up: bool = False) -> "Story":
        """The run ended, as the domain concludes."""
        return self.tell(conclude(self.state, gave_up))


def view(story: Story | None = None, *, training: bool = False, **more: object) -> View:
    """The window of a company, with the run of a story."""
    profile = TRAINING if training else COMPANY
    run = story.state if story is not None else None
    base = View(
        ready=True,
        held=True,
        profiles=(COMPANY.name, "Nordic Steel", TRAINING.name),
        profile=profile,
        secrets=KEPT,
        run=run,
        busy=run is not None and run.ended is None,
        habits={
            "step-one:past-week:shallow": habit((240.0, 245.0, 250.0, 260.0, 300.0)),
            "job": habit((5.0, 6.0, 7.0)),
        },
        fresh=Freshness(
            sage=BEGAN - timedelta(hours=3),
            filters=Filters(),
            shown="Completed",
            tabs={
                Tab.VENDORS: Refreshed(BEGAN - timedelta(hours=3), TabOutcome.STAGED),
                Tab.JOBS: Refreshed(BEGAN - timedelta(days=3), TabOutcome.DONE),
            },
        ),
        last_good=BEGAN - timedelta(hours=3),
        choices=tuple(JobChoice(job, moved=at < 2) for at, job in enumerate(JOBS)),
    )
    return msgspec.structs.replace(base, **more)


def retry_question(story: Story) -> Question:
    """What a look-up found before a retry."""
    refresh = story.state.tabs[Tab.SUB_JOBS].refresh
    found = LookUp(refresh.pressed_at, refresh.presses, TabLook(Phase.STALE, "4", "Stale since 14:06"))
    return Question(Tab.SUB_JOBS, ((None, found),), looking=False)


def unsure() -> Story:
    """Step 1 without a proof of its end; the person is asked."""
    problem = Problem(ProblemId.HH2_UNSURE, {"text": "Last sync: see the report"})
    story = Story().syncing().tell(ev.StepOneFinished(StepOneOutcome.UNSURE, problem=problem), after=60)
    return story.tell(ev.ProblemMet(problem)).needs(NeedKind.CONFIRM_STEP_ONE, problem, Site.HH2)


def busy() -> Story:
    """Somebody else's sync is under way."""
    running = SyncLook(Phase.RUNNING, "18", "Synchronizing vendors")
    story = Story().signed_in().tell(ev.StepOneBaseline(running))
    return story.tell(ev.ProblemMet(Problem(ProblemId.HH2_BUSY), noted=True))


def signing_in() -> Story:
    """hh2 was asked, and has not answered."""
    return Story().tell(ev.SignInRequested(Site.HH2, "a1"))


def step_two_running() -> Story:
    """Step 2 in its midst."""
    story = Story().proven().ended(Tab.COST_CODES).ended(Tab.VENDORS, TabOutcome.STAGED, waiting=Waiting(1))
    story.ended(Tab.JOBS).pressed(Tab.SUB_JOBS).tell(ev.RefreshProgress(Tab.SUB_JOBS, "In progress"))
    return story.wait(4)


def job_costs_running() -> Story:
    """Job Costs, job by job."""
    story = Story().proven()
    for tab in (Tab.COST_CODES, Tab.VENDORS, Tab.JOBS, Tab.SUB_JOBS, Tab.PRIME_CONTRACTS):
        story.ended(tab)
    story.tell(ev.JobsFound(JOBS, "movement")).pressed(Tab.JOB_COSTS, JOBS[0])
    story.tell(ev.JobFinished(JOBS[0], TabOutcome.DONE, None, story.proof("Queued and done")))
    return story.pressed(Tab.JOB_COSTS, JOBS[1]).wait(5)


def cut_off() -> Story:
    """The events stop in the middle of step 2."""
    return Story().proven().ended(Tab.COST_CODES).pressed(Tab.VENDORS)


VIEWS: dict[str, Callable[[], tuple[View, datetime]]] = {}


def _scene(name: str) -> Callable[[Callable[[], View]], Callable[[], View]]:
    def keep(make: Callable[[], View]) -> Callable[[], View]:
        def scene() -> tuple[View, datetime]:
            made = make()
            return made, (made.run.last_at if made.run is not None else BEGAN) + timedelta(seconds=3)

        VIEWS[name] = scene
        return make

    return keep


@_scene("loading")
def _loading() -> View:
    return View()


@_scene("no company")
def _no_company() -> View:
    return View(ready=True)


@_scene("idle")
def _idle() -> View:
    return view()


def seen_by_itself(at: datetime | None = None) -> dict[Site, Tested]:
    """A test of the sign-in, at which hh2's page showed a sync that no run of this program began."""
    looked = at or BEGAN
    ended = looked - timedelta(minutes=4)
    text = f"Sync 412 completed on {ended:%Y-%m-%d %H:%M} UTC"
    return {Site.HH2: Tested(Site.HH2, "c.tremblay", shown=Shown(text, looked, ended, by_itself=True))}


@_scene("idle, hh2 synced by itself")
def _by_itself() -> View:
    return view(tested=seen_by_itself())


@_scene("step 2 only, hh2 synced by itself")
def _by_itself_asked() -> View:
    return view(tested=seen_by_itself(), looking=True)


@_scene("first time, IT lets no passwords be saved")
def _laid_down() -> View:
    laid = laid_down(Policy(save_passwords=False), Deployed(COMPANY, frozenset({"hh2.site"})))
    return view(secrets={}, laid_down=laid)


@_scene("first time, nothing typed")
def _first() -> View:
    return view(
        profile=Profile("Beaulieu"),
        profiles=("Beaulieu",),
        secrets={},
        last_good=None,
        choices=(),
        habits={},
        fresh=Freshness(),
    )


@_scene("training, idle, by itself")
def _training() -> View:
    return view(training=True, profile=msgspec.structs.replace(TRAINING, run=RunSettings(go_on=True)))


@_scene("deep, refused password")
def _deep() -> View:
    run = RunSettings(
        date_range=DateRange.ALL, depth=Depth.DEEP, go_on=True, tabs=(Tab.VENDORS, Tab.JOB_COSTS)
    )
    return view(
        profile=msgspec.structs.replace(COMPANY, run=run), secrets={Secret.HH2_PASSWORD: SecretState.REFUSED}
    )


@_scene("not ready: hh2's service is stopped")
def _not_ready() -> View:
    return view(not_ready=Problem(ProblemId.HH2_SVC, {"service": "hh2 Synchronization Service"}))


@_scene("signing in")
def _signing_in() -> View:
    return view(signing_in(), training=True)


@_scene("step 1 running")
def _step_one() -> View:
    return view(Story().syncing(), training=True)


@_scene("step 1 running, no fraction, stopping")
def _stopping() -> View:
    return view(Story().syncing(None), stopping=True)


@_scene("gate open, choose tabs")
def _choose() -> View:
    return view(Story(go_on=False).choosing(), training=True)


@_scene("step 2 running")
def _step_two() -> View:
    return view(step_two_running(), training=True)


@_scene("job costs running")
def _job_costs() -> View:
    return view(job_costs_running())


@_scene("all done")
def _all_done() -> View:
    return view(Story().all_done(), training=True)


@_scene("staged, failed, unknown")
def _mixed() -> View:
    return view(Story().mixed())


@_scene("retry asked")
def _retry() -> View:
    story = Story().mixed()
    return view(story, question=retry_question(story))


@_scene("unsure")
def _unsure() -> View:
    return view(unsure())


@_scene("unsure, nobody came")
def _unsure_over() -> View:
    return view(unsure().tell(ev.PersonActed(NeedKind.CONFIRM_STEP_ONE, gave_up=True)).over(gave_up=True))


@_scene("busy")
def _busy() -> View:
    return view(busy())


@_scene("needs a code")
def _code() -> View:
    return _at_the_door("code")


@_scene("led to another host's sign-in")
def _led_elsewhere() -> View:
    return _at_the_door("elsewhere")


def _at_the_door(why: str) -> View:
    problem = Problem(
        ProblemId.MFA, {"site": "procore", "why": why, "host": "login.acme-construction.example"}
    )
    story = Story().signed_in().tell(ev.ProblemMet(problem, noted=True))
    return view(story.needs(NeedKind.SIGN_IN, problem, Site.PROCORE))


@_scene("word for an old proof")
def _old_proof() -> View:
    story = Story().proven().ended(Tab.COST_CODES).wait(4000)
    return view(
        story.needs(NeedKind.CONFIRM_STEP_ONE, Problem(ProblemId.PROOF_OLD, {"minutes": 60}), Site.HH2)
    )


@_scene("assisted, press it")
def _press() -> View:
    return view(_by_hand(Story().started(), ev.ByHand(Site.HH2, "start-sync", pointed=True)))


@_scene("assisted, look for it")
def _look_for_it() -> View:
    asked = ev.ByHand(Site.PROCORE, "refresh-job-costs", "25-014 Pont des Érables", may_skip=True)
    return view(_by_hand(Story().proven(), asked))


def _by_hand(story: Story, asked: ev.ByHand) -> Story:
    until = story.at + timedelta(minutes=30)
    return story.tell(ev.NeedsPerson(NeedKind.PRESS, until, None, asked.site, asked))


@_scene("step 1 failed")
def _failed() -> View:
    facts: dict[str, Fact] = {"n": 3, "first": "Vendor 10233: the name is longer than 60 characters"}
    return view(Story().syncing().failed(Problem(ProblemId.HH2_FAILED, facts)))


@_scene("client offline")
def _offline() -> View:
    return view(Story().started().failed(Problem(ProblemId.HH2_OFFLINE)))


@_scene("proof has grown old")
def _old() -> View:
    story = Story().mixed()
    return view(story.wait(4000))


@_scene("stopped")
def _stopped() -> View:
    story = Story().syncing().tell(ev.CancelRequested("claire"), ev.StepOneFinished(StepOneOutcome.CANCELLED))
    return view(story.over())


@_scene("interrupted")
def _interrupted() -> View:
    return view(cut_off(), busy=False, interrupted=True)


@_scene("step 2 only")
def _step_two_only() -> View:
    return view(looking=True)


@_scene("in use elsewhere")
def _in_use() -> View:
    since = (BEGAN - timedelta(minutes=12)).isoformat()
    return view(held=False, trouble=Problem(ProblemId.IN_USE, {"who": "p.gagnon (window)", "since": since}))


@_scene("ledger broken")
def _ledger_broken() -> View:
    facts: dict[str, Fact] = {
        "file": "C:\\Users\\claire\\AppData\\Local\\ondemand-sync\\companies\\Nordic Steel\\ledger.sqlite",
        "copy": "ledger.sqlite.kept-20261124T064803Z",
        "expected": "ledger",
        "ledger": True,
    }
    return view(held=False, trouble=Problem(ProblemId.FILE_BROKEN, facts))


@_scene("file broken")
def _broken() -> View:
    facts: dict[str, Fact] = {
        "file": "Nordic Steel.toml",
        "line": 12,
        "what": "“tomorow” for run.date_range",
        "expected": "today, past-week, past-month, past-year or all",
    }
    return View(ready=True, profiles=("Nordic Steel",), trouble=Problem(ProblemId.FILE_BROKEN, facts))


@_scene("leaving")
def _leaving() -> View:
    return view(Story().syncing(), leaving=True, stopping=True)


_OLD_AT = BEGAN + timedelta(hours=3)


def scene(name: str) -> tuple[View, datetime]:
    """A view by name, and the time at which it is looked at."""
    made, now = VIEWS[name]()
    return (made, _OLD_AT) if name == "proof has grown old" else (made, now)
