"""A person's grant: kept before it is used, refreshed by one at a time, and never sent twice."""

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import anyio
import anyio.lowlevel
import msgspec
import pytest

from app.assembly.tokens import CompanyTokens
from app.domain.problems import NotSent, ProblemId, SessionLost, Trouble, trouble
from app.http import open_client
from app.procore import authorize, kept
from app.procore.authorize import OUT_OF_BAND, REDIRECT, Attempt, code_from, code_pasted
from app.procore.oauth import Bearer
from app.procore.rest import Rest
from app.procore.service import Me
from app.storage import folders as where
from app.training.faults import Fault, FaultKind
from tests.procore.desk import Desk, opened
from tests.procore.test_oauth import code_for, person
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service"),
]
TOKEN = "procore.oauth.token"


@pytest.fixture
async def desk(admin: Admin, own_home: object, secret_service: SecretService) -> AsyncIterator[Desk]:
    """A company that is connected; the servers saw one call for tokens."""
    made = opened(admin)
    await made.connect(admin)
    yield made
    await made.store.forget()
    await made.close()


def why(met: "pytest.ExceptionInfo[Trouble]") -> object:
    assert met.value.problem.id is ProblemId.PRO_CONNECT
    return met.value.problem.facts["why"]


def fresh(admin: Admin) -> int:
    """How often a kept token was refreshed."""
    return len(admin.calls(TOKEN)) - 1


async def who(desk: Desk, access: Bearer) -> str | None:
    """Ask Procore who we are."""
    rest = Rest(desk.profile.procore.api, access, 1)
    try:
        return (await rest.get("/rest/v1.0/me", Me)).login
    finally:
        await rest.close()


# ---------------------------------------------------------------- the code


ATTEMPT = Attempt("https://login.procore.com/oauth/authorize?…", REDIRECT, "state-of-this-question")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("code=abcdefgh", "wrong-state"),
        ("code=abcdefgh&state=", "wrong-state"),
        ("code=abcdefgh&state=another", "wrong-state"),
        ("code=abcdefgh&state=another&state=state-of-this-question", "wrong-state"),
        ("code=abcdefgh&state=state-of-this-question&code=evil", "no-code"),
        ("error=access_denied&state=another", "wrong-state"),
        ("error=access_denied&state=state-of-this-question", "denied"),
        ("error=invalid_scope&state=state-of-this-question", "refused"),
        ("state=state-of-this-question", "no-code"),
        ("code=&state=state-of-this-question", "no-code"),
        ("", "wrong-state"),
    ],
)
def test_an_answer_counts_with_the_state_of_its_question_alone(query: str, told: str) -> None:
    with pytest.raises(Trouble) as met:
        code_from(ATTEMPT, f"{REDIRECT}/?{query}")
    assert why(met) == told
    assert "abcdefgh" not in str(met.value.problem.facts)


def test_the_answer_to_this_question_is_its_code() -> None:
    assert code_from(ATTEMPT, f"{REDIRECT}/?code=a%2Fb-c_d&state=state-of-this-question") == "a/b-c_d"


def test_a_code_alone_is_taken_where_procore_shows_one_and_nowhere_else() -> None:
    shown = Attempt(ATTEMPT.address, OUT_OF_BAND, ATTEMPT.state)
    assert code_pasted(shown, "  abcdefgh\n") == "abcdefgh"
    for text in ("", "two words", "short", "<code>abcdefgh</code>"):
        with pytest.raises(Trouble) as met:
            code_pasted(shown, text)
        assert why(met) == "no-code"
    with pytest.raises(Trouble) as met:
        code_pasted(ATTEMPT, "abcdefgh")
    assert why(met) == "wrong-state"
    assert code_pasted(ATTEMPT, "http://localhost/?state=state-of-this-question&code=abcdefgh") == "abcdefgh"


def test_every_question_has_a_state_of_its_own_and_goes_to_https_or_this_computer() -> None:
    one, other = (authorize.begin("https://login.procore.com", "an id&x=y") for _ in range(2))
    assert one.state != other.state
    assert one.state in one.address
    assert "client_id=an+id%26x%3Dy" in one.address
    assert one.state not in repr(one)
    with pytest.raises(ValueError, match="address"):
        authorize.begin("http://login.procore.com", "id")


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("http://localhost/?code=x", True),
        ("http://localhost?code=x", True),
        ("https://localhost/?code=x", False),
        ("http://localhost:8080/?code=x", False),
        ("http://localhost.evil.example/?code=x", False),
        ("http://user@localhost/?code=x", False),
        ("http://localhost/else?code=x", False),
        ("http://localhost:port/", False),
    ],
)
def test_only_our_redirect_is_taken_for_it(address: str, ours: bool) -> None:
    assert authorize.is_redirect(address) is ours


async def test_a_code_to_copy_connects_too(admin: Admin, desk: Desk) -> None:
    attempt = authorize.begin(admin.served.procore.address, desk.app.client_id, OUT_OF_BAND)
    async with person(admin) as client:
        shown = (await code_for(client, admin, OUT_OF_BAND, state=attempt.state)).text
    code = code_pasted(attempt, shown.partition("<code>")[2].partition("</code>")[0])
    client = open_client(admin.served.procore.address)
    tokens = await authorize.exchange(client, desk.app, attempt, code)
    with pytest.raises(Trouble) as met:
        await authorize.exchange(client, desk.app, attempt, code)
    assert why(met) == "code-refused"
    await client.aclose()
    await kept.connect(desk.store, desk.app, tokens, lambda: 0.0)
    assert tokens.access_token not in repr(tokens)
    assert repr(await desk.stored()) == f"Kept({desk.app.client_id}, sent=False)"


async def test_a_code_whose_answer_was_lost_is_not_sent_again(admin: Admin, desk: Desk) -> None:
    admin.fault(Fault(FaultKind.RESET_AFTER, call=TOKEN))
    before = await desk.stored()
    with pytest.raises(Trouble) as met:
        await desk.connect(admin)
    assert why(met) == "lost-code"
    assert len(admin.calls(TOKEN)) == 2
    assert await desk.stored() == before


# ---------------------------------------------------------------- refreshing


async def test_access_is_refreshed_once_its_time_is_over_and_kept_before_it_is_used(
    admin: Admin, desk: Desk
) -> None:
    first = await desk.stored()
    assert await who(desk, desk.access()) == admin.procore.user
    assert fresh(admin) == 0
    await desk.let_it_end()
    used = await desk.access().bearer()
    now = await opened_anew(admin)
    assert now is not None
    assert first is not None
    assert used == f"Bearer {now.access}"
    assert now.refresh != first.refresh
    assert not now.sent
    assert fresh(admin) == 1


async def opened_anew(admin: Admin) -> kept.Kept | None:
    """What another program finds in the keyring."""
    other = opened(admin)
    try:
        return await other.stored()
    finally:
        await other.close()


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.RESET_BEFORE, FaultKind.RESET_MIDDLE])
async def test_a_refresh_whose_answer_was_lost_is_never_sent_again(
    admin: Admin, desk: Desk, kind: FaultKind
) -> None:
    await desk.let_it_end()
    admin.fault(Fault(kind, call=TOKEN))
    with pytest.raises(Trouble) as met:
        await desk.access().bearer()
    assert why(met) == "lost-refresh"
    for again in (desk.access(), desk.used[0]):
        with pytest.raises(Trouble) as met:
            await again.bearer()
        assert why(met) == "lost-refresh"
    assert fresh(admin) == 1
    await desk.connect(admin)  # what the person does about it
    assert await who(desk, desk.access()) == admin.procore.user


async def test_an_answer_that_says_nothing_we_understand_is_a_lost_one(admin: Admin, desk: Desk) -> None:
    await desk.let_it_end()
    admin.fault(Fault(FaultKind.STATUS, call=TOKEN, status=502, body="<p>502</p>"))
    with pytest.raises(Trouble) as met:
        await desk.access().bearer()
    assert why(met) == "lost-refresh"


async def test_a_refresh_that_did_not_leave_or_was_put_off_is_made_later(admin: Admin, desk: Desk) -> None:
    await desk.let_it_end()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSent):
        await desk.access(f"http://127.0.0.1:{port}").bearer()
    assert fresh(admin) == 0
    assert (await desk.access().bearer()).startswith("Bearer ")
    assert fresh(admin) == 1


async def test_a_kept_sign_in_that_procore_refuses_is_forgotten_and_the_person_connects_again(
    admin: Admin, desk: Desk
) -> None:
    admin.post("sign-everybody-out", {})
    access = desk.access()
    with pytest.raises(
        Trouble
    ) as met:  # a token that is void before its time: refreshed, and that is refused
        await who(desk, access)
    assert why(met) == "refused"
    assert await desk.stored() is None
    with pytest.raises(Trouble) as met:
        await desk.access().bearer()
    assert why(met) == "not-connected"
    assert fresh(admin) == 1


async def test_another_programs_refresh_is_taken_over_and_not_made_again(admin: Admin, desk: Desk) -> None:
    mine, theirs = desk.access(), desk.access()
    assert await who(desk, mine) == admin.procore.user
    mine = desk.access()
    await mine.bearer()
    await desk.let_it_end()
    await theirs.bearer()  # ours is void from now on
    assert await who(desk, mine) == admin.procore.user
    assert fresh(admin) == 1


async def test_a_grant_of_another_app_is_not_used(admin: Admin, desk: Desk) -> None:
    desk.app.client_id = "another app"
    with pytest.raises(Trouble) as met:
        await desk.access().bearer()
    assert why(met) == "not-connected"
    assert fresh(admin) == 0


class Stubborn(CompanyTokens):
    """A place that takes nothing new while `full`."""

    full = False

    async def save(self, text: str) -> None:
        if self.full and '"sent":false' in text:
            raise trouble(ProblemId.KEYRING, why="timeout")
        await super().save(text)


async def test_new_tokens_that_cannot_be_kept_are_not_used_and_not_asked_for_again(
    admin: Admin, desk: Desk
) -> None:
    await desk.let_it_end()
    place = desk.store = Stubborn(desk.profile, desk.secrets, where.locate(), remember=True)
    access = desk.access()
    place.full = True
    with pytest.raises(Trouble) as met:
        await who(desk, access)
    assert met.value.problem.id is ProblemId.KEYRING
    place.full = False
    assert (await access.bearer()).startswith("Bearer ")
    now = await opened_anew(admin)
    assert now is not None
    assert not now.sent
    assert await who(desk, access) == admin.procore.user
    assert fresh(admin) == 1


async def until_sent(desk: Desk) -> None:
    """Until it is written down that the kept token is about to be sent."""
    with anyio.fail_after(30):
        while not (now := await desk.stored()) or not now.sent:
            await anyio.lowlevel.checkpoint()


async def test_a_run_that_is_stopped_in_the_midst_of_a_refresh_keeps_the_connection(
    admin: Admin, desk: Desk
) -> None:
    await desk.let_it_end()
    admin.fault(Fault(FaultKind.DELAY, call=TOKEN, seconds=0.5))
    with anyio.move_on_after(0.2) as stopped:
        await desk.access().bearer()
        await anyio.sleep_forever()
    assert stopped.cancelled_caught
    now = await desk.stored()
    assert now is not None
    assert not now.sent
    assert (await desk.access().bearer()) == f"Bearer {now.access}"
    assert fresh(admin) == 1


# ---------------------------------------------------------------- other processes


def another(desk: Desk) -> "subprocess.Popen[str]":
    """Another program of ours that wants access."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.procore.desk", desk.profile.procore.login, desk.app.client_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ(),
        cwd=ROOT,
    )
    assert process.stdin is not None
    process.stdin.write(desk.app.reveal() + "\n")
    process.stdin.flush()
    return process


async def test_two_programs_at_once_refresh_once(admin: Admin, desk: Desk) -> None:
    await desk.let_it_end()
    admin.fault(Fault(FaultKind.DELAY, call=TOKEN, seconds=1.5))
    programs = [another(desk), another(desk)]
    told = [await anyio.to_thread.run_sync(one.communicate) for one in programs]
    assert [out for out, _ in told] == ["ok\n", "ok\n"]
    assert fresh(admin) == 1
    assert await who(desk, desk.access()) == admin.procore.user
    assert fresh(admin) == 1


async def test_who_is_killed_while_a_refresh_is_under_way_connects_again_and_sends_nothing_twice(
    admin: Admin, desk: Desk
) -> None:
    await desk.let_it_end()
    admin.fault(Fault(FaultKind.DELAY, call=TOKEN, seconds=20.0))
    program = another(desk)
    await until_sent(desk)
    program.kill()
    program.communicate()
    with pytest.raises(Trouble) as met:
        await desk.access().bearer()
    assert why(met) == "lost-refresh"
    assert fresh(admin) <= 1


# ---------------------------------------------------------------- disconnecting


async def test_disconnecting_revokes_it_at_procore_and_forgets_it_here(admin: Admin, desk: Desk) -> None:
    was = await desk.stored()
    assert was is not None
    assert await kept.disconnect(desk.store, admin.served.procore.address, desk.app)
    assert await desk.stored() is None
    assert len(admin.calls("procore.oauth.revoke")) == 1
    async with person(admin) as client:
        void = await client.get("/rest/v1.0/me", headers={"Authorization": f"Bearer {was.access}"})
        assert void.status_code == 401
    again = await kept.disconnect(desk.store, admin.served.procore.address, desk.app)
    assert not again
    assert len(admin.calls("procore.oauth.revoke")) == 1


async def test_what_procore_does_not_hear_is_forgotten_here_all_the_same(admin: Admin, desk: Desk) -> None:
    admin.fault(Fault(FaultKind.RESET_BEFORE, call="procore.oauth.revoke"))
    assert not await kept.disconnect(desk.store, admin.served.procore.address, desk.app)
    assert await desk.stored() is None


# ---------------------------------------------------------------- a look that may be cut off


async def test_a_look_uses_the_kept_token_while_it_is_good_and_never_renews_it(
    desk: Desk, admin: Admin
) -> None:
    at = [time.time()]
    look = kept.StillGood(desk.app.client_id, desk.store, lambda: at[0])
    assert await who(desk, look) == admin.served.procore.user
    at[0] += 1e6
    with pytest.raises(SessionLost):
        await look.bearer()
    at[0] -= 1e6
    admin.post("sign-everybody-out", {})
    with pytest.raises(SessionLost):
        await who(desk, kept.StillGood(desk.app.client_id, desk.store, lambda: at[0]))
    assert fresh(admin) == 0
    before = await desk.stored()
    assert before is not None
    assert before.sent is False


async def test_a_look_says_where_nobody_is_connected_or_a_renewal_was_lost(desk: Desk) -> None:
    other = kept.StillGood("another-app", desk.store, time.time)
    with pytest.raises(Trouble) as met:
        await other.bearer()
    assert why(met) == "not-connected"
    stored = await desk.stored()
    assert stored is not None
    await desk.store.save(msgspec.json.encode(msgspec.structs.replace(stored, sent=True)).decode())
    with pytest.raises(Trouble) as met:
        await kept.StillGood(desk.app.client_id, desk.store, time.time).bearer()
    assert why(met) == "lost-refresh"
