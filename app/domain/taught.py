"""Labels that a person of the company pointed at on the page, because no label of the tables was found there."""

from enum import StrEnum

import msgspec

from app.domain.events import Site

# What a person would press; a text, a field or a cell is not taught.
BUTTON_LIKE = frozenset({"button", "link", "tab", "menuitem", "treeitem"})
LONGEST_NAME = 120


class Taught(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label: `action` is the id of the control in `resources/portals` that a control of this role and name stands
    for, in the section where that control must stand. It is looked for after the table's own names."""

    site: Site
    action: str
    role: str
    name: str

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


def key_of(site: Site, action: str) -> str:
    """An element's id with its site's: "hh2:start-sync"."""
    return f"{site.value}:{action}"


def with_label(labels: tuple[Taught, ...], new: Taught) -> tuple[Taught, ...]:
    """The labels with a new one in place of what was taught for the same element."""
    return (*without_label(labels, new.key), new)


def without_label(labels: tuple[Taught, ...], key: str) -> tuple[Taught, ...]:
    """The labels without what was taught for this element."""
    return tuple(one for one in labels if one.key != key)
