"""Windows and dialogs in a given state, for the contact sheets and the tests."""

from datetime import datetime, timedelta

import msgspec
from PySide6.QtWidgets import QDialog

from app.domain.events import Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.history import RunSummary, summary
from app.domain.page_check import Element, Outline, PageCheck, Sight, SiteCheck
from app.domain.profile import FieldFault, Profile
from app.domain.tabs import Job, Tab
from app.engine.faces import JobChoice
from app.ui import questions
from app.ui.frame import Frame
from app.ui.history_view import HistoryView
from app.ui.jobs_dialog import JobsDialog
from app.ui.page_check_dialog import PageCheckDialog
from app.ui.profile_dialog import ProfileDialog
from app.ui.tabs_dialog import TabsDialog
from app.ui.view import View
from app.ui.window import Window
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
    return [
        ("dialog: jobs", jobs),
        ("dialog: jobs, none known", empty),
        ("dialog: new company", new),
        ("dialog: company with faults", faulty),
        ("dialog: tabs", TabsDialog((Tab.VENDORS, Tab.JOB_COSTS))),
        ("dialog: history", history),
        ("dialog: check the pages", _checked()),
        ("dialog: long sync", questions.ask_long(parent, Filters(DateRange.ALL, Depth.DEEP), _nothing)),
        ("dialog: exit", questions.ask_exit(parent, _nothing)),
    ]


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


def _moved(run: RunSummary, at: int) -> RunSummary:
    earlier = timedelta(hours=at)
    return msgspec.structs.replace(run, run_id=f"run-{at}", started_at=run.started_at - earlier)


def _nothing() -> None:
    """An answer that nobody gives."""
