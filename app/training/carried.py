"""Which of the training company's secrets a request carried, by name: so that a test can see where each one went."""

from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from starlette.types import Message, Receive, Scope

_MOST = 1_000_000  # bytes of a body that are looked at


class Read:
    """What a server reads of a request, kept while it is answered. Hand `receive` on in place of the server's own."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._body = bytearray()

    async def receive(self) -> Message:
        """The server's own, looked at."""
        message = await self._receive()
        if len(self._body) < _MOST:
            self._body += message.get("body", b"")
        return message

    def names(self, secrets: Mapping[str, str]) -> tuple[str, ...]:
        """The names of those of `secrets` (text by name) that stand anywhere in the request, sorted."""
        scope = self._scope
        lines = [scope["path"].encode(), scope["query_string"], *(value for _, value in scope["headers"])]
        lines += [_opened(value) for key, value in scope["headers"] if key == b"authorization"]
        sent = b"\n".join([*lines, bytes(self._body)])
        texts = (sent, unquote_to_bytes(sent))
        return tuple(
            sorted(name for name, text in secrets.items() if any(text.encode() in one for one in texts))
        )


def _opened(header: bytes) -> bytes:
    """The user name and password of HTTP's Basic."""
    kind, _, value = header.partition(b" ")
    if kind.lower() == b"basic":
        with suppress(ValueError):
            return b64decode(value)
    return b""
