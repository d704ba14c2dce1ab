"""Page steps with faults: the cells are complete, and a drawn one of them is carried out by the browser."""

from collections.abc import AsyncIterator

import pytest

from app.assembly.house import House
from app.training.pages.skins import skins
from tests.end_to_end.company import set_up
from tests.faults.cells import End
from tests.faults.pages import (
    FAULTS,
    LATER,
    PACE,
    PageCell,
    carried_out,
    known_limit,
    ordered,
    page_calls,
    page_cells,
    pairs,
)
from tests.faults.pages_rules import PRESSES, cards, wrong_with
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, anyio_backend, company

__all__ = ["_admin", "admin", "anyio_backend", "company"]
pytestmark = pytest.mark.anyio


def test_every_fault_meets_every_kind_of_page_once_and_the_skins_are_paired_with_both() -> None:
    some = page_cells()
    assert len(some) == len({(one.call, one.fault) for one in some}) == len(page_calls()) * len(FAULTS)
    assert set(PRESSES) <= set(page_calls())
    with_pages, with_faults = pairs(some)
    assert with_pages == {(call, skin) for call in page_calls() for skin in skins()}
    assert all(sum(fault == one for one, _ in with_faults) == len(page_calls()) for fault in FAULTS)


# What `--order 5` began with before anything came later.
FIRST_BY_5 = [
    "page hh2.sync.start × delay (mixed-13)",
    "page procore.tab.look after the press × reset-middle (mixed-04)",
    "page hh2.sync.look after the press × 404 (mixed-08)",
]


def test_what_came_later_changes_neither_the_skins_nor_the_order_of_the_cells_before() -> None:
    """So much of a drawn order as was carried out stays so."""
    drawn = ordered(page_cells(), "5")
    assert sorted(one.name for one in drawn) == sorted(one.name for one in page_cells())
    begun = [one for one in drawn if one.fault not in LATER]
    assert drawn[: len(begun)] == begun
    assert len(begun) == 286
    assert [one.name for one in begun[:3]] == FIRST_BY_5
    assert ordered(page_cells(), "6") != drawn
    assert FAULTS.keys() > LATER


DONE: dict[str, object] = {"presses": [], "requests": []}
PRESSED = [
    {"what": what, "tab": tab, "carried_out": True}
    for what, tab in (("sync.start", ""), ("tab.refresh", "vendors"))
]
SENT = {"call": "hh2.sign-in", "carried": ["hh2-password"], "site": "hh2"}


def end(code: int, *told: str, presses: list[dict[str, object]] = PRESSED, **log: object) -> End:
    return End(
        "good" if code == 0 else "ended", code, frozenset(told), log={**DONE, "presses": presses, **log}
    )


@pytest.mark.parametrize(
    ("call", "fault", "ended", "says"),
    [
        ("hh2.who", "500", end(20, "HH2-DOWN"), "ended ended (20)"),
        ("procore.page", "500", end(30, "MFA"), "with ['MFA']"),
        ("hh2.sign-in", "403", end(20, "NET"), "with ['NET']"),
        ("hh2.sync.start", "404", end(20, "HH2-ANSWER"), "ended ended (20)"),
        ("procore.tab.press", "429", end(0, presses=[*PRESSED, PRESSED[1]]), "carried out 2 times"),
        (
            "procore.tab.look after the press",
            "429",
            end(0, requests=[{**SENT, "call": "procore.tab.press"}] * 2),
            "sent 2",
        ),
        ("hh2.filters.read", "403", end(30), "without a card"),
        ("hh2.filters.read", "delay", end(0, presses=[]), "says that all is done"),
        ("hh2.filters.read", "delay", end(0, presses=PRESSED[::-1]), "without step 1"),
        (
            "hh2.sign-in",
            "reset-after",
            end(20, "NET", requests=[SENT, SENT]),
            "the password was sent 2 times",
        ),
        (
            "hh2.who",
            "delay",
            end(0, requests=[{**SENT, "site": "procore"}]),
            "hh2-password was sent to procore",
        ),
        ("hh2.who", "delay", end(70, "INTERNAL"), "the program failed"),
        ("hh2.page", "browser-killed", end(20, "NET"), "ended ended (20)"),
        ("hh2.sync.start", "429-no-header", end(20, "NET", presses=[]), "ended ended (20)"),
        ("procore.page", "empty", end(30, "MFA"), "with ['MFA']"),
        (
            "procore.tab.press",
            "duplicated",
            end(0, requests=[{**SENT, "call": "procore.tab.press"}] * 2),
            "sent 2 times",
        ),
    ],
)
def test_an_end_that_may_not_be_is_named(call: str, fault: str, ended: End, says: str) -> None:
    assert any(says in wrong for wrong in wrong_with(call, fault, ended, met=True))


@pytest.mark.parametrize(
    ("call", "fault", "ended"),
    [
        ("hh2.who", "500", end(0)),
        ("hh2.sign-in", "403", end(20, "HH2-ANSWER")),
        ("procore.tab.press", "reset-before", end(10, "PRO-STALE", presses=PRESSED[:1])),
        ("hh2.sync.start", "browser-killed", end(30, "BROWSER", presses=PRESSED[:1])),
    ],
)
def test_an_end_that_may_be_holds_where_the_fault_struck(call: str, fault: str, ended: End) -> None:
    assert wrong_with(call, fault, ended, met=True) == []
    assert wrong_with(call, fault, ended, met=False) == ["ended before the fault struck"]


def test_what_is_unsure_is_a_known_limit_only_where_the_end_passes_and_nothing_worse_came_of_it() -> None:
    unsure, late = end(30, "HH2-UNSURE", presses=PRESSED[:1]), ("ended person (30) with ['HH2-UNSURE']",)
    passing, standing = PageCell("hh2.who", "500", "mixed-05"), PageCell("hh2.who", "500", "mixed-10")
    assert known_limit(passing, unsure, late)
    assert not known_limit(standing, unsure, late)
    assert not known_limit(passing, unsure, ("sent 2 times: hh2.sync.start",))
    assert not known_limit(passing, end(30, "MFA"), late)
    assert not known_limit(passing, end(0), ())


def test_every_fault_of_a_page_says_something_to_the_rules() -> None:
    for call in page_calls():
        for fault in FAULTS:
            assert cards(call, fault) or fault == "delay", (call, fault)


@pytest.fixture
async def house(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    opened = House("command line", person=0.0)
    await set_up(opened, admin.served, poll=PACE / 4)
    yield opened
    await opened.close()


@pytest.mark.drawn(325)
@pytest.mark.parametrize("cell", page_cells(), ids=lambda cell: cell.name)
async def test_a_run_by_pages_ends_as_it_may(cell: PageCell, house: House, admin: Admin) -> None:
    outcome = await carried_out(cell, house, admin)
    assert outcome.good, outcome.told


@pytest.mark.parametrize("skin", ["plain", "mixed-11"])
async def test_filters_that_the_site_did_not_take_are_not_read_off_a_form_that_still_shows_our_choice(
    skin: str, house: House, admin: Admin
) -> None:
    outcome = await carried_out(PageCell("hh2.filters.apply", "500", skin), house, admin)
    assert outcome.held, outcome.told
    assert admin.presses("sync.start") == []
