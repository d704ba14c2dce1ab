"""The table of the training company's scenarios: what the world does in each, and how a run in it must end."""

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.training.faults import Fault, FaultKind
from app.training.news import News
from app.training.traits import ServerTrait, SyncTrait, TabTrait, Traits

DONE = (TabOutcome.DONE,)
DONE_OR_NOTHING = (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)
STAGED = (TabOutcome.STAGED,)
DOWN_PAGE = (
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario. `step_one` None means that any end of step 1 is right; `tabs` is empty where step 2 is not begun.

    `problems` are open at the end, `noted` were dealt with, `perhaps` may stand there too; `preflight` is
    what a look before the run shows, `again` what is open at the end of a second run, `compared` what a report names as
    the cause where a list could not be compared. Where more than one outcome
    is right, `outcome` lists them; the exit codes follow from it."""

    name: str
    about: str
    step_one: StepOneOutcome | None = StepOneOutcome.DONE
    tabs: dict[Tab, tuple[TabOutcome, ...]] = {}
    outcome: tuple[RunOutcome, ...] = (RunOutcome.OK,)
    problems: tuple[ProblemId, ...] = ()
    noted: tuple[ProblemId, ...] = ()
    perhaps: tuple[ProblemId, ...] = ()
    preflight: tuple[ProblemId, ...] = ()
    again: tuple[ProblemId, ...] = ()
    compared: tuple[ProblemId, ...] = ()
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


TABLE: tuple[Scenario, ...] = (
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
        name="mismatch",
        about="Sage and Procore differ in every known way, and a run does not mend it.",
        tabs=all_tabs(vendors=STAGED),
        outcome=(RunOutcome.LOOK,),
        problems=(ProblemId.Q_IMPORT,),
        traits=Traits(mismatch=True),
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
        preflight=(ProblemId.PRO_PERM,),
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
        preflight=(ProblemId.HH2_DOWN,),
        faults=(Fault(FaultKind.STATUS, site="hh2", nth=0, status=502, body=DOWN_PAGE),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="client-offline",
        about="hh2's service on the Sage server is stopped: nobody picks the request up.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_OFFLINE,),
        preflight=(ProblemId.HH2_SVC,),
        traits=Traits(sync=SyncTrait.OFFLINE, server=ServerTrait.HH2_STOPPED),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="database-restarted",
        about="Sage's database was restarted after hh2's service, which then picks nothing up.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_OFFLINE,),
        preflight=(ProblemId.HH2_STALE,),
        traits=Traits(sync=SyncTrait.OFFLINE, server=ServerTrait.DATABASE_LATER),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="database-stopped",
        about="Sage's database is stopped; what hh2 then shows is not known, here the sync ends with failures.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_FAILED,),
        preflight=(ProblemId.ACTIAN,),
        traits=Traits(sync=SyncTrait.FAILED, server=ServerTrait.DATABASE_STOPPED),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="hh2-unreachable",
        about="This computer does not reach hh2: the connection ends before anything is sent.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.NET,),
        preflight=(ProblemId.NET,),
        faults=(Fault(FaultKind.RESET_BEFORE, site="hh2", nth=0),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="hh2-nonsense",
        about="hh2's web service answers with a page where data should be.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.HH2_ANSWER,),
        faults=(Fault(FaultKind.HTML, call="hh2.rest.sign-in", nth=0),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="procore-password",
        about="Procore does not accept the password.",
        step_one=StepOneOutcome.PERSON,
        outcome=(RunOutcome.PERSON,),
        problems=(ProblemId.PRO_LOGIN,),
        traits=Traits(procore_refuses=True),
    ),
    Scenario(
        name="procore-down",
        about="Procore's gateway answers with an error page.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.PRO_DOWN,),
        preflight=(ProblemId.PRO_DOWN,),
        faults=(Fault(FaultKind.STATUS, site="procore", nth=0, status=502, body=DOWN_PAGE),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="procore-nonsense",
        about="Procore's web service answers with a page where data should be.",
        outcome=(RunOutcome.FAILED,),
        problems=(ProblemId.PRO_ANSWER,),
        preflight=(ProblemId.PRO_ANSWER,),
        faults=(Fault(FaultKind.HTML, call="procore.oauth.token", nth=0),),
        step_one=StepOneOutcome.FAILED,
    ),
    Scenario(
        name="clock-wrong",
        about="This computer's clock is ten minutes behind those of the sites.",
        tabs=all_tabs(),
        preflight=(ProblemId.CLOCK,),
        traits=Traits(clock_ahead=600),
    ),
    Scenario(
        name="records-gone",
        about="From the second sync on hh2 lists far fewer jobs and vendors; the first run goes well.",
        tabs=all_tabs(),
        again=(ProblemId.SAFE,),
        traits=Traits(records_gone=True),
    ),
    Scenario(
        name="list-refused",
        about="All goes well; the account may not read Procore's vendors, so these cannot be compared.",
        tabs=all_tabs(),
        compared=(ProblemId.NO_MATCH_SOURCE,),
        faults=(
            Fault(FaultKind.STATUS, site="procore", path="/rest/v1.0/vendors", nth=0, status=403, body="{}"),
        ),
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
