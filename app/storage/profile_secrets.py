"""The secrets of one profile: in the keyring, or for this run only; bound to the address they were given for, and never
tried again once refused."""

import hmac
import os
from pathlib import Path

from app.domain.addresses import origin
from app.domain.events import Site
from app.domain.laid_down import OF_A_PERSON
from app.domain.problems import ProblemId, Trouble, trouble
from app.domain.profile import Profile, Secret, SecretState
from app.storage.keyring_thread import KeyringThread
from app.storage.secret_store import LEDGER_KEY, OWN, Given, SecretStore
from app.storage.secret_text import MASK, SecretText

_PASSWORDS = {Site.HH2: Secret.HH2_PASSWORD, Site.PROCORE: Secret.PROCORE_PASSWORD}
_REFUSED = {
    Secret.HH2_PASSWORD: ProblemId.HH2_LOGIN,
    Secret.HH2_API_KEY: ProblemId.HH2_CLIENT,
    Secret.HH2_API_SECRET: ProblemId.HH2_CLIENT,
}


class KeptCredentials:
    """A user name and a secret, for one origin (two where a secret is used at both: separated by a space)."""

    __slots__ = ("_text", "fingerprint", "origin", "user")

    def __init__(self, user: str, text: SecretText, fingerprint: str, given_for: str) -> None:
        self.user = user
        self.fingerprint = fingerprint
        self.origin = given_for
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the moment in which it is sent."""
        return self._text.reveal()

    def __repr__(self) -> str:
        return f"KeptCredentials({self.user!r}, {self.origin!r}, {MASK})"


def bound_to(profile: Profile, secret: Secret) -> str:
    """The origins a secret is for: every address to which it, or what it opens, is ever sent. "" while none is set."""
    match secret:
        case Secret.HH2_PASSWORD | Secret.HH2_API_KEY | Secret.HH2_API_SECRET | Secret.HH2_SIGN_IN:
            return profile.hh2.address
        case Secret.PROCORE_PASSWORD | Secret.PROCORE_SIGN_IN:
            return _origins(profile.procore.login, profile.procore.web)
        case Secret.PROCORE_CLIENT_SECRET:
            return _origins(profile.procore.login)
        case Secret.PROCORE_TOKENS:
            return _origins(profile.procore.login, profile.procore.api)
        case Secret.LEDGER_KEY:
            return OWN


def user_of(profile: Profile, secret: Secret) -> str:
    """The user name that belongs to a secret; "" for one that stands by itself."""
    match secret:
        case Secret.HH2_PASSWORD | Secret.HH2_SIGN_IN:
            return profile.hh2.user
        case Secret.PROCORE_PASSWORD | Secret.PROCORE_SIGN_IN:
            return profile.procore.user
        case _:
            return ""


class ProfileSecrets:
    """The secrets of one profile. Fulfils the engine's `Secrets`. `deadline`, in seconds, is that of each keyring call.

    One object for as long as the program runs: it holds what was given for this run."""

    def __init__(
        self, profile: Profile, folder: Path, keyring: KeyringThread, deadline: float = 20.0
    ) -> None:
        self._profile = profile
        self._store = SecretStore(profile.name, folder, keyring, deadline)
        self._for_this_run: dict[Secret, Given] = {}
        self._key_of_this_run = os.urandom(32)
        self._refused_now: set[str] = set()
        # False where the company's IT wants no password of a person saved: those saved before are then not used either.
        self.saves_a_persons = True

    def use(self, profile: Profile) -> None:
        """The profile was changed: secrets given for another address or user are not given out any more."""
        self._profile = profile

    async def credentials(self, site: Site) -> KeptCredentials | None:
        """The password for a site, with its user name; None where there is none for the profile's address and user.

        Raises Trouble(KEYRING, why), or Trouble(HH2_LOGIN or PRO_LOGIN, refused_before=True) for one that the site
        refused and nobody changed since."""
        return await self.credentials_for(_PASSWORDS[site])

    async def credentials_for(self, secret: Secret) -> KeptCredentials | None:
        """As `credentials`, for any secret; for hh2's API key and secret the refusal is Trouble(HH2_CLIENT)."""
        given = await self._given(secret)
        if given is None:
            return None
        fingerprint = await self._fingerprint(secret, given)
        if await self._is_refused(fingerprint, given):
            raise trouble(_REFUSED.get(secret, ProblemId.PRO_LOGIN), refused_before=True, secret=secret.value)
        return KeptCredentials(
            user_of(self._profile, secret), SecretText(given.text), fingerprint, given.origin
        )

    async def text(self, secret: Secret) -> SecretText | None:
        """A secret that no person types, such as tokens; None where there is none. Raises Trouble(KEYRING)."""
        given = await self._given(secret)
        return None if given is None else SecretText(given.text)

    async def keep(self, secret: Secret, text: str, remember: bool) -> SecretState:
        """Keep it: in the keyring, or for this run only. It no longer counts as refused: a person gave it.

        Durable when it returns KEPT. Raises Trouble(KEYRING) and Trouble(DISK); ValueError where the profile has no
        address yet that it could be bound to, or the text is empty or no text."""
        address = bound_to(self._profile, secret)
        if not address or not text:
            raise ValueError("a secret needs a text, and an address it is for")
        given = Given(address, user_of(self._profile, secret), text)
        if not remember or not self._may_be_saved(secret):
            self._for_this_run[secret] = given
            self._refused_now.discard(self._passing(given))
            return SecretState.THIS_RUN
        await self._store.write(secret, given)
        self._for_this_run.pop(secret, None)
        lasting = _fingerprint(await self._store.profile_key(), given)
        self._refused_now -= {lasting, self._passing(given)}
        await self._store.lift(lasting)
        return SecretState.KEPT

    async def forget(self, secret: Secret) -> None:
        """It is gone, wherever it was kept. Raises Trouble(KEYRING) and Trouble(DISK)."""
        self._for_this_run.pop(secret, None)
        await self._store.forget(secret, bound_to(self._profile, secret))

    async def forget_all(self) -> None:
        """Everything of this profile is gone from the keyring and its folder; before the profile is deleted.

        Raises Trouble(KEYRING) and Trouble(DISK)."""
        self._for_this_run.clear()
        await self._store.forget_all({secret: bound_to(self._profile, secret) for secret in Secret})

    async def renamed(self, profile: Profile, folder: Path) -> None:
        """The profile has another name, and `profiles.save` moved its folder: what is in the keyring follows.

        Raises Trouble(KEYRING); what has not followed then waits under the old name, and a second call goes on."""
        await self._store.move(profile.name, folder)
        self._profile = profile

    async def state(self, secret: Secret) -> SecretState:
        """What is known of the secret; UNAVAILABLE where the keyring cannot be asked. Raises Trouble(DISK)."""
        try:
            given = await self._given(secret)
            if given is None:
                return SecretState.MISSING
            if await self._is_refused(await self._fingerprint(secret, given), given):
                return SecretState.REFUSED
        except Trouble as unknown:
            if unknown.problem.id is ProblemId.KEYRING:
                return SecretState.UNAVAILABLE
            raise
        return SecretState.THIS_RUN if self._for_this_run.get(secret) is given else SecretState.KEPT

    async def mark_refused(self, site: Site, fingerprint: str) -> None:  # noqa: ARG002  # it is unique without
        """Remember that the site refused the secret with this fingerprint: it is not given out again, by whatever way,
        until a person gives one. Raises Trouble(DISK); this process remembers all the same."""
        self._refused_now.add(fingerprint)
        passing = {self._passing(given): given for given in self._for_this_run.values()}
        if fingerprint not in passing:
            await self._store.mark(fingerprint)
            return
        try:  # the same text may be in the keyring too
            await self._store.mark(_fingerprint(await self._store.profile_key(), passing[fingerprint]))
        except Trouble as unknown:
            if unknown.problem.id is not ProblemId.KEYRING:
                raise

    async def ledger_key(self) -> bytes | None:
        """The key of the ledger's chain, made once; None where no keyring can be asked."""
        try:
            return await self._store.key(LEDGER_KEY)
        except Trouble:
            return None

    async def _given(self, secret: Secret) -> Given | None:
        """The secret, unless it was given for another address or another user."""
        address, user = bound_to(self._profile, secret), user_of(self._profile, secret)
        if not address:
            return None
        given = self._for_this_run.get(secret)
        if (given is None or not given.fits(address, user)) and self._may_be_saved(secret):
            given = await self._store.read(secret, address)
        return given if given is not None and given.fits(address, user) else None

    def _may_be_saved(self, secret: Secret) -> bool:
        return self.saves_a_persons or secret not in OF_A_PERSON

    async def _fingerprint(self, secret: Secret, given: Given) -> str:
        """Keyed by the profile's key in the keyring, so that nobody can try passwords against it. For a secret of this
        run only by a key that ends with this process: the keyring is then not asked for anything."""
        if self._for_this_run.get(secret) is given:
            return self._passing(given)
        return _fingerprint(await self._store.profile_key(), given)

    def _passing(self, given: Given) -> str:
        return _fingerprint(self._key_of_this_run, given)

    async def _is_refused(self, fingerprint: str, given: Given) -> bool:
        if self._refused_now & {fingerprint, self._passing(given)}:
            return True
        return fingerprint in (await self._store.index()).refused


def _fingerprint(key: bytes, given: Given) -> str:
    message = f"fingerprint\n{given.origin}\n{given.user}\n{given.text}".encode()
    return hmac.digest(key, message, "sha256").hex()[:16]


def _origins(*addresses: str) -> str:
    return " ".join(dict.fromkeys(origin(address) for address in addresses))
