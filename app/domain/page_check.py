"""Check the pages: what of both sites' pages was found where, as a report that says how it ended."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome, Site
from app.domain.problem_kinds import KINDS
from app.domain.problems import Problem, ProblemId

# Something of the page is missing: the report names it. Signing in again or a person's code would not help.
LABELS = frozenset({ProblemId.HH2_LABEL, ProblemId.PRO_LABEL, ProblemId.PRO_PERM})


class Sight(StrEnum):
    """What came of looking for one element."""

    FOUND = "found"
    MISSING = "missing"
    SEVERAL = "several"
    NOT_LOOKED = "not-looked"  # the way to where it should stand was not found
    NOT_NEEDED = "not-needed"  # not there, and nothing of this company's runs needs it


class CheckStage(StrEnum):
    """How far Check the pages is with a site."""

    SIGNING_IN = "signing-in"
    PERSON = "person"  # a code or single sign-on: somebody is waited for at the browser
    WALKING = "walking"
    POINT = "point"  # somebody is waited for to point at a control


class Element(msgspec.Struct, frozen=True):
    """One element that a run would press or read: `action` is its id in `resources/portals`, an option of a choice
    "date-range:past-week"; `section` the id of the section it is looked for in ("" anywhere).

    `name` is the name of the label table that it bears (its own words never stand here), `mark` how sure that name is:
    C, C3, I, ? or "taught"; both "" where an id of the page told. `within` are the sections it stands in, from the
    innermost out, as the page names them. `count` says how many fitted, `why` why one that fits may not be used, and
    `presses` whether a run would press it or only read it. `unknown` are the options of hh2's date range or depth that
    no label knows, as the page names them."""

    action: str
    section: str = ""
    sight: Sight = Sight.MISSING
    name: str = ""
    mark: str = ""
    role: str = ""
    within: tuple[str, ...] = ()
    count: int = 0
    presses: bool = False
    needed: bool = True
    why: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def is_wanting(self) -> bool:
        """True where a run of this company would stop at it."""
        return self.needed and self.sight in (Sight.MISSING, Sight.SEVERAL, Sight.NOT_LOOKED)


class Outline(msgspec.Struct, frozen=True):
    """The page on which something was not found: the roles and names of its controls, never a cell, never a value."""

    action: str
    text: str


class SiteCheck(msgspec.Struct, frozen=True):
    """One site. `reached` says that its page came, `signed_in` that it let us in; `problem` is what ended the walk.

    `about_depth` is what hh2's own page says of its depths, word for word; "" where it says nothing."""

    site: Site
    host: str
    reached: bool = False
    signed_in: bool = False
    problem: Problem | None = None
    elements: tuple[Element, ...] = ()
    outlines: tuple[Outline, ...] = ()
    about_depth: str = ""


class PageCheck(msgspec.Struct, frozen=True):
    """Both sites of one company. `browser` is the name of the browser that was driven, `problem` why none was."""

    profile: str
    training: bool
    at: datetime
    version: str
    browser: str = ""
    sites: tuple[SiteCheck, ...] = ()
    problem: Problem | None = None

    @property
    def wanting(self) -> int:
        """How many elements a run would stop at."""
        return sum(one.is_wanting for site in self.sites for one in site.elements)

    @property
    def found(self) -> int:
        """How many elements were found."""
        return sum(one.sight is Sight.FOUND for site in self.sites for one in site.elements)


def exit_code(check: PageCheck) -> int:
    """0 all found, 10 something is missing, 20 a site was not reached, 30 a person is needed; the highest counts."""
    problems = [check.problem, *(site.problem for site in check.sites)]
    return max((_code_of(problem) for problem in problems), default=0) or (
        EXIT_CODES[RunOutcome.LOOK] if check.wanting else 0
    )


def _code_of(problem: Problem | None) -> int:
    if problem is None:
        return 0
    if problem.id in LABELS:
        return EXIT_CODES[RunOutcome.LOOK]
    return EXIT_CODES[RunOutcome.PERSON if KINDS[problem.id].person else RunOutcome.FAILED]


def as_json(check: PageCheck) -> dict[str, object]:
    """The report as the command line prints it: the fields of the structs above, and `exit`."""
    fields: dict[str, object] = msgspec.to_builtins(check)
    return {"type": "page-check", "exit": exit_code(check), "wanting": check.wanting, **fields}
