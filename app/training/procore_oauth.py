"""The training Procore's OAuth 2.0: authorize, token, info and revoke. [C] procore-wire.md, "OAuth 2.0"."""

import re
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.training import answers
from app.training.grants import Refused, Token
from app.training.pages import procore_authorize
from app.training.stage import Stage, stage_of

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
# `http://localhost` is registered by default; whether a port is accepted is disputed [?]: here it is.
_REDIRECT = re.compile(r"http://localhost(?::\d{1,5})?(?:/[\w./-]*)?")


def routes() -> list[BaseRoute]:
    """The four paths of OAuth, and the sign-in on the way."""
    return [
        Route("/oauth/authorize", authorize, methods=["GET", "POST"]),
        Route("/oauth/token", token, methods=["POST"]),
        Route("/oauth/token/info", info, methods=["GET"]),
        Route("/oauth/revoke", revoke, methods=["POST"]),
        *procore_authorize.routes(),
    ]


async def authorize(request: Request) -> Response:
    """GET asks a person who is signed in; POST is their answer: a code, by redirect or shown for copy and paste."""
    stage = stage_of(request)
    asked = await _fields(request) if request.method == "POST" else dict(request.query_params)
    redirect_uri = asked.get("redirect_uri", "")
    known = redirect_uri == OUT_OF_BAND or _REDIRECT.fullmatch(redirect_uri) is not None
    if asked.get("client_id") != stage.papers.client_id or asked.get("response_type") != "code" or not known:
        return answers.json({"error": "invalid_request", "error_description": "client or redirect"}, 400)
    user = stage.procore_sessions.user(request)
    if user is None:
        return procore_authorize.to_sign_in(asked)
    if request.method != "POST":
        return procore_authorize.question(stage, asked, user)
    told = {"state": asked.get("state", "")}
    if asked.get("answer") != "allow":
        refusal = {"error": "access_denied", "error_description": "The resource owner denied the request."}
        return _back(redirect_uri, {**refusal, **told})
    code = stage.grants.give_code(user, redirect_uri)
    if redirect_uri == OUT_OF_BAND:
        return procore_authorize.shown_code(stage, code)
    return _back(redirect_uri, {"code": code, **told})


def _back(redirect_uri: str, told: dict[str, str]) -> Response:
    if redirect_uri == OUT_OF_BAND:
        return answers.json({"error": told["error"]}, 401)
    return RedirectResponse(f"{redirect_uri}?{urlencode(told)}", 302)


async def token(request: Request) -> Response:
    """A grant for tokens; takes JSON and forms."""
    stage = stage_of(request)
    try:
        return answers.json(stage.grants.grant(await _fields(request)))
    except Refused as refused:
        status = 401 if refused.error == "invalid_client" else 400
        text = "The provided authorization grant is invalid, expired, revoked or unknown."
        return answers.json({"error": refused.error, "error_description": text}, status)


async def info(request: Request) -> Response:
    """What the bearer's token is."""
    stage = stage_of(request)
    found = bearer(stage, request)
    if found is None:
        return answers.json({"error": "invalid_token"}, 401)
    return answers.json(
        {
            "resource_owner_id": 562_949_953_000_777,
            "scopes": ["public"],
            "expires_in_seconds": stage.grants.left(found),
            "application": {"uid": stage.papers.client_id},
            "created_at": found.created,
        }
    )


async def revoke(request: Request) -> Response:
    """Makes an access token and its refresh token void."""
    stage = stage_of(request)
    asked = await _fields(request)
    try:
        stage.grants.check_client(asked.get("client_id", ""), asked.get("client_secret", ""))
    except Refused as refused:
        return answers.json({"error": refused.error}, 403)
    stage.grants.revoke(asked.get("token", ""))
    return answers.json({})


def bearer(stage: Stage, request: Request) -> Token | None:
    """The grant of the request's bearer token, if it stands."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return stage.grants.token(value) if scheme.lower() == "bearer" else None


async def _fields(request: Request) -> dict[str, str]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        return msgspec.json.decode(body, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
