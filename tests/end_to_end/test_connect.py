"""Connecting a company's web services: in the driven browser, by a code, by the app itself; and what a test tells."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import msgspec
import pytest

from app.assembly.house import House
from app.domain.connections import Connection, Lack, Right, Standing, Way, exit_code
from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Profile, Secret, SecretState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.faults import Fault, FaultKind
from app.words.connecting import told
from tests.cli.commands import run
from tests.end_to_end.company import NAME, carry_out, profile_for, secrets_of, set_up
from tests.procore.test_oauth import OOB, code_for, person
from tests.support.canaries import files_under, standing_in
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service"),
]
TOKEN = "procore.oauth.token"


def in_person(admin: Admin, **procore: object) -> Profile:
    """The company whose app acts in a person's name."""
    made = profile_for(admin.served)
    changed = msgspec.structs.replace(made.procore, **{"service_account": False, **procore})
    return msgspec.structs.replace(made, procore=changed)


@pytest.fixture
async def house(admin: Admin, secret_service: SecretService) -> AsyncIterator[House]:
    """Acme in a person's name, its secrets in the keyring, nobody signed in yet."""
    opened = House("command line", person=60.0)
    assert await opened.save(in_person(admin)) == []
    for secret, text in secrets_of(admin.served).items():
        await opened.keep_secret(NAME, secret, text, True)
    yield opened
    await opened.delete(NAME)
    await opened.close()


async def procore_of(house: House) -> Connection:
    return (await house.connections(NAME))[0]


async def copied(house: House, admin: Admin) -> str:
    """A person allows it in a browser of their own, and copies the code."""
    address = await house.ask_for_code(NAME)
    assert address.startswith(admin.served.procore.address + "/oauth/authorize?")
    async with person(admin) as client:
        shown = (await code_for(client, admin, OOB)).text
    return shown.partition("<code>")[2].partition("</code>")[0]


# ---------------------------------------------------------------- in the driven browser


async def beside(house: House, acts: Callable[[House], object]) -> tuple[SecretState | None, Trouble | None]:
    """The sign-in in the driven browser, and what a person does there meanwhile."""
    came: list[SecretState] = []
    met: list[Trouble] = []

    async def signs_in() -> None:
        try:
            came.append(await house.sign_in_to_services(NAME))
        except Trouble as trouble:
            met.append(trouble)

    with anyio.fail_after(90):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(signs_in)
            await acts(house)  # type: ignore[misc]
    return next(iter(came), None), next(iter(met), None)


async def page_of(house: House):  # type: ignore[no-untyped-def]
    """The page that the person has before them."""
    while True:
        browser = house.web.asking
        pages = [page for context in (browser._contexts if browser else []) for page in context.pages]
        if pages and pages[0].url.startswith("http"):
            return pages[0]
        await anyio.sleep(0.02)


def answers(name: str, admin: Admin) -> Callable[[House], object]:
    """A person who signs in on Procore's page, and presses this."""

    async def act(house: House) -> None:
        page = await page_of(house)
        await page.fill("#user", admin.served.procore.user)
        await page.fill("#password", admin.served.procore.password)
        await page.click("button")
        await page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)

    return act


async def test_a_person_signs_in_in_the_browser_and_the_answer_is_read_there(
    house: House, admin: Admin
) -> None:
    before = await procore_of(house)
    assert (before.standing, before.lacks) == (Standing.PERSON, (Lack.SIGN_IN,))
    kept, problem = await beside(house, answers("Allow", admin))
    assert problem is None
    assert kept is SecretState.KEPT
    after = await procore_of(house)
    assert (after.standing, after.way, after.kept) == (Standing.GOOD, Way.PERSON, True)
    assert (after.who, after.number) == ("Carole Tremblay", admin.served.procore.company_id)
    assert len(admin.calls(TOKEN)) == 1
    assert house.web.asking is None


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("?code=evil-code&state=another", id="wrong"),
        pytest.param("?code=evil-code", id="missing", marks=pytest.mark.slow),
    ],
)
async def test_an_answer_with_a_wrong_state_is_refused_and_said(
    house: House, admin: Admin, query: str
) -> None:
    headers = {"Location": f"http://localhost{query}"}
    admin.fault(Fault(FaultKind.STATUS, call="procore.oauth.answer", status=302, headers=headers))
    _, problem = await beside(house, answers("Allow", admin))
    assert problem is not None
    assert problem.problem.id is ProblemId.PRO_CONNECT
    assert problem.problem.facts == {"why": "wrong-state"}
    assert admin.calls(TOKEN) == []
    assert (await procore_of(house)).lacks == (Lack.SIGN_IN,)


@pytest.mark.slow
async def test_who_does_not_allow_it_or_closes_the_window_is_not_connected(
    house: House, admin: Admin
) -> None:
    _, problem = await beside(house, answers("Do not allow", admin))
    assert problem is not None
    assert problem.problem.facts == {"why": "denied"}

    async def closes(house: House) -> None:
        await (await page_of(house)).close()

    _, problem = await beside(house, closes)
    assert problem is not None
    assert problem.problem.facts == {"why": "given-up"}
    assert admin.calls(TOKEN) == []


async def test_without_a_screen_the_person_is_told_and_no_browser_is_started(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(Trouble) as met:
        await house.sign_in_to_services(NAME)
    assert met.value.problem.facts == {"why": "no-display"}


# ---------------------------------------------------------------- by a code, and no longer


async def test_a_code_connects_once_and_disconnecting_revokes_it(house: House, admin: Admin) -> None:
    code = await copied(house, admin)
    with pytest.raises(Trouble) as met:
        await house.give_code(NAME, "no code at all")
    assert met.value.problem.facts == {"why": "no-code"}
    assert await house.give_code(NAME, f" {code} ") is SecretState.KEPT  # the question still stood
    with pytest.raises(Trouble) as met:
        await house.give_code(NAME, code)
    assert met.value.problem.facts == {"why": "wrong-state"}  # nobody asked
    assert (await procore_of(house)).standing is Standing.GOOD
    what = await house.disconnect(NAME)
    assert (what.had, what.confirmed) == (True, True)
    assert (await procore_of(house)).lacks == (Lack.SIGN_IN,)
    assert await house.secret_state(NAME, Secret.PROCORE_TOKENS) is SecretState.MISSING
    assert len(admin.calls("procore.oauth.revoke")) == 1
    assert not (await house.disconnect(NAME)).had


async def test_a_grant_is_bound_to_the_addresses_it_was_given_for(house: House, admin: Admin) -> None:
    await house.give_code(NAME, await copied(house, admin))
    elsewhere = in_person(admin, api="http://127.0.0.9:9")
    assert await house.save(elsewhere, NAME) == []
    assert Lack.SIGN_IN in (await procore_of(house)).lacks
    assert await house.save(in_person(admin), NAME) == []
    assert (await procore_of(house)).standing is Standing.GOOD


async def test_a_question_of_the_profile_as_it_was_is_not_answered_any_more(
    house: House, admin: Admin
) -> None:
    code = await copied(house, admin)
    assert await house.save(in_person(admin, company_name="Another"), NAME) == []
    with pytest.raises(Trouble) as met:
        await house.give_code(NAME, code)
    assert met.value.problem.facts == {"why": "wrong-state"}
    assert admin.calls(TOKEN) == []


async def test_a_run_goes_in_the_persons_name_and_stops_before_step_one_when_it_is_no_longer_good(
    house: House, admin: Admin
) -> None:
    await house.give_code(NAME, await copied(house, admin))
    state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert state.ended.exit == 0
    assert len(admin.calls("procore.rest.permissions")) == 1
    admin.play("ok")
    await house.release(NAME)
    state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert (state.ended.exit, state.ended.reason) == (30, ProblemId.PRO_CONNECT.value)
    assert admin.presses() == []
    await house.release(NAME)


# ---------------------------------------------------------------- what a test tells


async def test_rights_are_told_tab_by_tab_with_who_can_give_them(house: House, admin: Admin) -> None:
    tools = {"tools": [{"name": "erp_integrations", "user_access_level": {"id": 3, "name": "Standard"}}]}
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.permissions", status=200, body=json.dumps(tools)))
    await house.give_code(NAME, await copied(house, admin))
    found = await procore_of(house)
    assert found.level == "Standard"
    assert found.lacks == (Lack.LEVEL,)
    may = {tab for tab, right in found.rights.items() if right is Right.MAY}
    assert may == set(Tab) - {Tab.PRIME_CONTRACTS}
    assert exit_code([found]) == 10


async def test_pages_that_lie_elsewhere_are_told_and_no_reason_to_go_there(
    house: House, admin: Admin
) -> None:
    profile = msgspec.structs.replace(
        await house.profile(NAME),
        procore=msgspec.structs.replace(
            (await house.profile(NAME)).procore, web="http://127.0.0.1:9", service_account=True
        ),
    )
    assert await house.save(profile) == []
    for secret, text in secrets_of(admin.served).items():
        await house.keep_secret(NAME, secret, text, True)
    found = await procore_of(house)
    assert found.pages == admin.served.procore.address
    assert Lack.ADDRESS in found.lacks
    assert found.standing is Standing.MISSING
    assert any(admin.served.procore.address in line for line in told(found).found)


async def test_a_company_that_the_account_does_not_see_is_told_with_those_it_sees(
    house: House, admin: Admin
) -> None:
    assert await house.save(in_person(admin, company_id=4711), NAME) == []
    await house.give_code(NAME, await copied(house, admin))
    found = await procore_of(house)
    assert found.lacks == (Lack.COMPANY,)
    assert found.others == ((admin.served.procore.company_id, admin.served.procore.company_name),)
    assert found.rights == {}


async def test_a_refused_app_secret_is_sent_once_and_needs_a_person(house: House, admin: Admin) -> None:
    await house.keep_secret(NAME, Secret.PROCORE_CLIENT_SECRET, "not it", True)
    profile = in_person(admin, service_account=True)
    assert await house.save(profile, NAME) == []
    for _ in range(2):
        found = await procore_of(house)
        assert found.standing is Standing.PERSON
        assert found.problem is not None
        assert found.problem.id is ProblemId.PRO_LOGIN
    assert len(admin.calls(TOKEN)) == 1


@pytest.mark.parametrize("way", [Way.API_KEY, Way.PASSWORD])
async def test_hh2_is_signed_in_to_once_and_its_lists_are_tried(house: House, admin: Admin, way: Way) -> None:
    if way is Way.PASSWORD:
        await house.forget_secret(NAME, Secret.HH2_API_KEY)
        await house.forget_secret(NAME, Secret.HH2_API_SECRET)
    admin.fault(Fault(FaultKind.STATUS, path="*/Vendor.svc/vendors", status=403, body="{}"))
    found = (await house.connections(NAME))[1]
    assert (found.site, found.way, found.who) == (Site.HH2, way, admin.served.hh2.user)
    assert [name for name, may in found.lists.items() if not may] == ["vendors"]
    assert found.lacks == (Lack.LISTS,)
    assert len(admin.calls("hh2.rest.sign-in")) + len(admin.calls("hh2.soap")) == 1


async def test_half_an_api_key_and_a_missing_password_are_told_and_nothing_is_sent(
    house: House, admin: Admin
) -> None:
    await house.forget_secret(NAME, Secret.HH2_API_SECRET)
    await house.forget_secret(NAME, Secret.HH2_PASSWORD)
    found = (await house.connections(NAME))[1]
    assert found.lacks == (Lack.HH2_PASSWORD, Lack.API_SECRET)
    assert found.standing is Standing.PERSON
    assert admin.log()["requests"] == []


async def test_a_site_that_is_down_is_not_reached(house: House, admin: Admin) -> None:
    await house.give_code(NAME, await copied(house, admin))
    admin.fault(Fault(FaultKind.STATUS, site="procore", path="/rest/*", nth=0, status=502, body="<p>502</p>"))
    admin.fault(Fault(FaultKind.RESET_BEFORE, site="hh2", nth=0))
    found = await house.connections(NAME)
    assert [one.standing for one in found] == [Standing.NOT_REACHED, Standing.NOT_REACHED]
    assert exit_code(found) == 20
    assert found[0].kept


# ---------------------------------------------------------------- the command


def test_the_command_tells_who_which_company_and_which_rights(
    admin: Admin, secret_service: SecretService
) -> None:
    made(admin, in_person(admin, service_account=True))
    ended = run("connect", "--profile", "acme")
    assert ended.returncode == 0, ended.stderr
    assert "Procore's web services: all good" in ended.stdout
    assert "On-Demand Sync (service account)" in ended.stdout
    assert str(admin.served.procore.company_id) in ended.stdout
    admin.play("no-permission")
    ended = run("connect", "--profile", NAME, "--json")
    assert ended.returncode == 10
    told = json.loads(ended.stdout)
    assert told["exit"] == 10
    assert told["connections"][0]["lacks"] == ["level"]
    assert set(told["connections"][0]["rights"]) == {tab.value for tab in Tab}


def made(admin: Admin, profile: Profile) -> None:
    async def make() -> None:
        house = House("command line", person=0.0)
        await set_up(house, admin.served, remember=True)
        assert await house.save(profile, NAME) == []
        await house.close()

    anyio.run(make)


def test_no_token_code_or_secret_is_in_any_file_output_or_argument(
    admin: Admin, secret_service: SecretService, own_home: Path
) -> None:
    made(admin, in_person(admin))
    outputs: list[str] = []
    secrets = {secret.value: text for secret, text in secrets_of(admin.served).items()}

    def told(*arguments: str, given: str = "", code: int) -> None:
        ended = run("connect", "--profile", NAME, *arguments, given=given)
        outputs.extend((ended.stdout, ended.stderr))
        assert ended.returncode == code, ended.stderr

    async def code_of() -> str:
        async with person(admin) as client:
            shown = (await code_for(client, admin, OOB)).text
        return shown.partition("<code>")[2].partition("</code>")[0]

    secrets["code"] = anyio.run(code_of)
    told("--code", given=secrets["code"] + "\n", code=0)
    (kept,) = [one for one in secret_service.items() if "procore-tokens" in str(one.attributes)]
    held = json.loads(json.loads(kept.secret)["text"])
    secrets |= {"access": held["access"], "refresh": held["refresh"]}
    told("--json", code=0)
    told("--code", given=secrets["code"] + "\n", code=30)  # a code works once
    admin.post("sign-everybody-out", {})
    told("--json", code=30)  # the refresh is refused
    told(code=30)
    secrets["second code"] = anyio.run(code_of)
    told("--code", given=secrets["second code"] + "\n", code=0)
    told("--disconnect", code=0)
    said = {f"output {place}": output.encode() for place, output in enumerate(outputs)}
    assert standing_in(secrets, files_under(own_home) | said) == []
    assert any("Disconnected" in text for text in outputs)


def test_wrong_usage_of_the_command_is_said(admin: Admin) -> None:
    for wrong in ([], ["--profile", "x", "--training"], ["--profile", "x", "--code", "--sign-in"]):
        assert run("connect", *wrong).returncode == 64
