"""What Qt's Python binding does to every import is switched off: it costs a sixth of the time that our imports take.

PySide puts a function of its own in the place of Python's import, for the sake of `from __feature__ import …`, which
nobody here uses. After each import, in whatever thread, it reads the module's source again and searches it."""

import builtins

import PySide6.QtCore  # noqa: F401  # it is this import that changes the others


def import_plainly() -> None:
    """Put back what stood there before; nothing is done where the binding left no trace of it."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


import_plainly()
