"""`portal check` from outside: the report on stdout, its exit codes, and nothing started at the servers."""

import json

import anyio
import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.domain.taught import Taught
from tests.cli.commands import run
from tests.training.admin import Admin


@pytest.mark.parametrize(
    "arguments",
    [
        ["portal", "check"],
        ["portal", "check", "--training", "--profile", "Acme"],
        ["portal", "check", "--profile", "Acme", "--wait", "-1"],
        ["portal", "look"],
    ],
)
def test_a_check_of_nobody_or_of_two_is_wrong_usage(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (64, "")


def test_a_company_that_is_not_there_is_said() -> None:
    ended = run("portal", "check", "--profile", "Nobody")
    assert ended.returncode == 30
    assert "Nobody" in ended.stderr


@pytest.mark.slow
def test_the_report_of_a_company_is_for_people_or_one_json_object(acme: str, admin: Admin) -> None:
    ended = run("portal", "check", "--profile", acme)
    assert ended.returncode == 0, ended.stderr
    assert "All was found" in ended.stdout
    assert "Vendors: Refresh Vendor List" in ended.stdout
    assert "hh2: signing in" in ended.stderr
    told = json.loads(run("portal", "check", "--profile", acme.lower(), "--json").stdout)
    assert (told["type"], told["exit"], told["wanting"], told["profile"]) == ("page-check", 0, 0, acme)
    assert [site["site"] for site in told["sites"]] == ["hh2", "procore"]
    assert all(one["sight"] == "found" for site in told["sites"] for one in site["elements"])
    assert admin.log()["presses"] == []
    assert len(admin.calls("hh2.sign-in")) == len(admin.calls("procore.sign-in")) == 2


@pytest.mark.slow
def test_the_training_company_shows_what_a_report_looks_like() -> None:
    ended = run("portal", "check", "--training", "--scenario", "wrong-password", "--json")
    assert ended.returncode == 30, ended.stderr
    told = json.loads(ended.stdout)
    assert told["sites"][0]["problem"]["id"] == "HH2-LOGIN"
    assert told["training"] is True


def test_what_was_taught_is_listed_and_taken_out_again(acme: str) -> None:
    label = Taught(Site.PROCORE, "refresh-vendors", "button", "Renew suppliers")

    async def teach() -> None:
        house = House("command line", person=0.0)
        assert await house.teach(acme, label) is None
        await house.close()

    anyio.run(teach)
    listed = run("portal", "taught", "--profile", acme)
    assert listed.stdout == (
        "procore:refresh-vendors  Procore, Vendors: Refresh Vendor List: the button named “Renew suppliers”\n"
    )
    told = json.loads(run("portal", "taught", "--profile", acme, "--json").stdout)
    assert told == [
        {"site": "procore", "action": "refresh-vendors", "role": "button", "name": "Renew suppliers"}
    ]
    assert run("portal", "taught", "--profile", acme, "--forget", "hh2:settings").returncode == 64
    gone = run("portal", "taught", "--profile", acme, "--forget", label.key)
    assert (gone.returncode, gone.stdout) == (0, "")
    assert run("portal", "taught", "--profile", acme).stdout == ""


@pytest.mark.parametrize("element", ["refresh-vendors", "sage:start", "hh2:"])
def test_an_element_is_named_with_its_site(element: str) -> None:
    assert run("portal", "teach", element, "--profile", "Acme").returncode == 64
