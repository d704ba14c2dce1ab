"""What a training site asks after the password or instead of it, so that only a person can go on."""

from functools import partial
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.training import calls
from app.training.pages import controls, fields, markup
from app.training.pages.skins import PLAIN, Skin, skin
from app.training.stage import Stage, same, stage_of
from app.training.troubles import PageTrait

CHALLENGE = "/training/challenge"
TICKET = "/training/single-sign-on"
# A browser sends a request again by itself when a kept connection dies under it; so none is kept.
CLOSE = {"Connection": "close", "Cache-Control": "no-store"}
_AFTER_PASSWORD = (PageTrait.CODE, PageTrait.CAPTCHA)
_INSTEAD = {PageTrait.SINGLE_SIGN_ON: "/sign-in", PageTrait.LOOK_ALIKE: "/look-alike"}

for _site in ("hh2", "procore"):
    calls.register(_site, "GET", CHALLENGE, f"{_site}.challenge")
    calls.register(_site, "POST", CHALLENGE, f"{_site}.challenge.answer")
    calls.register(_site, "GET", TICKET, f"{_site}.ticket")

WORDS = {
    "en": {
        "code": "Verification code", "told": "TRAINING: the code is {code}.", "go-on": "Continue",
        "wrong": "The code is not right.", "human": "Please confirm that you are human.",
        "i-am": "I am a person", "code-title": "Two-factor sign-in", "captcha-title": "One more step",
    },
    "fr": {
        "code": "Code de vérification", "told": "EXERCICE : le code est {code}.", "go-on": "Continuer",
        "wrong": "Le code n'est pas le bon.", "human": "Confirmez que vous êtes humain.",
        "i-am": "Je suis une personne", "code-title": "Connexion à deux facteurs", "captcha-title": "Encore une étape",
    },
}  # fmt: skip


def routes(site: str) -> list[BaseRoute]:
    """The routes of one site, "hh2" or "procore"."""
    return [
        Route(CHALLENGE, challenge, methods=["GET"]),
        Route(CHALLENGE, partial(answer, site=site), methods=["POST"]),
        Route(TICKET, partial(ticket, site=site), methods=["GET"]),
    ]


def asked_after_password(stage: Stage, site: str) -> bool:
    """True where the right password alone does not sign in: the next page is `CHALLENGE`."""
    return any(stage.trouble.shows(trait, site) for trait in _AFTER_PASSWORD)


def away(request: Request, site: str) -> Response | None:
    """The way to another host, for somebody who is not signed in; None where the site has a form of its own."""
    stage = stage_of(request)
    path = next((path for trait, path in _INSTEAD.items() if stage.trouble.shows(trait, site)), None)
    if path is None or stage.sessions(site).user(request) is not None:
        return None
    return RedirectResponse(f"{stage.addresses['elsewhere']}{path}?for={site}", 302, headers=CLOSE)


def plain(stage: Stage) -> Skin:
    """These pages are no site's own, and always plain; in the stage's language."""
    return skin(PLAIN, stage.skin.language)


async def challenge(request: Request) -> Response:
    """The page that asks for the code, or for a sign that a person is there."""
    return _page(stage_of(request), "")


def _page(stage: Stage, error: str) -> Response:
    look = plain(stage)
    words = WORDS[look.language]
    is_code = stage.trouble.trait is PageTrait.CODE
    title = words["code-title" if is_code else "captcha-title"]
    if is_code:
        asked = fields.field(look, words["code"], "code")
        told = markup.text("p", words["told"].format(code=stage.one_time_code))
    else:
        asked = markup.tag(
            "label", "<input type=checkbox name=human value=yes> ", markup.text("span", words["i-am"])
        )
        told = markup.text("p", words["human"])
    form = markup.tag(
        "form",
        markup.text("div", error, role="alert", class_="error") if error else "",
        told,
        asked,
        controls.button(look, words["go-on"]),
        method="post",
        action=CHALLENGE,
    )
    body = markup.tag("main", markup.text("h2", title), form)
    return HTMLResponse(markup.page(look, title, body), headers=CLOSE)


async def answer(request: Request, site: str) -> Response:
    """What the person sent: with the right code, or the sign, they are signed in."""
    stage = stage_of(request)
    user = stage.pending.user(request)
    if user is None:
        return RedirectResponse("/", 303, headers=CLOSE)
    sent = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if stage.trouble.trait is PageTrait.CODE:
        right = same(sent.get("code", "").replace(" ", ""), stage.one_time_code)
    else:
        right = sent.get("human") == "yes"
    if not right:
        return _page(stage, WORDS[plain(stage).language]["wrong"])
    stage.pending.end(request)
    response = RedirectResponse("/", 303, headers=CLOSE)
    stage.sessions(site).open(user, response)
    return response


async def ticket(request: Request, site: str) -> Response:
    """The person comes back from the company's own sign-in."""
    stage = stage_of(request)
    response = RedirectResponse("/", 303, headers=CLOSE)
    given = request.query_params.get("ticket", "")
    if given in stage.tickets:
        stage.tickets.discard(given)
        user = stage.papers.hh2_user if site == "hh2" else stage.papers.procore_user
        stage.sessions(site).open(user, response)
    return response
