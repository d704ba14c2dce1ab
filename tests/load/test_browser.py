"""A driven browser, run after run and look after look: what it takes goes back with it, and it grows no larger."""

import statistics
import sys
from pathlib import Path

import pytest

from app.assembly.house import House
from app.domain.events import Record, TabFinished
from app.domain.profile import DriverName
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.portals.driver import BrowserDriver
from tests.end_to_end.company import NAME, Told, profile_for, set_up
from tests.load.held import Figures, children, held, memory_below
from tests.training.admin import Admin

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        sys.platform != "linux", reason="what a browser's parts share is read as Linux tells it"
    ),
]

RUNS = 8
LOOKS = 300  # of each site: five minutes with a look a second
MB = 1e6


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser shows no window."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


async def test_run_after_run_the_browser_goes_and_takes_all_with_it(
    admin: Admin, record_property: Figures
) -> None:
    house = House("command line", person=0.0)
    await set_up(house, admin.served)
    apart, largest, ours = children(), [], []
    told = Told()

    def look(record: Record, _state: RunState) -> None:
        if isinstance(record.event, TabFinished):
            largest.append(memory_below(apart))

    told.react = look
    try:
        for _ in range(RUNS):
            admin.play("ok", pace=0.02)
            conductor = await house.conductor(NAME, told, DriverName.BROWSER)
            state = await conductor.run(Wanted(tabs=(Tab.VENDORS,)))
            assert state.ended is not None
            assert state.ended.exit == 0
            assert children() <= apart, "nothing of the browser is left"
            told.records.clear()
            told.states.clear()
            ours.append(held())
    finally:
        await house.close()
    warm = ours[RUNS // 4]
    memory, handles, threads = (end - begin for end, begin in zip(ours[-1], warm, strict=True))
    quarter = RUNS // 4
    first, last = (statistics.median(part) for part in (largest[:quarter], largest[-quarter:]))
    record_property("browser: runs", RUNS)
    record_property("browser: its memory in the first and in the last quarter, MB",
                    [round(first / MB), round(last / MB)])  # fmt: skip
    record_property("browser: our growth in MB, handles, threads", [round(memory / MB, 1), handles, threads])
    assert last < 1.1 * first
    assert memory < 12e6
    assert handles <= 2
    assert threads <= 1


@pytest.mark.xfail(
    strict=True,
    reason="300 looks of each site: the browser grew from 396 to 585 MB, this process by 43 MB; why is not known yet",
)
async def test_look_after_look_a_window_of_the_browser_grows_no_larger(
    admin: Admin, tmp_path: Path, record_property: Figures
) -> None:
    admin.play("ok", pace=0.02)
    apart = children()
    driver = BrowserDriver(profile_for(admin.served), headless=True, folder=tmp_path)
    await driver.open()
    try:
        await driver.hh2.sign_in(admin.hh2)
        await driver.procore.sign_in(admin.procore)
        taken, ours = [], []
        for number in range(LOOKS):
            await driver.hh2.look()
            await driver.procore.look(Tab.VENDORS, None)
            if number % (LOOKS // 12) == LOOKS // 12 - 1:
                taken.append(memory_below(apart))
                ours.append(held())
    finally:
        await driver.close()
    first, last = (statistics.median(part) for part in (taken[:3], taken[-3:]))
    memory, handles, threads = (end - begin for end, begin in zip(ours[-1], ours[2], strict=True))
    record_property("looks: of each site", LOOKS)
    record_property(
        "looks: the browser's memory at first and at last, MB", [round(first / MB), round(last / MB)]
    )
    record_property("looks: our growth in MB, handles, threads", [round(memory / MB, 1), handles, threads])
    assert last < 1.25 * first
    assert memory < 12e6
    assert handles <= 2
    assert threads <= 1
