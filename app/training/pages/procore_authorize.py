"""The training Procore's authorize pages: sign in where nobody is, allow the app or not, and the code to copy.

That there is one page with an answer yes and an answer no is inferred [I]; its words are the training company's."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.training.pages import markup
from app.training.pages.doors import CLOSE
from app.training.pages.hh2 import look_of
from app.training.pages.wording import procore_words
from app.training.stage import Stage, stage_of

SIGN_IN = "/training/oauth/sign-in"
_ASKED = ("response_type", "client_id", "redirect_uri", "state")
_WORDS = {
    "en": {
        "asks": "On-Demand Sync asks to read your company's data in your name.",
        "allow": "Allow",
        "deny": "Do not allow",
        "code": "Copy this code into the program that asked for it:",
    },
    "fr": {
        "asks": "On-Demand Sync demande à lire les données de votre entreprise en votre nom.",
        "allow": "Autoriser",
        "deny": "Ne pas autoriser",
        "code": "Copiez ce code dans le programme qui l'a demandé :",
    },
}


def routes() -> list[BaseRoute]:
    """The sign-in on the way to the authorize page."""
    return [
        Route(SIGN_IN, sign_in_page, methods=["GET"]),
        Route(SIGN_IN, sign_in, methods=["POST"]),
    ]


def to_sign_in(asked: Mapping[str, str]) -> Response:
    """Nobody is signed in: they sign in first, and come back with the same question."""
    return RedirectResponse(f"{SIGN_IN}?{_query(asked)}", 302, headers=CLOSE)


async def sign_in_page(request: Request) -> Response:
    """The form."""
    return _sign_in_form(stage_of(request), request.query_params, "")


async def sign_in(request: Request) -> Response:
    """What the form sends: on with the question, or the form again."""
    stage = stage_of(request)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if not stage.procore_accepts(form.get("user", ""), form.get("password", "")):
        return _sign_in_form(stage, request.query_params, procore_words(look_of(stage))["refused"])
    response = RedirectResponse(f"/oauth/authorize?{_query(request.query_params)}", 303, headers=CLOSE)
    stage.procore_sessions.open(stage.papers.procore_user, response)
    return response


def _sign_in_form(stage: Stage, asked: Mapping[str, str], error: str) -> Response:
    words = procore_words(look_of(stage))
    fields = [
        _field("user", words["user"], "text", "username"),
        _field("password", words["password"], "password", "current-password"),
    ]
    form = markup.tag(
        "form",
        markup.text("div", error, role="alert", class_="error") if error else "",
        *fields,
        markup.text("button", words["log-in"], type="submit"),
        method="post",
        action=f"{SIGN_IN}?{_query(asked)}",
    )
    return _page(stage, markup.text("h2", words["log-in"]), form)


def question(stage: Stage, asked: Mapping[str, str], user: str) -> Response:
    """Does the person allow the app to act in their name?"""
    words = _WORDS[look_of(stage).language]
    hidden = [
        f"<input{markup.attributes(type='hidden', name=name, value=asked.get(name, ''))}>" for name in _ASKED
    ]
    answers = [
        markup.text("button", words[answer], type="submit", name="answer", value=answer)
        for answer in ("allow", "deny")
    ]
    form = markup.tag("form", *hidden, *answers, method="post", action="/oauth/authorize")
    return _page(stage, markup.text("p", user), markup.text("p", words["asks"]), form)


def shown_code(stage: Stage, code: str) -> Response:
    """The code, for copy and paste. [C] procore-wire.md, "OAuth 2.0": the redirect `urn:ietf:wg:oauth:2.0:oob`."""
    words = _WORDS[look_of(stage).language]
    return _page(stage, markup.text("p", words["code"]), markup.text("code", code))


def _field(name: str, label: str, kind: str, hint: str) -> str:
    field = f"<input{markup.attributes(id=name, name=name, type=kind, autocomplete=hint)}>"
    return markup.tag("p", markup.text("label", label, for_=name), " ", field)


def _page(stage: Stage, *content: str) -> Response:
    look = look_of(stage)
    words = procore_words(look)
    head = markup.tag(
        "header", markup.text("h1", words["title"]), markup.text("span", words["training"], class_="training")
    )
    return HTMLResponse(markup.page(look, words["title"], head, markup.tag("main", *content)), headers=CLOSE)


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({name: asked[name] for name in _ASKED if name in asked})
