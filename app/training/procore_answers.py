"""How the training Procore answers a read: who may ask, limits, pages, and the four shapes of an error."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.training import answers
from app.training.procore_oauth import bearer
from app.training.stage import Stage, stage_of
from app.training.world import World

# The records of a list, and how one of them is written.
Rows = tuple[Sequence[Any], Callable[[World, Any], object]]
Give = Callable[[Request, World], Rows]


class Wrong(Exception):
    """The request is answered with an error: `body` is one of the four shapes. [C] "REST habits"."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def not_found(source: str) -> Wrong:
    """What is not there, or may not be read: both are 404. [C]"""
    detail = {"code": "NOT_FOUND", "message": "was not found", "source": source}
    return Wrong(404, {"error": {"code": "NOT_FOUND", "message": "Resource not found", "details": [detail]}})


def _guarded(
    answer: Callable[[Request, Stage], Response], *, company: bool = True
) -> Callable[[Request], Any]:
    async def handler(request: Request) -> Response:
        stage = stage_of(request)
        allowed, headers = stage.limits.count()
        headers["x-request-id"] = str(uuid.uuid4())
        try:
            if not allowed:
                raise Wrong(429, {"message": "You have surpassed the max number of requests."})
            if bearer(stage, request) is None:
                raise Wrong(401, {"errors": "The access token is invalid or has expired"})
            if company and request.url.path not in ("/rest/v1.0/me", "/rest/v1.0/companies"):
                _check_company(request, stage)
            stage.world.settle()
            response = answer(request, stage)
        except Wrong as wrong:
            response = answers.json(wrong.body, wrong.status)
        response.headers.update(headers)
        return response

    return handler


def _check_company(request: Request, stage: Stage) -> None:
    named = request.headers.get("procore-company-id")
    if named is None:
        raise Wrong(400, {"errors": {"base": [], "fields": {"Procore-Company-Id": ["is required"]}}})
    asked = request.query_params.get("company_id", named)
    if named != str(stage.papers.company_id) or asked != named:
        raise Wrong(403, {"message": "You do not have permission to access this company"})


def single(give: Callable[[Request, Stage], object]) -> Callable[[Request], Any]:
    """The route of one record."""
    return _guarded(lambda request, stage: answers.json(give(request, stage)))


def paged(give: Give) -> Callable[[Request], Any]:
    """The route of a list: only the rows of the page that is asked for are made."""

    def answer(request: Request, stage: Stage) -> Response:
        rows, shape = give(request, stage.world)
        try:
            page = int(request.query_params.get("page", "1"))
            size = int(request.query_params.get("per_page", "100"))
        except ValueError:
            raise Wrong(400, {"errors": {"base": ["page is not a number"], "fields": {}}}) from None
        if page < 1 or not 1 <= size <= 1000:
            raise Wrong(400, {"errors": {"base": ["page is out of range"], "fields": {}}})
        last = max(1, -(-len(rows) // size))
        near = {"next": page + 1, "last": last} if page < last else {}
        near |= {"first": 1, "prev": page - 1} if page > 1 else {}
        links = [f'<{_address(request, number)}>; rel="{name}"' for name, number in near.items()]
        headers = {"Total": str(len(rows)), "Per-Page": str(size)}
        if links:
            headers["Link"] = ", ".join(links)
        wanted = rows[(page - 1) * size : page * size]
        return answers.json([shape(stage.world, one) for one in wanted], headers=headers)

    return _guarded(answer)


def _address(request: Request, page: int) -> str:
    query = {**request.query_params, "page": str(page)}
    return f"{request.url.scheme}://{request.headers['host']}{request.url.path}?{urlencode(query)}"
