"""The installed browser is found where each system keeps it; nothing else is taken for one."""

import sys
from pathlib import Path

import pytest

from app.domain.problems import ProblemId, Trouble
from app.portals.browser import DrivenBrowser, clean_environment, has_display, is_telltale
from app.portals.installed import installed


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_this_machine_has_one() -> None:
    found = installed()
    assert found
    assert found[0].path.is_file()


@pytest.mark.anyio
async def test_without_the_part_that_drives_it_a_browser_is_said_to_be_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(Trouble) as lacking:
        await DrivenBrowser(tmp_path, headless=True).open()
    assert lacking.value.problem.id is ProblemId.BROWSER
    assert lacking.value.problem.facts == {"why": "not-installed"}


def test_on_windows_edge_comes_before_chrome(tmp_path: Path) -> None:
    chrome = make(tmp_path / "Local" / "Google" / "Chrome" / "Application" / "chrome.exe")
    edge = make(tmp_path / "x86" / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    folders = {"ProgramFiles(x86)": str(tmp_path / "x86"), "LOCALAPPDATA": str(tmp_path / "Local")}
    found = installed("win32", folders)
    assert [(one.name, one.path) for one in found] == [("Microsoft Edge", edge), ("Google Chrome", chrome)]


def test_on_macos_a_persons_own_applications_are_looked_at_too(tmp_path: Path) -> None:
    chrome = make(tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome")
    assert chrome in [one.path for one in installed("darwin", {}, tmp_path)]


def test_on_linux_the_search_path_counts(tmp_path: Path) -> None:
    chromium = make(tmp_path / "chromium")
    assert [one.path for one in installed("linux", {"PATH": str(tmp_path)})] == [chromium]
    assert installed("linux", {"PATH": str(tmp_path / "nothing")}) == ()


@pytest.mark.parametrize(
    "name", ["DEBUG", "debug", "DEBUGP", "PWDEBUG", "PW_TEST_X", "SSLKEYLOGFILE", "NODE_OPTIONS"]
)
def test_what_makes_a_driver_talk_is_not_passed_on(name: str) -> None:
    assert is_telltale(name)
    assert clean_environment({name: "1", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_the_rest_of_the_environment_is(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"HOME": "/home/c", "HTTPS_PROXY": "http://proxy", "DISPLAY": ":1", "LD_LIBRARY_PATH": "/own"}
    assert clean_environment(kept) == kept


def test_a_frozen_program_gives_its_children_the_systems_own_libraries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    given = {"LD_LIBRARY_PATH": "/frozen", "LD_LIBRARY_PATH_ORIG": "/system", "QT_PLUGIN_PATH": "/frozen/qt"}
    assert clean_environment(given) == {"LD_LIBRARY_PATH": "/system"}


def test_a_window_can_be_shown_where_there_is_a_display() -> None:
    assert has_display("win32", {})
    assert has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display("linux", {})
