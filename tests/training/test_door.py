"""The door: the right host alone, the admin token, and a log without a secret."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from app.domain.tabs import Tab
from app.hh2 import reads
from app.hh2.session import Hh2Session
from app.training.admin import HEADER
from app.training.client import TrainingDriver
from app.training.door import twisted
from app.training.faults import Fault, FaultKind
from tests.training.admin import Admin, Given
from tests.training.test_driver import permit

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(admin: Admin) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["training.example", "127.0.0.1", "localhost", "127.0.0.2", "evil.example:80"]
)
async def test_another_host_name_is_turned_away_before_anything_is_done(
    browser: httpx.AsyncClient, admin: Admin, host: str
) -> None:
    for address in (admin.served.hh2.address, admin.served.procore.address):
        headers = {"Host": host, HEADER: admin.served.admin_token}
        for path in ("/training/who", "/training/admin/log"):
            assert (await browser.get(address + path, headers=headers)).status_code == 421
    assert admin.log()["requests"] == []


async def test_the_name_of_the_other_site_is_turned_away_too(
    browser: httpx.AsyncClient, admin: Admin
) -> None:
    other = admin.served.procore.address.removeprefix("http://")
    answer = await browser.get(admin.served.hh2.address + "/training/who", headers={"Host": other})
    assert answer.status_code == 421


@pytest.mark.parametrize("token", [None, "", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "log"),
        ("POST", "scenario"),
        ("POST", "fault"),
        ("POST", "settings"),
        ("POST", "import"),
        ("POST", "sign-everybody-out"),
    ],
)
async def test_the_admin_route_needs_its_token(
    browser: httpx.AsyncClient, admin: Admin, token: str | None, method: str, path: str
) -> None:
    headers = {} if token is None else {HEADER: token}
    for address in (admin.served.hh2.address, admin.served.procore.address):
        answer = await browser.request(method, f"{address}/training/admin/{path}", headers=headers, json={})
        assert answer.status_code == 403


async def test_what_the_admin_route_does_not_know_is_said(browser: httpx.AsyncClient, admin: Admin) -> None:
    headers = {HEADER: admin.served.admin_token}
    base = f"{admin.served.procore.address}/training/admin"
    for path, body, status in (
        ("scenario", {"scenario": "no such"}, 404),
        ("scenario", {}, 400),
        ("fault", {"kind": "burnt"}, 400),
        ("import", {"tab": "budgets"}, 404),
    ):
        assert (await browser.post(f"{base}/{path}", headers=headers, json=body)).status_code == status


async def test_a_new_seed_is_another_company(browser: httpx.AsyncClient, admin: Admin) -> None:
    shown = []
    for seed in (1, 2, 1):
        admin.post("scenario", {"scenario": "ok", "seed": seed})
        session = Hh2Session(admin.served.hh2.address)
        await session.sign_in(admin.hh2, None)
        shown.append(await reads.jobs(session))
        await session.close()
    assert shown[0] == shown[2]
    assert {job.id for job in shown[0]}.isdisjoint(job.id for job in shown[1])


async def test_no_password_token_or_cookie_stands_in_the_log(
    browser: httpx.AsyncClient, admin: Admin
) -> None:
    canary = "canary-7f3a-not-the-password"
    served = admin.served
    driver = TrainingDriver(served.hh2.address, served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    await driver.procore.sign_in(admin.procore)
    with pytest.raises(Exception, match="HH2-LOGIN"):
        await driver.hh2.sign_in(Given(admin.hh2.user, canary))
    await driver.procore.press(permit(Tab.VENDORS))
    cookies = [
        cookie.value for cookie in (*driver.hh2._client.cookies.jar, *driver.procore._client.cookies.jar)
    ]
    assert cookies
    app = {"client_id": served.procore.client_id, "client_secret": served.procore.client_secret}
    granted = await browser.post(
        f"{served.procore.address}/oauth/token", json={"grant_type": "client_credentials", **app}
    )
    await browser.get(f"{served.procore.address}/oauth/authorize", params={"code": canary, "state": canary})
    await browser.get(f"{served.hh2.address}/training/who", params={"password": canary, "job": "a b"})
    await driver.close()
    text = msgspec.json.encode(admin.log()).decode()
    papers = served.hh2, served.procore
    secrets = [
        canary,
        served.admin_token,
        granted.json()["access_token"],
        *(value for value in cookies if value),
        *(getattr(paper, name) for paper in papers for name in ("password",)),
        served.hh2.api_key,
        served.hh2.api_secret,
        served.procore.client_secret,
    ]
    assert not [secret for secret in secrets if secret in text]
    assert "/training/sign-in" in text


async def test_the_log_names_calls_and_keeps_their_order(admin: Admin) -> None:
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    await driver.hh2.look()
    await driver.close()
    assert [(seen["seq"], seen["call"], seen["status"]) for seen in admin.log()["requests"]] == [
        (1, "hh2.sign-in", 200),
        (2, "hh2.sync.look", 200),
    ]


async def test_a_form_from_another_site_cannot_press(browser: httpx.AsyncClient, admin: Admin) -> None:
    body = {"user": admin.hh2.user, "password": admin.hh2.reveal()}
    address = admin.served.hh2.address
    (await browser.post(f"{address}/training/sign-in", json=body)).raise_for_status()
    answer = await browser.post(f"{address}/training/filters", data={"date_range": "all"})
    assert answer.status_code == 400
    assert admin.presses() == []


async def test_a_body_that_is_not_what_was_expected_is_refused(
    browser: httpx.AsyncClient, admin: Admin
) -> None:
    address = admin.served.hh2.address
    kind = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b'{"user": 1}', b"\xff"):
        answer = await browser.post(f"{address}/training/sign-in", content=body, headers=kind)
        assert answer.status_code == 400


async def test_a_tab_or_job_that_does_not_exist_is_not_found(
    browser: httpx.AsyncClient, admin: Admin
) -> None:
    address = admin.served.procore.address
    body = {"user": admin.procore.user, "password": admin.procore.reveal()}
    (await browser.post(f"{address}/training/sign-in", json=body)).raise_for_status()
    for path in ("budgets", "job-costs?job=17"):
        assert (await browser.get(f"{address}/training/tabs/{path}")).status_code == 404
    for path, pressed in (("budgets", {}), ("job-costs", {"job": "17"})):
        answer = await browser.post(f"{address}/training/tabs/{path}/press", json=pressed)
        assert answer.status_code == 404
    assert admin.log()["presses"] == []


@pytest.mark.parametrize(("kind", "times"), [(FaultKind.EMPTY, 0), (FaultKind.DUPLICATED, 2)])
async def test_an_answer_without_its_body_or_with_it_twice_comes_of_what_was_carried_out(
    browser: httpx.AsyncClient, admin: Admin, kind: FaultKind, times: int
) -> None:
    """As its length says: an answer of another length would be one that was cut short."""
    address = f"{admin.served.hh2.address}/training/sign-in"
    body = {"user": admin.hh2.user, "password": admin.hh2.reveal()}
    whole = await browser.post(address, json=body)
    admin.fault(Fault(kind, call="hh2.sign-in"))
    browser.cookies.clear()
    answer = await browser.post(address, json=body)
    assert whole.content
    assert (answer.status_code, answer.content) == (whole.status_code, whole.content * times)
    who = await browser.get(f"{admin.served.hh2.address}/training/who")
    assert who.status_code == 200
    assert admin.log()["requests"][1]["fault"] == kind.value


@pytest.mark.parametrize(
    ("body", "turned"),
    [
        (
            b'{"a": 1, "b": "x", "c": [1, 2], "d": null, "e": true}',
            {"a": [1], "b": 17, "c": {"items": 2}, "d": "perhaps", "e": "perhaps"},
        ),
        (b"[1]", {"items": 1}),
    ],
)
def test_twisted_json_has_every_type_wrong(body: bytes, turned: object) -> None:
    assert msgspec.json.decode(twisted(body)) == turned
    assert msgspec.json.decode(twisted(b"no json"))
