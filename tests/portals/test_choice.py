"""A choice is read and made however a page draws it: a drop-down, radio buttons, or a list of its own."""

import anyio
import pytest

from app.domain.problems import Trouble
from app.portals.choice import Offer, find_choice, held, option_of, pick, read_offers
from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Shown

pytestmark = pytest.mark.anyio
WORDS = {"today": "Today", "past-week": "Past Week", "all": "All Changes"}


def filters(*inside: str) -> str:
    return f"<section><h3>Sync Filters</h3>{''.join(inside)}</section>"


def radios(name: str = "r", chosen: str = "today", kind: str = "wrap") -> str:
    drawn = []
    for key, words in WORDS.items():
        field = f"<input type=radio name={name} id={name}-{key} value={key}{' checked' * (key == chosen)}>"
        drawn.append(
            f"<label>{field} {words}</label>"
            if kind == "wrap"
            else f"{field} <label for={name}-{key}>{words}</label>"
            if kind == "for"
            else f"<span>{field} {words}</span>"
        )
    return " ".join(drawn)


def listbox(chosen: str = "today", *, name: str = "Date Range", key: bool = True) -> str:
    options = "".join(
        f"<li role=option{f' data-value={one}' * key} aria-selected={str(one == chosen).lower()}>{words}</li>"
        for one, words in WORDS.items()
    )
    return f"""<button role=combobox id=o aria-haspopup=listbox aria-expanded=false aria-controls=l aria-label='{name}'
        >{WORDS[chosen]}</button><ul role=listbox id=l hidden aria-label='{name}'>{options}</ul><script>
        const o = document.getElementById('o'), l = document.getElementById('l');
        const open = on => {{ l.hidden = !on; o.setAttribute('aria-expanded', String(on)); }};
        o.onclick = () => open(l.hidden);
        l.onclick = event => {{ o.textContent = event.target.textContent; open(false); }};</script>"""


DRAWN = {
    "drop-down": "<label>Date Range <select><option value=1>Today<option value=2>Past Week<option value=3>All Changes"
    "</select></label>",
    "drop-down beside its name": "<p><span>Date Range</span> <select><option>Today<option>Past Week (12)<option>All "
    "Changes</select></p>",
    "legend": f"<fieldset><legend>Date Range</legend>{radios()}</fieldset>",
    "radios named beside": f"<fieldset><legend>Date Range</legend>{radios(kind='near')}</fieldset>",
    "group named beside": f"<p><span>Date Range</span> {radios(kind='for')}</p>",
    "group named before": f"<div>Date Range</div><div>{radios(kind='near')}</div>",
    "one legend around two groups": f"<fieldset><legend>Filters</legend><p>Date Range: {radios()}</p><p>Sync Depth: "
    "<label><input type=radio name=d value=s checked> Shallow Sync</label></p></fieldset>",
    "radiogroup": "<div role=radiogroup aria-label='Date Range'>"
    + "".join(
        f'<div role=radio tabindex=0 aria-checked={str(key == "today").lower()} onclick="for (const o of '
        f"this.parentNode.children) o.setAttribute('aria-checked', String(o === this))\">{words}</div>"
        for key, words in WORDS.items()
    )
    + "</div>",
    "list": listbox(),
    "list without keys": listbox(key=False),
    "list named beside": f"<div><span>Date Range</span> {listbox(name='')}</div>",
}


async def made(site: SitePage, key: str) -> None:
    control = site.table.controls["date-range"]

    async def step(read: PageRead) -> bool | None:
        def fits(one: Offer) -> bool:
            return option_of(control, one.text) == key

        return await pick(site, read, "date-range", fits, wanted=f"date-range:{key}")

    assert await site.until(step, 5.0)


async def held_key(site: SitePage) -> str | None:
    control = site.table.controls["date-range"]
    now = held(find_choice(site, await site.read(), "date-range"))
    return option_of(control, now.text) if now else None


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN.keys())
async def test_however_it_is_drawn_it_is_read_and_made(hh2: SitePage, shown: Shown, drawn: str) -> None:
    shown.show("/", filters(drawn))
    await hh2.goto(hh2.home)
    assert await held_key(hh2) == "today"
    offered = await read_offers(hh2, "date-range")
    assert offered is not None
    control = hh2.table.controls["date-range"]
    assert [option_of(control, one.text) for one in offered] == list(WORDS)
    await made(hh2, "past-week")
    assert await held_key(hh2) == "past-week"


async def refused(site: SitePage, shown: Shown, *drawn: str) -> dict[str, object]:
    shown.show("/", *drawn)
    await site.goto(site.home)
    with anyio.fail_after(10), pytest.raises(Trouble) as met:
        await made(site, "past-week")
    return dict(met.value.problem.facts)


async def test_of_two_groups_of_one_name_none_is_touched(hh2: SitePage, shown: Shown) -> None:
    fewer = "<label><input type=radio name=b value=today checked> Today</label>"
    two = [f"<fieldset><legend>Date Range</legend>{one}</fieldset>" for one in (radios("a"), fewer)]
    assert await refused(hh2, shown, filters(*two)) == {"action": "date-range", "found": 2}
    read = await hh2.read()
    assert [seen.on for seen, _ in read.controls() if seen.role == "radio"] == [True, False, False, True]


async def test_a_group_of_that_name_elsewhere_is_not_taken(hh2: SitePage, shown: Shown) -> None:
    elsewhere = (
        f"<section><h3>Reports</h3><fieldset><legend>Date Range</legend>{radios('b')}</fieldset></section>"
    )
    ours = filters(f"<fieldset><legend>Date Range</legend>{radios('a')}</fieldset>")
    shown.show("/", elsewhere, ours)
    await hh2.goto(hh2.home)
    await made(hh2, "past-week")
    read = await hh2.read()
    assert [seen.group for seen, _ in read.controls() if seen.key == "past-week" and seen.on] == ["a"]


async def test_an_option_that_is_not_offered_is_said(hh2: SitePage, shown: Shown) -> None:
    told = await refused(
        hh2,
        shown,
        filters("<label>Date Range <select><option>Today<option disabled>Past Week</select></label>"),
    )
    assert told == {"action": "date-range:past-week", "found": 0, "why": "not-offered"}


async def test_options_of_another_list_are_none_of_this_ones(hh2: SitePage, shown: Shown) -> None:
    other = "<ul role=listbox aria-label=Reports><li role=option>Past Week</li></ul>"
    shown.show("/", other, filters(listbox()))
    await hh2.goto(hh2.home)
    await made(hh2, "past-week")
    assert held(find_choice(hh2, await hh2.read(), "date-range")) == Offer("", "Past Week")


async def test_of_two_lists_of_one_name_none_is_touched(hh2: SitePage, shown: Shown) -> None:
    two = "<label>Date Range <select><option>Today<option>Past Week</select></label>" * 2
    assert await refused(hh2, shown, filters(two)) == {"action": "date-range", "found": 2}


async def test_a_list_that_stands_open_without_an_opener_is_read_and_chosen_from(
    hh2: SitePage, shown: Shown
) -> None:
    choose = "for (const o of this.parentNode.children) o.setAttribute('aria-selected', String(o === this))"
    options = "".join(
        f'<li role=option aria-selected={str(one == "today").lower()} onclick="{choose}">{words}</li>'
        for one, words in WORDS.items()
    )
    shown.show("/", filters(f"<ul role=listbox id=l aria-label='Date Range'>{options}</ul>"))
    await hh2.goto(hh2.home)
    assert await held_key(hh2) == "today"
    await made(hh2, "past-week")
    assert await held_key(hh2) == "past-week"


async def test_a_list_that_fills_late_is_waited_for(hh2: SitePage, shown: Shown) -> None:
    late = listbox().replace(
        "const open = on =>",
        "const later = [...l.children]; l.replaceChildren(); "
        "o.addEventListener('click', () => setTimeout(() => l.append(...later), 300)); const open = on =>",
    )
    shown.show("/", filters(late))
    await hh2.goto(hh2.home)
    await made(hh2, "past-week")
    assert await held_key(hh2) == "past-week"


async def test_a_notice_over_a_choice_is_closed_before_it_is_touched(hh2: SitePage, shown: Shown) -> None:
    close = "<button onclick=\"document.querySelector('.over').remove()\">Reject all cookies</button>"
    over = (
        f"<div class=over style='position:fixed;inset:0;background:#fff'><p>We keep cookies.</p>{close}</div>"
    )
    shown.show("/", filters(listbox()), over)
    await hh2.goto(hh2.home)
    offered = await read_offers(hh2, "date-range")
    assert offered is not None
    assert [one.text for one in offered] == list(WORDS.values())
    await hh2.goto(hh2.home)
    await made(hh2, "past-week")
    assert await held_key(hh2) == "past-week"
