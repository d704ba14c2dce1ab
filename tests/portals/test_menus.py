"""A button in a row's menu is found by opening it; a button whose label says that it runs is no lost one."""

import pytest

from app.domain.problems import Trouble
from app.portals.menus import as_button, is_there, menu_of, running, stands_for
from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio
ACTION = "refresh-vendors"


def menu(*items: str, name: str = "Actions", at: str = "m") -> str:
    listed = "".join(f"<li role=none>{one}</li>" for one in items)
    return (
        f'<table><tr><td>Vendors</td><td><button aria-haspopup=menu aria-expanded=false aria-controls={at} onclick="'
        f"const one = document.getElementById('{at}'); one.hidden = !one.hidden; this.setAttribute('aria-expanded', "
        f'String(!one.hidden))">{name}</button><ul role=menu id={at} hidden>{listed}</ul></td></tr></table>'
    )


ITEM = "<form method=post action=/pressed><button role=menuitem>Refresh Vendor List</button></form>"
OTHER = "<form method=post action=/other><button role=menuitem>Archive</button></form>"


def section(*inside: str, title: str = "Vendors") -> str:
    return f"<section><h2>{title}</h2>{''.join(inside)}</section>"


async def read_of(site: SitePage, shown: Shown, *body: str) -> PageRead:
    shown.show("/", *body)
    shown.answers["/pressed"] = Answer("<p>Vendors will begin refreshing.</p>")
    await site.goto(site.home)
    return await site.read()


async def test_the_item_of_the_rows_menu_is_pressed_and_nothing_else_of_it(
    procore: SitePage, shown: Shown
) -> None:
    read = await read_of(procore, shown, section(menu(OTHER, ITEM)))
    assert is_there(read, procore.table, ACTION)
    await procore.press(ACTION)

    async def went(_: PageRead) -> bool | None:
        return True if procore.url.endswith("/pressed") else None

    assert await procore.until(went, 5.0)
    assert len(shown.of("/pressed")) == 1
    assert shown.of("/other") == []


async def test_a_menu_without_the_item_is_a_label_that_is_not_found(procore: SitePage, shown: Shown) -> None:
    await read_of(procore, shown, section(menu(OTHER)))
    with pytest.raises(Trouble) as met:
        await procore.press(ACTION)
    assert met.value.problem.facts["found"] == 0
    assert shown.of("/other") == []


async def test_of_two_menus_none_is_opened(procore: SitePage, shown: Shown) -> None:
    read = await read_of(procore, shown, section(menu(ITEM), menu(OTHER, at="n")))
    assert menu_of(read, procore.table, ACTION) is None
    with pytest.raises(Trouble):
        await procore.press(ACTION)
    assert not any(seen.open for seen, _ in (await procore.read()).controls())


@pytest.mark.parametrize(
    "body",
    [
        section(menu(ITEM), title="Company Directory"),
        section(menu(ITEM, name="Delete")),
        section("<button>Actions</button>"),
    ],
    ids=["of another section", "of a name that is not the table's", "that opens no menu"],
)
async def test_a_menu_that_is_not_the_buttons_is_left_shut(
    procore: SitePage, shown: Shown, body: str
) -> None:
    read = await read_of(procore, shown, "<h1>ERP Integrations</h1>", section(), body)
    assert menu_of(read, procore.table, ACTION) is None


async def test_a_menu_in_the_rows_of_the_records_is_further_away_than_the_tabs_own(
    procore: SitePage, shown: Shown
) -> None:
    records = f"<section><h3>Records</h3>{menu(OTHER, at='r')}</section>"
    read = await read_of(procore, shown, section(menu(ITEM), records))
    found = menu_of(read, procore.table, ACTION)
    assert found is not None
    assert found.seen.opens == "m"


@pytest.mark.parametrize(
    ("label", "runs"),
    [
        ("Refreshing…", True),
        ("Actualisation en cours", True),
        ("In progress (2)", False),
        ("Refresh All", False),
    ],
)
async def test_a_label_that_says_that_it_runs_stands_for_the_button(
    procore: SitePage, shown: Shown, label: str, runs: bool
) -> None:
    read = await read_of(procore, shown, section(f"<button>{label}</button>"))
    found = running(read, procore.table, ACTION)
    assert (found is not None) is runs
    assert as_button(read, procore.table, ACTION, found).runs is runs
    with pytest.raises(Trouble):
        await procore.press(ACTION)


@pytest.mark.parametrize(
    ("how", "busy", "runs"),
    [("", False, False), ("disabled", True, False), ("aria-busy=true", True, True)],
)
async def test_a_button_that_is_merely_off_does_not_say_that_it_runs(
    procore: SitePage, shown: Shown, how: str, busy: bool, runs: bool
) -> None:
    read = await read_of(procore, shown, section(f"<button {how}>Refresh Vendor List</button>"))
    button = as_button(read, procore.table, ACTION, stands_for(read, procore.table, ACTION))
    assert (button.name, button.busy, button.runs) == ("Refresh Vendor List", busy, runs)
