"""`sync --if-older-than`: a scheduler's run is begun where it is needed, and says so where it was not."""

import json
import os
from collections.abc import Mapping

import pytest

from tests.cli.commands import lines, run
from tests.training.admin import Admin


@pytest.mark.parametrize(
    "arguments",
    [
        ["--if-older-than", "soon"],
        ["--if-older-than", "30m", "--continue"],
        ["--if-older-than", "30m", "--step-two-only", "--i-looked", "Completed 8:04"],
    ],
)
def test_what_makes_no_sense_for_a_scheduler_is_wrong_usage(arguments: list[str]) -> None:
    ended = run("sync", "--training", *arguments)
    assert (ended.returncode, ended.stdout) == (64, "")


def test_it_runs_where_there_was_no_good_run_and_not_again_soon_after(acme: str, admin: Admin) -> None:
    sync = ("sync", "--profile", acme, "--tabs", "vendors", "--if-older-than", "30m", "--json")
    first = run(*sync)
    assert first.returncode == 0, first.stderr
    done = lines(first.stdout)[-1]
    assert done["outcome"] == "ok"
    pressed = admin.presses()
    second = run(*sync)
    assert second.returncode == 0
    (only,) = lines(second.stdout)
    assert (only["outcome"], only["exit"], only["run_id"], only["tabs"]) == ("not-needed", 0, None, [])
    assert only["last_good"]["run_id"] == done["run_id"]
    assert "Not needed, and nothing was begun: the last good run ended just now." in second.stderr
    assert admin.presses() == pressed
    more = run(*sync[:4], "vendors,jobs", *sync[5:])
    assert lines(more.stdout)[-1]["outcome"] == "ok", "that run did not refresh the jobs"


def test_a_run_that_needs_a_look_is_not_a_good_one(acme: str, admin: Admin) -> None:
    admin.play("staged")
    sync = ("sync", "--profile", acme, "--tabs", "vendors", "--if-older-than", "30m")
    assert [run(*sync).returncode, run(*sync).returncode] == [10, 10]


def test_without_the_users_credential_store_it_says_why_it_cannot_run_by_itself(
    acme: str, admin: Admin, no_secret_service: Mapping[str, str]
) -> None:
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == no_secret_service["DBUS_SESSION_BUS_ADDRESS"]
    ended = run("sync", "--profile", acme, "--if-older-than", "30m", "--json")
    assert ended.returncode == 30, ended.stderr
    problems = {one["id"] for one in json.loads(ended.stdout.splitlines()[-1])["problems"]}
    assert problems & {"KEYRING", "SECRET_MISSING", "SECRET-MISSING"}
    assert "opens while that user is logged on" in " ".join(ended.stderr.split())
    assert admin.presses() == []


def test_a_person_who_runs_it_is_not_told_about_schedulers(
    acme: str, admin: Admin, no_secret_service: Mapping[str, str]
) -> None:
    assert no_secret_service
    ended = run("sync", "--profile", acme)
    assert ended.returncode == 30
    assert "By itself a run cannot go on" not in ended.stderr
