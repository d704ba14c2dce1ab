"""Reading and setting a choice of one among several: a drop-down, radio buttons, or a list of the page's own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.problems import Trouble, trouble
from app.portals.find import LABEL_PROBLEM, Found, candidates, nearest, not_found
from app.portals.folding import fold, split_count
from app.portals.labels import Control
from app.portals.reading import PageRead

if TYPE_CHECKING:
    from app.portals.site import SitePage

_ONE_OF = ("radio", "menuitemradio", "option")


@dataclass(frozen=True)
class Offer:
    """One thing that can be chosen: what the page calls it inside, and what a person reads.

    `found` is where it is pressed; None for an option of the browser's own drop-down."""

    key: str
    text: str
    enabled: bool = True
    found: Found | None = None


@dataclass(frozen=True)
class Choice:
    """A choice that was found: `native` is a drop-down of the browser's own, else `radios` (or a list that stands
    open), else the `opener` of a list; `listed` is what that list shows, None while it is shut."""

    native: Found | None = None
    radios: tuple[Found, ...] = ()
    opener: Found | None = None
    listed: tuple[Found, ...] | None = None


def find_choice(site: "SitePage", read: PageRead, action: str) -> Choice:
    """The one choice of this action. Raises Trouble(PRO-LABEL or HH2-LABEL, action, found)."""
    control = site.table.controls[action]
    opened = {seen.opens for seen, _ in read.controls() if seen.role == "combobox" and seen.opens}
    # A group is known by its buttons, an open list by what opens it.
    found = [
        one
        for one in candidates(read, control)
        if one.seen.role != "radiogroup" and not (one.seen.role == "listbox" and one.seen.id in opened)
    ]
    if not found:
        return Choice(radios=_radios(read, control, site))
    if len(found) != 1:
        raise not_found(site.site, action, len(found))
    one = found[0]
    if one.seen.options:
        return Choice(native=one)
    if one.seen.role == "combobox":
        return Choice(opener=one, listed=_listed(read, one))
    return Choice(radios=_radios(read, control, site))


def _radios(read: PageRead, control: Control, site: "SitePage") -> tuple[Found, ...]:
    """The radio buttons (or options) of the one group that bears the control's name. Raises as `find_choice`."""
    named = [
        Found(control, seen, place)
        for seen, place in read.controls()
        if seen.role in _ONE_OF and seen.of and (control.bears(seen.of) or seen.group in control.ids)
    ]
    fitting = nearest(read, control, named)
    groups = {(id(one.place.frame), one.seen.group) for one in fitting}
    if len(groups) != 1:
        raise not_found(site.site, control.action, len(groups))
    return tuple(fitting)


def _listed(read: PageRead, opener: Found) -> tuple[Found, ...] | None:
    """What the list of this opener shows; None while it is shut."""
    options = tuple(
        Found(opener.control, seen, place)
        for seen, place in read.controls()
        if seen.role in ("option", "menuitemradio")
        and place.frame is opener.place.frame
        and (not opener.seen.opens or seen.group == opener.seen.opens)
    )
    return options or (() if opener.seen.open else None)


def offers(choice: Choice) -> tuple[Offer, ...] | None:
    """What can be chosen, in the order of the page; None while a list is shut."""
    if choice.native is not None:
        return tuple(Offer(one.value, one.text, one.enabled) for one in choice.native.seen.options)
    pressed = choice.listed if choice.opener is not None else choice.radios
    if pressed is None:
        return None
    return tuple(Offer(one.seen.key, one.seen.name, one.seen.enabled, one) for one in pressed)


def held(choice: Choice) -> Offer | None:
    """What is chosen now; None for nothing. A list that is shut may not tell the key."""
    one = choice.native or choice.opener
    if one is not None:
        return Offer(one.seen.key, one.seen.value)
    return next((Offer(on.seen.key, on.seen.name, found=on) for on in choice.radios if on.seen.on), None)


def place_of(choice: Choice, fits: Callable[[Offer], bool]) -> Found | None:
    """Where a person would press to choose what fits."""
    fitting = [one.found for one in offers(choice) or () if fits(one) and one.found is not None]
    return choice.native or (fitting[0] if fitting else choice.opener)


async def pick(
    site: "SitePage", read: PageRead, action: str, fits: Callable[[Offer], bool], *, wanted: str = ""
) -> bool | None:
    """One step towards choosing what fits: True when it is chosen, None when the page is to be read again.

    Raises Trouble(PRO-LABEL or HH2-LABEL, action, found) where not exactly one thing fits; the action is then `wanted`,
    such as "date-range:past-week"."""
    choice = find_choice(site, read, action)
    now = held(choice)
    if now is not None and fits(now):
        return True
    if await site.close_notice(read):
        return None
    listed = offers(choice)
    if listed is None:
        if choice.opener is not None:
            await site.check(choice.opener)
        return None
    fitting = [one for one in listed if one.enabled and fits(one)]
    if choice.opener is not None and not listed:
        return None  # its list is still being filled
    if len(fitting) != 1:
        what = wanted or action
        raise trouble(LABEL_PROBLEM[site.site], action=what, found=len(fitting), why="not-offered")
    one = fitting[0]
    if one.found is not None:
        await site.check(one.found)
    elif choice.native is not None:
        await site.select(choice.native, one.key)
    return None


async def read_offers(
    site: "SitePage", action: str, inside: Callable[[PageRead], None] = lambda _read: None
) -> tuple[Offer, ...] | None:
    """What a choice offers. A list of the page's own is opened, read and shut again; None where it is not come to.

    `inside` is called with each look at the page, and may raise."""
    opened: tuple[Offer, ...] | None = None

    async def seen(read: PageRead) -> tuple[Offer, ...] | None:
        nonlocal opened
        inside(read)
        choice = find_choice(site, read, action)
        now = offers(choice)
        if choice.opener is None:
            return now or None
        if opened is not None:
            if now is None:
                return opened
            await site.check(choice.opener)
            return None
        if now is None:
            if not await site.close_notice(read):
                await site.check(choice.opener)
            return None
        opened = now or None
        return None

    try:
        return await site.until(seen, 5.0) or opened
    except Trouble:
        if opened:
            return opened  # it was read; that it does not shut is no trouble of what it offers
        raise


def chosen(choice: Choice, control: Control) -> str | None:
    """The key of the option that is chosen; None where the page's choice is none that the table knows."""
    now = held(choice)
    return option_of(control, now.text) if now is not None else None


def option_of(control: Control, text: str) -> str | None:
    """The key of an option by what it is called, perhaps with a count behind it."""
    folded = fold(text)
    plain = split_count(folded)[0]
    return next((key for key, names in control.options.items() if names & {folded, plain}), None)


def strange(control: Control, texts: Iterable[str]) -> tuple[str, ...]:
    """What is offered and none of the options that the table knows."""
    return tuple(text[:80] for text in texts if text and option_of(control, text) is None)
