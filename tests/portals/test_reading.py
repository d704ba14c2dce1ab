"""What stands in a shadow root, or comes into one later, is read and heard like anything else on the page."""

import pytest

from app.portals.reading import PageRead
from app.portals.site import SitePage
from tests.portals.shown import Shown

pytestmark = pytest.mark.anyio
INSIDE = "<section><h2>Vendors</h2><output></output><button>Refresh Vendor List</button></section>"
DECLARED = f"<div id=host><template shadowrootmode=open>{INSIDE}</template></div>"
ATTACHED = (
    "<div id=host></div><script>document.getElementById('host').attachShadow({mode: 'open'})"
    f".innerHTML = `{INSIDE}`</script>"
)
LATER = (
    f"<div id=place></div><script>setTimeout(() => document.getElementById('place').setHTMLUnsafe(`{DECLARED}`), 150)"
    "</script>"
)


async def there(site: SitePage, text: str) -> PageRead:
    async def seen(read: PageRead) -> PageRead | None:
        names = [seen.name for seen, _ in read.controls()]
        return read if text in names or text in read.says() else None

    found = await site.until(seen, 5.0)
    assert found is not None
    return found


@pytest.mark.parametrize("body", [DECLARED, ATTACHED, LATER], ids=["declared", "attached", "declared later"])
async def test_what_stands_in_an_open_shadow_root_is_read_in_its_section(
    procore: SitePage, shown: Shown, body: str
) -> None:
    shown.show("/", body)
    await procore.goto(procore.home)
    read = await there(procore, "Refresh Vendor List")
    assert [seen.within[0] for seen, _ in read.controls()] == ["Vendors"]


@pytest.mark.parametrize("body", [DECLARED, ATTACHED, LATER], ids=["declared", "attached", "declared later"])
async def test_what_comes_and_goes_in_a_shadow_root_is_heard(
    procore: SitePage, shown: Shown, body: str
) -> None:
    shown.show("/", body)
    await procore.goto(procore.home)
    await there(procore, "Refresh Vendor List")
    procore.forget_heard()
    await (await procore.page()).evaluate(
        "() => { const place = document.getElementById('host').shadowRoot.querySelector('output'); "
        "place.textContent = 'Vendor list refreshed'; setTimeout(() => { place.textContent = ''; }, 20); }"
    )

    async def heard(_: PageRead) -> bool | None:
        return True if "Vendor list refreshed" in procore.heard() else None

    assert await procore.until(heard, 5.0)


async def test_a_change_in_a_shadow_root_rings_at_once(procore: SitePage, shown: Shown) -> None:
    shown.show("/", DECLARED)
    await procore.goto(procore.home)
    read = await there(procore, "Refresh Vendor List")
    before = read.frames[0].changes
    await (await procore.page()).evaluate(
        "document.getElementById('host').shadowRoot.querySelector('button').disabled = true"
    )

    async def rang(read: PageRead) -> bool | None:
        return True if read.frames[0].changes > before else None

    assert await procore.until(rang, 5.0)


async def test_a_record_that_something_can_be_done_with_is_no_mere_line(
    procore: SitePage, shown: Shown
) -> None:
    shown.show(
        "/",
        "<table><tr><td>V-1<td>Acme<td><button>Import</button></tr><tr><td>Request 7: success</tr></table>",
    )
    await procore.goto(procore.home)
    assert [(one.text, one.acts) for one in (await procore.read()).sayings] == [
        ("V-1 · Acme · Import", True),
        ("Request 7: success", False),
    ]
