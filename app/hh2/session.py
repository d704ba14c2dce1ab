"""Signing in to hh2's documented web services, once, and staying signed in by cookie.

Two ways are documented: A, with an API key (three independent code bases), and B, Microsoft's stock SOAP service with
user name and password alone (one place, age unknown). Neither is tried again after a refusal."""

from typing import Protocol
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

import msgspec

from app.domain.problems import ProblemId, SessionLost, trouble
from app.http import Answer, Client, decode, is_json, open_client, raise_if_down, read, send, unreadable

SITE = "hh2"
AUTHENTICATE = "/Api/Security/V3/Session.svc/authenticate"  # [C] hh2-wire.md, "Sign-in A"
SOAP = "/WebServices/Authentication.svc"  # [C1] hh2-wire.md, "Sign-in B"
NAMESPACE = "http://asp.net/ApplicationServices/v200"
ACTION = f"{NAMESPACE}/AuthenticationService/Login"
_ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    f'<Login xmlns="{NAMESPACE}"><username>{{user}}</username><password>{{password}}</password>'
    '<customCredential xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    "<isPersistent>false</isPersistent></Login></s:Body></s:Envelope>"
)


class UserSecret(Protocol):
    """A user name and a secret that is read at the moment of sending."""

    @property
    def user(self) -> str: ...
    def reveal(self) -> str: ...


class ApiKey(Protocol):
    """The key and secret of the company's own API client."""

    def key(self) -> str: ...
    def secret(self) -> str: ...


class _User(msgspec.Struct):
    Username: str = ""


class _Verdict(msgspec.Struct):
    Result: int
    AuthenticatedUser: _User | None = None


class Hh2Session:
    """One sign-in to one site's web services. `address` is its origin."""

    def __init__(self, address: str, *, timeout: float = 60.0) -> None:
        self._client: Client = open_client(address, timeout=timeout, keep_alive=True)

    async def sign_in(self, user: UserSecret, api: ApiKey | None) -> str:
        """With an API key by REST (A), without one by SOAP (B). Returns the user name hh2 knows us by.

        Raises Trouble(HH2-LOGIN, HH2-LOCKED, HH2-CLIENT) for a refusal, NotReadable(HH2-DOWN, HH2-ANSWER), and what
        `app.http.send` raises."""
        self._client.cookies.clear()
        return await (self._by_rest(user, api) if api is not None else self._by_soap(user))

    async def _by_rest(self, user: UserSecret, api: ApiKey) -> str:
        body = msgspec.json.encode(
            {
                "ApiKey": api.key(),
                "ApiSecret": api.secret(),
                "Username": user.user,
                "Password": user.reveal(),
            }
        )
        headers = {"Accept": "application/json"}
        answer = await send(self._client, SITE, AUTHENTICATE, content=body, headers=headers)
        # The verdict is `Result` in the body, not the HTTP status. [C]
        raise_if_down(answer, SITE)
        verdict = decode(_as_ok(answer), _Verdict, SITE)
        match verdict.Result:
            case 5:
                return (verdict.AuthenticatedUser or _User()).Username or user.user
            case 1:
                raise trouble(ProblemId.HH2_LOGIN, user=user.user)
            case 2 | 4:
                raise trouble(ProblemId.HH2_CLIENT)
            case 3:
                raise trouble(ProblemId.HH2_LOCKED, user=user.user)
            case other:
                raise unreadable(SITE, f"Result {other}")

    async def _by_soap(self, user: UserSecret) -> str:
        body = _ENVELOPE.format(user=escape(user.user), password=escape(user.reveal())).encode()
        kind, headers = "text/xml; charset=utf-8", {"SOAPAction": ACTION}
        answer = await send(self._client, SITE, SOAP, content=body, kind=kind, headers=headers)
        raise_if_down(answer, SITE)
        if answer.status != 200 or not answer.kind.endswith("xml"):
            raise unreadable(SITE, answer.kind if answer.status == 200 else f"status {answer.status}")
        # True or false with HTTP 200 in both cases [I]; nothing tells a locked user from a wrong password.
        match login_result(answer.body):
            case "true":
                return user.user
            case "false":
                raise trouble(ProblemId.HH2_LOGIN, user=user.user)
            case _:
                raise unreadable(SITE, "unexpected XML")

    async def get(self, path: str, query: dict[str, str] | None = None) -> Answer:
        """A read with the session's cookie, as JSON. Raises SessionLost for a redirect, a page, or another body that is
        not JSON: what an expired session answers is not known [?] hh2-wire.md, "Address and transport"."""
        answer = await read(self._client, SITE, path, query=query, headers={"Accept": "application/json"})
        if answer.status == 401 or 300 <= answer.status < 400 or answer.kind == "text/html":
            raise SessionLost(SITE)
        if answer.status != 200:
            raise unreadable(SITE, f"status {answer.status}")
        return answer

    async def close(self) -> None:
        """Ends the connections; the session at hh2 is left to end by itself."""
        await self._client.aclose()


def login_result(body: bytes) -> str:
    """What the SOAP service says of the sign-in, in small letters; "" where it says nothing of it. Raises NotReadable
    for what is no XML, or has a document type or entities: those could make little into much, or name a file."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        found = fromstring(body, forbid_dtd=True).findtext(f".//{{{NAMESPACE}}}LoginResult")
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise unreadable(SITE, "broken XML") from None
    return (found or "").strip().lower()


def _as_ok(answer: Answer) -> Answer:
    """The answer with a verdict in it, whatever its status."""
    if not 200 <= answer.status < 300 and not is_json(answer):
        raise unreadable(SITE, f"status {answer.status}")
    return msgspec.structs.replace(answer, status=200)
