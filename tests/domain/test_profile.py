"""A profile's settings: every wrong one is named, and none that is right is refused."""

import pytest
from msgspec import structs

from app.domain.filters import DateRange, Depth, Filters
from app.domain.profile import (
    DriverName,
    Hh2Settings,
    MatchSettings,
    ProcoreSettings,
    Profile,
    RunSettings,
    Secret,
    faults,
    is_training,
)
from app.domain.tabs import TABS, Tab, in_order

GOOD = Profile("Acme", hh2=Hh2Settings("acme"), procore=ProcoreSettings(42))
LOOPBACK = structs.replace(
    GOOD,
    hh2=Hh2Settings("acme", "http://127.0.0.2:1"),
    procore=ProcoreSettings(
        42, login="http://127.0.0.3:1", api="http://127.0.0.3:1", web="http://127.0.0.3:1"
    ),
)


def test_a_good_profile_has_no_faults() -> None:
    assert faults(GOOD) == []
    assert faults(Profile("École & Fils (2)")) == []
    assert GOOD.driver is DriverName.BROWSER


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "con", "LPT1", "x" * 61, "ends.", "ends "])
def test_a_name_that_could_be_no_file_is_named(name: str) -> None:
    assert [fault.path for fault in faults(structs.replace(GOOD, name=name))] == ["name"]


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        (structs.replace(GOOD, hh2=Hh2Settings("not a site")), "hh2.site"),
        (structs.replace(GOOD, hh2=Hh2Settings("acme", "http://acme.hh2.com")), "hh2.base"),
        (structs.replace(GOOD, procore=ProcoreSettings(login="ftp://x")), "procore.login"),
        (structs.replace(GOOD, procore=ProcoreSettings(api="")), "procore.api"),
        (structs.replace(GOOD, procore=ProcoreSettings(web="app.procore.com")), "procore.web"),
        (structs.replace(GOOD, procore=ProcoreSettings(-1)), "procore.company_id"),
        (structs.replace(GOOD, run=RunSettings(proof_minutes=0)), "run.proof_minutes"),
        (structs.replace(GOOD, run=RunSettings(job_pause=-1)), "run.job_pause"),
        (structs.replace(GOOD, run=RunSettings(poll=0.1)), "run.poll"),
        (structs.replace(GOOD, driver=DriverName.TRAINING), "driver"),
        (structs.replace(GOOD, match=MatchSettings(keep_days=-1)), "match.keep_days"),
        (structs.replace(GOOD, match=MatchSettings(brake_percent=100)), "match.brake_percent"),
        (structs.replace(GOOD, match=MatchSettings(brake_records=0)), "match.brake_records"),
        (structs.replace(GOOD, match=MatchSettings(brake_small=10_001)), "match.brake_small"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_that_cannot_be_used_is_named_by_its_path(profile: Profile, path: str) -> None:
    assert path in [fault.path for fault in faults(profile)]


def test_only_a_profile_that_stays_on_this_computer_is_training() -> None:
    assert is_training(LOOPBACK)
    assert not is_training(GOOD)
    assert not is_training(
        structs.replace(LOOPBACK, procore=structs.replace(LOOPBACK.procore, web="https://x.example"))
    )
    assert faults(structs.replace(LOOPBACK, driver=DriverName.TRAINING, run=RunSettings(poll=0.02))) == []


def test_the_address_of_a_site_follows_from_its_name_unless_one_is_given() -> None:
    assert Hh2Settings("acme").address == "https://acme.hh2.com"
    assert Hh2Settings("acme", "https://HH2.example/").address == "https://hh2.example"
    assert Hh2Settings().address == ""


def test_deep_and_all_changes_are_asked_about_first() -> None:
    assert not Filters().takes_long
    assert Filters(DateRange.ALL).takes_long
    assert Filters(depth=Depth.DEEP).takes_long


def test_tabs_come_in_the_order_of_the_procedure_and_after_what_they_need() -> None:
    assert in_order([Tab.JOB_COSTS, Tab.VENDORS, Tab.VENDORS]) == (Tab.VENDORS, Tab.JOB_COSTS)
    order = list(Tab)
    for tab, facts in TABS.items():
        assert all(order.index(earlier) < order.index(tab) for earlier in facts.after)
    assert len({secret.value for secret in Secret}) == len(Secret)
