"""Notices that lie over a page (of cookies, of maintenance): what closes them without agreeing to anything."""

from app.portals.find import Found
from app.portals.labels import Table
from app.portals.reading import PageRead


def closers(read: PageRead, table: Table) -> list[Found]:
    """What closes the notices of a page. What refuses comes before what merely closes: both end the same notice."""
    found = []
    for action in ("notice-reject", "notice-close"):
        control = table.controls[action]
        found = [
            Found(control, seen, place)
            for seen, place in read.controls()
            if seen.role in control.roles
            and seen.enabled
            and any(control.bears(name) for name in seen.names)
            and table.says("notice", seen.over)
        ]
        if found:
            break
    return found
