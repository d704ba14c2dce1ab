"""A notice over a page is closed by what refuses or closes it, and never by what agrees to it."""

import pytest

from app.domain.problems import Trouble
from app.portals.notices import closers
from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio
BUTTON = "<form method=post action=/pressed><button>Refresh Vendor List</button></form>"
PAGE = f"<section><h2>Vendors</h2>{BUTTON}</section>"
SHUT = "onclick=\"document.querySelector('.over').remove()\""
AGREE = "onclick=\"fetch('/agreed', {method: 'POST'})\""


def notice(
    *buttons: str, told: str = "We keep cookies.", named: str = "", over: str = "position:fixed;inset:0"
) -> str:
    return f"<div class=over style='{over};background:#fff'{named}><p>{told}</p>{''.join(buttons)}</div>"


async def press(site: SitePage, shown: Shown, *body: str) -> None:
    shown.show("/", PAGE, *body)
    shown.answers["/pressed"] = Answer("<p>Vendors will begin refreshing.</p>")
    shown.answers["/agreed"] = Answer("")
    await site.goto(site.home)
    await site.press("refresh-vendors")

    async def went(_: PageRead) -> bool | None:
        return True if site.url.endswith("/pressed") else None

    assert await site.until(went, 5.0)


@pytest.mark.parametrize(
    "buttons",
    [
        (f"<button {AGREE}>Accept all cookies</button>", f"<button {SHUT}>Reject all cookies</button>"),
        (f"<button {SHUT}>Tout refuser</button>", f"<button {SHUT}>Continuer sans accepter</button>"),
        (f"<button {SHUT}>Close</button>",),
        (f"<button {AGREE}>Close</button>", f"<button {SHUT}>Decline cookies</button>"),
    ],
    ids=["refused", "refused in French", "closed", "refused rather than closed"],
)
async def test_a_notice_is_refused_or_closed_and_then_the_button_is_pressed(
    procore: SitePage, shown: Shown, buttons: tuple[str, ...]
) -> None:
    await press(procore, shown, notice(*buttons))
    assert len(shown.of("/pressed")) == 1
    assert shown.of("/agreed") == []


@pytest.mark.parametrize(
    "body",
    [
        notice(f"<button {AGREE}>Accept all cookies</button>"),
        notice(f"<button {AGREE}>Close</button>", told="This commitment was approved."),
        notice(f"<button {AGREE}>Close</button>", f"<button {AGREE}>Close</button>"),
        notice(f"<button {AGREE}>Reject All</button>"),
    ],
    ids=[
        "that can only be agreed to",
        "of something else",
        "with two ways to close it",
        "with a forbidden name",
    ],
)
@pytest.mark.slow
async def test_a_notice_stays_for_the_person(procore: SitePage, shown: Shown, body: str) -> None:
    with pytest.raises(Trouble) as met:
        await press(procore, shown, body)
    assert met.value.problem.facts["why"] == "not-reachable"
    assert shown.asked[1:] == []


async def test_close_is_only_pressed_where_a_notice_lies_over_the_page(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/", "<section><h2>Cookies</h2><button>Close</button></section>", PAGE)
    await procore.goto(procore.home)
    assert closers(await procore.read(), procore.table) == []


async def test_in_assisted_mode_the_person_closes_it(procore: SitePage, shown: Shown) -> None:
    shown.show("/", PAGE, notice(f"<button {AGREE}>Close</button>"))
    procore.assisted = True
    await procore.goto(procore.home)
    assert await procore.close_notice(await procore.read()) is False
    assert shown.of("/agreed") == []
