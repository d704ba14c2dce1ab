"""Signing in to hh2's web services: both documented ways, their verdicts, and what ends a session."""

from collections.abc import AsyncIterator
from contextlib import closing
from xml.sax.saxutils import escape

import httpx
import pytest

from app.domain.problems import AnswerLost, NotReadable, ProblemId, SessionLost, Trouble
from app.hh2 import reads
from app.hh2.service import Hh2Service
from app.hh2.session import Hh2Session
from app.training.faults import Fault, FaultKind
from tests.training.admin import Admin, Given

pytestmark = pytest.mark.anyio


class Key:
    """An API key and its secret."""

    def __init__(self, key: str, secret: str) -> None:
        self._key, self._secret = key, secret

    def key(self) -> str:
        return self._key

    def secret(self) -> str:
        return self._secret


@pytest.fixture
async def session(admin: Admin) -> AsyncIterator[Hh2Session]:
    session = Hh2Session(admin.served.hh2.address)
    yield session
    await session.close()


@pytest.fixture
def key(admin: Admin) -> Key:
    return Key(admin.served.hh2.api_key, admin.served.hh2.api_secret)


async def test_both_ways_open_the_reads(session: Hh2Session, admin: Admin, key: Key) -> None:
    for api in (key, None):
        assert await session.sign_in(admin.hh2, api) == admin.hh2.user
        assert len(await reads.jobs(session)) == 40
    assert [len(admin.calls(call)) for call in ("hh2.rest.sign-in", "hh2.soap")] == [1, 1]


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        ("wrong-password", ProblemId.HH2_LOGIN),
        ("user-locked", ProblemId.HH2_LOCKED),
        ("api-client-refused", ProblemId.HH2_CLIENT),
    ],
)
async def test_the_verdict_stands_in_the_body_and_is_named(
    session: Hh2Session, admin: Admin, key: Key, scenario: str, problem: ProblemId
) -> None:
    admin.play(scenario)
    with pytest.raises(Trouble) as refused:
        await session.sign_in(admin.hh2, key)
    assert refused.value.problem.id is problem
    assert len(admin.calls("hh2.rest.sign-in")) == 1


async def test_an_api_key_that_is_not_the_company_s_is_refused_before_the_password(
    session: Hh2Session, admin: Admin
) -> None:
    with pytest.raises(Trouble) as refused:
        await session.sign_in(Given(admin.hh2.user, "wrong"), Key("no", "no"))
    assert refused.value.problem.id is ProblemId.HH2_CLIENT


async def test_the_older_way_tells_true_or_false_and_nothing_else(session: Hh2Session, admin: Admin) -> None:
    with pytest.raises(Trouble) as refused:
        await session.sign_in(Given(admin.hh2.user, "wrong"), None)
    assert refused.value.problem.id is ProblemId.HH2_LOGIN


async def test_user_text_is_escaped_as_xml(session: Hh2Session, admin: Admin) -> None:
    awkward = Given('</username><x a="&', "]]><&'\"")
    with pytest.raises(Trouble) as refused:
        await session.sign_in(awkward, None)
    assert refused.value.problem.id is ProblemId.HH2_LOGIN  # it was read as text, and refused


async def test_a_read_without_a_session_is_a_lost_session(session: Hh2Session, admin: Admin) -> None:
    with pytest.raises(SessionLost):
        await reads.jobs(session)


@pytest.mark.parametrize("kind", [FaultKind.SESSION_LOST, FaultKind.HTML, FaultKind.REDIRECT])
async def test_a_session_that_ends_is_noticed_whatever_hh2_answers(
    session: Hh2Session, admin: Admin, key: Key, kind: FaultKind
) -> None:
    await session.sign_in(admin.hh2, key)
    admin.fault(Fault(kind, call="hh2.rest.read"))
    with pytest.raises(SessionLost):
        await reads.jobs(session)
    await session.sign_in(admin.hh2, key)
    assert len(await reads.jobs(session)) == 40


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATE, FaultKind.WRONG_TYPES, FaultKind.ERROR_200])
async def test_a_read_that_is_garbage_is_not_readable(
    session: Hh2Session, admin: Admin, key: Key, kind: FaultKind
) -> None:
    await session.sign_in(admin.hh2, key)
    admin.fault(Fault(kind, call="hh2.rest.read"))
    with pytest.raises(NotReadable) as garbage:
        await reads.jobs(session)
    assert garbage.value.problem.id is ProblemId.HH2_ANSWER


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML, FaultKind.TRUNCATE, FaultKind.WRONG_TYPES, FaultKind.ERROR_200]
)
@pytest.mark.parametrize("way", ["rest", "soap"])
async def test_a_sign_in_whose_answer_is_garbage_is_no_sign_in(
    session: Hh2Session, admin: Admin, key: Key, kind: FaultKind, way: str
) -> None:
    admin.fault(Fault(kind, call="hh2.rest.sign-in"))
    admin.fault(Fault(kind, call="hh2.soap"))
    with pytest.raises(NotReadable) as garbage:
        await session.sign_in(admin.hh2, key if way == "rest" else None)
    assert garbage.value.problem.id is ProblemId.HH2_ANSWER


@pytest.mark.parametrize("way", ["rest", "soap"])
async def test_hh2_down_at_sign_in_is_said_and_a_lost_answer_is_a_lost_answer(
    session: Hh2Session, admin: Admin, key: Key, way: str
) -> None:
    api = key if way == "rest" else None
    for call in ("hh2.rest.sign-in", "hh2.soap"):
        admin.fault(Fault(FaultKind.STATUS, call=call, status=502, body="<html>"))
        admin.fault(Fault(FaultKind.RESET_AFTER, call=call, nth=2))
        admin.fault(Fault(FaultKind.STATUS, call=call, nth=3, status=302, body="<html>"))
        admin.fault(Fault(FaultKind.STATUS, call=call, nth=4, status=200, body='{"Result": 77}'))
    with pytest.raises(NotReadable) as down:
        await session.sign_in(admin.hh2, api)
    assert down.value.problem.id is ProblemId.HH2_DOWN
    with pytest.raises(AnswerLost):
        await session.sign_in(admin.hh2, api)
    for _ in range(2):
        with pytest.raises(NotReadable) as strange:
            await session.sign_in(admin.hh2, api)
        assert strange.value.problem.id is ProblemId.HH2_ANSWER


@pytest.mark.parametrize(
    "body",
    [
        "<LoginResponse/>",
        "no xml",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
async def test_a_soap_answer_that_says_neither_true_nor_false_is_no_sign_in(
    session: Hh2Session, admin: Admin, body: str
) -> None:
    headers = {"Content-Type": "text/xml"}
    admin.fault(Fault(FaultKind.STATUS, call="hh2.soap", status=200, body=body, headers=headers))
    with pytest.raises(NotReadable) as unclear:
        await session.sign_in(admin.hh2, None)
    assert unclear.value.problem.id is ProblemId.HH2_ANSWER


async def test_as_a_service_it_signs_in_and_asks_no_rights(
    session: Hh2Session, admin: Admin, key: Key
) -> None:
    service = Hh2Service(session, admin.hh2, key)
    assert await service.sign_in() == admin.hh2.user
    await service.check_rights(())
    await service.close()


# ---------------------------------------------------------------- the servers' own shapes


def raw(admin: Admin) -> httpx.Client:
    client = httpx.Client(base_url=admin.served.hh2.address, trust_env=False, verify=False)
    body = {
        "ApiKey": admin.served.hh2.api_key,
        "ApiSecret": admin.served.hh2.api_secret,
        "Username": admin.hh2.user,
        "Password": admin.hh2.reveal(),
    }
    answer = client.post("/Api/Security/V3/Session.svc/authenticate", json=body)
    assert answer.json()["Result"] == 5
    assert answer.json()["AuthenticatedUser"]["Username"] == admin.hh2.user
    return client


def test_the_cookies_are_hh2_s(admin: Admin) -> None:
    with closing(raw(admin)) as client:
        names = {cookie.name for cookie in client.cookies.jar}
    assert names == {".ASPXAUTH", "ApplicationGatewayAffinity", "ApplicationGatewayAffinityCORS"}


def test_who_does_not_ask_for_json_gets_xml(admin: Admin) -> None:
    with closing(raw(admin)) as client:
        answer = client.get(reads.VENDORS, headers={"Accept": "*/*"})
        assert answer.headers["content-type"].startswith("application/xml")
        assert escape('Smith "The Roofer" & Sons') in answer.text
        assert client.get(reads.VENDORS, headers={"Accept": "application/json"}).json()[0]["Version"]


def test_a_refused_request_says_why_in_errors(admin: Admin) -> None:
    with closing(raw(admin)) as client:
        for answer in (
            client.get(reads.VENDORS, params={"version": "new"}),
            client.post("/Synchronization/RequestService.svc/status/none"),
            client.post("/Api/Security/V3/Session.svc/authenticate", content=b"{"),
            client.post("/Api/Security/V3/Session.svc/authenticate", json={"ApiKey": 5}),
        ):
            assert answer.status_code == 400
            assert answer.json()["Errors"]


def test_the_stock_service_tells_who_is_signed_in_and_signs_out(admin: Admin) -> None:
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<{0} xmlns="http://asp.net/ApplicationServices/v200"/></s:Body></s:Envelope>'
    )

    def call(client: httpx.Client, name: str, kind: str = "text/xml; charset=utf-8") -> httpx.Response:
        action = f"http://asp.net/ApplicationServices/v200/AuthenticationService/{name}"
        headers = {"SOAPAction": f'"{action}"', "Content-Type": kind}
        return client.post("/WebServices/Authentication.svc", content=envelope.format(name), headers=headers)

    with closing(raw(admin)) as client:
        assert ">true<" in call(client, "IsLoggedIn").text
        assert "LogoutResponse" in call(client, "Logout").text
        assert ">false<" in call(client, "IsLoggedIn").text
        assert call(client, "IsLoggedIn", "application/json").status_code == 500
