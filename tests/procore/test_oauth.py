"""OAuth: tokens of a service account, codes and refresh tokens that work once, refusals in OAuth's own words."""

import socket
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.domain.problems import NotReadable, NotSent, ProblemId, Trouble
from app.http import open_client
from app.procore.oauth import Access, ClientCredentials, ask
from app.training.grants import Grants, Refused
from tests.procore.test_rest import App, rest_of
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

OOB = "urn:ietf:wg:oauth:2.0:oob"


async def test_a_token_is_fetched_once_and_anew_before_it_ends(admin: Admin) -> None:
    procore = admin.served.procore
    now = [time.time()]
    app = App(procore.client_id, procore.client_secret)
    access = Access(procore.address, ClientCredentials(app), lambda: now[0])
    first = await access.bearer()
    assert await access.bearer() == first
    now[0] += 5400 - 61
    assert await access.bearer() == first
    now[0] += 2
    assert await access.bearer() != first
    assert len(admin.calls("procore.oauth.token")) == 2
    await access.close()


async def test_a_wrong_secret_is_refused_in_oauth_s_own_word(admin: Admin) -> None:
    procore = admin.served.procore
    access = Access(procore.address, ClientCredentials(App(procore.client_id, "wrong")), time.time)
    with pytest.raises(Trouble) as refused:
        await access.bearer()
    assert refused.value.problem.id is ProblemId.PRO_LOGIN
    assert refused.value.problem.facts == {"why": "invalid_client"}
    assert len(admin.calls("procore.oauth.token")) == 1
    await access.close()


async def test_a_grant_that_is_not_known_is_refused(admin: Admin) -> None:
    procore = admin.served.procore
    client = open_client(procore.address)
    fields = {"client_id": procore.client_id, "client_secret": procore.client_secret}
    with pytest.raises(Trouble) as refused:
        await ask(client, {**fields, "grant_type": "password"})
    assert refused.value.problem.facts == {"why": "unsupported_grant_type"}
    await client.aclose()


async def test_procore_that_cannot_be_reached_is_a_read_that_failed(admin: Admin) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    access = Access(f"http://127.0.0.1:{port}", ClientCredentials(App("a", "b")), time.time)
    with pytest.raises(NotSent):
        await access.bearer()
    rest = rest_of(admin)
    await rest._access.close()
    rest._access = access
    with pytest.raises(NotReadable) as unread:
        await rest.get("/rest/v1.0/me", dict[str, Any])
    assert unread.value.problem.id is ProblemId.NET
    await rest.close()


# ---------------------------------------------------------------- the training Procore's own grants


def person(admin: Admin) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=admin.served.procore.address, trust_env=False, verify=False)


async def code_for(
    client: httpx.AsyncClient, admin: Admin, redirect: str, answer: str = "allow", state: str = "s-1"
) -> httpx.Response:
    body = {"user": admin.procore.user, "password": admin.procore.reveal()}
    (await client.post("/training/sign-in", json=body)).raise_for_status()
    query = {
        "response_type": "code",
        "client_id": admin.served.procore.client_id,
        "redirect_uri": redirect,
        "state": state,
    }
    asked = await client.get("/oauth/authorize", params=query)
    if asked.status_code != 200:
        return asked
    assert "Allow" in asked.text
    return await client.post("/oauth/authorize", data={**query, "answer": answer})


async def test_a_code_works_once_and_so_does_every_refresh_token(admin: Admin) -> None:
    procore = admin.served.procore
    app = {"client_id": procore.client_id, "client_secret": procore.client_secret}
    redirect = "http://localhost:8123/callback"
    async with person(admin) as client:
        sent = await code_for(client, admin, redirect)
        query = parse_qs(urlsplit(sent.headers["location"]).query)
        assert query["state"] == ["s-1"]
        grant = {
            "grant_type": "authorization_code",
            "code": query["code"][0],
            "redirect_uri": redirect,
            **app,
        }
        first = await client.post("/oauth/token", data=grant)
        assert first.status_code == 200
        assert (await client.post("/oauth/token", data=grant)).json()["error"] == "invalid_grant"
        old = first.json()["refresh_token"]
        again = {"grant_type": "refresh_token", "refresh_token": old, **app}
        second = await client.post("/oauth/token", json=again)
        assert second.json()["refresh_token"] != old
        assert (await client.post("/oauth/token", json=again)).json()["error"] == "invalid_grant"
        headers = {"Authorization": f"Bearer {second.json()['access_token']}"}
        assert (await client.get("/rest/v1.0/me", headers=headers)).json()["login"] == admin.procore.user
        gone = {"Authorization": f"Bearer {first.json()['access_token']}"}
        assert (await client.get("/rest/v1.0/me", headers=gone)).status_code == 401


async def test_out_of_band_shows_the_code_and_a_strange_redirect_gets_none(admin: Admin) -> None:
    async with person(admin) as client:
        assert "<code>" in (await code_for(client, admin, OOB)).text
        assert (await code_for(client, admin, "https://evil.example/")).status_code == 400


async def test_without_a_sign_in_there_is_no_code(admin: Admin) -> None:
    async with person(admin) as client:
        query = {"response_type": "code", "client_id": admin.served.procore.client_id, "redirect_uri": OOB}
        asked = await client.get("/oauth/authorize", params=query)
        assert asked.status_code == 302
        assert "code" not in parse_qs(urlsplit(asked.headers["location"]).query)
        answered = await client.post("/oauth/authorize", data={**query, "answer": "allow"})
        assert answered.status_code == 302
        assert "<code>" not in answered.text
        wrong = await client.post(asked.headers["location"], data={"user": "x", "password": "y"})
        assert wrong.status_code == 200
        assert "incorrect" in wrong.text


async def test_who_does_not_allow_it_gives_no_code(admin: Admin) -> None:
    async with person(admin) as client:
        sent = await code_for(client, admin, "http://localhost", "deny")
        told = parse_qs(urlsplit(sent.headers["location"]).query)
        assert (told["error"], told["state"]) == (["access_denied"], ["s-1"])
        assert "code" not in told
        assert "<code>" not in (await code_for(client, admin, OOB, "deny")).text


async def test_revoking_needs_the_app_s_secret(admin: Admin) -> None:
    async with person(admin) as client:
        assert (await client.post("/oauth/revoke", json={"token": "x"})).status_code == 403
        assert (await client.post("/oauth/token", content=b"{")).json()["error"] == "invalid_client"


def test_codes_and_tokens_grow_old() -> None:
    now = [1000.0]
    grants = Grants("app", "secret", lambda: now[0])
    app = {"client_id": "app", "client_secret": "secret"}
    code = grants.give_code("carole", OOB)
    now[0] += 601
    with pytest.raises(Refused):
        grants.grant({"grant_type": "authorization_code", "code": code, "redirect_uri": OOB, **app})
    code = grants.give_code("carole", OOB)
    answer = grants.grant({"grant_type": "authorization_code", "code": code, "redirect_uri": OOB, **app})
    access = str(answer["access_token"])
    token = grants.token(access)
    assert token is not None
    assert grants.left(token) == 5400
    now[0] += 5400
    assert grants.token(access) is None


def test_revoking_a_refresh_token_revokes_both() -> None:
    grants = Grants("app", "secret")
    app = {"client_id": "app", "client_secret": "secret"}
    code = grants.give_code("carole", OOB)
    answer = grants.grant({"grant_type": "authorization_code", "code": code, "redirect_uri": OOB, **app})
    grants.revoke(str(answer["refresh_token"]))
    assert grants.token(str(answer["access_token"])) is None
    with pytest.raises(Refused):
        grants.grant({"grant_type": "refresh_token", "refresh_token": str(answer["refresh_token"]), **app})
