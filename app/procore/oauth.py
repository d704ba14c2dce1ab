"""OAuth 2.0 with Procore: the token endpoint, and access for a service account. [C] procore-wire.md, "OAuth 2.0"

Access in a person's name, with refresh tokens that work once, is in `app.procore.kept`."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from app.domain.decoding import BROKEN
from app.domain.problems import AnswerLost, NotSent, ProblemId, SlowDown, trouble
from app.http import Client, decode, open_client, raise_if_down, send

SITE = "procore"
TOKEN = "/oauth/token"
REVOKE = "/oauth/revoke"
EARLY = 60.0  # seconds before its end from which a token is no longer used


class Tokens(msgspec.Struct, frozen=True):
    """The answer of the token endpoint. `expires_in` in seconds, `created_at` in unix seconds."""

    access_token: str
    token_type: str
    expires_in: int
    created_at: int
    refresh_token: str | None = None

    def __repr__(self) -> str:
        """Without its tokens."""
        return f"Tokens(expires_in={self.expires_in})"


class _Refusal(msgspec.Struct):
    error: str


class ClientSecret(Protocol):
    """The id and secret of the company's own app; the secret is read at the moment of sending."""

    @property
    def client_id(self) -> str: ...
    def reveal(self) -> str: ...


class Grant(Protocol):
    """A way to come by tokens."""

    async def tokens(self, client: Client) -> Tokens:
        """Raises Trouble(PRO-LOGIN) for a refusal."""


class ClientCredentials:
    """The grant of a service account; it gives no refresh token. [C]"""

    def __init__(self, app: ClientSecret) -> None:
        self._app = app

    async def tokens(self, client: Client) -> Tokens:
        """A new token; the old one stays as it is."""
        asked = {"grant_type": "client_credentials", "client_id": self._app.client_id}
        return await ask(client, {**asked, "client_secret": self._app.reveal()})


async def ask(client: Client, fields: dict[str, str]) -> Tokens:
    """POST to the token endpoint, once.

    Raises Trouble(PRO-LOGIN, why=OAuth's word) for a refusal, NotReadable(PRO-ANSWER), and what `app.http.send`
    raises."""
    answer = await send(client, SITE, TOKEN, content=msgspec.json.encode(fields))
    raise_if_down(answer, SITE)
    if answer.status in (400, 401, 403):
        try:
            why = msgspec.json.decode(answer.body, type=_Refusal).error
        except BROKEN:
            why = ""
        raise trouble(ProblemId.PRO_LOGIN, why=why[:40])
    return decode(answer, Tokens, SITE)


async def revoke(client: Client, app: ClientSecret, token: str) -> bool:
    """Make a token and its companion void. [C] True when Procore confirmed it; what else came is not told."""
    asked = {"token": token, "client_id": app.client_id, "client_secret": app.reveal()}
    try:
        answer = await send(client, SITE, REVOKE, content=msgspec.json.encode(asked))
    except (AnswerLost, NotSent, SlowDown):
        return False
    return answer.status == 200


class Bearer(Protocol):
    """Access to Procore's services, however it is come by."""

    async def bearer(self) -> str:
        """The value of the Authorization header."""

    def forget(self) -> None:
        """The token was refused: the next one is fetched."""

    async def close(self) -> None:
        """Ends the connection."""


class Access:
    """A token that is fetched when needed and fetched anew before it ends. `now` gives unix seconds."""

    def __init__(self, login: str, grant: Grant, now: Callable[[], float], *, timeout: float = 60.0) -> None:
        self._client = open_client(login, timeout=timeout)
        self._grant = grant
        self._now = now
        self._tokens: Tokens | None = None

    async def bearer(self) -> str:
        """The value of the Authorization header."""
        tokens = self._tokens
        if tokens is None or self._now() >= tokens.created_at + tokens.expires_in - EARLY:
            tokens = self._tokens = await self._grant.tokens(self._client)
        return f"Bearer {tokens.access_token}"

    def forget(self) -> None:
        """The token was refused: the next one is fetched."""
        self._tokens = None

    async def close(self) -> None:
        """Ends the connection."""
        await self._client.aclose()
