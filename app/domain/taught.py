"""What a person of the company pointed at on the page: a control that no label found there, or the text of an end."""

from enum import StrEnum

import msgspec

from app.domain.events import Site
from app.domain.tabs import Tab

# What a person would press; a text, a field or a cell is not taught.
BUTTON_LIKE = frozenset({"button", "link", "tab", "menuitem", "treeitem"})
LONGEST_NAME = 120
# A text by which a page tells that a sync, or the refresh of a tab, is done or has failed.
TEXT = "text"
LONGEST_TEXT = 200
END_DONE, END_FAILED = "end-done", "end-failed"
ENDS: dict[Site, frozenset[str]] = {
    Site.HH2: frozenset({END_DONE, END_FAILED}),
    Site.PROCORE: frozenset(f"{end}-{tab.value}" for end in (END_DONE, END_FAILED) for tab in Tab),
}


class Taught(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label: `action` is the id of the control in `resources/portals` that a control of this role and name stands
    for, in the section where that control must stand. It is looked for after the table's own names.

    Or, with one of `ENDS` and the role "text", a sentence: the page tells an end by it, where the table reads nothing
    in it. Where it has a time of day or a date, any other counts as well."""

    site: Site
    action: str
    role: str
    name: str

    @property
    def is_end(self) -> bool:
        """Is it the text of an end, not a control?"""
        return is_end(self.site, self.action)

    @property
    def key(self) -> str:
        """How it is named on the command line: "procore:refresh-vendors"."""
        return key_of(self.site, self.action)


class Unfit(StrEnum):
    """Why what was pointed at is not taken."""

    NOT_TAUGHT = "not-taught"  # this element is none that may be taught
    NO_CONTROL = "no-control"
    ROLE = "role"
    NO_NAME = "no-name"
    FORBIDDEN = "forbidden"
    SECTION = "section"
    ANOTHER = "another"  # it bears the name of another element
    KNOWN = "known"  # the table has this name already
    SEVERAL = "several"  # the section has more of the same role and name
    NO_TEXT = "no-text"  # for an end: no sentence that is read
    VAGUE = "vague"  # for an end: too short to be told from others
    OTHERWISE = "otherwise"  # for an end: the sentence is understood already, and as something else
    NOT_YET = "not-yet"  # for an end: it speaks of what is to come, or denies
    POLICY = "policy"  # the company's IT does not allow it
    NOBODY = "nobody"  # nobody pointed at anything in time


class Pointed(msgspec.Struct, frozen=True):
    """What a person pointed at, and why it is not taken ("" where it may be). `within` are its sections, from the
    innermost out, as the page names them."""

    site: Site
    action: str
    role: str = ""
    name: str = ""
    within: tuple[str, ...] = ()
    unfit: Unfit | None = None

    @property
    def label(self) -> Taught:
        """What would be kept."""
        return Taught(self.site, self.action, self.role, self.name)


def is_end(site: Site, action: str) -> bool:
    """Is this the id of an end's text?"""
    return action in ENDS[site]


def key_of(site: Site, action: str) -> str:
    """An element's id with its site's: "hh2:start-sync"."""
    return f"{site.value}:{action}"


def with_label(labels: tuple[Taught, ...], new: Taught) -> tuple[Taught, ...]:
    """The labels with a new one in place of what was taught for the same element."""
    return (*without_label(labels, new.key), new)


def without_label(labels: tuple[Taught, ...], key: str) -> tuple[Taught, ...]:
    """The labels without what was taught for this element."""
    return tuple(one for one in labels if one.key != key)
