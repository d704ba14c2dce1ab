"""The training Procore: its ERP tool's pages, OAuth, REST and the plain client's routes, as one application."""

from starlette.applications import Starlette

from app.training import admin, procore_oauth, procore_rest, procore_training, server
from app.training.answers import BadBody, bad_body
from app.training.pages import doors
from app.training.pages import procore as procore_pages
from app.training.stage import Stage


def procore_app(stage: Stage) -> Starlette:
    """The application; handlers find the stage at `request.app.state.stage`."""
    routes = [
        *procore_training.routes(),
        *procore_oauth.routes(),
        *procore_rest.routes(),
        *procore_pages.routes(),
        *doors.routes("procore"),
        *admin.routes(),
        server.route(),
    ]
    app = Starlette(routes=routes, exception_handlers={BadBody: bad_body})
    app.state.stage = stage
    return app
