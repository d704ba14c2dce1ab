"""The troubles of the pages, as data: what goes wrong on them or with the browser, and how a run must then end.

They show on pages alone, so a run meets them with the browser driver. Each one is meant for the scenario "ok"."""

from enum import StrEnum

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.training.faults import Fault, FaultKind
from app.training.traits import SyncTrait, Traits

# The tab whose label is gone, or that has no button.
STRUCK = Tab.VENDORS


class PageTrait(StrEnum):
    """What a site's pages do otherwise."""

    CODE = "code"  # after the password a one-time code is asked for
    CAPTCHA = "captcha"  # after the password the person must show that they are one
    SINGLE_SIGN_ON = "single-sign-on"  # signing in is done at the company's own sign-in, on another host
    LOOK_ALIKE = "look-alike"  # the way in leads to another host, whose form looks like the site's own
    LABEL_GONE = "label-gone"  # the button that is looked for is called something else
    TOOL_ABSENT = "tool-absent"  # the navigation does not lead to ERP Integrations
    BUTTON_ABSENT = "button-absent"
    OLD_END = "old-end"  # as long as ours is under way, the end of the one before stands there
    NO_END = "no-end"  # an end is never shown
    OTHER_END = "other-end"  # the end is told in words that no label table knows
    NO_BROWSER = "no-browser"  # this computer has none; the servers have no part in it


class PageTrouble(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble. `outcome` and `problems` hold where nobody is there to act; `noted` were dealt with on the way.

    `with_person` is the outcome where a person does in the driven browser what is asked; None where they cannot.
    `site` is "hh2", "procore", or empty for both."""

    name: str
    about: str
    site: str = ""
    outcome: RunOutcome = RunOutcome.PERSON
    problems: tuple[ProblemId, ...] = ()
    noted: tuple[ProblemId, ...] = ()
    with_person: RunOutcome | None = None
    trait: PageTrait | None = None
    traits: Traits | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def exit(self) -> int:
        """The exit code where nobody is there."""
        return EXIT_CODES[self.outcome]

    def shows(self, trait: PageTrait, site: str) -> bool:
        """True where this site's pages have this trait."""
        return self.trait is trait and self.site in ("", site)


def _at_both_doors(trait: PageTrait, about: str, with_person: RunOutcome | None) -> tuple[PageTrouble, ...]:
    return tuple(
        PageTrouble(
            name=f"{site}-{trait.value}",
            about=about.format(site=shown),
            site=site,
            problems=(ProblemId.MFA,),
            with_person=with_person,
            trait=trait,
        )
        for site, shown in (("hh2", "hh2"), ("procore", "Procore"))
    )


_TABLE: tuple[PageTrouble, ...] = (
    *_at_both_doors(PageTrait.CODE, "{site} asks for a one-time code after the password.", RunOutcome.OK),
    *_at_both_doors(
        PageTrait.SINGLE_SIGN_ON, "Signing in to {site} is done at the company's own sign-in.", RunOutcome.OK
    ),
    *_at_both_doors(
        PageTrait.CAPTCHA, "{site} wants to be shown that a person is signing in.", RunOutcome.OK
    ),
    *_at_both_doors(
        PageTrait.LOOK_ALIKE, "The way in to {site} leads to a foreign host's look-alike of its form.", None
    ),
    PageTrouble(
        name="session-lost",
        about="Each site forgets the sign-in once, in the middle of the run.",
        outcome=RunOutcome.OK,
        noted=(ProblemId.SESSION,),
        faults=(
            Fault(FaultKind.SESSION_LOST, call="hh2.sync.look", nth=2),
            Fault(FaultKind.SESSION_LOST, call="procore.tab.look", nth=4),
        ),
    ),
    PageTrouble(
        name="session-lost-at-press",
        about="Each site carries a press out and forgets the sign-in before it shows anything of it.",
        outcome=RunOutcome.OK,
        noted=(ProblemId.SESSION,),
        faults=(
            Fault(FaultKind.SESSION_LOST_AFTER, call="hh2.sync.start"),
            Fault(FaultKind.SESSION_LOST_AFTER, call="procore.tab.press", nth=2),
        ),
    ),
    PageTrouble(
        name="hh2-label-gone",
        about="hh2's Start Sync is called something else.",
        site="hh2",
        problems=(ProblemId.HH2_LABEL,),
        trait=PageTrait.LABEL_GONE,
    ),
    PageTrouble(
        name="procore-label-gone",
        about="The button of Procore's vendors tab is called something else.",
        site="procore",
        problems=(ProblemId.PRO_LABEL,),
        trait=PageTrait.LABEL_GONE,
    ),
    PageTrouble(
        name="tool-absent",
        about="Procore shows this account no ERP Integrations tool.",
        site="procore",
        problems=(ProblemId.PRO_PERM,),
        trait=PageTrait.TOOL_ABSENT,
    ),
    PageTrouble(
        name="button-absent",
        about="Procore's vendors tab has no button for this account.",
        site="procore",
        problems=(ProblemId.PRO_PERM,),
        trait=PageTrait.BUTTON_ABSENT,
    ),
    PageTrouble(
        name="old-end",
        about='As long as ours is under way, both sites show the "completed" of the one before.',
        outcome=RunOutcome.OK,
        trait=PageTrait.OLD_END,
    ),
    PageTrouble(
        name="hh2-no-end",
        about="hh2's page shows our sync running for ever.",
        site="hh2",
        problems=(ProblemId.HH2_UNSURE,),
        trait=PageTrait.NO_END,
    ),
    PageTrouble(
        name="procore-no-end",
        about="Procore says that a refresh will begin, and nothing after that.",
        site="procore",
        outcome=RunOutcome.LOOK,
        problems=(ProblemId.PRO_STALE,),
        trait=PageTrait.NO_END,
    ),
    PageTrouble(
        name="hh2-other-end",
        about="hh2's page tells that our sync has ended, in words that no label table knows.",
        site="hh2",
        problems=(ProblemId.HH2_UNSURE,),
        trait=PageTrait.OTHER_END,
    ),
    PageTrouble(
        name="procore-other-end",
        about="Procore tells that a refresh has ended, in words that no label table knows.",
        site="procore",
        outcome=RunOutcome.LOOK,
        problems=(ProblemId.PRO_STALE,),
        trait=PageTrait.OTHER_END,
    ),
    PageTrouble(
        name="other-filters",
        about="A sync with other filters than ours is under way in hh2.",
        site="hh2",
        outcome=RunOutcome.OK,
        noted=(ProblemId.HH2_BUSY,),
        traits=Traits(sync=SyncTrait.BUSY, filters=Filters(DateRange.ALL, Depth.DEEP)),
    ),
    PageTrouble(
        name="browser-killed",
        about="The browser is killed while Procore carries out the second press.",
        site="procore",
        problems=(ProblemId.BROWSER,),
        faults=(Fault(FaultKind.BROWSER_KILLED, call="procore.tab.press", nth=2),),
    ),
    PageTrouble(
        name="browser-absent",
        about="This computer has no browser that may be driven.",
        problems=(ProblemId.BROWSER,),
        trait=PageTrait.NO_BROWSER,
    ),
)

NONE = PageTrouble(name="", about="Nothing goes wrong with the pages.", outcome=RunOutcome.OK)
TROUBLES: dict[str, PageTrouble] = {one.name: one for one in _TABLE}


class NoSuchTrouble(ValueError):
    """A name that is not in the table."""


def page_trouble(name: str) -> PageTrouble:
    """A trouble by its name; "" is none. Raises NoSuchTrouble."""
    if not name:
        return NONE
    found = TROUBLES.get(name)
    if found is None:
        raise NoSuchTrouble(name)
    return found


def listing() -> list[dict[str, object]]:
    """The part of `training list --json` that tells of the page troubles."""
    return [
        {
            "name": one.name,
            "about": one.about,
            "outcome": [one.outcome.value],
            "exit": [one.exit],
            "problems": [problem.value for problem in one.problems],
            "noted": [problem.value for problem in one.noted],
            "with_person": None
            if one.with_person is None
            else {"outcome": [one.with_person.value], "exit": [EXIT_CODES[one.with_person]]},
        }
        for one in TROUBLES.values()
    ]
