"""The training hh2: its pages, its documented web services and the plain client's routes, as one application."""

from starlette.applications import Starlette

from app.training import admin, hh2_services, hh2_training, server
from app.training.answers import BadBody, bad_body
from app.training.pages import doors
from app.training.pages import hh2 as hh2_pages
from app.training.stage import Stage


def hh2_app(stage: Stage) -> Starlette:
    """The application; handlers find the stage at `request.app.state.stage`."""
    routes = [
        *hh2_training.routes(),
        *hh2_services.routes(),
        *hh2_pages.routes(),
        *doors.routes("hh2"),
        *admin.routes(),
        server.route(),
    ]
    app = Starlette(routes=routes, exception_handlers={BadBody: bad_body})
    app.state.stage = stage
    return app
