"""Who is signed in to a training site: one store for its pages, its training routes and its web services."""

import secrets

from starlette.requests import Request
from starlette.responses import Response


class Sessions:
    """The sessions of one site, by the value of its cookie. They live until they are ended."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self._users: dict[str, str] = {}

    def open(self, user: str, response: Response) -> None:
        """Sign `user` in; the cookie goes with `response`."""
        token = secrets.token_urlsafe(24)
        self._users[token] = user
        response.set_cookie(self.cookie, token, httponly=True, samesite="lax", path="/")

    def user(self, request: Request) -> str | None:
        """Who the caller is; None for nobody."""
        return self._users.get(request.cookies.get(self.cookie, ""))

    def end(self, request: Request) -> None:
        """Forget the caller's session."""
        self._users.pop(request.cookies.get(self.cookie, ""), None)

    def clear(self) -> None:
        """Forget everybody."""
        self._users.clear()
