"""A policy that forbids driving is found and named before a browser is started."""

from pathlib import Path

import pytest

from app.domain.problems import ProblemId, Trouble
from app.portals.browser import DrivenBrowser
from app.portals.browser_policies import forbids_driving
from app.portals.installed import Installed
from app.words.problems import card

pytestmark = pytest.mark.anyio
FORBIDS = '{"RemoteDebuggingAllowed": false}'
ALLOWS = '{"RemoteDebuggingAllowed": true}'


def said(tmp_path: Path, **files: str) -> str:
    for name, text in files.items():
        (tmp_path / f"{name}.json").write_text(text)
    return forbids_driving("Chromium", "linux", {"Chromium": (str(tmp_path / "none"), str(tmp_path))})


def test_a_policy_that_forbids_is_named_with_its_file(tmp_path: Path) -> None:
    assert said(tmp_path, it=FORBIDS) == f"{tmp_path}/it.json: RemoteDebuggingAllowed"


@pytest.mark.parametrize("text", [ALLOWS, "{}", "[]", "{half", '{"RemoteDebuggingAllowed": null}'])
def test_what_does_not_forbid_is_nothing(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, it=text) == ""


def test_of_several_files_the_last_by_name_counts(tmp_path: Path) -> None:
    assert said(tmp_path, a=FORBIDS, b=ALLOWS) == ""
    assert said(tmp_path, c=FORBIDS) != ""


def test_no_folder_and_another_browser_are_not_forbidden() -> None:
    assert forbids_driving("Chromium", "linux", {}) == ""
    assert forbids_driving("Chromium", "darwin") == ""


async def test_a_browser_that_may_not_be_driven_is_not_started_and_its_card_names_the_policy(
    tmp_path: Path,
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    browser = DrivenBrowser(
        tmp_path / "notes",
        headless=True,
        browsers=lambda: (Installed("Chromium", program),),
        forbids=lambda name: f"/etc/policies/{name}.json",
    )
    with pytest.raises(Trouble) as met:
        await browser.open()
    problem = met.value.problem
    assert problem.id is ProblemId.BROWSER
    assert problem.facts == {
        "why": "forbidden",
        "browser": "Chromium",
        "policy": "/etc/policies/Chromium.json",
    }
    assert "/etc/policies/Chromium.json" in card(problem).why
    assert not (tmp_path / "started").exists()
