"""A person's grant that is kept: refreshed by one at a time, and never sent twice. [C] procore-wire.md, "OAuth 2.0"

The refresh token is void as soon as it is sent, even if the answer is lost. So that it is sent is written down before
it is, and the new tokens before they are used. What was sent and not answered is not sent again: the person connects
again."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import anyio
import msgspec

from app.domain.decoding import BROKEN
from app.domain.problems import (
    AnswerLost,
    NotReadable,
    NotSent,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
    trouble,
)
from app.http import open_client
from app.procore.oauth import EARLY, ClientSecret, Tokens, ask, revoke


class TokenStore(Protocol):
    """Where the grant of one company is kept. `save` is durable when it returns."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """One at a time, in all processes of this user."""

    async def load(self) -> str | None: ...
    async def save(self, text: str) -> None: ...
    async def forget(self) -> None: ...


class Kept(msgspec.Struct, frozen=True):
    """What is kept. `until` in unix seconds of this computer's own clock. `sent`: the refresh token left this computer,
    and no answer to it is kept."""

    client_id: str
    access: str
    refresh: str
    until: float
    sent: bool = False

    def __repr__(self) -> str:
        """Without its tokens."""
        return f"Kept({self.client_id}, sent={self.sent})"


_NONE = Kept("", "", "", 0.0)


async def connect(store: TokenStore, app: ClientSecret, tokens: Tokens, now: Callable[[], float]) -> None:
    """Keep a grant that was just given, in place of any other. Durable when it returns."""
    async with store.turn():
        await _save(store, _kept(app.client_id, tokens, now))


async def is_connected(store: TokenStore) -> bool:
    """True when a grant is kept, whatever it is worth."""
    return await store.load() is not None


async def disconnect(store: TokenStore, login: str, app: ClientSecret | None, timeout: float = 60.0) -> bool:
    """Revoke the grant at Procore and forget it here, whatever Procore says. True when Procore confirmed.

    Revoking one token revokes both. [C]"""
    async with store.turn():
        kept = await _load(store)
        confirmed = False
        if kept is not None and app is not None and kept.client_id == app.client_id:
            client = open_client(login, timeout=timeout)
            try:
                confirmed = await revoke(client, app, kept.access)
            finally:
                await client.aclose()
        await store.forget()
        return confirmed


class StillGood:
    """Access by the kept token for as long as it is good; nothing is ever renewed. Fulfils `app.procore.oauth.Bearer`.

    For a look that may be cut off at any time: a renewal that is cut off would cost the person a sign-in."""

    def __init__(self, app_id: str, store: TokenStore, now: Callable[[], float]) -> None:
        self._app_id = app_id
        self._store = store
        self._now = now
        self._refused = False

    async def bearer(self) -> str:
        """The value of the Authorization header. Raises SessionLost where the token would have to be renewed first,
        Trouble(PRO-CONNECT, why) where a person has to connect again."""
        kept = await _load(self._store)
        if kept is None or kept.client_id != self._app_id:
            raise trouble(ProblemId.PRO_CONNECT, why="not-connected")
        if kept.sent:
            raise trouble(ProblemId.PRO_CONNECT, why="lost-refresh")
        if self._refused or self._now() >= kept.until - EARLY:
            raise SessionLost("procore")
        return f"Bearer {kept.access}"

    def forget(self) -> None:
        """The token was refused before its time."""
        self._refused = True

    async def close(self) -> None:
        """There is no connection of its own."""


class PersonAccess:
    """Access in a person's name. Fulfils `app.procore.oauth.Bearer`. `now` gives unix seconds."""

    def __init__(
        self,
        login: str,
        app: ClientSecret,
        store: TokenStore,
        now: Callable[[], float],
        *,
        timeout: float = 60.0,
    ) -> None:
        self._client = open_client(login, timeout=timeout)
        self._app = app
        self._store = store
        self._now = now
        self._kept = _NONE
        self._refused = ""  # the access token that Procore no longer takes, though its time is not over
        self._unsaved: tuple[str, Kept] | None = None  # the refresh token that was sent, and what came for it
        self._turn = anyio.Lock()

    async def bearer(self) -> str:
        """The value of the Authorization header; refreshed where its time is over.

        Raises Trouble(PRO-CONNECT, why) where a person has to connect again (not-connected, lost-refresh, refused),
        Trouble(PRO-LOGIN, why) where the app itself is refused, Trouble(KEYRING or DISK) where the new tokens could not
        be kept (they are not used before they are), NotSent, SlowDown."""
        async with self._turn:
            if not self._usable(self._kept):
                self._kept = await self._next()
            return f"Bearer {self._kept.access}"

    def forget(self) -> None:
        """The access token was refused: the next one is fetched."""
        if self._kept.access:
            self._refused, self._kept = self._kept.access, _NONE

    async def close(self) -> None:
        """Ends the connection."""
        await self._client.aclose()

    def _usable(self, kept: Kept) -> bool:
        return bool(kept.access) and kept.access != self._refused and self._now() < kept.until - EARLY

    async def _next(self) -> Kept:
        """The grant to use from now on: what another program has kept meanwhile, or what a refresh gives."""
        async with self._store.turn():
            kept = await _load(self._store)
            if (
                kept is not None
                and self._unsaved is not None
                and kept.sent
                and kept.refresh == self._unsaved[0]
            ):
                await _save(self._store, self._unsaved[1])
                kept = self._unsaved[1]
            self._unsaved = None
            if kept is None or kept.client_id != self._app.client_id:
                raise trouble(ProblemId.PRO_CONNECT, why="not-connected")
            if kept.sent:
                raise trouble(ProblemId.PRO_CONNECT, why="lost-refresh")
            if not self._usable(kept):
                # Who is stopped in the midst of it would lose the connection; the client has its own deadline.
                with anyio.CancelScope(shield=True):
                    kept = await self._refresh(kept)
            return kept

    async def _refresh(self, kept: Kept) -> Kept:
        if not kept.refresh:
            raise trouble(ProblemId.PRO_CONNECT, why="refused")
        await _save(self._store, msgspec.structs.replace(kept, sent=True))
        asked = {
            "grant_type": "refresh_token",
            "client_id": self._app.client_id,
            "client_secret": self._app.reveal(),
            "refresh_token": kept.refresh,
        }
        try:
            tokens = await ask(self._client, asked)
        except (NotSent, SlowDown):  # it certainly stands as it was
            await _save(self._store, kept)
            raise
        except (AnswerLost, NotReadable):
            raise trouble(ProblemId.PRO_CONNECT, why="lost-refresh") from None
        except Trouble as refused:
            if refused.problem.facts.get("why") != "invalid_grant":
                raise
            await self._store.forget()
            raise trouble(ProblemId.PRO_CONNECT, why="refused") from None
        new = _kept(self._app.client_id, tokens, self._now)
        self._unsaved = (kept.refresh, new)
        await _save(self._store, new)
        self._unsaved = None
        return new


def _kept(client_id: str, tokens: Tokens, now: Callable[[], float]) -> Kept:
    return Kept(client_id, tokens.access_token, tokens.refresh_token or "", now() + tokens.expires_in)


async def _load(store: TokenStore) -> Kept | None:
    text = await store.load()
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=Kept)
    except BROKEN:
        return None


async def _save(store: TokenStore, kept: Kept) -> None:
    await store.save(msgspec.json.encode(kept).decode())
