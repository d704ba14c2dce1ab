# ruff: noqa: ASYNC240 - looking at files between two awaits is what these tests do
"""Secrets lie in the keyring, bound to their address, are never tried again once refused, and never show themselves."""

import copy
import json
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import anyio
import msgspec
import pytest
from keyring.backend import KeyringBackend

from app.assembly.sources import ApiKeyPair, App
from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Hh2Settings, ProcoreSettings, Profile, Secret, SecretState
from app.portals.sign_in_state import Cookie, Item, OfOrigin, State
from app.procore.authorize import Attempt
from app.procore.kept import Kept
from app.procore.oauth import ClientCredentials, Tokens
from app.storage import profiles
from app.storage.folders import Folders
from app.storage.keyring_thread import KeyringThread
from app.storage.profile_secrets import KeptCredentials, ProfileSecrets, bound_to
from app.storage.secret_store import LARGEST, Given
from app.storage.secret_text import SecretText, live
from tests.support.keyring_service import SecretService, another_bus
from tests.support.waiting import wait_until

pytestmark = pytest.mark.anyio

ACME = Profile(
    "Acme", hh2=Hh2Settings(site="acme", user="dana"), procore=ProcoreSettings(user="dana@acme.example")
)
CANARY = "c4n4ry pässwörd"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def secrets(secret_service: SecretService, company: Path, keyring_thread: KeyringThread) -> ProfileSecrets:
    return ProfileSecrets(ACME, company, keyring_thread)


def anew(company: Path, thread: KeyringThread, profile: Profile = ACME) -> ProfileSecrets:
    """As after a new start of the program."""
    return ProfileSecrets(profile, company, thread)


def on_disk(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def moved(profile: Profile, **hh2: str) -> Profile:
    return msgspec.structs.replace(profile, hh2=msgspec.structs.replace(profile.hh2, **hh2))


async def refusal(secrets: ProfileSecrets, secret: Secret = Secret.HH2_PASSWORD) -> ProblemId:
    with pytest.raises(Trouble) as caught:
        await secrets.credentials_for(secret)
    assert caught.value.problem.facts["refused_before"] is True
    return caught.value.problem.id


# ---------------------------------------------------------------- kept


async def test_a_kept_password_is_found_after_a_new_start(
    secrets: ProfileSecrets, company: Path, keyring_thread: KeyringThread
) -> None:
    assert await secrets.credentials(Site.HH2) is None
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.MISSING
    assert await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True) is SecretState.KEPT
    later = anew(company, keyring_thread)
    found = await later.credentials(Site.HH2)
    assert found is not None
    assert (found.user, found.reveal(), found.origin) == ("dana", CANARY, "https://acme.hh2.com")
    assert await later.state(Secret.HH2_PASSWORD) is SecretState.KEPT
    assert await later.credentials(Site.PROCORE) is None


async def test_every_secret_has_a_service_name_of_its_own_and_its_origin_as_user(
    secrets: ProfileSecrets, secret_service: SecretService
) -> None:
    before = {kept.path for kept in secret_service.items()}
    kept_for = {
        Secret.HH2_PASSWORD: "https://acme.hh2.com",
        Secret.HH2_API_KEY: "https://acme.hh2.com",
        Secret.PROCORE_PASSWORD: "https://login.procore.com https://app.procore.com",
        Secret.PROCORE_CLIENT_SECRET: "https://login.procore.com",
        Secret.PROCORE_TOKENS: "https://login.procore.com https://api.procore.com",
    }
    for secret in kept_for:
        await secrets.keep(secret, f"text of {secret.value}", remember=True)
    items = {
        item.attributes["service"]: (item.attributes["username"], item.secret)
        for item in secret_service.items()
        if item.path not in before
    }
    for secret, origin in kept_for.items():
        user, stored = items.pop(f"ondemand-sync/Acme/{secret.value}")
        assert user == origin
        assert json.loads(stored) == {
            "origin": origin,
            "user": {"hh2-password": "dana", "procore-password": "dana@acme.example"}.get(secret.value, ""),
            "text": f"text of {secret.value}",
        }
    assert set(items) == {"ondemand-sync/Acme/profile-key"}


async def test_nothing_secret_is_in_a_file(secrets: ProfileSecrets, folders: Folders, own_home: Path) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    await secrets.keep(Secret.PROCORE_TOKENS, CANARY * 500, remember=True)
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    await secrets.mark_refused(Site.HH2, found.fingerprint)
    written = on_disk(own_home)
    assert found.fingerprint.encode() in written
    for part in (b"c4n4ry", "pässwörd".encode(), "pässwörd".encode("utf-16-le")):
        assert part not in written


@pytest.mark.parametrize("over", [-1, 0, 1, 5_000])
async def test_what_is_too_large_for_windows_goes_into_an_encrypted_file(
    secrets: ProfileSecrets,
    company: Path,
    keyring_thread: KeyringThread,
    secret_service: SecretService,
    over: int,
) -> None:
    """The length counts in UTF-16 units, of which a character beyond the basic plane takes two."""
    empty = json.dumps(
        {"origin": bound_to(ACME, Secret.PROCORE_TOKENS), "user": "", "text": ""}, separators=(",", ":")
    )
    room = LARGEST - len(empty) + over
    text = "🔑" * (room // 2) + "x" * (room % 2)
    await secrets.keep(Secret.PROCORE_TOKENS, text, remember=True)
    sealed = company / "procore-tokens.sealed"
    assert sealed.exists() == (over > 0)
    services = {item.attributes.get("service") for item in secret_service.items()}
    assert ("ondemand-sync/Acme/procore-tokens" in services) == (over <= 0)
    found = await anew(company, keyring_thread).text(Secret.PROCORE_TOKENS)
    assert found is not None
    assert found.reveal() == text


async def test_a_secret_that_shrinks_or_grows_is_in_one_place_only(
    secrets: ProfileSecrets, company: Path, secret_service: SecretService
) -> None:
    sealed = company / "procore-tokens.sealed"
    for text in ("small", "x" * 4000, "y" * 5000, "small again"):
        await secrets.keep(Secret.PROCORE_TOKENS, text, remember=True)
        found = await secrets.text(Secret.PROCORE_TOKENS)
        assert found is not None
        assert found.reveal() == text
        services = [item.attributes.get("service") for item in secret_service.items()]
        assert sealed.exists() != ("ondemand-sync/Acme/procore-tokens" in services)


@pytest.mark.parametrize("damage", [b"", b"ODS1short", b"rubbish" * 30])
async def test_an_encrypted_file_that_cannot_be_opened_is_no_secret(
    secrets: ProfileSecrets, company: Path, damage: bytes
) -> None:
    await secrets.keep(Secret.PROCORE_TOKENS, "x" * 4000, remember=True)
    sealed = company / "procore-tokens.sealed"
    data = bytearray(sealed.read_bytes())
    data[-1] ^= 1
    for broken in (bytes(data), damage):
        sealed.write_bytes(broken)
        assert await secrets.text(Secret.PROCORE_TOKENS) is None
        assert await secrets.state(Secret.PROCORE_TOKENS) is SecretState.MISSING


async def test_an_index_that_cannot_be_read_costs_nothing_that_is_in_the_keyring(
    secrets: ProfileSecrets, company: Path
) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    (company / "secrets.json").write_bytes(b"{")
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.KEPT
    assert list(company.glob("secrets.json.kept-*"))


async def test_what_is_no_text_or_is_for_no_address_is_not_kept(secrets: ProfileSecrets) -> None:
    for text in ("", "\ud800"):
        with pytest.raises(ValueError, match="text"):
            await secrets.keep(Secret.HH2_PASSWORD, text, remember=True)
    secrets.use(Profile("Acme"))
    with pytest.raises(ValueError, match="address"):
        await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    assert await secrets.credentials(Site.HH2) is None


# ---------------------------------------------------------------- bound


async def test_a_changed_address_means_that_the_secret_is_asked_anew(secrets: ProfileSecrets) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    await secrets.keep(Secret.PROCORE_PASSWORD, CANARY, remember=False)
    for changed in (
        moved(ACME, site="acme-2"),
        moved(ACME, base="https://hh2.example"),
        moved(ACME, user="marc"),
    ):
        secrets.use(changed)
        assert await secrets.credentials(Site.HH2) is None
        assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.MISSING
    for place in ("login", "web"):
        procore = msgspec.structs.replace(ACME.procore, **{place: "https://evil.example"})
        secrets.use(msgspec.structs.replace(ACME, procore=procore))
        assert await secrets.credentials(Site.PROCORE) is None
        assert await secrets.state(Secret.PROCORE_PASSWORD) is SecretState.MISSING
    secrets.use(ACME)
    assert await secrets.credentials(Site.HH2) is not None
    assert await secrets.credentials(Site.PROCORE) is not None


async def test_a_keyring_that_answers_for_another_origin_is_not_believed(
    secrets: ProfileSecrets, keyring_thread: KeyringThread
) -> None:
    """What stands in the value counts, not only under which name it was found."""
    stored = json.dumps({"origin": "https://other.hh2.com", "user": "dana", "text": CANARY})
    name = "ondemand-sync/Acme/hh2-password"
    await keyring_thread.call(lambda keyring: keyring.set_password(name, "https://acme.hh2.com", stored), 10)
    assert await secrets.credentials(Site.HH2) is None
    for rubbish in ("", "{}", "plain text of another program"):

        def spoil(keyring: KeyringBackend, text: str = rubbish) -> None:
            keyring.set_password(name, "https://acme.hh2.com", text)

        await keyring_thread.call(spoil, 10)
        assert await secrets.credentials(Site.HH2) is None


async def test_a_secret_for_a_new_address_replaces_the_old_one(
    secrets: ProfileSecrets, secret_service: SecretService
) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, "old", remember=True)
    secrets.use(moved(ACME, site="acme-2"))
    await secrets.keep(Secret.HH2_PASSWORD, "new", remember=True)
    name = "ondemand-sync/Acme/hh2-password"
    kept = [item for item in secret_service.items() if item.attributes.get("service") == name]
    assert [item.attributes["username"] for item in kept] == ["https://acme-2.hh2.com"]


# ---------------------------------------------------------------- for this run only


async def test_for_this_run_only_is_gone_after_a_new_start(
    secrets: ProfileSecrets, company: Path, keyring_thread: KeyringThread, secret_service: SecretService
) -> None:
    before = len(secret_service.items())
    assert await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=False) is SecretState.THIS_RUN
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.THIS_RUN
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == CANARY
    assert len(secret_service.items()) == before
    assert list(company.iterdir()) == []
    assert await anew(company, keyring_thread).credentials(Site.HH2) is None


async def test_for_this_run_only_goes_before_what_is_kept(secrets: ProfileSecrets) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, "kept", remember=True)
    await secrets.keep(Secret.HH2_PASSWORD, "today", remember=False)
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == "today"
    await secrets.keep(Secret.HH2_PASSWORD, "for good", remember=True)
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.KEPT


# ---------------------------------------------------------------- refused


async def test_a_refused_secret_is_not_given_out_again_to_anyone_until_a_person_changes_it(
    secrets: ProfileSecrets, company: Path, keyring_thread: KeyringThread
) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, "wrong", remember=True)
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    await secrets.mark_refused(Site.HH2, found.fingerprint)
    later = anew(company, keyring_thread)
    for caller in (secrets, later):
        assert await refusal(caller) is ProblemId.HH2_LOGIN
        assert await caller.state(Secret.HH2_PASSWORD) is SecretState.REFUSED
    await later.keep(Secret.HH2_PASSWORD, "right", remember=True)
    right = await later.credentials(Site.HH2)
    assert right is not None
    assert right.fingerprint != found.fingerprint
    # the wrong one again: kept by somebody else's hand, it is still refused; typed by a person, it is tried
    await later.keep(Secret.HH2_PASSWORD, "wrong", remember=True)
    assert await anew(company, keyring_thread).credentials(Site.HH2) is not None


async def test_a_secret_refused_in_this_run_is_refused_where_it_is_kept_too(
    secrets: ProfileSecrets, company: Path, keyring_thread: KeyringThread
) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, "wrong", remember=True)
    await secrets.keep(Secret.HH2_PASSWORD, "wrong", remember=False)
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    await secrets.mark_refused(Site.HH2, found.fingerprint)
    assert await refusal(secrets) is ProblemId.HH2_LOGIN
    assert await refusal(anew(company, keyring_thread)) is ProblemId.HH2_LOGIN
    assert await secrets.keep(Secret.HH2_PASSWORD, "right", remember=False) is SecretState.THIS_RUN
    assert await secrets.credentials(Site.HH2) is not None


@pytest.mark.parametrize(
    ("secret", "card"),
    [
        (Secret.PROCORE_PASSWORD, ProblemId.PRO_LOGIN),
        (Secret.PROCORE_CLIENT_SECRET, ProblemId.PRO_LOGIN),
        (Secret.HH2_API_KEY, ProblemId.HH2_CLIENT),
        (Secret.HH2_API_SECRET, ProblemId.HH2_CLIENT),
    ],
)
async def test_each_refusal_has_its_own_card(
    secrets: ProfileSecrets, secret: Secret, card: ProblemId
) -> None:
    await secrets.keep(secret, CANARY, remember=True)
    found = await secrets.credentials_for(secret)
    assert found is not None
    await secrets.mark_refused(Site.PROCORE, found.fingerprint)
    assert await refusal(secrets, secret) is card


async def test_a_fingerprint_tells_secrets_apart_and_reveals_none(
    secrets: ProfileSecrets, folders: Folders, keyring_thread: KeyringThread
) -> None:
    """The same password in another company has another fingerprint: there is a key in it."""
    other = ProfileSecrets(
        msgspec.structs.replace(ACME, name="Other"), folders.of_profile_ready("Other"), keyring_thread
    )
    seen: set[str] = set()
    for each in (secrets, other):
        for text in ("one", "two"):
            await each.keep(Secret.HH2_PASSWORD, text, remember=True)
            found = await each.credentials(Site.HH2)
            assert found is not None
            again = await each.credentials(Site.HH2)
            assert again is not None
            assert again.fingerprint == found.fingerprint
            seen.add(found.fingerprint)
    assert len(seen) == 4
    await other.forget_all()


# ---------------------------------------------------------------- forgotten, renamed


async def test_forgetting_leaves_nothing(secrets: ProfileSecrets, company: Path) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=False)
    await secrets.keep(Secret.PROCORE_TOKENS, "x" * 4000, remember=True)
    await secrets.forget(Secret.HH2_PASSWORD)
    await secrets.forget(Secret.PROCORE_TOKENS)
    await secrets.forget(Secret.HH2_API_KEY)
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.MISSING
    assert await secrets.state(Secret.PROCORE_TOKENS) is SecretState.MISSING
    assert not list(company.glob("*.sealed"))


async def test_a_deleted_profile_leaves_nothing_in_the_keyring(
    secrets: ProfileSecrets, secret_service: SecretService
) -> None:
    def ours() -> list[str]:
        names = [item.attributes.get("service", "") for item in secret_service.items()]
        return [name for name in names if name.startswith("ondemand-sync/")]

    for secret in Secret:
        if secret is not Secret.LEDGER_KEY:
            await secrets.keep(secret, CANARY, remember=True)
    assert await secrets.ledger_key() is not None
    secrets.use(moved(ACME, site="acme-2"))  # what was kept for the old address goes too
    assert len(ours()) == len(Secret) + 1
    await secrets.forget_all()
    assert ours() == []


async def test_a_renamed_profile_takes_its_secrets_along(
    secrets: ProfileSecrets, folders: Folders, secret_service: SecretService, keyring_thread: KeyringThread
) -> None:
    profiles.save(folders, ACME)
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    await secrets.keep(Secret.PROCORE_TOKENS, "x" * 4000, remember=True)
    await secrets.keep(Secret.PROCORE_PASSWORD, "wrong", remember=True)
    wrong = await secrets.credentials(Site.PROCORE)
    assert wrong is not None
    await secrets.mark_refused(Site.PROCORE, wrong.fingerprint)
    key = await secrets.ledger_key()
    renamed = msgspec.structs.replace(ACME, name="New")
    assert profiles.save(folders, renamed, replaces="Acme") == []
    await secrets.renamed(renamed, folders.of_profile("New"))
    for each in (secrets, anew(folders.of_profile("New"), keyring_thread, renamed)):
        found = await each.credentials(Site.HH2)
        tokens = await each.text(Secret.PROCORE_TOKENS)
        assert found is not None
        assert tokens is not None
        assert (found.reveal(), tokens.reveal(), await each.ledger_key()) == (CANARY, "x" * 4000, key)
        assert await refusal(each, Secret.PROCORE_PASSWORD) is ProblemId.PRO_LOGIN
    assert not [item for item in secret_service.items() if "/Acme/" in item.attributes.get("service", "")]


async def test_the_ledgers_key_is_made_once(
    secrets: ProfileSecrets, company: Path, keyring_thread: KeyringThread
) -> None:
    key = await secrets.ledger_key()
    assert key is not None
    assert len(key) == 32
    assert await anew(company, keyring_thread).ledger_key() == key


# ---------------------------------------------------------------- keyrings that do not answer


async def why(secrets: ProfileSecrets) -> object:
    with pytest.raises(Trouble) as caught:
        await secrets.credentials(Site.HH2)
    assert caught.value.problem.id is ProblemId.KEYRING
    with pytest.raises(Trouble) as kept:
        await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    assert kept.value.problem.id is ProblemId.KEYRING
    assert "c4n4ry" not in str(kept.value.problem)
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.UNAVAILABLE
    assert await secrets.ledger_key() is None
    return caught.value.problem.facts["why"]


async def this_run_works(secrets: ProfileSecrets) -> None:
    assert await secrets.keep(Secret.HH2_PASSWORD, "c4n4ry of today", remember=False) is SecretState.THIS_RUN
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == "c4n4ry of today"
    await secrets.mark_refused(Site.HH2, found.fingerprint)
    assert await secrets.state(Secret.HH2_PASSWORD) is SecretState.REFUSED
    assert await refusal(secrets) is ProblemId.HH2_LOGIN


async def test_without_a_keyring_secrets_are_for_this_run_only(
    no_secret_service: Mapping[str, str], company: Path, keyring_thread: KeyringThread
) -> None:
    secrets = ProfileSecrets(ACME, company, keyring_thread)
    assert await why(secrets) == "no-service"
    await this_run_works(secrets)
    assert b"c4n4ry" not in on_disk(company)


async def test_without_any_bus_it_is_the_same(
    company: Path, keyring_thread: KeyringThread, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for address in ("unix:path=/nowhere/at/all", ""):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert await why(ProfileSecrets(ACME, company, keyring_thread)) == "no-service"


async def test_a_locked_keyring_behind_a_prompt_is_waited_for_until_the_deadline(
    secret_service: SecretService, company: Path, keyring_thread: KeyringThread
) -> None:
    """With a display a prompt stands; nobody answers it. The loop goes on meanwhile."""
    secrets = ProfileSecrets(ACME, company, keyring_thread, deadline=0.5)
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    with secret_service.locked():
        beats = 0
        begin = time.perf_counter()
        async with anyio.create_task_group() as tasks:

            async def beat() -> None:
                nonlocal beats
                while True:
                    await anyio.sleep(0.01)
                    beats += 1

            tasks.start_soon(beat)
            with pytest.raises(Trouble) as caught:
                await secrets.credentials(Site.HH2)
            tasks.cancel_scope.cancel()
        assert caught.value.problem.facts["why"] in ("timeout", "locked")
        assert time.perf_counter() - begin < 3
        assert beats > 10 or caught.value.problem.facts["why"] == "locked"
        await this_run_works(secrets)
    other = ProfileSecrets(ACME, company, keyring_thread)
    found = None
    with anyio.fail_after(20):
        while found is None:
            try:
                found = await other.credentials(Site.HH2)
            except Trouble as still:
                if still.problem.id is not ProblemId.KEYRING:
                    raise
    assert found.reveal() == CANARY


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        yield Path(folder)


ASKS = """
import sys, anyio
from pathlib import Path
from app.domain.problems import Trouble
from app.domain.events import Site
from app.storage.keyring_thread import KeyringThread
from app.storage.profile_secrets import ProfileSecrets
from app.domain.profile import Hh2Settings, Profile

async def main():
    acme = Profile('Acme', hh2=Hh2Settings(site='acme', user='dana'))
    secrets = ProfileSecrets(acme, Path(sys.argv[1]), KeyringThread(), deadline=10)
    try:
        print(await secrets.credentials(Site.HH2))
    except Trouble as trouble:
        print(trouble.problem.facts["why"], trouble.problem.facts.get("kind", ""))

anyio.run(main)
"""


def said_there(env: Mapping[str, str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKS, str(folder)],
        env=dict(env), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_keyring_that_was_never_made_is_said_to_be_locked(short_folder: Path, company: Path) -> None:
    with another_bus(short_folder, keyring=True, created=False) as env:
        assert said_there(env, company) == "locked"


def test_the_plain_and_the_absent_keyrings_others_configure_are_not_used(
    short_folder: Path, company: Path
) -> None:
    with another_bus(short_folder, keyring=False) as env:
        for backend in ("keyring.backends.null.Keyring", "keyring.backends.chainer.ChainerBackend"):
            configured = {**env, "PYTHON_KEYRING_BACKEND": backend, "KEYRING_PROPERTY_PRIORITY": "9"}
            assert said_there(configured, company) == "no-service"


# ---------------------------------------------------------------- the thread


async def test_work_that_hangs_does_not_hold_up_what_follows_for_long(keyring_thread: KeyringThread) -> None:
    release = threading.Event()
    with pytest.raises(Trouble) as caught:
        await keyring_thread.call(lambda _: release.wait(30), 0.1)
    assert caught.value.problem.facts["why"] == "timeout"
    begin = time.perf_counter()
    begun: list[str] = []
    with pytest.raises(Trouble) as caught:
        await keyring_thread.call(lambda _: begun.append("late"), 20)
    assert time.perf_counter() - begin < 4
    release.set()
    assert await keyring_thread.call(lambda _: "well again", 20) == "well again"
    assert begun == [], "what was given up is not done later"


async def test_a_caller_who_leaves_takes_the_waiting_work_along(keyring_thread: KeyringThread) -> None:
    gate = threading.Event()
    done: list[str] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keyring_thread.call, lambda _: gate.wait(10), 10)
        await anyio.wait_all_tasks_blocked()
        with anyio.move_on_after(0.05):
            await keyring_thread.call(lambda _: done.append("waiting"), 10)
        gate.set()
    assert await keyring_thread.call(lambda _: 1, 10) == 1
    assert done == []


@pytest.mark.parametrize(
    "error", [OSError("c4n4ry"), UnicodeEncodeError("utf-8", "c4n4ry", 0, 1, "x"), SystemError()]
)
async def test_whatever_a_keyring_raises_is_one_problem_without_its_text(
    keyring_thread: KeyringThread, error: Exception
) -> None:
    def fail(_: object) -> None:
        raise error

    with pytest.raises(Trouble) as caught:
        await keyring_thread.call(fail, 5)
    assert caught.value.problem.facts == {"why": "error", "kind": type(error).__name__}
    assert caught.value.__cause__ is None
    assert "c4n4ry" not in repr(caught.value) + str(caught.value.problem)


def test_a_keyring_that_hangs_does_not_keep_the_program_from_ending() -> None:
    program = """
import anyio, threading
from app.domain.problems import Trouble
from app.storage.keyring_thread import KeyringThread

async def main():
    thread = KeyringThread()
    try:
        await thread.call(lambda _: threading.Event().wait(60), 0.2)
    except Trouble as trouble:
        print(trouble.problem.facts["why"])
    thread.close()

anyio.run(main)
"""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "timeout\n"
    assert time.perf_counter() - begin < 10


# ---------------------------------------------------------------- the text


async def test_a_secret_shows_itself_to_nobody(secrets: ProfileSecrets) -> None:
    await secrets.keep(Secret.HH2_PASSWORD, CANARY, remember=True)
    found = await secrets.credentials(Site.HH2)
    text = SecretText(CANARY)
    assert isinstance(found, KeptCredentials)
    shown = [
        repr(found),
        str(found),
        f"{found}",
        repr(text),
        str(text),
        f"{text:>20}",
        repr([text, {"x": text}]),
    ]
    assert [each for each in shown if "c4n4ry" in each] == []
    attempts: list[Callable[[object], object]] = [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        json.dumps,
        vars,
    ]
    for attempt in attempts:
        with pytest.raises(TypeError):
            attempt(text)
    assert text.reveal() == CANARY
    assert (len(text), bool(text), bool(SecretText(""))) == (len(CANARY), True, False)


def test_secrets_in_memory_are_known_to_the_log_while_they_are() -> None:
    text = SecretText("a secret of this test")
    assert "a secret of this test" in live()
    assert "short" not in [*live(), SecretText("short")]
    del text
    wait_until(lambda: "a secret of this test" not in live(), "the end of the secret")


def test_no_value_that_holds_a_secret_shows_it() -> None:
    """A value may end up in a log, in a fault of the program, in a debugger's picture."""
    canary = "canary-4711-of-the-sign-in"
    given = KeptCredentials("dana", SecretText(canary), "print", "https://acme.hh2.com")
    cookie = Cookie("session", canary, "acme.hh2.com")
    laid = OfOrigin("https://acme.hh2.com", (Item("token", canary),))
    holding = [
        SecretText(canary),
        given,
        Given("https://acme.hh2.com", "dana", canary),
        Tokens(canary, "Bearer", 5400, 1, canary),
        Kept("id", canary, canary, 1.0),
        Attempt(f"https://login.procore.com/?state={canary}", "urn:x", canary),
        cookie,
        State((cookie,), (laid,)),
        ApiKeyPair(given, given),
        App("id", given),
        ClientCredentials(App("id", given)),
    ]
    for one in holding:
        for shown in (repr(one), str(one), f"{one}", repr([one]), repr({"it": one})):
            assert canary not in shown, type(one).__name__
