"""The training Procore's OAuth grants: codes and refresh tokens that work once."""

import secrets
import time
from collections.abc import Callable

import msgspec

EXPIRES_IN = 5400  # seconds [C] procore-wire.md, "OAuth 2.0"
CODE_SECONDS = 600


class Token(msgspec.Struct, frozen=True):
    """One access token's grant. `person` is False for a service account."""

    user: str
    person: bool
    created: int
    refresh: str | None


class Refused(Exception):
    """A grant was refused; `error` is OAuth's own word ("invalid_grant", "invalid_client", …)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Grants:
    """Everything that was granted and is not void."""

    def __init__(self, client_id: str, client_secret: str, clock: Callable[[], float] = time.time) -> None:
        self.client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._codes: dict[str, tuple[str, str, float]] = {}
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, str] = {}  # refresh token → access token

    def clear(self) -> None:
        """All grants are void."""
        self._codes.clear()
        self._access.clear()
        self._refresh.clear()

    def tokens(self) -> dict[str, str]:
        """Every token that was granted and is not void, by a name that tells its kind first."""
        access = {f"procore-access-token {at}": text for at, text in enumerate(self._access)}
        return access | {f"procore-refresh-token {at}": text for at, text in enumerate(self._refresh)}

    def give_code(self, user: str, redirect_uri: str) -> str:
        """A code for a person who agreed."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = (user, redirect_uri, self._clock() + CODE_SECONDS)
        return code

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Raises Refused("invalid_client")."""
        right = secrets.compare_digest(client_id.encode(), self.client_id.encode())
        if not right or not secrets.compare_digest(client_secret.encode(), self._client_secret.encode()):
            raise Refused("invalid_client")

    def grant(self, asked: dict[str, str]) -> dict[str, object]:
        """The answer to POST /oauth/token; raises Refused.

        A refresh token is void as soon as it is sent, whatever comes of it. [C]"""
        self.check_client(asked.get("client_id", ""), asked.get("client_secret", ""))
        match asked.get("grant_type", ""):
            case "client_credentials":
                return self._issue("Service account", person=False)
            case "authorization_code":
                user, redirect_uri, until = self._codes.pop(asked.get("code", ""), ("", "", 0.0))
                if not user or self._clock() > until or redirect_uri != asked.get("redirect_uri", ""):
                    raise Refused("invalid_grant")
                return self._issue(user, person=True)
            case "refresh_token":
                access = self._refresh.pop(asked.get("refresh_token", ""), "")
                token = self._access.pop(access, None)
                if token is None:
                    raise Refused("invalid_grant")
                return self._issue(token.user, person=True)
            case _:
                raise Refused("unsupported_grant_type")

    def _issue(self, user: str, *, person: bool) -> dict[str, object]:
        access = secrets.token_urlsafe(32)
        refresh = secrets.token_urlsafe(32) if person else None
        created = int(self._clock())
        self._access[access] = Token(user, person, created, refresh)
        answer: dict[str, object] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": EXPIRES_IN,
            "created_at": created,
        }
        if refresh:
            self._refresh[refresh] = access
            answer["refresh_token"] = refresh
        return answer

    def token(self, access: str) -> Token | None:
        """What an access token stands for; None when it is void or has expired."""
        token = self._access.get(access)
        return token if token is not None and self._clock() < token.created + EXPIRES_IN else None

    def left(self, token: Token) -> int:
        """Seconds until it expires."""
        return max(0, token.created + EXPIRES_IN - int(self._clock()))

    def revoke(self, value: str) -> None:
        """Make an access token and its refresh token void, given either."""
        access = self._refresh.get(value, value)
        token = self._access.pop(access, None)
        if token is not None and token.refresh is not None:
            self._refresh.pop(token.refresh, None)
