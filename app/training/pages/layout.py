"""How a page is put together: head and navigation, the content in frames, in a shadow root, late, under a notice."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.training.pages import dress
from app.training.pages.doors import CLOSE
from app.training.pages.markup import page, part, tag, text
from app.training.pages.skins import Skin
from app.training.pages.wording import Words

# Which document of a page in frames is asked for: the outermost by nothing, those within by these.
PART = "part"
_MIDDLE, CONTENT = "middle", "content"
_WITHIN = {"none": "", "inner": CONTENT, "nested": _MIDDLE}
NOTICE_COOKIE = "training_notice"
# However fast or slow a scenario is told, content that comes late is there within these milliseconds.
_LATE_MS = (120.0, 600.0)


class Site(msgspec.Struct, frozen=True):
    """What the layout is told of a site: its skin and words, where a press goes that must not be made, and after how
    many milliseconds content that comes late is there (0: at once)."""

    look: Skin
    words: Words
    never: str
    late: int


def site_in(look: Skin, words: Words, never: str, pace: float) -> Site:
    """A site in a skin."""
    return Site(look, words, never, int(sorted((*_LATE_MS, 400 * pace))[1]) if look.late else 0)


Link = tuple[str, str, int | None]


def navigation(site: Site, heading: str, id_: str, links: Sequence[Link], *, inside: bool = False) -> str:
    """The navigation with its links (address, name, count); folded away where the window is narrow.

    `inside`: the page itself shows it, to who is signed in."""
    look = site.look
    items = [
        tag("li", tag("a", dress.led(look, shown, count), href=target)) for target, shown, count in links
    ]
    title = tag("h2", dress.plain(look, heading), id=id_)
    if not look.narrow:
        return tag("nav", title, tag("ul", *items), aria_labelledby=id_, data_signed_in=inside, hidden=inside)
    folded = tag("nav", title, tag("ul", *items), aria_labelledby=id_, id="navigation", hidden=True)
    opener = tag(
        "button",
        text("span", "☰ ", aria_hidden="true"),
        dress.plain(look, site.words["menu"]),
        type="button",
        aria_expanded="false",
        aria_controls="navigation",
        data_toggle="navigation",
    )
    return tag("div", opener, folded, class_="folded", data_signed_in=inside, hidden=inside)


def part_of(request: Request, look: Skin) -> str:
    """Which document of the page is asked for: "" the outermost, "middle", "content"; "" without frames."""
    asked = request.query_params.get(PART, "")
    return asked if look.frame != "none" and asked in (_MIDDLE, CONTENT) else ""


def holds_content(request: Request, look: Skin) -> bool:
    """True for the document in which the content stands."""
    return look.frame == "none" or part_of(request, look) == CONTENT


def document(
    site: Site, request: Request, head: Sequence[str], content: Sequence[str], *, script: str, data: str = ""
) -> HTMLResponse:
    """The document that was asked for. `head` is the page's head and its navigation, in the outermost document alone;
    `content` is the page's own; `script` is the site's, for where the content stands."""
    look, asked = site.look, part_of(request, site.look)
    title = site.words["title"]
    code = part("skin.js")
    if holds_content(request, look):
        inner = _mounted(site, content)
        code += part(script)
    else:
        within = CONTENT if asked == _MIDDLE else _WITHIN[look.frame]
        query = "&".join(
            [*(f"{k}={v}" for k, v in request.query_params.items() if k != PART), f"{PART}={within}"]
        )
        inner = tag("main", tag("iframe", src=f"{request.url.path}?{query}", title=title))
    if asked:
        return HTMLResponse(page(look, title, inner, data, code=code), headers=CLOSE)
    header, nav = head
    over = _notice(site, request)
    body = (header, tag("div", nav, inner, class_="columns"), over)
    return HTMLResponse(page(look, title, *body, data, code=code), headers=CLOSE)


def _mounted(site: Site, content: Sequence[str]) -> str:
    """The content where it belongs; what comes late lies in a template first, and placeholders in its place."""
    style = tag("style", part("page.css")) if site.look.shadow else ""
    dressed = "upper" if site.look.upper else None
    whole = tag("div", *content, class_=dressed) if style and dressed else "".join(content)
    shadow = site.look.shadow
    if site.late:
        waits = tag("div", "", class_="placeholder", aria_busy="true") * 3
        kept = tag("template", style, whole, id="content")
        return tag("main", waits, data_content=True, data_late=str(site.late), data_shadow=shadow) + kept
    if shadow:
        return tag("main", tag("template", style, whole, shadowrootmode="open"), data_content=True)
    return tag("main", whole, data_content=True)


def _notice(site: Site, request: Request) -> str:
    """What lies over the page until it is closed."""
    kind, words = site.look.notice, site.words
    if kind == "none" or NOTICE_COOKIE in request.cookies:
        return ""
    closes = text("button", words[f"{kind}-close"], type="button", data_closes=True)
    accepts = text(
        "button", words["cookies-accept"], type="button", data_never=f"{site.never}/accept-cookies"
    )
    box = tag(
        "div",
        text("h2", words[kind], id="notice-title"),
        text("p", words[f"{kind}-told"]),
        accepts if kind == "cookies" else "",
        closes,
        role="dialog",
        aria_modal="true",
        aria_labelledby="notice-title",
    )
    return tag("div", box, class_="over", id="notice")


def header(site: Site, *more: str) -> str:
    """The head of a page: the site's name, that it is for training, and what belongs to who is signed in."""
    words = site.words
    return tag(
        "header", text("h1", words["title"]), text("span", words["training"], class_="training"), *more
    )
