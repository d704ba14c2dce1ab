"""What the command line is given by `app.__main__`, so that it needs to know no other room."""

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.faces import Practice, Workplace


@dataclass(frozen=True)
class Rooms:
    """`serve_training` serves until it is ended and returns an exit code; `list_training` gives scenarios and skins as
    plain JSON values; `window` runs the window (on a training company, or on a profile) and returns an exit
    code, and `in_the_tray` the same without showing it at first; `language` gives the one that a person chose, "" for
    the system's."""

    workplace: Callable[[], Workplace]
    serve_training: Callable[[Practice, bool], int]
    list_training: Callable[[], dict[str, object]]
    window: Callable[[Practice | None, str], int]
    language: Callable[[], str] = lambda: ""
    in_the_tray: Callable[[Practice | None, str], int] = lambda _practice, _profile: 0
