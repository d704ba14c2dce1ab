"""A control is found by what a person reads, in its section; none or several are pressed by nobody."""

import msgspec
import pytest

from app.domain.problems import ProblemId, Trouble
from app.portals.find import candidates, counted
from app.portals.outline import outline
from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio
BUTTON = "<form method=post action=/pressed><button>Refresh Vendor List</button></form>"


def section(title: str, *inside: str) -> str:
    return f"<section><h2>{title}</h2>{''.join(inside)}</section>"


async def press(site: SitePage, shown: Shown, *body: str, action: str = "refresh-vendors") -> None:
    shown.show("/", *body)
    shown.answers["/pressed"] = Answer("<p>Vendors will begin refreshing.</p>")
    await site.goto(site.home)
    await site.press(action)

    async def went(_: PageRead) -> bool | None:
        return True if site.url.endswith("/pressed") else None

    assert await site.until(went, 5.0)


async def refused(
    site: SitePage, shown: Shown, *body: str, action: str = "refresh-vendors"
) -> dict[str, object]:
    with pytest.raises(Trouble) as met:
        await press(site, shown, *body, action=action)
    assert shown.of("/pressed") == []
    assert met.value.problem.id in (ProblemId.PRO_LABEL, ProblemId.HH2_LABEL)
    return dict(met.value.problem.facts)


async def test_the_one_button_of_the_tab_is_pressed_once(procore: SitePage, shown: Shown) -> None:
    await press(procore, shown, section("Vendors", BUTTON))
    assert [one.method for one in shown.of("/pressed")] == ["POST"]


@pytest.mark.parametrize(
    "button",
    [
        "<form method=post action=/pressed><input type=submit value='Refresh Vendor List'></form>",
        "<form method=post action=/pressed><button aria-label='Refresh vendor list'>↻</button></form>",
        "<form method=post action=/pressed><button>REFRESH&nbsp;VENDOR  LIST (12)</button></form>",
        "<a href=/pressed>Actualiser la liste des fournisseurs</a>",
        "<div role=button tabindex=0 onclick=\"location='/pressed'\">Refresh <b>Vendor</b> List</div>",
    ],
    ids=["input", "aria-label", "blanks-and-count", "french-link", "role"],
)
async def test_however_the_page_makes_its_button(procore: SitePage, shown: Shown, button: str) -> None:
    await press(procore, shown, section("Vendors", button))
    assert len(shown.of("/pressed")) == 1


async def test_a_button_that_is_not_there_is_said_with_an_outline(procore: SitePage, shown: Shown) -> None:
    told = await refused(procore, shown, section("Vendors", "<button>Renew suppliers</button>"))
    assert told == {"action": "refresh-vendors", "found": 0}
    assert "button: Renew suppliers in Vendors" in procore.last_outline


async def test_of_two_candidates_none_is_pressed(procore: SitePage, shown: Shown) -> None:
    told = await refused(procore, shown, section("Vendors", BUTTON, BUTTON))
    assert told == {"action": "refresh-vendors", "found": 2}


async def test_two_starts_in_hh2_are_its_own_card(hh2: SitePage, shown: Shown) -> None:
    start = "<form method=post action=/pressed><button>Start Sync</button></form>"
    shown.show("/", section("Accounting Sync", start, start))
    await hh2.goto(hh2.home)
    with pytest.raises(Trouble) as met:
        await hh2.press("start-sync")
    assert met.value.problem.id is ProblemId.HH2_LABEL
    assert shown.of("/pressed") == []


async def test_of_the_same_name_in_two_sections_the_one_of_the_tab_is_pressed(
    procore: SitePage, shown: Shown
) -> None:
    other = "<form method=post action=/other><button>Refresh Job List</button></form>"
    ours = "<form method=post action=/pressed><button>Refresh Job List</button></form>"
    await press(procore, shown, section("Jobs", other), section("Sub Jobs", ours), action="refresh-sub-jobs")
    assert len(shown.of("/pressed")) == 1
    assert shown.of("/other") == []


def chosen(title: str) -> str:
    tabs = f"<li><a href=/here aria-current=page>{title}</a></li>"
    return f"<h1>ERP Integrations</h1><nav aria-label='ERP Integrations'><ul>{tabs}</ul></nav>"


async def test_where_no_heading_names_the_tab_its_being_chosen_does(procore: SitePage, shown: Shown) -> None:
    await press(procore, shown, chosen("Vendors"), f"<div>{BUTTON}</div>")
    assert len(shown.of("/pressed")) == 1


@pytest.mark.parametrize(
    ("tab", "action", "elsewhere"),
    [
        (
            "Vendors",
            "refresh-vendors",
            section("Vendors", "<p>12 records</p>") + section("Scheduled", BUTTON),
        ),
        ("Sub Jobs", "refresh-sub-jobs", section("Jobs", BUTTON.replace("Vendor", "Job"))),
    ],
    ids=["in a section nobody knows, though the tab has its own", "in another tab's section"],
)
async def test_a_button_of_the_same_name_elsewhere_is_not_pressed_though_ours_is_missing(
    procore: SitePage, shown: Shown, tab: str, action: str, elsewhere: str
) -> None:
    told = await refused(procore, shown, chosen(tab), elsewhere, action=action)
    assert told["found"] == 0


@pytest.mark.parametrize("how", ["hidden", "style='display:none'", "style='visibility:hidden'", "aria-hidden=true",
                                 "style='position:absolute;left:-5000px'", "style='opacity:0'", "inert"])  # fmt: skip
async def test_a_hidden_twin_is_no_candidate(procore: SitePage, shown: Shown, how: str) -> None:
    twin = f"<form method=post action=/other {how}><button>Refresh Vendor List</button></form>"
    await press(procore, shown, section("Vendors", twin, BUTTON))
    assert shown.of("/other") == []


@pytest.mark.slow
async def test_a_button_under_a_notice_is_not_pressed(procore: SitePage, shown: Shown) -> None:
    cover = "<div style='position:fixed;inset:0;background:#fff'>We use cookies</div>"
    told = await refused(procore, shown, section("Vendors", BUTTON), cover)
    assert told["why"] == "not-reachable"


async def test_a_button_in_a_frame_of_ours_is_pressed_and_one_in_a_foreign_frame_is_not_seen(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    framed = f"<base target=_top>{section('Vendors', BUTTON)}"
    foreign.show("/frame", framed)
    told = await refused(procore, shown, f"<iframe src={foreign.address}/frame></iframe>")
    assert told["found"] == 0
    assert foreign.of("/pressed") == []
    shown.show("/frame", framed)
    await press(procore, shown, "<iframe src=/frame></iframe>")
    assert len(shown.of("/pressed")) == 1


async def test_a_button_in_an_open_shadow_root_is_pressed(procore: SitePage, shown: Shown) -> None:
    made = (
        "<section><h2>Vendors</h2><div id=host></div></section><script>const root = document.getElementById('host')"
        ".attachShadow({mode: 'open'}); root.innerHTML = `" + BUTTON + "`;</script>"
    )
    await press(procore, shown, made)
    assert len(shown.of("/pressed")) == 1


async def test_a_button_that_comes_late_is_waited_for_by_whoever_looks(
    procore: SitePage, shown: Shown
) -> None:
    late = "<section><h2>Vendors</h2><div id=late aria-busy=true></div></section><script>setTimeout(() => {"
    shown.show("/", late + f"document.getElementById('late').outerHTML = `{BUTTON}`}}, 150)</script>")
    await procore.goto(procore.home)

    async def there(read: PageRead) -> bool | None:
        return bool(candidates(read, procore.table.controls["refresh-vendors"])) or None

    assert await procore.until(there, 5.0)


# ------------------------------------------------------------------ forbidden names, filters, outline


@pytest.mark.parametrize(
    "button",
    [
        "<button>Import</button>",
        "<button>IMPORT (3)</button>",
        "<button aria-label='Refresh Vendor List'>Import</button>",
        "<button title='Delete'>Refresh Vendor List</button>",
        "<input type=submit value=Accept aria-label='Refresh Vendor List'>",
        "<button>Supprimer</button>",
    ],
)
async def test_a_forbidden_name_is_never_pressed_even_if_a_table_names_it(
    procore: SitePage, shown: Shown, button: str
) -> None:
    control = procore.table.controls["refresh-vendors"]
    wrong = msgspec.structs.replace(control, names=control.names | {"import", "accept", "supprimer"})
    controls = {**procore.table.controls, control.action: wrong}
    procore.table = msgspec.structs.replace(procore.table, controls=controls)
    form = f"<form method=post action=/pressed>{button}</form>"
    told = await refused(procore, shown, section("Vendors", form))
    assert told["why"] == "forbidden"


async def test_a_name_that_becomes_forbidden_between_look_and_press_is_not_pressed(
    procore: SitePage, shown: Shown
) -> None:
    sly = (
        "<form method=post action=/pressed><button onmouseover=\"this.textContent='Import'\">Refresh Vendor List"
        "</button></form>"
    )
    told = await refused(procore, shown, section("Vendors", sly))
    assert told["why"] == "forbidden"


async def test_filters_are_read_for_their_counts_and_never_pressed(procore: SitePage, shown: Shown) -> None:
    shown.show(
        "/",
        "<ul><li><a href=/pressed>Ready to Import (1,204)</a><li><a href=/pressed>Failed to Export 3</a></ul>",
    )
    await procore.goto(procore.home)
    read = await procore.read()
    assert counted(read, procore.table.controls["ready-to-import"]) == 1204
    assert counted(read, procore.table.controls["failed-to-export"]) == 3
    with pytest.raises(RuntimeError, match="never pressed"):
        await procore.press("ready-to-import")
    assert shown.of("/pressed") == []


async def test_an_outline_holds_names_of_controls_and_no_cell_and_no_value(
    procore: SitePage, shown: Shown
) -> None:
    cells = "".join(f"<tr><td>Acme {n} Ltd<td>{n}00.00<td><button>Open</button></tr>" for n in range(30))
    field = (
        "<label>Search <input value='Secret Builders'></label><button disabled>Refresh Vendor List</button>"
    )
    shown.show(
        "/", section("Vendors", field, f"<table><tbody>{cells}</tbody></table>"), "<p>Balance 17,000</p>"
    )
    await procore.goto(procore.home)
    drawn = outline(await procore.read())
    assert "textbox: Search in Vendors" in drawn
    assert "button: Refresh Vendor List (off) in Vendors" in drawn
    assert drawn.count("button: Open") <= 13
    assert "30 rows" in drawn
    for told in ("Acme", "00.00", "Secret", "17,000"):
        assert told not in drawn
