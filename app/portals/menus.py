"""What stands for a button where it is not seen: the menu in a row that holds it, or its label while it runs."""

import msgspec

from app.domain.looks import UNDER_WAY
from app.domain.problems import Trouble
from app.portals.find import Found, candidates, find_if_there, nearest
from app.portals.folding import fold, plain
from app.portals.labels import Control, Table
from app.portals.reading import PageRead
from app.portals.status import Button

ROW_MENU = "row-menu"
_STEM = 4  # so many letters are the same in both words
_OPENS_MENU = frozenset({"menu", "true"})


def menu_of(read: PageRead, table: Table, action: str) -> Found | None:
    """The one menu in the action's section that may hold its button; None for none, and for several."""
    wanted, menu = table.controls[action], table.controls[ROW_MENU]
    control = msgspec.structs.replace(
        menu, section=wanted.section, around=wanted.around, beside=wanted.beside, taught=frozenset()
    )
    found = [one for one in candidates(read, control) if one.seen.popup in _OPENS_MENU]
    return found[0] if len(found) == 1 else None


def running(read: PageRead, table: Table, action: str) -> Found | None:
    """The one control in the button's place whose label says that it runs ("Refreshing…"); never pressed."""
    control = table.controls[action]
    named = [
        Found(control, seen, place)
        for seen, place in read.controls()
        if seen.role in control.roles and any(_runs(table, control, name) for name in seen.names)
    ]
    found = nearest(read, control, named)
    return found[0] if len(found) == 1 else None


def _runs(table: Table, control: Control, name: str) -> bool:
    """ "Refreshing…" is what "Refresh Vendor List" becomes; "In progress (2)" is another control, such as a filter."""
    begins = {one[:_STEM] for one in control.names}
    return fold(name)[:_STEM] in begins and table.phase_of(name) in UNDER_WAY


def stands_for(read: PageRead, table: Table, action: str) -> Found | None:
    """The button of this action, or what stands for it. Raises Trouble(PRO-LABEL or HH2-LABEL) for several buttons."""
    found = find_if_there(read, table, action)
    return found or running(read, table, action) or menu_of(read, table, action)


def is_there(read: PageRead, table: Table, action: str) -> bool:
    """Does the button of this action, or what stands for it, stand there? Several do too."""
    try:
        return stands_for(read, table, action) is not None
    except Trouble:
        return True


def as_button(read: PageRead, table: Table, action: str, found: Found | None) -> Button:
    """What the button, or what stands for it, tells of what is under way."""
    if found is None:
        return Button()
    now = running(read, table, action)
    runs = found.seen.busy or (now is not None and now.seen == found.seen)
    return Button(plain(found.seen.name), runs or not found.seen.enabled, runs)
