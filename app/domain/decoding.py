"""What decoding may raise where bytes are not what they should be, and TOML that cannot take all of the memory."""

import re
import tomllib
from typing import Any

import msgspec

# Bytes that are no UTF-8, and lists within lists without end, are not msgspec's own errors.
BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_PARTS = 64  # of a dotted key; the parser's work and memory grow with the square of them
_LONG_KEY = re.compile(rf"""(?<![\w-])(?:(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)[ \t]*+\.[ \t]*+){{{_PARTS}}}""")


def toml(text: str) -> dict[str, Any]:
    """The values of a TOML text. Raises TOMLDecodeError, which is a ValueError, also for what is nested without end."""
    found = _LONG_KEY.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise tomllib.TOMLDecodeError(f"A key of too many parts (at line {line}, column 1)")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("Lists within lists without end (at end of document)") from None
