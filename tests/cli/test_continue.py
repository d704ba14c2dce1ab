"""A run that was cut off, or that stopped for a person, is gone on with when asked for, and otherwise closed aloud."""

import json
import sys

import pytest

from tests.cli.commands import killed, lines, run
from tests.training.admin import Admin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")


def test_a_run_cut_off_while_hh2_syncs_is_taken_up_and_nothing_is_started_twice(
    acme: str, admin: Admin
) -> None:
    before = killed(
        "after", "write:SyncAccepted", 1, "sync", "--profile", acme, "--tabs", "vendors", "--json"
    )
    cut_off = lines(before.stdout)
    ended = run("sync", "--profile", acme, "--continue", "--json")
    told = lines(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert told[0]["type"] == "RunResumed"
    assert told[0]["after_crash"] is True
    assert told[0]["run_id"] == cut_off[0]["run_id"]
    assert told[0]["seq"] > cut_off[-1]["seq"]
    assert [tab["outcome"] for tab in told[-1]["tabs"]] == ["done"]
    assert len(admin.presses("sync.start")) == 1
    assert len(admin.presses("tab.refresh")) == 1


def test_a_press_that_was_announced_and_cut_off_is_looked_up_first(acme: str, admin: Admin) -> None:
    killed("after", "send:procore.press", 1, "sync", "--profile", acme, "--tabs", "vendors")
    ended = run("sync", "--profile", acme, "--continue", "--json")
    told = lines(ended.stdout)
    assert "RefreshAnswerLost" in {line["type"] for line in told}
    assert told[-1]["tabs"][0]["outcome"] in {"done", "unknown"}
    assert len(admin.presses("tab.refresh")) == 1


def test_without_continue_the_old_run_is_closed_as_it_stands_and_said_so(acme: str, admin: Admin) -> None:
    killed("after", "write:SyncAccepted", 1, "sync", "--profile", acme, "--tabs", "vendors")
    ended = run("sync", "--profile", acme, "--tabs", "vendors")
    assert ended.returncode == 0, ended.stderr
    said = ended.stderr.splitlines()[0]
    assert "was cut off" in said
    assert "closed as it stands" in said
    assert "--continue" in said
    new, old = json.loads(run("history", "--profile", acme, "--json").stdout)
    assert new["outcome"] == "ok"
    assert (old["outcome"], old["step_one"], old["tabs"]) == ("person", None, {"vendors": None})
    assert "INTERRUPTED" in old["problems"]
    assert len(admin.presses("sync.start")) == 2
    assert len(admin.presses("tab.refresh")) == 1


def test_the_lines_of_the_run_that_is_closed_bear_its_own_id(acme: str) -> None:
    cut_off = lines(killed("after", "write:SyncAccepted", 1, "sync", "--profile", acme, "--json").stdout)
    told = lines(run("sync", "--profile", acme, "--tabs", "none", "--json").stdout)
    closing = [line for line in told if line.get("run_id") == cut_off[0]["run_id"]]
    assert [line["type"] for line in closing] == ["ProblemMet", "RunEnded"]
    assert told[-1]["run_id"] != cut_off[0]["run_id"]


def test_where_nothing_can_go_on_nothing_is_begun(acme: str, admin: Admin) -> None:
    ended = run("sync", "--profile", acme, "--continue")
    assert ended.returncode == 64
    assert f"There is no run of {acme} that could go on." in ended.stderr
    assert run("sync", "--profile", acme, "--tabs", "none").returncode == 0
    assert run("sync", "--profile", acme, "--continue").returncode == 64
    assert len(admin.presses("sync.start")) == 1


def test_a_run_without_proof_goes_on_when_the_person_says_what_they_saw(acme: str, admin: Admin) -> None:
    admin.play("no-proof")
    assert run("sync", "--profile", acme, "--tabs", "vendors").returncode == 30
    assert run("sync", "--profile", acme, "--continue").returncode == 64, "without a word the gate stays shut"
    word = "hh2 shows Completed at 8:04"
    ended = run("sync", "--profile", acme, "--continue", "--i-looked", word, "--json")
    told = lines(ended.stdout)
    assert told[-1]["step1"]["evidence"]["text"] == word
    assert [tab["tab"] for tab in told[-1]["tabs"]] == ["vendors"]
    assert len(admin.presses("sync.start")) == 1
    assert len(admin.presses("tab.refresh")) == 1


def test_a_cut_off_run_is_in_the_history_as_such(acme: str) -> None:
    killed("after", "write:SyncAccepted", 1, "sync", "--profile", acme)
    assert "cut off" in run("history").stdout


def test_the_letters_of_a_name_may_be_cased_in_any_way(acme: str) -> None:
    killed("after", "write:SyncAccepted", 1, "sync", "--profile", acme, "--tabs", "none")
    assert run("sync", "--profile", acme.upper(), "--continue").returncode == 0
    assert len(json.loads(run("history", "--profile", acme.lower(), "--json").stdout)) == 1
