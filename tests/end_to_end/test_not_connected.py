"""Web services that are half set up, that tell little, or whose answers are lost: said, and never taken for good."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

from app.assembly.house import House
from app.domain.connections import Lack, Right, Standing, exit_code
from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import DriverName, Hh2Settings, Profile, Secret, SecretState
from app.domain.taught import Taught, Unfit
from app.training.faults import Fault, FaultKind
from tests.end_to_end.company import NAME, Told
from tests.end_to_end.test_connect import TOKEN, copied, house, in_person, procore_of
from tests.training.admin import Admin

__all__ = ["house"]
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service"),
]


@pytest.mark.parametrize(
    ("status", "body", "lack"),
    [
        (403, "{}", Lack.PERMISSIONS),
        (200, json.dumps({"tools": []}), Lack.TOOL),
    ],
    ids=["not told", "no tool"],
)
async def test_rights_that_procore_does_not_tell_are_unknown_and_never_may(
    status: int, body: str, lack: Lack, house: House, admin: Admin
) -> None:
    assert await house.save(in_person(admin, service_account=True), NAME) == []
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.permissions", status=status, body=body))
    found = await procore_of(house)
    assert found.lacks == (lack,)
    assert set(found.rights.values()) == {Right.UNKNOWN}
    assert found.standing is Standing.MISSING


async def test_without_its_number_the_companies_that_are_seen_are_told(house: House, admin: Admin) -> None:
    assert await house.save(in_person(admin, service_account=True, company_id=0), NAME) == []
    found = await procore_of(house)
    assert found.lacks == (Lack.COMPANY_NUMBER,)
    assert [name for _, name in found.others] == [admin.served.procore.company_name]


async def test_a_services_secret_that_is_not_there_is_told_and_nothing_is_sent(
    house: House, admin: Admin
) -> None:
    await house.forget_secret(NAME, Secret.PROCORE_CLIENT_SECRET)
    assert (await procore_of(house)).lacks == (Lack.CLIENT_SECRET, Lack.SIGN_IN)
    assert await house.save(in_person(admin, service_account=True), NAME) == []
    found = await procore_of(house)
    assert (found.lacks, found.kept) == ((Lack.CLIENT_SECRET,), False)
    assert not (await house.disconnect(NAME)).had
    for company in (in_person(admin), in_person(admin, client_id="")):
        assert await house.save(company, NAME) == []
        with pytest.raises(Trouble) as met:
            await house.ask_for_code(NAME)
        assert met.value.problem.id is ProblemId.SECRET_MISSING
    assert [one for one in admin.log()["requests"] if one["site"] == "procore"] == []


async def test_a_service_account_is_disconnected_by_forgetting_its_secret_here(
    house: House, admin: Admin
) -> None:
    assert await house.save(in_person(admin, service_account=True), NAME) == []
    assert (await procore_of(house)).kept
    what = await house.disconnect(NAME)
    assert what.had
    assert await house.secret_state(NAME, Secret.PROCORE_CLIENT_SECRET) is SecretState.MISSING
    assert admin.calls("procore.oauth.revoke") == []


async def test_hh2s_services_need_a_site_and_a_user(house: House, admin: Admin) -> None:
    profile = await house.profile(NAME)
    half = Profile(NAME, hh2=Hh2Settings(services=True))
    assert await house.save(half, NAME) == []
    found = (await house.connections(NAME))[1]
    assert found.lacks == (Lack.HH2_SITE, Lack.HH2_USER)
    off = msgspec.structs.replace(profile, hh2=msgspec.structs.replace(profile.hh2, services=False))
    assert await house.save(off, NAME) == []
    assert (await house.connections(NAME))[1].standing is Standing.OFF
    assert admin.log()["requests"] == []


@pytest.mark.parametrize(
    ("fault", "problem", "says"),
    [
        (Fault(FaultKind.STATUS, call=TOKEN, status=503, body="<p></p>"), ProblemId.PRO_CONNECT, "lost-code"),
        (
            Fault(FaultKind.STATUS, call=TOKEN, status=429, headers={"Retry-After": "9"}),
            ProblemId.LIMIT,
            None,
        ),
        (Fault(FaultKind.RESET_AFTER, call=TOKEN), ProblemId.PRO_CONNECT, "lost-code"),
    ],
    ids=["down", "limit", "lost"],
)
async def test_a_code_whose_exchange_fails_is_said_and_is_sent_once(
    fault: Fault, problem: ProblemId, says: str | None, house: House, admin: Admin
) -> None:
    code = await copied(house, admin)
    admin.fault(fault)
    with pytest.raises(Trouble) as met:
        await house.give_code(NAME, code)
    assert met.value.problem.id is problem
    assert says is None or met.value.problem.facts["why"] == says
    assert len(admin.calls(TOKEN)) == 1


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (
            Fault(FaultKind.STATUS, path="/rest/*", nth=0, status=429, headers={"Retry-After": "9"}),
            ProblemId.LIMIT,
        ),
        (Fault(FaultKind.STATUS, path="/rest/*", nth=0, status=401, body="{}"), None),
    ],
    ids=["limit", "signed out"],
)
async def test_a_test_that_is_put_off_or_signed_out_is_a_problem_and_never_good(
    fault: Fault, problem: ProblemId | None, house: House, admin: Admin
) -> None:
    assert await house.save(in_person(admin, service_account=True), NAME) == []
    admin.fault(fault)
    found = await procore_of(house)
    assert found.problem is not None
    assert problem is None or found.problem.id is problem
    assert exit_code([found]) in (20, 30)


# ---------------------------------------------------------------- the house, beside a run


async def test_the_training_company_is_no_name_for_a_company_and_no_driver_for_a_real_one(
    house: House, tmp_path: Path
) -> None:
    (fault,) = await house.save(Profile("training company"))
    assert fault.expected == "profile-name-taken"
    assert await house.save(Profile("Real", hh2=Hh2Settings("acme"))) == []
    with pytest.raises(Trouble) as met:
        await house.conductor("Real", Told(), DriverName.TRAINING)
    assert met.value.problem.facts["expected"] == "driver-real"


async def test_a_label_that_it_forbids_or_that_is_none_is_not_taught(house: House, own_home: Path) -> None:
    label = Taught(Site.PROCORE, "refresh-vendors", "button", "Renew")
    assert await house.teach(NAME, msgspec.structs.replace(label, name="x" * 200)) is not None
    (own_home / "config" / "policy.toml").write_text("teach = false\n")
    assert await house.teach(NAME, label) is Unfit.POLICY
    pointed = await house.point_at(NAME, Site.PROCORE, "refresh-vendors", 0.0, lambda *_: None)
    assert pointed is not None
    assert pointed.unfit is Unfit.POLICY
    assert not await house.forget_taught(NAME, label.key)
    assert (await house.profile(NAME)).labels == ()
