"""A person's code: the address where they allow the app, and what came back of it, its state checked.

[C] procore-wire.md, "OAuth 2.0": redirects, states, codes that work once within ten minutes. No PKCE is documented."""

import re
import secrets
from urllib.parse import parse_qsl, urlsplit

import msgspec

from app.domain.addresses import origin
from app.domain.problems import AnswerLost, NotReadable, ProblemId, Trouble, trouble
from app.http import Client
from app.procore.oauth import ClientSecret, Tokens, ask

AUTHORIZE = "/oauth/authorize"
# Registered by default; whether a port is accepted is disputed [?], so none is named. Nothing listens there: the
# driven browser is stopped on its way to it, and the address is read.
REDIRECT = "http://localhost"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
# The library refuses http, even where it never leaves this computer; our own rule is `origin`. It is asked about the
# query alone, under a name that nobody can have.
_NOWHERE = "https://nowhere.invalid/"
_CODE = re.compile(r"[\w.~+/=-]{6,512}")


class Attempt(msgspec.Struct, frozen=True):
    """One question to the person. `address` is where it is asked; `state` comes back with the answer, or it is not one
    to this question."""

    address: str
    redirect: str
    state: str

    def __repr__(self) -> str:
        """Without its state: a value may end up in a log."""
        return f"Attempt({self.redirect})"


def begin(login: str, client_id: str, redirect: str = REDIRECT) -> Attempt:
    """A new question. Raises ValueError for a sign-in address that is neither https nor loopback."""
    from oauthlib.oauth2.rfc6749.parameters import prepare_grant_uri

    state = secrets.token_urlsafe(32)
    asked = prepare_grant_uri(_NOWHERE, client_id, "code", redirect_uri=redirect, state=state)
    return Attempt(f"{origin(login)}{AUTHORIZE}?{urlsplit(asked).query}", redirect, state)


def is_redirect(address: str) -> bool:
    """True for an address that Procore sends the browser to with an answer for us."""
    parts = urlsplit(address)
    try:
        here = parts.scheme == "http" and parts.hostname == "localhost" and parts.port is None
    except ValueError:
        return False
    return here and parts.path in ("", "/") and parts.username is None


def code_from(attempt: Attempt, address: str) -> str:
    """The code in the address that the browser was sent to.

    Raises Trouble(PRO-CONNECT, why): wrong-state for an answer to another question, or to none; denied; no-code;
    refused, with OAuth's own word."""
    from oauthlib.oauth2.rfc6749.errors import MismatchingStateError, MissingCodeError, OAuth2Error
    from oauthlib.oauth2.rfc6749.parameters import parse_authorization_code_response

    query = urlsplit(address).query
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    if names.count("state") != 1:  # none, or two of which one might be right
        raise trouble(ProblemId.PRO_CONNECT, why="wrong-state")
    if names.count("code") > 1:
        raise trouble(ProblemId.PRO_CONNECT, why="no-code")
    try:
        answer = parse_authorization_code_response(f"{_NOWHERE}?{query}", state=attempt.state)
    except MismatchingStateError:
        raise trouble(ProblemId.PRO_CONNECT, why="wrong-state") from None
    except MissingCodeError:
        raise trouble(ProblemId.PRO_CONNECT, why="no-code") from None
    except OAuth2Error as said:
        if said.error == "access_denied":
            raise trouble(ProblemId.PRO_CONNECT, why="denied") from None
        raise trouble(ProblemId.PRO_CONNECT, why="refused", text=str(said.error or "")[:40]) from None
    return str(answer["code"])


def code_pasted(attempt: Attempt, text: str) -> str:
    """The code that a person copied: the code alone where Procore shows one, or the whole address they were sent to.

    A code alone has no state, so it is taken for the out-of-band question only. Raises as `code_from`."""
    text = text.strip()
    if "://" in text:
        return code_from(attempt, text)
    if attempt.redirect != OUT_OF_BAND:
        raise trouble(ProblemId.PRO_CONNECT, why="wrong-state")
    if not _CODE.fullmatch(text):
        raise trouble(ProblemId.PRO_CONNECT, why="no-code")
    return text


async def exchange(client: Client, app: ClientSecret, attempt: Attempt, code: str) -> Tokens:
    """The code for tokens, once: it is void as soon as it is sent.

    Raises Trouble(PRO-CONNECT, why=lost-code or code-refused), Trouble(PRO-LOGIN, why) where the app itself is refused,
    NotSent, SlowDown."""
    asked = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.reveal(),
        "code": code,
        "redirect_uri": attempt.redirect,
    }
    try:
        return await ask(client, asked)
    except (AnswerLost, NotReadable):
        raise trouble(ProblemId.PRO_CONNECT, why="lost-code") from None
    except Trouble as refused:
        if refused.problem.facts.get("why") == "invalid_grant":
            raise trouble(ProblemId.PRO_CONNECT, why="code-refused") from None
        raise
