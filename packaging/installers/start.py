"""Where the frozen program begins: what its loader bent for itself is put right before anything is started from it."""

import os
import sys
from collections.abc import MutableMapping

# The loader's own: it finds the libraries beside the program by the first, Qt's plugins by the others.
BENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
QT = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


def straighten(environ: MutableMapping[str, str], own: str) -> None:
    """Give back what stood in the environment before the loader, so that a browser that we start finds its own
    libraries and no plugin of ours. What this process needed of it is read already."""
    for name in BENT:
        before = environ.pop(name + "_ORIG", None)
        if before is not None:
            environ[name] = before
        elif own in environ.get(name, ""):
            del environ[name]
    for name in QT:
        if own in environ.get(name, ""):
            del environ[name]


def say_somewhere() -> None:
    """A program without a console has no streams at all on Windows, and a library that writes to one would fail."""
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # as long as the program runs
    sys.stdout = sys.stdout or nowhere
    sys.stderr = sys.stderr or nowhere


def main() -> int:
    """The program, frozen."""
    straighten(os.environ, str(getattr(sys, "_MEIPASS", "")))
    say_somewhere()
    from app.__main__ import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
