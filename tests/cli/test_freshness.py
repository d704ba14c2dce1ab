"""`freshness` from outside: what no run knows yet, what a run proved, and what hh2's page shows at a look."""

import json

import pytest

from tests.cli.commands import run
from tests.training.admin import Admin


@pytest.mark.parametrize("arguments", [[], ["--training", "--profile", "Acme"]])
def test_the_freshness_of_nobody_or_of_two_is_wrong_usage(arguments: list[str]) -> None:
    ended = run("freshness", *arguments)
    assert (ended.returncode, ended.stdout) == (64, "")


def test_what_a_run_proved_is_fresh_and_what_it_did_not_refresh_is_not(acme: str, admin: Admin) -> None:
    before = run("freshness", "--profile", acme)
    assert "No good run yet." in before.stdout
    assert "Sage to hh2: no run of this program has proven a sync yet." in before.stdout
    assert run("sync", "--profile", acme, "--tabs", "vendors").returncode == 0
    told = json.loads(run("freshness", "--profile", acme.lower(), "--json").stdout)
    assert told["profile"] == acme
    assert told["last_good"] > told["procore"]["vendors"]["at"] > told["hh2"]["at"]
    assert told["hh2"]["filters"] == {"date_range": "past-week", "depth": "shallow"}
    assert {tab for tab, one in told["procore"].items() if one} == {"vendors"}
    assert told["hh2_shows"] is None
    lines = run("freshness", "--profile", acme).stdout
    assert "Vendors: Last refreshed just now" in lines
    assert "Jobs: Not refreshed by this program yet" in lines


def test_a_look_signs_in_once_presses_nothing_and_knows_our_own_sync(acme: str, admin: Admin) -> None:
    first = json.loads(run("freshness", "--profile", acme, "--look", "--json").stdout)
    assert first["hh2_shows"]["by_itself"] is True
    assert admin.presses() == []
    assert len(admin.calls("hh2.sign-in")) == 1
    assert run("sync", "--profile", acme, "--tabs", "none").returncode == 0
    after = json.loads(run("freshness", "--profile", acme, "--look", "--json").stdout)
    assert after["hh2_shows"]["by_itself"] is False, "it is the end of our own step 1"


def test_a_refused_sign_in_is_told_with_its_card(acme: str, admin: Admin) -> None:
    admin.play("wrong-password")
    ended = run("freshness", "--profile", acme, "--look")
    assert ended.returncode == 30
    assert "hh2 did not accept" in ended.stderr
