"""Another host's pages, on a loopback address of their own: the company's own sign-in, and a look-alike of a site's.

Both tell their server of every letter that is typed into them, so that it can be seen that none was."""

import secrets

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.training import calls
from app.training.pages import controls, fields, markup
from app.training.pages.doors import CLOSE, TICKET, plain
from app.training.pages.wording import HH2, PROCORE
from app.training.stage import Stage, stage_of

TYPED = "elsewhere.typed"
SENT = "elsewhere.sent"
calls.register("elsewhere", "POST", "/typed", TYPED)
calls.register("elsewhere", "POST", "/sign-in", SENT)
calls.register("elsewhere", "POST", "/look-alike", SENT)
_TELLS = "addEventListener('input', () => navigator.sendBeacon('/typed'));"
_TITLE = {
    "en": "Training Construction: company sign-in",
    "fr": "Construction École : connexion de l'entreprise",
}


def elsewhere_app(stage: Stage) -> Starlette:
    """The application; handlers find the stage at `request.app.state.stage`."""
    app = Starlette(
        routes=[
            Route("/sign-in", sign_in_page, methods=["GET"]),
            Route("/sign-in", sign_in, methods=["POST"]),
            Route("/look-alike", look_alike, methods=["GET"]),
            Route("/look-alike", caught, methods=["POST"]),
            Route("/typed", typed, methods=["POST"]),
        ]
    )
    app.state.stage = stage
    return app


def _site(request: Request) -> str:
    return "hh2" if request.query_params.get("for") == "hh2" else "procore"


def _form(request: Request, title: str, action: str) -> Response:
    site = _site(request)
    look = plain(stage_of(request))
    words = (HH2 if site == "hh2" else PROCORE)[look.language]
    form = markup.tag(
        "form",
        fields.field(look, words["user"], "user", hint="username"),
        fields.field(look, words["password"], "password", kind="password", hint="current-password"),
        controls.button(look, words["log-in"]),
        method="post",
        action=f"{action}?for={site}",
    )
    head = markup.tag(
        "header", markup.text("h1", title), markup.text("span", words["training"], class_="training")
    )
    body = markup.tag("main", markup.text("h2", words["log-in"]), form)
    return HTMLResponse(markup.page(look, title, head, body, code=_TELLS), headers=CLOSE)


async def sign_in_page(request: Request) -> Response:
    """The company's own sign-in."""
    return _form(request, _TITLE[plain(stage_of(request)).language], "/sign-in")


async def sign_in(request: Request) -> Response:
    """The person signed in there, whatever they typed: back to the site, with a ticket that is good once."""
    stage = stage_of(request)
    ticket = secrets.token_urlsafe(16)
    stage.tickets.add(ticket)
    return RedirectResponse(f"{stage.addresses[_site(request)]}{TICKET}?ticket={ticket}", 303, headers=CLOSE)


async def look_alike(request: Request) -> Response:
    """It looks like the site's own form, down to the title."""
    words = HH2 if _site(request) == "hh2" else PROCORE
    return _form(request, words[plain(stage_of(request)).language]["title"], "/look-alike")


async def caught(_request: Request) -> Response:
    """Somebody fell for it; what they sent is looked at by nobody."""
    return HTMLResponse("<!DOCTYPE html><title>503</title><h1>503</h1>", 503, headers=CLOSE)


async def typed(_request: Request) -> Response:
    """A letter was typed; the log of requests keeps that, and not which."""
    return Response(status_code=204, headers=CLOSE)
