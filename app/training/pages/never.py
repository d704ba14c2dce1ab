"""Presses that this program must not make, on what only some skins show: nothing happens, the press log keeps them."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.domain.tabs import Tab
from app.training import calls
from app.training.pages.doors import CLOSE
from app.training.stage import stage_of

NEVER = "/training/never"
# A button of the same name in another section, one that nobody sees, the other item of a menu, agreeing to cookies.
_KINDS = frozenset({"same-name", "hidden-twin", "archive", "accept-cookies"})

for _site in ("hh2", "procore"):
    calls.register(_site, "POST", f"{NEVER}/*", f"{_site}.never")


def routes(site: str) -> list[BaseRoute]:
    """The route of one site, "hh2" or "procore"."""
    return [Route(NEVER + "/{control}", partial(noted, site=site), methods=["POST"])]


async def noted(request: Request, site: str) -> Response:
    """One such press; `tab` in the query is the tab it was made in."""
    stage, control = stage_of(request), request.path_params["control"]
    named = request.query_params.get("tab", "")
    tab = Tab(named) if named in {one.value for one in Tab} else None
    if control not in _KINDS:
        return Response(status_code=404, headers=CLOSE)
    who = stage.sessions(site).user(request) or ""
    stage.world.note_forbidden(control, who, tab, site=site)
    return Response(status_code=204, headers=CLOSE)
