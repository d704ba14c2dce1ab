"""The ways in which a secret may have been written somewhere, so that it is found there by its text."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, quote_plus

from app.storage.secret_text import SHORTEST

_HELD = frozenset({"access", "refresh", "value"})  # what tokens and cookies are called where they are kept


def all_spellings(secrets: Iterable[str]) -> list[str]:
    """Every spelling of these secrets, and of tokens and cookies inside them; none too short to look for."""
    written = {one for secret in secrets for piece in _parts_of(secret) for one in _spellings(piece)}
    return sorted(one for one in written if len(one) >= SHORTEST)


def _spellings(secret: str) -> set[str]:
    """The secret as it may have been written somewhere: plain, in an address, in JSON, in base64, in hex."""
    data = secret.encode("utf-8", "surrogatepass")
    packed = b64encode(data).decode()
    return {
        secret,
        quote(secret, safe="", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escape(secret),
        packed,
        packed.rstrip("=")[:-1],
        urlsafe_b64encode(data).decode().rstrip("=")[:-1],
        data.hex(),
        "\0".join(secret),  # UTF-16 that was taken for text
    }


def _parts_of(secret: str) -> set[str]:
    """The secret, and where it is a bundle of tokens or cookies each of those too."""
    try:
        inside = json.loads(secret)
    except (ValueError, RecursionError):
        return {secret}
    return {secret, *_values(inside)}


def _values(inside: object, name: str = "") -> Iterator[str]:
    if isinstance(inside, dict):
        for key, value in inside.items():
            yield from _values(value, str(key))
    elif isinstance(inside, list):
        for value in inside:
            yield from _values(value, name)
    elif isinstance(inside, str) and name in _HELD and len(inside) >= SHORTEST:
        yield inside
