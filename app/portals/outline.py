"""An outline of a page for support: the roles and names of its controls and sections, never a cell, never a value."""

from app.portals.reading import PageRead

_LINES = 400
_NAME = 80
# Names of single records are cells by another way: more rows than this of one kind are counted instead.
_SAME = 12
# What one may choose from is a value, such as the name of a job: it is counted, not named.
_VALUES = frozenset({"option", "radio", "menuitemradio", "checkbox", "menuitemcheckbox", "treeitem"})


def outline(read: PageRead) -> str:
    """One line a control: role, name, "off" where it is disabled, and where it stands."""
    lines: list[str] = []
    for number, frame in enumerate(read.frames):
        lines.append(f"frame {number}: {len(frame.controls)} controls, {frame.rows} rows")
        lines += [f"  chosen: {name[:_NAME]}" for name in frame.selected]
        seen: dict[tuple[str, tuple[str, ...]], int] = {}
        for one in frame.controls:
            kind = (one.role, one.within)
            seen[kind] = seen.get(kind, 0) + 1
            if one.role in _VALUES:
                if seen[kind] == 1 and one.role != "option":
                    lines.append(f"  {one.role}: not named here, in {_place(one.within)}")
                continue
            if seen[kind] == _SAME + 1:
                lines.append(f"  {one.role}: more of them in {_place(one.within)}")
            if seen[kind] > _SAME:
                continue
            off = "" if one.enabled else " (off)"
            # A list of the page's own may have no name but what is chosen in it.
            name = "" if one.name == one.value else one.name[:_NAME]
            lines.append(f"  {one.role}: {name}{off} in {_place(one.within)}")
    return "\n".join(lines[:_LINES])


def _place(within: tuple[str, ...]) -> str:
    return " < ".join(name[:_NAME] for name in within[:4]) or "the page"
