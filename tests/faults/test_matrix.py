"""A drawn part of the fault matrix, that no route and no fault is left out of it, and that the rules can say no."""

import asyncio
import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from starlette.routing import BaseRoute, Route

from app.training import hh2_services, hh2_training, procore_oauth, procore_rest, procore_training
from tests.faults.cells import Cell, End, cell, cells
from tests.faults.kinds import KINDS, NEVER_ASKED, By
from tests.faults.known import KNOWN_LIMITS, NOT_MADE, NOT_ON_PAGES, Named, limit_of, not_made
from tests.faults.matrix import carried_out
from tests.faults.pages import FAULTS as PAGE_FAULTS
from tests.faults.pages import page_cells
from tests.faults.rules import faults_of
from tests.faults.wire import FAULTS, Says
from tests.training.servers import ROOT, environ

DRAWN = 20  # cells in each test run; `run.py faults` carries all of them out
SLOW = ("timeout", "slow-drip", "50-mb")  # seconds each: they are in the whole matrix
AT_ONCE = 4
ROUTES: dict[str, list[BaseRoute]] = {
    "hh2": [*hh2_training.routes(), *hh2_services.routes()],
    "procore": [*procore_training.routes(), *procore_oauth.routes(), *procore_rest.routes()],
}
# The sign-in on the way to the authorize page is a page of the browser's.
PAGES = ("/training/oauth/sign-in",)


def asked() -> list[tuple[str, str, str]]:
    """Every route that is no page: site, method, path."""
    return [
        (site, method, route.path)
        for site, routes in ROUTES.items()
        for route in routes
        if isinstance(route, Route) and not route.path.startswith(PAGES)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


@pytest.mark.parametrize(("site", "method", "path"), asked())
def test_every_route_of_the_services_has_its_cells_or_a_reason_for_none(
    site: str, method: str, path: str
) -> None:
    like = re.sub(r"\{\w+\}", "x", path)
    has = any(
        kind.target.site == site and kind.target.method == method and fnmatchcase(like, kind.target.path)
        for kind in KINDS
    )
    assert has is not ((method, path) in NEVER_ASKED)


def test_every_kind_meets_every_fault_that_can_be() -> None:
    found = {(one.kind.name, one.fault.name) for one in cells()}
    missing = {(kind.name, fault.name) for kind in KINDS for fault in FAULTS} - found
    by_name = {kind.name: kind for kind in KINDS}
    assert {fault for _, fault in missing} == {fault.name for fault in FAULTS if fault.proxy}
    assert all(by_name[kind].by is By.RUN for kind, _ in missing)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_every_known_limit_is_of_a_cell_that_there_is() -> None:
    some: list[Named] = [*cells(), *page_cells()]
    for pattern in KNOWN_LIMITS:
        assert any(limit_of(one) == KNOWN_LIMITS[pattern] for one in some), pattern


# The faults of pages that bear another name there, and those that only a page can meet with.
_CALLED_ON_PAGES = {"cut-short": "reset-middle", "429-seconds": "429"}
_OF_PAGES_ALONE = {"delay", "html", "error-200", "session-lost", "session-lost-after", "browser-killed"}


def test_a_fault_of_requests_is_met_by_pages_too_or_it_is_said_why_not() -> None:
    there = {fault.name for fault in FAULTS}
    met = {name for name in there if _CALLED_ON_PAGES.get(name, name) in PAGE_FAULTS}
    assert there - met == NOT_ON_PAGES.keys()
    assert {_CALLED_ON_PAGES.get(name, name) for name in met} | _OF_PAGES_ALONE == PAGE_FAULTS.keys()
    told = not_made()
    assert NOT_MADE.items() <= told.items()
    assert told["pages × tls-expired"] == NOT_ON_PAGES["tls-expired"]
    assert all(len(why) > 10 for why in told.values())


def _command(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.faults", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environ(), cwd=ROOT, check=False)


def test_the_command_that_tries_nothing_says_so_and_is_no_success() -> None:
    ended = _command("--only", "typo")
    assert ended.returncode == 2, ended.stderr
    assert "Nothing was tried: no cell's name holds 'typo'." in ended.stderr
    for why in {*NOT_MADE.values(), *NOT_ON_PAGES.values()}:
        assert why in ended.stdout
    ended = _command("--only", "typo", "--json")
    assert ended.returncode == 2, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["requests"]["cells"], told["pages"]["cells"]) == (0, 0)
    assert told["not_made"] == not_made()


def _drawn(seed: str) -> list[Cell]:
    some = [one for one in cells() if one.fault.name not in SLOW]
    return random.Random(seed).sample(some, DRAWN)


def test_the_cells_that_were_drawn_hold_or_are_known_limits(request: pytest.FixtureRequest) -> None:
    seed = str(request.config.getoption("--draw") or random.randrange(10**6))
    found = asyncio.run(carried_out(_drawn(seed), AT_ONCE))
    assert len(found) == DRAWN
    assert [(one.cell.name, one.wrong) for one in found if not one.good] == [], f"drawn by {seed}"


# ---------------------------------------------------------------- the rules can say no

GOOD = End("good", 0, frozenset(), struck=1, log={"presses": [], "requests": []})


def _pressed(*what: str) -> dict[str, object]:
    tabs = {"sync.start": "", "tab.refresh": "vendors"}
    presses = [{"what": one, "tab": tabs[one], "job": "", "carried_out": True} for one in what]
    return {"presses": presses, "requests": []}


@pytest.mark.parametrize(
    ("name", "end", "says"),
    [
        ("hh2.sync.start × reset-after (once)", replace(GOOD, log=_pressed("tab.refresh")), "without step 1"),
        ("hh2.sync.start × reset-after (once)", GOOD, "says that all is done"),
        (
            "hh2.sync.start × reset-after (once)",
            replace(GOOD, log=_pressed("sync.start", "sync.start", "tab.refresh")),
            "carried out 2 times",
        ),
        (
            "hh2.sync.start × 500 (once)",
            End("failed", 20, frozenset({"HH2-DOWN"}), struck=1, log=GOOD.log),
            "ended failed",
        ),
        ("hh2.rest.sign-in × 500 (once)", GOOD, "ended good"),
        ("hh2.rest.sign-in × refused (once)", replace(GOOD, outcome="hang", exit=70), "the program failed"),
        (
            "hh2 jobs × refused (always)",
            End("failed", 20, frozenset(), struck=1, log=GOOD.log),
            "without a card",
        ),
        ("hh2 jobs × 500 (always)", replace(GOOD, struck=0), "never struck"),
        (
            "hh2 jobs × refused (always)",
            End("failed", 20, frozenset({"NET"}), ("It ended with: ConnectError.",), struck=1, log=GOOD.log),
            "says 'It ended",
        ),
        (
            "hh2 jobs × refused (always)",
            End("failed", 20, frozenset({"LIMIT"}), struck=1, log=GOOD.log),
            "ended failed",
        ),
    ],
)
def test_an_end_that_may_not_be_is_named(name: str, end: End, says: str) -> None:
    assert any(says in wrong for wrong in faults_of(cell(name), end))


def test_an_end_that_may_be_holds() -> None:
    end = End("failed", 20, frozenset({"NET"}), struck=1, log=GOOD.log)
    assert faults_of(cell("hh2 jobs × refused (always)"), end) == []


def test_what_a_fault_says_is_known_to_the_rules() -> None:
    assert {fault.says for fault in FAULTS} == set(Says)
