"""The driver of a company's own pages: what it cannot do is told before a browser is started."""

from pathlib import Path

import pytest

from app.domain.problems import ProblemId, Trouble
from app.domain.profile import DriverName, Hh2Settings, ProcoreSettings, Profile, RunSettings
from app.portals.driver import BrowserDriver

pytestmark = pytest.mark.anyio


def profile_at(hh2: str, procore: str) -> Profile:
    """A company whose sites are at these addresses."""
    return Profile(
        "Acme",
        DriverName.BROWSER,
        Hh2Settings("acme" if hh2 else "", hh2, "dana"),
        ProcoreSettings(4711, "Acme", "dana", procore, procore, procore),
        RunSettings(job_pause=0.0, poll=0.02),
    )


def test_without_an_address_of_hh2_there_is_nothing_to_drive(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as met:
        BrowserDriver(profile_at("", "http://127.0.0.1:9"), folder=tmp_path)
    assert met.value.problem.facts == {"site": "hh2", "why": "no-address"}


def test_a_browser_of_its_own_keeps_a_note_of_its_processes_somewhere() -> None:
    with pytest.raises(ValueError, match="folder"):
        BrowserDriver(profile_at("http://127.0.0.1:9", "http://127.0.0.1:9"))


async def test_where_nobody_could_see_the_page_nobody_is_asked_to_press_on_it(
    tmp_path: Path, headless: None
) -> None:
    driver = BrowserDriver(
        profile_at("http://127.0.0.1:9", "http://127.0.0.1:9"), folder=tmp_path, assisted=True
    )
    with pytest.raises(Trouble) as met:
        await driver.open()
    assert met.value.problem.id is ProblemId.BROWSER
    assert met.value.problem.facts["why"] == "no-display"
    assert driver.browser_name == ""
    await driver.close()
