"""A driven window leaves nothing on the disk: no download, no picture, no recording of what passed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.portals.browser import DrivenBrowser
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio

TYPED = "Kanarienvogel-4712"
RECORDINGS = {".csv", ".har", ".zip", ".webm", ".png", ".trace"}


@pytest.fixture
def home() -> Iterator[Path]:
    """Where the browser keeps what it keeps. A short path: its sockets lie there too."""
    with tempfile.TemporaryDirectory(prefix="ods-", ignore_cleanup_errors=True) as made:
        yield Path(made)


async def test_a_download_is_refused_and_what_was_typed_is_in_no_file_that_the_browser_leaves(
    shown: Shown, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DOWNLOAD_DIR"):
        monkeypatch.setenv(name, str(home))
    shown.show("/", "<input><a href=/file download>Report</a>")
    attached = {"Content-Type": "text/csv", "Content-Disposition": "attachment; filename=report.csv"}
    shown.answers["/file"] = Answer(TYPED, headers=attached)
    browser = DrivenBrowser(tmp_path, headless=True)
    await browser.open()
    try:
        page = await browser.new_page()
        await page.goto(f"{shown.address}/")
        await page.fill("input", TYPED)
        async with page.expect_download() as begun:
            await page.click("a")
        assert await (await begun.value).failure(), "it was kept"
    finally:
        await browser.close()
    left = files_in(home) | files_in(tmp_path)
    assert [name for name, held in left.items() if TYPED.encode() in held] == []
    assert [name for name in left if Path(name).suffix in RECORDINGS] == []


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_module_asks_the_driver_to_record_what_passes() -> None:
    rooms = Path(__file__).parents[2] / "app"
    asks = ("record_har", "record_video", "tracing.start", "route_from_har", "launch_persistent_context")
    found = [
        (path.name, word)
        for path in rooms.rglob("*.py")
        for word in asks
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
