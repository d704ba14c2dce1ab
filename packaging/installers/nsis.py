"""The setup for Windows: a frozen folder in an NSIS installer, signed inside and outside where a machine can sign."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from machine import Refused, say

from installers import signing
from installers.freeze import NAME, Frozen

SCRIPT = Path("packaging") / "installers" / "windows" / "setup.nsi"
# What NSIS needs for `Target amd64-unicode`. Not every NSIS brings it.
OF_64_BITS = ("Stubs/*-amd64-unicode", "Plugins/amd64-unicode/*.dll")


def name_of(version: str, *, trial: bool) -> str:
    """The setup's file name. A trial is never to be taken for a release."""
    return f"{NAME}-{version}{'-TRIAL' if trial else ''}-setup.exe"


def words(frozen: Frozen, setup: Path, *, trial: bool, sign: str, quick: bool) -> list[str]:
    """What makensis is given."""
    size = sum(path.stat().st_size for path in frozen.folder.rglob("*") if path.is_file()) // 1024
    made = {
        "VERSION": frozen.version,
        "SOURCE": str(frozen.folder),
        "OUT": str(setup),
        "ICON": str(frozen.made / f"{NAME}.ico"),
        "LICENSE": str(frozen.tree / "LICENSE"),
        "TITLE": "On-Demand Sync" + (" TRIAL" if trial else ""),
        "SIZE": str(size),
    }
    if sign:
        made["SIGN"] = sign.replace("{file}", "%1")
    if quick:
        made["QUICK"] = "1"
    return [
        "makensis",
        "-V2",
        "-WX",
        *(f"-D{key}={value}" for key, value in made.items()),
        str(frozen.tree / SCRIPT),
    ]


def home(makensis: Path, environ: Mapping[str, str]) -> Path | None:
    """NSIS's own folder, with what it puts setups together from; None where it is not found."""
    program = makensis.resolve()
    places = [program.parent, program.parent.parent, program.parent.parent / "share" / "nsis"]
    if given := environ.get("NSISDIR"):
        places.insert(0, Path(given))
    return next((place for place in places if (place / "Stubs").is_dir()), None)


def need_nsis(environ: Mapping[str, str]) -> None:
    """Raise Refused where NSIS is not here, or cannot make a setup of 64 bits."""
    found = shutil.which("makensis", path=environ.get("PATH"))
    if found is None:
        raise Refused("The setup is made with NSIS, which is not installed here (makensis).")
    folder = home(Path(found), environ)
    if folder is None:
        raise Refused(f"The folder of NSIS with its Stubs was not found beside {found}: name it in NSISDIR.")
    lacking = [kind for kind in OF_64_BITS if not any(folder.glob(kind))]
    if lacking:
        raise Refused(
            f"This NSIS cannot make a setup of 64 bits: {folder} has no {' and no '.join(lacking)}. "
            "CONTRIBUTING.md, decision 35, says which NSIS is needed."
        )


def pack(frozen: Frozen, out: Path, *, trial: bool, quick: bool = False) -> Path:
    """Write the setup into `out`; returns its path. `quick` squeezes it less, to try it sooner."""
    need_nsis(os.environ)
    inner = sorted(path for path in frozen.folder.rglob("*") if path.is_file())
    signed = signing.sign(inner)
    setup = out / name_of(frozen.version, trial=trial)
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(frozen.moment)}
    sign = os.environ.get("SIGN_CMD", "")
    asked = words(frozen, setup, trial=trial, sign=sign, quick=quick)
    done = subprocess.run(asked, env=env, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise Refused(f"The setup could not be made:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    if sign:
        signing.verify(setup)
        say(f"Signed and verified: {signed} files inside, the uninstaller and the setup")
    else:
        say("Not signed: no SIGN_CMD is set.")
    return setup
