"""Policies of a company that forbid driving a browser, read before one is started.

`RemoteDebuggingAllowed` false keeps a browser from being driven. [C] the browsers' own lists of policies.
On Linux they lie in folders of JSON, where of several files the last in the order of names counts [I]; on Windows in
the registry, of the machine before those of the person (never tried on Windows). On macOS they are not checked."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from app.domain.decoding import BROKEN

POLICY = "RemoteDebuggingAllowed"
_LINUX: dict[str, tuple[str, ...]] = {
    "Microsoft Edge": ("/etc/opt/edge/policies/managed",),
    "Google Chrome": ("/etc/opt/chrome/policies/managed",),
    "Chromium": ("/etc/chromium/policies/managed", "/etc/chromium-browser/policies/managed"),
}
_WINDOWS = {
    "Microsoft Edge": r"SOFTWARE\Policies\Microsoft\Edge",
    "Google Chrome": r"SOFTWARE\Policies\Google\Chrome",
    "Chromium": r"SOFTWARE\Policies\Chromium",
}


def forbids_driving(
    browser: str, platform: str = sys.platform, folders: Mapping[str, tuple[str, ...]] = _LINUX
) -> str:
    """Where the policy stands that forbids driving this browser; "" where none is known to. Never raises."""
    if platform == "win32":
        return _in_registry(browser)
    if platform == "darwin":
        return ""
    return _in_folders(folders.get(browser, ()))


def _in_folders(folders: tuple[str, ...]) -> str:
    for folder in folders:
        told = [(path, value) for path in _files(Path(folder)) if (value := _value(path)) is not None]
        if told and told[-1][1] is False:
            return f"{told[-1][0]}: {POLICY}"
    return ""


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.glob("*.json"))
    except OSError:
        return


def _value(path: Path) -> object:
    """What one file says of the policy; None where it says nothing, or cannot be read."""
    try:
        read = msgspec.json.decode(path.read_bytes())
    except (OSError, *BROKEN):
        return None
    return read.get(POLICY) if isinstance(read, dict) else None


def _in_registry(browser: str) -> str:
    if sys.platform == "win32":
        import winreg

        key = _WINDOWS.get(browser, "")
        for name, root in (("HKLM", winreg.HKEY_LOCAL_MACHINE), ("HKCU", winreg.HKEY_CURRENT_USER)):
            try:
                with winreg.OpenKey(root, key) as opened:
                    value, _ = winreg.QueryValueEx(opened, POLICY)
            except OSError:
                continue
            return "" if value else f"{name}\\{key}: {POLICY}"
    return ""
