"""On Windows: the Credential Manager named in code, this computer alone, and nothing that it would refuse."""

from collections.abc import Iterator
from pathlib import Path

import keyring.backend
import msgspec
import pytest

from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import ProcoreSettings, Secret, SecretState
from app.storage.keyring_thread import KeyringThread
from app.storage.profile_secrets import ProfileSecrets
from tests.storage.test_secrets import ACME
from tests.storage.windows_vault import BLOB, NAME, Vault, VaultError, vault

__all__ = ["vault"]
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def secrets(vault: Vault, company: Path, keyring_thread: KeyringThread) -> Iterator[ProfileSecrets]:
    known = set(keyring.backend.KeyringBackend._classes)
    yield ProfileSecrets(ACME, company, keyring_thread)
    keyring.backend.KeyringBackend._classes.intersection_update(known)


async def test_a_secret_lies_on_this_computer_alone_under_a_service_name_of_its_own(
    secrets: ProfileSecrets, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "enterprise")
    for secret in (Secret.HH2_PASSWORD, Secret.HH2_API_KEY):
        for text in ("first of it", "second of it"):
            assert await secrets.keep(secret, text, remember=True) is SecretState.KEPT
    assert set(vault.kept) == {
        f"ondemand-sync/Acme/{name}" for name in ("hh2-password", "hh2-api-key", "profile-key")
    }
    assert {entry["Persist"] for entry in vault.kept.values()} == {vault.CRED_PERSIST_LOCAL_MACHINE}
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == "second of it"
    await secrets.forget_all()
    assert vault.kept == {}


@pytest.mark.parametrize("units", [1000, BLOB // 2 - 60, BLOB // 2, BLOB * 4])
async def test_nothing_is_handed_over_that_is_too_long(
    secrets: ProfileSecrets, vault: Vault, units: int
) -> None:
    with pytest.raises(VaultError):  # so it would be answered
        vault.CredWrite({"TargetName": "x", "UserName": "y", "CredentialBlob": "z" * (BLOB // 2 + 1)}, 0)
    await secrets.keep(Secret.HH2_PASSWORD, "🔑" * (units // 2), remember=True)
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == "🔑" * (units // 2)


async def test_an_address_that_is_too_long_for_a_user_name_is_kept_all_the_same(
    secrets: ProfileSecrets, vault: Vault
) -> None:
    long = ProcoreSettings(
        user="dana", login=f"https://{'a' * 300}.example", web=f"https://{'b' * 300}.example"
    )
    secrets.use(msgspec.structs.replace(ACME, procore=long))
    await secrets.keep(Secret.PROCORE_PASSWORD, "kept for long", remember=True)
    assert await secrets.state(Secret.PROCORE_PASSWORD) is SecretState.KEPT
    assert max(len(entry["UserName"]) for entry in vault.kept.values()) <= NAME
    other = msgspec.structs.replace(long, web=f"https://{'c' * 300}.example")
    secrets.use(msgspec.structs.replace(ACME, procore=other))
    assert await secrets.credentials(Site.PROCORE) is None
    await secrets.forget_all()
    assert vault.kept == {}


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (VaultError(1312, "CredRead", "A specified logon session does not exist."), "no-service"),
        (VaultError(5, "CredRead", "Access is denied."), "error"),
        (VaultError(1783, "CredWrite", "The stub received bad data."), "error"),
    ],
)
async def test_what_windows_raises_is_the_card_and_the_run_can_still_have_its_secret(
    secrets: ProfileSecrets, vault: Vault, error: VaultError, why: str
) -> None:
    vault.fails = error
    with pytest.raises(Trouble) as met:
        await secrets.keep(Secret.HH2_PASSWORD, "of today", remember=True)
    assert (met.value.problem.id, met.value.problem.facts["why"]) == (ProblemId.KEYRING, why)
    assert await secrets.keep(Secret.HH2_PASSWORD, "of today", remember=False) is SecretState.THIS_RUN
    found = await secrets.credentials(Site.HH2)
    assert found is not None
    assert found.reveal() == "of today"
