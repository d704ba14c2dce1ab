"""What goes into the frozen program beside its code, and what its libraries bring that is left out, with the reason."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

# Found by name only while the program runs
HIDDEN = [
    "anyio._backends._asyncio",
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "app.ui.paper",
]

# Imported by a library only where somebody uses what the program does not use
EXCLUDED = [
    "tkinter", "unittest", "pydoc", "doctest", "test", "lib2to3", "ensurepip", "distutils", "setuptools", "pip",
    "pytest", "_pytest", "hypothesis", "numpy", "pandas", "pyarrow", "polars", "IPython", "matplotlib", "PIL", "lxml",
    "fsspec", "trio", "uvloop", "watchfiles", "websockets", "wsproto", "httptools", "h2", "socksio",
    "brotli", "zstandard", "playwright.sync_api", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL",
    "PySide6.QtPrintSupport",
]  # fmt: skip

# Places in the frozen folder that are left out, and why. A pattern is held against the whole path, with "/".
LEFT_OUT: dict[str, str] = {
    r"PySide6/(Qt/)?qml/.*": "QML is not used",
    r"PySide6/(Qt/)?plugins/(?!platforms/|styles/|iconengines/|imageformats/|platformthemes/"
    r"|platforminputcontexts/|xcbglintegrations/|wayland-).*": "plugins of parts that are not used",
    r"PySide6/(Qt/)?plugins/platforms/(lib)?q(eglfs|linuxfb|minimal|vnc|vkkhr|direct2d).*": "no such screen",
    r"PySide6/(Qt/)?plugins/imageformats/(lib)?q(?!svg|ico|icns).*": "pictures are SVG",
    r"PySide6/(Qt/)?plugins/platforminputcontexts/.*virtualkeyboard.*": "its keyboard needs QML",
    r"PySide6/(Qt/)?plugins/xcbglintegrations/.*": "nothing is drawn with OpenGL",
    r"PySide6/(Qt/)?plugins/wayland-graphics-integration-.*": "nothing is drawn with OpenGL",
    r"PySide6/(Qt/)?plugins/platformthemes/.*gtk3.*": "would bring all of GTK",
    r".*opengl32sw\.dll": "OpenGL in software: nothing is drawn with OpenGL",
    r".*(Qt6|libQt6)(Qml|Quick|VirtualKeyboard|Pdf|EglF|OpenGLWidgets|WlShell)[^/]*": "QML and others are not used",
    r"PySide6/(Qt/)?translations/(?!qtbase_fr\.qm).*": "languages that the program does not speak",
    r"PySide6/.*\.pyi": "for developers",
    r"babel/locale-data/(?!en|fr|root).*": "countries where neither English nor French is spoken",
    r"playwright/driver/package/lib/vite/.*": "viewers of the browser driver's own records",
    r"playwright/driver/package/(types/.*|.*\.d\.ts|.*\.md|bin/.*|.*\.map)": "for developers",
    r"(?!pyinstaller).*/(tests?|testing)/.*\.py": "tests of libraries",
    r"(altgraph|pyinstaller|pyinstaller_hooks_contrib|setuptools|pip)-.*\.dist-info/.*": "the tools that froze it",
    r"PySide6/(Qt/)?plugins/wayland-shell-integration/lib(ivi|qt|wl|fullscreen).*": "shells that no desktop uses",
}
_LEFT_OUT = [re.compile(pattern) for pattern in LEFT_OUT]

Entry = tuple[str, str, str]


def is_kept(place: str) -> bool:
    """Whether a file belongs into the folder, by its place in there."""
    path = place.replace("\\", "/")
    return not any(pattern.fullmatch(path) for pattern in _LEFT_OUT)


# The system's own libraries are the system's to mend when a hole is found in one: the .deb depends on their packages
# instead. Everything that lies right in there is one, but Python itself and its own modules.
_OF_LINUX = re.compile(r"(/usr)?/lib(64)?/[^/]+-linux-gnu/(?!libpython)[^/]+")


def is_of_linux(source: str) -> bool:
    """Whether a library that PyInstaller found is one of the Linux system's own."""
    return sys.platform == "linux" and _OF_LINUX.fullmatch(source) is not None


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of one of PyInstaller's lists (place, source, kind) that belong into the folder, in order."""
    return sorted(entry for entry in entries if is_kept(entry[0]) and not is_of_linux(entry[1]))


def resources(root: Path) -> list[tuple[str, str]]:
    """Our own files that are not code: (source, folder in the frozen program). Catalogues only as the program reads
    them; README's pictures are for README."""
    found = []
    for path in sorted((root / "resources").rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and path.suffix != ".po" and "pictures" not in inside.parts:
            found.append((str(path), inside.parent.as_posix()))
    return [*found, (str(root / "packaging" / "installers" / "REPLACE-QT.txt"), "licences")]


def licences(made: Path) -> list[tuple[str, str]]:
    """The texts of all parts, as they were gathered for this build: (source, folder in the frozen program)."""
    return [
        (str(path), path.relative_to(made).parent.as_posix())
        for path in sorted((made / "licences").rglob("*"))
        if path.is_file()
    ]
