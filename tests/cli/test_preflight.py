"""`preflight` from outside: lines for people or one JSON object, its exit codes, and wrong usage."""

import json

import pytest

from tests.cli.commands import lines, run


@pytest.mark.parametrize("arguments", [[], ["--training", "--profile", "Acme"]])
def test_a_preflight_of_nobody_or_of_two_is_wrong_usage(arguments: list[str]) -> None:
    ended = run("preflight", *arguments)
    assert (ended.returncode, ended.stdout) == (64, "")


def test_the_training_company_shows_a_card_for_what_would_stop_a_run() -> None:
    ended = run("preflight", "--training", "--scenario", "client-offline")
    assert ended.returncode == 20, ended.stderr
    assert "The hh2 service on this server is not running" in ended.stdout
    assert "[HH2-SVC]" in ended.stdout
    assert ended.stdout.rstrip().endswith("Not ready: 1 thing would stop a run.")


def test_with_json_it_is_one_object(acme: str) -> None:
    ended = run("preflight", "--profile", acme.lower(), "--json")
    assert ended.returncode == 0, ended.stdout
    told = json.loads(ended.stdout)
    assert (told["type"], told["exit"], told["level"], told["profile"]) == ("preflight", 0, "ready", acme)
    lines = {(one["check"], one["level"]) for one in told["lines"]}
    assert ("keyring", "ready") in lines
    assert ("session", "stop") not in lines


def test_a_run_that_would_be_stopped_is_not_begun_unless_that_is_said() -> None:
    sync = ("sync", "--training", "--scenario", "client-offline", "--pace", "0.05", "--json")
    held = run(*sync)
    assert held.returncode == 20, held.stderr
    (only,) = lines(held.stdout)
    assert (only["run_id"], [one["id"] for one in only["problems"]]) == (None, ["HH2-SVC"])
    assert held.stderr.rstrip().endswith("The run was not begun; --anyway begins it all the same.")
    begun = run(*sync, "--anyway")
    assert begun.returncode == 20
    assert [one["id"] for one in lines(begun.stdout)[-1]["problems"]] == ["HH2-OFFLINE"]
    assert "The hh2 service on this server is not running" in begun.stderr, "it is told all the same"


def test_what_only_needs_a_look_is_told_and_the_run_goes_on() -> None:
    ended = run("sync", "--training", "--scenario", "database-restarted", "--pace", "0.05", "--json")
    assert "Restart hh2 before a sync." in ended.stderr
    assert [one["id"] for one in lines(ended.stdout)[-1]["problems"]] == ["HH2-OFFLINE"]
