"""Finding the one control a person would press: by role and visible label, within its section; several are none."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble, trouble
from app.portals.folding import fold, split_count
from app.portals.labels import Control, Table
from app.portals.reading import PageRead, Place, Seen

LABEL_PROBLEM = {Site.HH2: ProblemId.HH2_LABEL, Site.PROCORE: ProblemId.PRO_LABEL}


@dataclass(frozen=True)
class Found:
    """A control that was found, what it is, and where it can be reached."""

    control: Control
    seen: Seen
    place: Place


def candidates(page: PageRead, control: Control) -> list[Found]:
    """Every control that could be the one looked for.

    Of those that bear the name in the right role, the ones whose nearest known section fits come before those that
    only stand somewhere within it; a control named by an id that was seen on the site comes before all, and one that a
    person taught after all."""
    return _by_table(page, control) or _by_teaching(page, control)


def _by_teaching(page: PageRead, control: Control) -> list[Found]:
    if not control.taught:
        return []
    taught = [
        Found(control, seen, place)
        for seen, place in page.controls()
        if any(control.is_taught(seen.role, name) for name in seen.names)
    ]
    return nearest(page, control, taught)


def _by_table(page: PageRead, control: Control) -> list[Found]:
    named = [Found(control, seen, place) for seen, place in page.controls() if _fits(seen, control)]
    by_id = [found for found in named if found.seen.id in control.ids]
    if by_id:
        return by_id
    return nearest(page, control, named)


def nearest(page: PageRead, control: Control, named: list[Found]) -> list[Found]:
    """Those that stand nearest to the section that they must stand in."""
    if not control.section:
        return named
    chosen = _chosen(page)
    headed = stands_in(page, control.section)
    ranked = [
        (rank, found) for found in named if (rank := _rank(found.seen, control, chosen, headed)) is not None
    ]
    best = min((rank for rank, _ in ranked), default=0)
    return [found for rank, found in ranked if rank == best]


def in_section(page: PageRead, control: Control) -> list[Seen]:
    """The controls of the page that stand in this one's section; where no heading names it, those beside its tab."""
    every = [seen for seen, _ in page.controls()]
    if not control.section:
        return every
    within = [one for one in every if _rank(one, control, ()) is not None]
    return within or [one for one in every if _rank(one, control, _chosen(page)) is not None]


def find(page: PageRead, table: Table, action: str) -> Found:
    """The one control of this action. Raises Trouble(PRO-LABEL or HH2-LABEL, action, found); nothing is pressed."""
    found = candidates(page, table.controls[action])
    if len(found) != 1:
        raise not_found(table.site, action, len(found))
    return found[0]


def find_if_there(page: PageRead, table: Table, action: str) -> Found | None:
    """The one control of this action, or None where there is none. Several raise as in `find`."""
    found = candidates(page, table.controls[action])
    if len(found) > 1:
        raise not_found(table.site, action, len(found))
    return found[0] if found else None


def stands_in(page: PageRead, section: frozenset[str]) -> bool:
    """Does anything of the page stand in a section of one of these names?"""
    within = {name for seen, _ in page.controls() for name in seen.within}
    within.update(name for saying in page.sayings for name in saying.within)
    return any(fold(name) in section or split_count(fold(name))[0] in section for name in within)


def not_found(site: Site, action: str, count: int) -> Trouble:
    """The trouble of a label that fits nothing (0) or several things."""
    return trouble(LABEL_PROBLEM[site], action=action, found=count)


def renamed(page: PageRead, table: Table, action: str) -> bool:
    """Does a control stand in the section that begins as the one looked for does, and is none that the table knows?

    "Refresh Vendor Directory" tells of a changed label; no such control at all, of a right that is missing."""
    control = table.controls[action]
    begins = {name.split()[0] for name in control.names}
    chosen, headed = _chosen(page), stands_in(page, control.section)
    for seen, _ in page.controls():
        folded = fold(seen.name)
        if (
            seen.role in control.roles
            and folded.split()[:1]
            and folded.split()[0] in begins
            and not {folded, split_count(folded)[0]} & table.names
            and (not control.section or _rank(seen, control, chosen, headed) is not None)
        ):
            return True
    return False


def counted(page: PageRead, control: Control) -> int | None:
    """The count behind a filter's name, such as "Ready to Import (3)"; None where the page shows none."""
    for seen, _ in page.controls():
        if seen.role not in control.roles:
            continue
        for name in _names(seen):
            plain, count = split_count(fold(name))
            if count is not None and plain in control.names:
                return count
    return None


def _fits(seen: Seen, control: Control) -> bool:
    role = seen.role
    if "choice" in control.roles:
        wanted = role in ("combobox", "listbox", "radiogroup")
    else:
        wanted = role in control.roles
    return wanted and (any(control.bears(name) for name in _names(seen)) or seen.id in control.ids)


def _names(seen: Seen) -> Iterable[str]:
    """The names that may identify a control. The text beside it only counts where it has no name of its own; what is
    chosen in a list of the page's own is none."""
    own = seen.names if seen.role != "combobox" else tuple(name for name in seen.names if name != seen.value)
    return own or (*seen.names, *((seen.near,) if seen.near else ()))


def _chosen(page: PageRead) -> tuple[str, ...]:
    return tuple(fold(name) for name in page.selected)


def _rank(seen: Seen, control: Control, chosen: tuple[str, ...], headed: bool = False) -> int | None:
    """How near the control's section is: 0 the innermost; None where it stands in none that fits.

    That a tab of the section's name is chosen is enough for what stands in no section of its own; not for what stands
    in another of the table's, nor, where the page names the section somewhere (`headed`), for what stands in any other:
    a button of the same name there is another button, though ours be missing."""
    within = [{fold(name), split_count(fold(name))[0]} for name in seen.within]
    for distance, names in enumerate(within):
        if names & control.section:
            return distance
    if any(names & control.beside or (headed and not names & control.around) for names in within):
        return None
    if any({name, split_count(name)[0]} & control.section for name in chosen):
        return len(within) + 1000
    return None
