"""Windows and dialogs in a given state, for the contact sheets and the tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from PySide6.QtWidgets import QDialog

from app.domain.connections import Connection, Lack, Right, Standing, Way
from app.domain.events import RunOutcome, Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.history import PastVerdict, RunSummary, summary
from app.domain.laid_down import Deployed, Policy, laid_down
from app.domain.lists import Kind, Side
from app.domain.looks import Since, Waiting
from app.domain.match_progress import Progress
from app.domain.match_question import Asked, FileLook
from app.domain.match_reasons import Acts, Reason
from app.domain.match_report import (
    Age,
    Changes,
    Difference,
    Line,
    Node,
    Population,
    ReasonCount,
    Report,
    Silence,
    Tie,
    Totals,
    Why,
)
from app.domain.match_verdict import Match, Verdict
from app.domain.page_check import Element, Outline, PageCheck, Sight, SiteCheck
from app.domain.problems import Problem, ProblemId
from app.domain.profile import FieldFault, Profile
from app.domain.ready import Check, Level, Readiness
from app.domain.ready import Line as Looked
from app.domain.support import Bundle, Part, PartName
from app.domain.tabs import Job, Tab
from app.domain.taught import Taught
from app.engine.faces import JobChoice
from app.ui import questions
from app.ui.about_dialog import AboutDialog
from app.ui.accept_dialog import AcceptDialog
from app.ui.columns_dialog import ColumnsDialog
from app.ui.compare_dialog import CompareDialog
from app.ui.connect_dialog import ConnectDialog
from app.ui.frame import Frame
from app.ui.help_window import HelpWindow
from app.ui.history_view import HistoryView
from app.ui.jobs_dialog import JobsDialog
from app.ui.match_view import MatchView
from app.ui.month_end_dialog import MonthEndDialog
from app.ui.page_check_dialog import PageCheckDialog
from app.ui.profile_dialog import ProfileDialog
from app.ui.ready_dialog import ReadyDialog
from app.ui.setup_steps import Step
from app.ui.setup_wizard import SetupWizard
from app.ui.support_dialog import SupportDialog
from app.ui.tabs_dialog import TabsDialog
from app.ui.taught_dialog import TaughtDialog
from app.ui.view import View
from app.ui.window import Window
from app.words import problems, setting_up
from tests.ui import stories
from tests.ui.stories import BEGAN, COMPANY, Story


def window_of(view: View, now: datetime, size: tuple[int, int] | None = None) -> tuple[Frame, Window]:
    """A window that shows the view, on the screen."""
    frame = Frame()
    window = Window(frame)
    if view.run is not None:
        window.log.add(Story().all_done().records[:20])
    window.show_view(view, now)
    if size is not None:
        frame.resize(*size)
    frame.show()
    return frame, window


def many_jobs(count: int = 40) -> list[JobChoice]:
    """A list of jobs as a company has them; every seventh moved."""
    return [
        JobChoice(Job(str(9000 + at), f"25-{at:03}", f"Immeuble {at}, rue Sherbrooke"), moved=at % 7 == 3)
        for at in range(count)
    ]


def dialogs(parent: Frame) -> list[tuple[str, QDialog]]:
    """Every dialog, as a person meets it."""
    jobs = JobsDialog(COMPANY, many_jobs(), frozenset({"25-003", "25-010", "25-017"}), 6.0)
    empty = JobsDialog(COMPANY, [], frozenset(), None)
    new = ProfileDialog(None, (COMPANY.name,))
    faulty = ProfileDialog(Profile("con"), ())
    laid = laid_down(
        Policy(save_passwords=False, keep_days=90), Deployed(COMPANY, frozenset({"hh2.site", "driver"}))
    )
    locked = ProfileDialog(COMPANY, (COMPANY.name,), laid_down=laid)
    locked.more.setChecked(True)
    faulty.show_faults(
        (FieldFault("name", "con", "profile-name"), FieldFault("procore.api", "http://x", "address"))
    )
    history = HistoryView(COMPANY.name)
    told = [Story().all_done(), Story().mixed(), stories.cut_off()]
    runs = [summary(story.state) for story in told]
    history.take_runs(
        [_moved(run, at) for at, run in enumerate(runs)],
    )
    history.take_records(told[0].records)
    history.take_verdicts(past_verdicts())
    lengths, found = _history(page=1), _history(page=2)
    return [
        ("dialog: jobs", jobs),
        ("dialog: jobs, none known", empty),
        ("dialog: new company", new),
        ("dialog: company with faults", faulty),
        *(setup_page(at) for at in range(4)),
        ("dialog: company that IT laid down", locked),
        ("dialog: tabs", TabsDialog((Tab.VENDORS, Tab.JOB_COSTS))),
        ("dialog: history", history),
        ("dialog: history, how long", lengths),
        ("dialog: history, differences", found),
        ("dialog: check the pages", _checked()),
        ("dialog: web services", connected()),
        ("dialog: web services, a code", connecting()),
        ("dialog: what was taught", _taught()),
        ("dialog: month end", _month_end()),
        ("dialog: about", AboutDialog()),
        ("dialog: help", _help("procedure")),
        ("dialog: help, troubles", _help("troubles")),
        ("dialog: support bundle", support_shown()),
        ("dialog: ready?", ready_shown()),
        ("dialog: match", matched()),
        ("dialog: match, differences", matched(page=1)),
        ("dialog: match, the rest", matched(page=2)),
        ("dialog: match, reading", matching()),
        ("dialog: what to compare", _to_compare()),
        ("dialog: columns of a file", ColumnsDialog(file_look())),
        ("dialog: accept differences", AcceptDialog(2, "dana", date(2026, 11, 24))),
        ("dialog: long sync", questions.ask_long(parent, Filters(DateRange.ALL, Depth.DEEP), _nothing)),
        ("dialog: delete what was read", questions.ask_forget(parent, COMPANY.name, _nothing)),
        ("dialog: exit", questions.ask_exit(parent, _nothing)),
    ]


def ready_shown() -> ReadyDialog:
    """A preflight that found something of every kind."""
    shown = ReadyDialog()
    lines = (
        Looked(Check.NETWORK, Level.READY, "beaulieu.hh2.com", "reached", {"host": "beaulieu.hh2.com", "ms": 48}),
        Looked(Check.SYNC_CLIENT, Level.STOP, problem=Problem(ProblemId.HH2_SVC, {"service": "hh2 Synchronization"})),
        Looked(Check.CLOCK, Level.LOOK, problem=Problem(ProblemId.CLOCK, {"host": "app.procore.com", "behind": 600})),
        Looked(
            Check.RIGHTS, Level.STOP, "vendors",
            problem=Problem(ProblemId.PRO_PERM, {"tab": "vendors", "why": "level", "level": "Read Only"}),
        ),
        Looked(Check.SESSION, Level.READY, said="remote"),
        Looked(Check.SIGN_INS, Level.UNCHECKED, "hh2", "password-only", {"site": "hh2"}),
    )  # fmt: skip
    shown.take(Readiness(COMPANY.name, False, BEGAN, "0.1.0", 2.4, lines))
    return shown


def support_shown() -> SupportDialog:
    """A support bundle as it is shown before it is written."""
    texts = {
        PartName.VERSIONS: "On-Demand Sync: 0.1.0\nPython: CPython 3.12.3 AMD64\nSystem: Windows-2022Server\n",
        PartName.PREFLIGHT: "Network: beaulieu.hh2.com answers (48 ms).\n",
        PartName.RUNS: '{"type":"RunPlanned","seq":1}\n',
        PartName.OUTLINES: "2026-11-24T09:12:04 procore\nframe 0: 12 controls, 40 rows\n  button: Refresh\n",
        PartName.LOG: "2026-11-24 09:12:03,118Z INFO    engine app.engine: a run began\n" * 60,
    }
    shown = SupportDialog()
    parts = tuple(Part(name, text) for name, text in texts.items())
    shown.take(Bundle(COMPANY.name, datetime(2026, 11, 24, 14, 12, tzinfo=UTC), parts))
    return shown


def setup_page(at: int) -> tuple[str, SetupWizard]:
    """A page of the assistant; on the last one hh2 is signed in to, and Procore refused the password."""
    kept = {
        "site": "https://beaulieu.hh2.com", "name": COMPANY.name, "hh2-user": "carole", "needs": "account client",
        "number": "https://app.procore.com/4410233/company/home", "procore-user": "carole@beaulieu.example",
    }  # fmt: skip
    wizard = SetupWizard((), kept, Profile(""))
    wizard.hh2.password.edit.setText("never shown")
    wizard.restart()
    while wizard.currentId() < at:
        wizard.next()
    if at == 3:
        wizard.show_step(Site.HH2, Step.DONE, setting_up.signed_in(Site.HH2, "carole"))
        refused = Problem(ProblemId.PRO_LOGIN, {"user": "carole@beaulieu.example"})
        wizard.show_step(
            Site.PROCORE, Step.DONE, setting_up.not_signed_in(Site.PROCORE, problems.title(refused))
        )
        wizard.show_end("")
    return f"dialog: set up, page {at + 1}", wizard


def page_check() -> PageCheck:
    """A report in which some things are missing."""
    hh2 = (
        Element(
            "accounting-sync",
            "quick-menu",
            Sight.FOUND,
            "Accounting Sync",
            "C",
            "link",
            ("Quick Menu",),
            1,
            True,
        ),
        Element(
            "start-sync",
            "accounting-sync",
            Sight.FOUND,
            "Start Sync",
            "C",
            "button",
            ("Accounting Sync",),
            1,
            True,
        ),
        Element("apply", "sync-filters", presses=True),
        Element("menu", "", Sight.NOT_NEEDED, needed=False),
    )
    procore = (
        Element("tool", "", Sight.FOUND, "ERP Integrations", "C", "link", ("Company Tools",), 1, True),
        Element("tab-vendors", "tool", Sight.SEVERAL, count=2, presses=True),
        Element("refresh-vendors", "vendors", Sight.NOT_LOOKED, presses=True),
    )
    outlines = (Outline("apply", "frame 0: 2 controls, 0 rows\n  button: Save in Sync Filters"),)
    about = "Shallow Sync reads active records. Deep Sync also reads inactive ones."
    return PageCheck(
        COMPANY.name,
        False,
        BEGAN,
        "1.0",
        "Microsoft Edge",
        (
            SiteCheck(Site.HH2, "beaulieu.hh2.com", True, True, None, hh2, outlines, about),
            SiteCheck(Site.PROCORE, "app.procore.com", True, True, None, procore),
        ),
    )


def _checked() -> PageCheckDialog:
    dialog = PageCheckDialog(COMPANY.name)
    dialog.take(page_check())
    return dialog


def _services(*lacks: Lack) -> list[Connection]:
    """Procore's in a person's name, and hh2's; `lacks` are missing at Procore."""
    standing = Standing.PERSON if Lack.SIGN_IN in lacks else Standing.GOOD
    told: dict[str, Any] = {"lacks": lacks}
    if not lacks:
        told = {
            "kept": True,
            "who": "Carole Tremblay",
            "company": "Construction Beaulieu",
            "number": 4_410_233,
            "level": "Standard",
            "rights": {tab: Right.MAY_NOT if tab is Tab.PRIME_CONTRACTS else Right.MAY for tab in Tab},
            "lacks": (Lack.LEVEL,),
        }
        standing = Standing.MISSING
    return [
        Connection(Site.PROCORE, standing, Way.PERSON, **told),
        Connection(
            Site.HH2,
            Standing.GOOD,
            Way.API_KEY,
            who="dana",
            company="beaulieu",
            lists={"jobs": True, "cost-codes": True, "cost-types": True, "vendors": True, "failures": True},
        ),
    ]


def connected() -> ConnectDialog:
    """Both services were asked: a right is missing at Procore."""
    dialog = ConnectDialog(COMPANY.name)
    dialog.show_found(_services())
    return dialog


def connecting() -> ConnectDialog:
    """A person is to bring a code."""
    dialog = ConnectDialog(COMPANY.name)
    dialog.show_found(_services(Lack.SIGN_IN))
    dialog.show_address(
        "https://login.procore.com/oauth/authorize?response_type=code&client_id=4fd81c2ab79e03d6551b"
        "&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&state=b2xkIHdvcmRzIG9mIGEgc3RhdGU"
    )
    dialog.code.fill("abcdef123456")
    return dialog


def _month_end() -> MonthEndDialog:
    shown = MonthEndDialog(COMPANY.name, {"2026-11": ("post", "sync")}, date(2026, 11, 24))
    shown.show_run(Story().mixed().state, free=True)
    return shown


def _help(name: str) -> HelpWindow:
    shown = HelpWindow()
    shown.draw(name)
    return shown


def _taught() -> TaughtDialog:
    dialog = TaughtDialog(COMPANY.name)
    labels = (
        Taught(Site.PROCORE, "refresh-vendors", "button", "Refresh Vendor Directory"),
        Taught(Site.HH2, "start-sync", "button", "Run Now"),
    )
    dialog.take(labels, allowed=False)
    return dialog


def past_verdicts() -> list[PastVerdict]:
    """A month of reports: the differences get fewer, and once something could not be compared."""
    counts = (36, 31, 33, 12, 8, 3)
    return [
        PastVerdict(
            stories.BEGAN - timedelta(days=5 * (len(counts) - at)),
            Verdict(Match.DIFFERS, count, Decimal(count) * Decimal("14.30"), 1 if at == 2 else 0),
        )
        for at, count in enumerate(counts)
    ]


def _history(page: int) -> HistoryView:
    """A history of some weeks."""
    view = HistoryView(COMPANY.name)
    story = Story().all_done()
    begun = stories.BEGAN - timedelta(days=30)
    lengths = (310, 355, 298, 610, 320, 333, 905, 345)
    ends = (RunOutcome.OK, RunOutcome.OK, RunOutcome.LOOK, RunOutcome.OK)
    view.take_runs(
        [
            msgspec.structs.replace(
                summary(story.state),
                run_id=f"run-{at}",
                started_at=begun + timedelta(days=4 * at),
                ended_at=begun + timedelta(days=4 * at, seconds=seconds),
                outcome=ends[at % 4],
            )
            for at, seconds in enumerate(lengths)
        ]
    )
    view.take_verdicts(past_verdicts())
    view.pages.setCurrentIndex(page)
    return view


def _moved(run: RunSummary, at: int) -> RunSummary:
    earlier = timedelta(hours=at)
    return msgspec.structs.replace(run, run_id=f"run-{at}", started_at=run.started_at - earlier)


def _nothing() -> None:
    """An answer that nobody gives."""


def match_report() -> Report:
    """A match report in which some things differ and one list could not be read."""
    at = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
    money = Totals(
        Decimal("1204501.25"), Decimal("1204016.04"), Decimal("485.21"), Decimal("500.05"), Decimal("-14.84"),
        3, 24, 190, 188,
    )  # fmt: skip
    reasons = (
        ReasonCount(Reason.POSTED_AFTER, Acts.CONTROLLER, 2, Decimal("512.39")),
        ReasonCount(Reason.STAGED, Acts.APPROVER, 1, Decimal("5.00")),
    )
    return Report(
        id="5fd8c0ffee",
        at=at,
        company=COMPANY.name,
        version="1.0",
        who="dana",
        run_id="run-7",
        filters=Filters(),
        tolerance=Decimal("1.00"),
        jobs_asked=(),
        as_of=None,
        verdict=Verdict(Match.DIFFERS, 3, Decimal("517.39"), 1),
        populations=(Population("vendors", 1, 0, 40, 0, 2),),
        totals=money,
        levels=("job", "cost-code", "cost-type"),
        ties=(Tie("sage-lines", 3, 0),),
        ages=(
            Age(Side.SAGE, "costs", "hh2", False, at - timedelta(minutes=4), 190, 3),
            Age(Side.PROCORE, "costs", "Procore", False, at - timedelta(minutes=2), 188, 3),
        ),
        not_compared=(Silence("prime-contracts", Why.READ_FAILED, Side.PROCORE),),
        not_comparable=(Silence("sub-jobs", Why.UNDOCUMENTED, Side.SAGE),),
        waiting={Tab.VENDORS: Waiting(12, 0)},
        waiting_since={Tab.VENDORS: Since(at - timedelta(days=3))},
        reasons=reasons,
        since={"new": 1, "known": 2, "cleared": 4},
        changes=Changes(at - timedelta(days=1), {"jobs": 1}, (("jobs", "26-001", "Pont Neuf"),)),
        aside=0,
    )


def matched(page: int = 0) -> MatchView:
    """The view of a report, its first job opened to the transactions."""
    view = MatchView(COMPANY.name)
    view.take_report(match_report(), (1, 3, 4))
    zero, differs = Decimal(0), Decimal("500.05")
    places = (("25-001", "", ""), ("25-001", "01-010", ""), ("25-001", "01-010", "L"))
    above = view.money.root
    for depth, (job, code, kind) in zip((1, 3, 4), places, strict=True):
        name = "Pont des Érables" if depth == 1 else ""
        view.take_rows(above, [
            Node(depth, job, "", code, kind, name, Decimal("4501.25"), Decimal("4001.20"), differs, differs, zero,
                 1, 1, "differs"),
        ])  # fmt: skip
        above = above.children[0]
    posted = date(2026, 11, 2)
    view.take_rows(above, [
        Line(Side.SAGE, "tx25", posted, differs, "Béton Laval", "Ready mix", False),
        Line(Side.SAGE, "tx1", posted, Decimal("4001.20"), "Béton Laval", "", True),
        Line(Side.PROCORE, "51", posted, Decimal("4001.20"), "Béton Laval", "", True),
    ])  # fmt: skip
    view.tree.expandAll()
    cost = Difference(
        "k", "money", "job-costs", "25-001", "", "01-010", "L", "", "", Decimal("4501.25"), Decimal("4001.20"), differs,
        "differs", (), Reason.POSTED_AFTER, Acts.CONTROLLER, "new", None, False, "", "", None, None,
    )  # fmt: skip
    vendor = Difference(
        "v", "population", "vendors", "", "", "", "", "V0003", "Béton Laval", None, None, None,
        "sage-only", (), Reason.STAGED, Acts.APPROVER, "known", None, False, "", "", None, None,
        datetime(2026, 11, 20, 8, 5, tzinfo=UTC),
    )  # fmt: skip
    view.take_differences(view.differences.narrowed, 0, [cost, vendor])
    view.pages.setCurrentIndex(page)
    return view


def file_look() -> FileLook:
    """A Job Cost report of Sage, as it is proposed to be read."""
    headings = ("Job", "Extra", "Cost Code", "Category", "Accounting Date", "JTD Cost", "Remarks")
    columns = dict(
        zip(("job", "sub_job", "cost_code", "cost_type", "posted", "amount"), headings, strict=False)
    )
    rows = (
        ("25-001", "", "01-010", "L", "11/02/2026", "1,234.50", ""),
        ("", "", "", "M", "11/13/2026", "(4.05)", "Crédit"),
        ("25-002", "001", "02-010", "L", "2026-11-03", "100.00-", ""),
    )
    lists = (Kind.COSTS, Kind.JOBS, Kind.VENDORS, Kind.COST_CODES)
    wanted = ("job", "sub_job", "cost_code", "cost_type", "amount", "posted", "vendor", "text")
    needed = frozenset({"job", "amount"})
    return FileLook(Side.SAGE, Kind.COSTS, "jc-cost.csv", headings, rows, lists, wanted, needed, columns)


def _to_compare() -> CompareDialog:
    asked = Asked(
        Decimal("5.00"),
        ("25-014", "25-020"),
        date(2026, 10, 31),
        ("costs=jc-cost.csv",),
        ("vendors=fournisseurs.xlsx",),
    )
    return CompareDialog(asked, date(2026, 11, 24))


def matching() -> MatchView:
    """The view while both sides are read."""
    view = MatchView(COMPANY.name)
    view.take_report(None, ())
    view.begin()
    view.show_progress(Progress("reading", Side.SAGE, Kind.COSTS, "", 40, 10, 12_345, 0, 7))
    return view
