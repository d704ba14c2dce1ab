"""The scenarios of the training company, as data: what the world does, and how a run in it must end."""

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.training import troubles
from app.training.faults import Fault, FaultKind
from app.training.news import News
from app.training.pages.skins import skins, traits_of
from app.training.traits import SyncTrait, TabTrait, Traits

DONE = (TabOutcome.DONE,)
DONE_OR_NOTHING = (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)
STAGED = (TabOutcome.STAGED,)
DOWN_PAGE = (
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario. `step_one` None means that any end of step 1 is right; `tabs` is empty where step 2 is not begun.

    `problems` are open at the end, `noted` were dealt with, `perhaps` may stand there too. Where more than one outcome
    is right, `outcome` lists them; the exit codes follow from it."""

    name: str
    about: str
    step_one: StepOneOutcome | None = StepOneOutcome.DONE
    tabs: dict[Tab, tuple[TabOutcome, ...]] = {}
    outcome: tuple[RunOutcome, ...] = (RunOutcome.OK,)
    problems: tuple[ProblemId, ...] = ()
    noted: tuple[ProblemId, ...] = ()
    perhaps: tuple[ProblemId, ...] = ()
    traits: Traits = Traits()
    faults: tuple[Fault, ...] = ()
    variants: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[int, ...]:
        """The exit codes that are right."""
        return tuple(EXIT_CODES[outcome] for outcome in self.outcome)


def all_tabs(**others: tuple[TabOutcome, ...]) -> dict[Tab, tuple[TabOutcome, ...]]:
    """Every tab done, but for the named ones (sub_jobs=STAGED)."""
    return {tab: others.get(tab.name.lower(), DONE) for tab in Tab}


_TABLE: tuple[Scenario, ...] = (
    Scenario(name="ok", about="Everything goes well; costs, codes and changes travel.", tabs=all_tabs()),
    Scenario(
        name="nothing-to-do",
        about="Nothing changed in Sage since the last sync.",
        tabs=dict.fromkeys(Tab, DONE_OR_NOTHING),
        traits=Traits(news=News.NONE),
    ),
    Scenario(
        name="slow",
        about="The sync takes five times as long as usual.",
        tabs=all_tabs(),
        perhaps=(ProblemId.HH2_LONG,),
        traits=Traits(sync=SyncTrait.SLOW),
    ),
    Scenario(
        name="busy",
        about="A sync that somebody else started is under way in hh2.",
        tabs=all_tabs(),
        noted=(ProblemId.HH2_BUSY,),
        traits=Traits(sync=SyncTrait.BUSY),
    ),
    Scenario(
        name="staged",
        about="New vendors, jobs, sub jobs and prime contracts wait for an accounting approver.",
        tabs=all_tabs(vendors=STAGED, jobs=STAGED, sub_jobs=STAGED, prime_contracts=STAGED),
        outcome=(RunOutcome.LOOK,),
        problems=(ProblemId.Q_IMPORT,),
        traits=Traits(news=News.STAGED),
    ),
    Scenario(
        name="exports-failed",
        about="All is refreshed; three vendors of an earlier day failed to export.",
        tabs=all_tabs(),
        outcome=(RunOutcome.LOOK,),
        problems=(ProblemId.Q_FAILED,),
        traits=Traits(failed_exports={Tab.VENDORS: 3}),
    ),
    Scenario(
        name="tab-failed",
        about="Procore cannot refresh the vendors.",
        tabs=all_tabs(vendors=(TabOutcome.FAILED,)),
        outcome=(RunOutcome.LOOK,),
        problems=(ProblemId.PRO_FAILED,),
        traits=Traits(tabs={Tab.VENDORS: TabTrait.FAILED}),
    ),
    Scenario(
        name="tab-stale",
        about="Procore never reports an end for the vendors.",
        tabs=all_tabs(vendors=(TabOutcome.UNKNOWN,)),
        outcome=(RunOutcome.LOOK,),
        problems=(ProblemId.PRO_STALE,),
        traits=Traits(tabs={Tab.VENDORS: TabTrait.STALE}),
    ),
    Scenario(
        name="tab-busy",
        about="Somebody else is refreshing the vendors.",
        tabs=all_tabs(),
        noted=(ProblemId.PRO_BUSY,),
        traits=Traits(tabs={Tab.VENDORS: TabTrait.BUSY}),
    ),
    Scenario(
        name="rate-limited",
        about="Procore asks to slow down, once at a look and once at a press.",
        tabs=all_tabs(),
        noted=(ProblemId.LIMIT,),
        faults=tuple(
            Fault(
                FaultKind.STATUS,
                call=call,
                nth=2,
                status=429,
                headers={"Retry-After": "1"},
                body='{"message": "You have surpassed the max number of requests for an hour."}',
            )
            for call in ("procore.tab.look", "procore.tab.press")
        ),
    ),
    Scenario(
        name="start-answer-lost",
        about="hh2 starts the sync, and its answer is lost on the way.",
        tabs=all_tabs(),
        faults=(Fault(FaultKind.RESET_AFTER, call="hh2.sync.start"),),
    ),
    Scenario(
        name="refresh-answer-lost",
        about="Procore begins a refresh, and its answer is lost on the way.",
        tabs=dict.fromkeys(Tab, (TabOutcome.DONE, TabOutcome.UNKNOWN)),
        outcome=(RunOutcome.OK, RunOutcome.LOOK),
        perhaps=(ProblemId.PRO_STALE,),
        faults=(Fault(FaultKind.RESET_AFTER, call="procore.tab.press", nth=2),),
    ),
    Scenario(
        name="session-lost",
        about="Each site forgets the sign-in once, in the middle of the run.",
        tabs=all_tabs(),
        noted=(ProblemId.SESSION,),
        faults=(
            Fault(FaultKind.SESSION_LOST, call="hh2.sync.look", nth=2),
            Fault(FaultKind.SESSION_LOST, call="procore.tab.look", nth=4),
        ),
    ),
    Scenario(
        name="wrong-password",
        about="hh2 does not accept the password.",
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.HH2_LOGIN,),
        traits=Traits(hh2_result=1),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="user-locked",
        about="hh2 has locked the user.",
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.HH2_LOCKED,),
        traits=Traits(hh2_result=3),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="api-client-refused",
        about="hh2 does not accept the program's API key.",
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.HH2_CLIENT,),
        traits=Traits(hh2_result=2),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="no-permission",
        about="The Procore account may only read the ERP Integrations tool.",
        step_one=StepOneOutcome.PERSON,
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.PRO_PERM,),
        traits=Traits(level="Read Only"),
    ),
    Scenario(
        name="no-proof",
        about="hh2's page never shows an end that can be told from the one before.",
        step_one=StepOneOutcome.UNSURE,
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.HH2_UNSURE,),
        traits=Traits(sync=SyncTrait.NO_PROOF),
    ),
    Scenario(
        name="hh2-down",
        about="hh2's gateway answers with an error page.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_DOWN,),
        faults=(Fault(FaultKind.STATUS, site="hh2", nth=0, status=502, body=DOWN_PAGE),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="client-offline",
        about="The sync client on the Sage server does not pick the request up.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_OFFLINE,),
        traits=Traits(sync=SyncTrait.OFFLINE),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="sync-failed",
        about="The sync ends with failures.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_FAILED,),
        traits=Traits(sync=SyncTrait.FAILED),
        step_one=StepOneOutcome.FAILED,
    ),
)

# The calls whose answers turn to garbage, one variant for each kind of garbage.
GARBAGE_CALLS = (
    "hh2.sign-in",
    "hh2.filters.read",
    "hh2.filters.apply",
    "hh2.sync.look",
    "hh2.sync.start",
    "hh2.rest.sign-in",
    "hh2.rest.read",
    "procore.sign-in",
    "procore.rights",
    "procore.jobs",
    "procore.tab.look",
    "procore.tab.press",
    "procore.oauth.token",
    "procore.rest.permissions",
)
GARBAGE_KINDS = (FaultKind.HTML, FaultKind.TRUNCATE, FaultKind.WRONG_TYPES, FaultKind.ERROR_200)
GARBAGE = Scenario(
    name="garbage",
    about="A site answers with something else than what was asked; each variant is one call and one kind of rubbish.",
    step_one=None,
    outcome=(RunOutcome.LOOK, RunOutcome.FAILED, RunOutcome.PERSON),
    perhaps=tuple(ProblemId),
    # Not those that a run asks for by default, so that Apply Settings is pressed and can be answered with rubbish.
    traits=Traits(filters=Filters(DateRange.TODAY, Depth.DEEP)),
    variants=tuple(f"{call}/{kind.value}" for call in GARBAGE_CALLS for kind in GARBAGE_KINDS),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (*_TABLE, GARBAGE)}


class NoSuchScenario(ValueError):
    """A name that is not in the table."""


def scenario(name: str, variant: str = "") -> Scenario:
    """A scenario by its name, a variant by both ("garbage" and "hh2.sync.look/html", or joined by "/").

    "garbage" alone is its first variant of the look at hh2's page. Raises NoSuchScenario."""
    base, _, rest = name.partition("/")
    variant = variant or rest
    found = SCENARIOS.get(base)
    if found is None or (variant and variant not in found.variants):
        raise NoSuchScenario(f"{base}/{variant}" if variant else base)
    if found is not GARBAGE:
        return found
    call, _, kind = (variant or "hh2.sync.look/html").partition("/")
    fault = Fault(FaultKind(kind), call=call, nth=0)
    return msgspec.structs.replace(found, name=f"{base}/{call}/{kind}", faults=(fault,), variants=())


def listing() -> dict[str, object]:
    """What `training list --json` prints: scenarios with outcomes, exits and problem ids; skins with traits; the
    page troubles."""
    return {
        "scenarios": [
            {
                "name": one.name,
                "about": one.about,
                "step1": one.step_one.value if one.step_one else None,
                "tabs": {
                    tab.value: [outcome.value for outcome in outcomes] for tab, outcomes in one.tabs.items()
                },
                "outcome": [outcome.value for outcome in one.outcome],
                "exit": list(one.exits),
                "problems": [problem.value for problem in one.problems],
                "noted": [problem.value for problem in one.noted],
                "perhaps": [] if one is GARBAGE else [problem.value for problem in one.perhaps],
                "variants": list(one.variants),
            }
            for one in SCENARIOS.values()
        ],
        "skins": [{"name": one.name, "traits": traits_of(one)} for one in skins().values()],
        "troubles": troubles.listing(),
    }
