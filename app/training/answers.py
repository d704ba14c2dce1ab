"""How the training sites write and read bodies: JSON with exact decimals, and bodies checked at the door."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The value as JSON; decimals as numbers, with every digit."""
    return Response(_ENCODER.encode(value), status, headers, media_type="application/json")


async def body(request: Request, wanted: type[T]) -> T:
    """The request's JSON as `wanted`; raises BadBody."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadBody("the body is not JSON")
    try:
        return msgspec.json.decode(await request.body(), type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadBody("the body is not what was expected") from wrong


class BadBody(Exception):
    """The request says nothing that we understand: 400."""


async def bad_body(_request: Request, wrong: Exception) -> Response:
    """The answer to BadBody."""
    return json({"Errors": [str(wrong)]}, 400)
