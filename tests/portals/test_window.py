"""A tab that a press opens is looked at from then on, and all that is held of a press holds in it too."""

import pytest

from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio


def section(*inside: str) -> str:
    return f"<section><h2>Vendors</h2>{''.join(inside)}</section>"


def opens(where: str, *, method: str = "post") -> str:
    return section(
        f"<form method={method} action={where} target=_blank><button>Refresh Vendor List</button></form>"
    )


async def press(site: SitePage, shown: Shown, *body: str) -> None:
    shown.show("/", *body)
    await site.goto(site.home)
    site.forget_heard()
    await site.press("refresh-vendors", lambda: None)


async def says(site: SitePage, text: str) -> None:
    async def said(read: PageRead) -> bool | None:
        return True if text in read.says() else None

    assert await site.until(said, 5.0), (site.url, (await site.read()).says())


async def test_a_new_tab_is_followed_and_the_old_one_closed_before_the_next_press(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/pressed", section("<p>Vendors will begin refreshing.</p>", opens("/again")))
    shown.show("/again", section("<p>Once more.</p>"))
    await press(procore, shown, opens("/pressed"))
    await says(procore, "will begin refreshing")
    context = (await procore.page()).context
    assert len(context.pages) == 2
    await procore.press("refresh-vendors", lambda: None)
    await says(procore, "Once more")
    assert [page.url.rpartition("/")[2] for page in context.pages] == ["pressed", "again"]
    assert len(shown.of("/pressed")) == len(shown.of("/again")) == 1


async def test_what_a_new_tab_answers_and_what_both_say_is_heard(procore: SitePage, shown: Shown) -> None:
    shown.answers["/pressed"] = Answer("<p>Try later</p>", 429, {"Retry-After": "7"})
    toast = "<output></output><script>document.forms[0].onsubmit = () => {"
    toast += "document.querySelector('output').append('Off it goes')}</script>"
    await press(procore, shown, opens("/pressed"), toast)
    await says(procore, "Try later")
    assert procore.answers.slow_down == 7
    assert "Off it goes" in procore.heard()


async def test_a_tab_of_somebody_else_is_not_followed(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    foreign.show("/pressed", section(opens("/again")))
    await press(procore, shown, opens(f"{foreign.address}/pressed", method="get"))

    context = (await procore.page()).context

    async def came(_: PageRead) -> bool | None:
        theirs = [page for page in context.pages if page.url.startswith(foreign.address)]
        return True if theirs and foreign.of("/pressed") else None

    assert await procore.until(came, 5.0)
    assert procore.url == f"{shown.address}/"
    assert procore.at_home
    assert len(context.pages) == 2


async def test_a_tab_that_goes_elsewhere_is_elsewhere(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    foreign.show("/door", "<p>Sign in here</p>")
    shown.show("/pressed", f"<script>location = '{foreign.address}/door'</script>")
    await press(procore, shown, opens("/pressed"))

    async def left(_: PageRead) -> bool | None:
        return True if not procore.at_home else None

    assert await procore.until(left, 5.0)
    assert procore.url == f"{foreign.address}/door"


async def test_a_press_into_a_new_tab_is_sent_once_though_its_connection_breaks(
    procore: SitePage, shown: Shown
) -> None:
    shown.answers["/pressed"] = Answer("", 0)
    await press(procore, shown, opens("/pressed"))

    async def lost(_: PageRead) -> bool | None:
        return True if procore.answers.lost else None

    assert await procore.until(lost, 8.0)
    assert len(shown.of("/pressed")) == 1


@pytest.mark.parametrize(("question", "sent"), [("Refresh the vendor list now?", 1), ("Import all?", 0)])
async def test_a_question_in_a_new_tab_is_answered_as_the_table_says(
    procore: SitePage, shown: Shown, question: str, sent: int
) -> None:
    shown.show(
        "/pressed",
        f"<p>Asked</p><script>if (confirm('{question}')) fetch('/done', {{method: 'POST'}})</script>",
    )
    shown.answers["/done"] = Answer("ok")
    await press(procore, shown, opens("/pressed"))
    await says(procore, "Asked")
    assert question in procore.heard()

    async def done(_: PageRead) -> bool | None:
        return True if len(shown.of("/done")) == sent else None

    assert await procore.until(done, 3.0)


async def test_when_a_new_tab_closes_itself_the_one_before_is_looked_at(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/pressed", "<p>Done here</p>")
    await press(procore, shown, section(opens("/pressed")), "<p>The first</p>")
    await says(procore, "Done here")
    await (await procore.page()).close()
    await says(procore, "The first")
