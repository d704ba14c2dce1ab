"""The Windows setup under Wine, on a program of a few lines: what it installs, refuses, signs, keeps and removes."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import machine
import pytest
from installers import freeze, icons_sizes, nsis, signing, wine

ROOT = Path(__file__).parents[2]
PROGRAM = """
#include <stdio.h>
#include <string.h>
#include <windows.h>
/* Notes what it is asked, so that a test reads it; `stay` keeps it open; a company named Broken is not deleted. */
int main(int count, char **words)
{
    FILE *file = fopen("C:\\\\asked.txt", "a");
    for (int at = 1; at < count; at++) fprintf(file, "%s ", words[at]);
    fprintf(file, "\\n");
    fclose(file);
    if (count > 1 && !strcmp(words[1], "stay")) Sleep(60000);
    if (count > 3 && !strcmp(words[2], "delete") && !strncmp(words[3], "Broken", 6)) return 20;
    return 0;
}
"""
HOME = "C:\\Program Files\\On-Demand Sync"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="under Wine"),
]


class Setups:
    """Setups of that program in several versions, and the Windows they are run on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.at = folder, wine.Prefix(folder / "prefix")
        self.at.make()
        self.frozen = folder / "frozen"
        (self.frozen / "_internal").mkdir(parents=True)
        source = folder / "program.c"
        source.write_text(PROGRAM, encoding="utf-8")
        for name in ("ondemand-sync", "ondemand-sync-cli"):
            words = ["x86_64-w64-mingw32-gcc", "-s", "-o", str(self.frozen / f"{name}.exe"), str(source)]
            subprocess.run(words, check=True)
        made = folder / "made"
        made.mkdir()
        freeze.icons(sys.executable, ROOT, made)
        assert (made / f"ondemand-sync-{icons_sizes.DESKTOP[0]}.png").is_file()

    def make(self, version: str) -> Path:
        (self.frozen / "_internal" / f"of-{version}.txt").write_text(version, encoding="utf-8")
        out = self.folder / version
        out.mkdir(exist_ok=True)
        frozen = freeze.Frozen(ROOT, self.folder / "made", self.frozen, version, 0)
        setup = nsis.pack(frozen, out, trial=True, quick=True)
        (self.frozen / "_internal" / f"of-{version}.txt").unlink()
        return setup

    def run(self, *words: str) -> int:
        return self.at.run(words, seconds=300)[0]

    def inside(self) -> set[str]:
        """The files of the program that are installed, by their places."""
        home = self.at.drive / "Program Files" / "On-Demand Sync"
        return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}

    def value(self, key: str, name: str) -> str:
        code, said = self.at.run(["reg", "query", key, "/v", name], seconds=120)
        return said.split("REG_SZ")[-1].strip() if code == 0 else ""


@pytest.fixture(scope="module")
def setups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setups]:
    machine.need_system(wine.FOR_WINE, why="the setup's tests")
    made = Setups(tmp_path_factory.mktemp("setup"))
    yield made
    made.at.end()


@pytest.fixture(scope="module")
def first(setups: Setups) -> Path:
    return setups.make("1.2.0")


UNINSTALL = "Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\ondemand-sync"
RUN = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
ALL = {"ondemand-sync.exe", "ondemand-sync-cli.exe", "uninstall.exe"}


def _remove(setups: Setups, *more: str) -> int:
    return setups.run(
        f"{HOME}\\uninstall.exe", "/AllUsers", "/S", *more, *f"_?={HOME}".split()
    )  # the last word is not quoted


def test_windows_that_is_too_old_is_told_and_nothing_installed(setups: Setups, first: Path) -> None:
    setups.run("winecfg", "-v", "win81")
    assert setups.run(str(first), "/S") == 5
    setups.run("winecfg", "-v", "win10")
    assert setups.inside() == set()


def test_it_is_installed_upgraded_and_never_downgraded_and_what_a_person_keeps_stays(
    setups: Setups, first: Path
) -> None:
    assert setups.run(str(first), "/S", "/DESKTOP=1", "/TRAY=1") == 0
    assert setups.inside() == ALL | {"_internal/of-1.2.0.txt"}
    desktop = setups.at.drive / "users" / "Public" / "Desktop" / "On-Demand Sync.lnk"
    assert desktop.is_file()
    assert setups.value(RUN, "ondemand-sync") == f'"{HOME}\\ondemand-sync.exe" window --in-tray'
    assert setups.value(f"HKLM\\{UNINSTALL}", "DisplayName") == "On-Demand Sync TRIAL"
    profile = _data(setups) / "profiles" / "Acme.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("version = 1\n", encoding="utf-8")

    assert setups.run(str(setups.make("1.10.0")), "/S") == 0
    assert setups.inside() == ALL | {"_internal/of-1.10.0.txt"}
    assert setups.value(f"HKLM\\{UNINSTALL}", "DisplayVersion") == "1.10.0"
    assert desktop.is_file(), "what was chosen before stays"
    assert setups.run(str(first), "/S") == 3
    assert setups.value(f"HKLM\\{UNINSTALL}", "DisplayVersion") == "1.10.0"
    assert setups.inside() == ALL | {"_internal/of-1.10.0.txt"}

    assert _remove(setups) == 0
    assert setups.inside() <= {"uninstall.exe"}  # it does not remove itself when it is run in its own folder
    assert not desktop.exists()
    assert setups.value(RUN, "ondemand-sync") == ""
    assert profile.is_file()


def test_what_a_person_keeps_goes_when_it_is_asked_for_and_the_program_forgets_its_secrets_first(
    setups: Setups, first: Path
) -> None:
    profile = _data(setups) / "profiles" / "École Acme.toml"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text("version = 1\n", encoding="utf-8")
    assert setups.run(str(first), "/S") == 0
    (setups.at.drive / "asked.txt").unlink(missing_ok=True)
    assert _remove(setups, "/REMOVEDATA") == 0
    asked = (setups.at.drive / "asked.txt").read_text(encoding="cp1252").splitlines()
    assert "profile delete École Acme --yes " in asked
    assert not _data(setups).exists()


def test_a_company_whose_secrets_could_not_be_taken_out_is_kept_and_said(setups: Setups, first: Path) -> None:
    """Else nobody would know any more that the passwords are still in Windows' own store."""
    data = _data(setups)
    for name in ("Acme", "Broken & Sons", "Broken too"):
        for place in (data / "profiles" / f"{name}.toml", data / "companies" / name / "ledger.sqlite"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(name, encoding="utf-8")
    for place in (data / "companies" / "training" / "ledger.sqlite", data / "locks" / "Acme.lock",
                  data / "Logs" / "ondemand-sync.log", data / "settings.toml"):  # fmt: skip
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("goes", encoding="utf-8")
    assert setups.run(str(first), "/S") == 0
    assert _remove(setups, "/REMOVEDATA") == 6
    assert setups.inside() <= {"uninstall.exe"}
    assert setups.value(f"HKLM\\{UNINSTALL}", "DisplayVersion") == ""
    assert {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()} == {
        "profiles/Broken & Sons.toml",
        "profiles/Broken too.toml",
        "companies/Broken & Sons/ledger.sqlite",
        "companies/Broken too/ledger.sqlite",
    }
    shutil.rmtree(data)


def test_one_user_may_have_it_in_a_folder_of_their_own(setups: Setups, first: Path) -> None:
    assert setups.run(str(first), "/S", "/CurrentUser", *["/D=C:\\Ours\\Sync", "of", "ours"]) == 0
    place = setups.at.drive / "Ours" / "Sync of ours"
    assert (place / "ondemand-sync.exe").is_file()
    assert setups.value(f"HKCU\\{UNINSTALL}", "InstallLocation") == "C:\\Ours\\Sync of ours"
    assert setups.value(f"HKLM\\{UNINSTALL}", "InstallLocation") == ""
    setups.run(
        "C:\\Ours\\Sync of ours\\uninstall.exe", "/CurrentUser", "/S", *["_?=C:\\Ours\\Sync", "of", "ours"]
    )
    assert not (place / "ondemand-sync.exe").exists()


def test_a_release_machine_signs_what_is_inside_the_uninstaller_and_setup(
    setups: Setups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
             "-days", "2", "-subj", "/CN=A throw-away certificate"]  # fmt: skip
    subprocess.run(asked, check=True, capture_output=True)
    signs = tmp_path / "sign.sh"
    signs.write_text(
        f'#!/bin/sh\nset -e\nosslsigncode sign -certs {certificate} -key {key} -h sha256 -in "$1" -out "$1.signed"'
        '\nmv "$1.signed" "$1"\n',
        encoding="utf-8",
    )
    signs.chmod(0o755)
    monkeypatch.setenv("SIGN_CMD", f"{shlex.quote(str(signs))} {{file}}")
    monkeypatch.setenv("VERIFY_CMD", f"osslsigncode verify -CAfile {certificate} {{file}}")
    for path in setups.frozen.glob("*.exe"):
        shutil.copy2(path, tmp_path / path.name)
    setup = setups.make("2.0.0")
    assert signing.is_signed(setup)
    assert all(signing.is_signed(path) for path in setups.frozen.glob("*.exe"))
    assert setups.run(str(setup), "/S") == 0
    home = setups.at.drive / "Program Files" / "On-Demand Sync"
    assert signing.is_signed(home / "uninstall.exe")
    _remove(setups)
    for path in setups.frozen.glob("*.exe"):
        shutil.copy2(tmp_path / path.name, path)


def _data(setups: Setups) -> Path:
    """The program's data of the prefix's user."""
    return setups.at.drive / "users" / os.environ.get("USER", "root") / "AppData" / "Local" / "ondemand-sync"
