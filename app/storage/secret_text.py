"""A secret in memory: shown to nobody by accident, given out by one word only."""

import weakref
from typing import Never, final

_LIVE: weakref.WeakSet["SecretText"] = weakref.WeakSet()
SHORTEST = 6  # characters; anything shorter would be found in every other word of a log
MASK = "••••"


@final
class SecretText:
    """A password, key or token. `reveal` gives it out; everything else, printing above all, shows dots."""

    __slots__ = ("__weakref__", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        _LIVE.add(self)

    def reveal(self) -> str:
        """The secret itself, for the moment in which it is sent."""
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return f"SecretText({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("a secret is not written anywhere")

    __copy__ = __deepcopy__ = __reduce_ex__


def live() -> list[str]:
    """The secrets now in memory that are long enough to be looked for: what the log must not contain."""
    return [text for secret in tuple(_LIVE) if len(text := secret.reveal()) >= SHORTEST]
