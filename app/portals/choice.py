"""Reading and setting a choice of one among several: a drop-down, radio buttons, or a list of the page's own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.problems import trouble
from app.portals.find import LABEL_PROBLEM, Found, candidates
from app.portals.folding import fold
from app.portals.labels import Control
from app.portals.reading import PageRead, Place, Seen

if TYPE_CHECKING:
    from app.portals.site import SitePage


@dataclass(frozen=True)
class Choice:
    """A choice that was found: `native` is a drop-down of the browser's own, else `radios`, else a list that opens."""

    native: Found | None
    radios: tuple[tuple[Seen, Place], ...]
    opener: Found | None


def find_choice(site: "SitePage", read: PageRead, action: str) -> Choice:
    """The one choice of this action. Raises Trouble(PRO-LABEL or HH2-LABEL, action, found)."""
    control = site.table.controls[action]
    found = candidates(read, control)
    if not found:
        radios = _radios(read, control)
        if radios:
            return Choice(None, radios, None)
    if len(found) != 1:
        raise trouble(LABEL_PROBLEM[site.site], action=action, found=len(found))
    one = found[0]
    if one.seen.options:
        return Choice(one, (), None)
    return (
        Choice(None, (), one) if one.seen.role == "combobox" else Choice(None, _radios(read, control), None)
    )


def place_of(choice: Choice, control: Control, key: str) -> Found | None:
    """Where a person would press to choose the option of this key."""
    fitting = [Found(control, *one) for one in choice.radios if option_of(control, one[0].name) == key]
    return choice.native or choice.opener or next(iter(fitting), None)


def _radios(read: PageRead, control: Control) -> tuple[tuple[Seen, Place], ...]:
    """The radio buttons (or options) of a group that bears the control's name."""
    return tuple(
        (seen, place)
        for seen, place in read.controls()
        if seen.role in ("radio", "menuitemradio", "option")
        and any(control.bears(name) for name in seen.within[:1])
    )


def chosen(choice: Choice, control: Control) -> str | None:
    """The key of the option that is chosen; None where the page's choice is none that the table knows."""
    if choice.native is not None:
        return option_of(control, choice.native.seen.value)
    if choice.opener is not None:
        return option_of(control, choice.opener.seen.value)
    return next((option_of(control, seen.name) for seen, _ in choice.radios if seen.on), None)


def option_of(control: Control, text: str) -> str | None:
    """The key of an option by what it is called."""
    folded = fold(text)
    return next((key for key, names in control.options.items() if folded in names), None)


async def choose(site: "SitePage", read: PageRead, action: str, key: str) -> None:
    """Choose the option of this key. Raises Trouble(…LABEL, action="date-range:past-week", found)."""
    control = site.table.controls[action]
    choice = find_choice(site, read, action)
    if choice.native is not None:
        fitting = [
            one for one in choice.native.seen.options if option_of(control, one.text) == key and one.enabled
        ]
        if len(fitting) != 1:
            raise _missing(site, action, key, len(fitting))
        await site.select(choice.native, fitting[0].value)
        return
    if choice.opener is not None:
        await _choose_from_list(site, choice.opener, control, key)
        return
    radios = [
        (seen, place) for seen, place in choice.radios if option_of(control, seen.name or seen.near) == key
    ]
    if len(radios) != 1:
        raise _missing(site, action, key, len(radios))
    await site.check(Found(control, *radios[0]))


async def _choose_from_list(site: "SitePage", opener: Found, control: Control, key: str) -> None:
    """Open a list of the page's own and choose from it."""
    if not opener.seen.open:
        await site.check(opener)

    async def listed(read: PageRead) -> bool | None:
        fitting = [
            Found(control, seen, place)
            for seen, place in read.controls()
            if seen.role in ("option", "menuitemradio", "radio") and option_of(control, seen.name) == key
        ]
        if len(fitting) > 1:
            raise _missing(site, control.action, key, len(fitting))
        if not fitting:
            return None
        await site.check(fitting[0])
        return True

    if await site.until(listed, 5.0) is None:
        raise _missing(site, control.action, key, 0)


def _missing(site: "SitePage", action: str, key: str, found: int) -> Exception:
    return trouble(LABEL_PROBLEM[site.site], action=f"{action}:{key}", found=found)
