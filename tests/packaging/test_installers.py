"""What the packages for IT are made of, as far as it can be held without building them; and, slowly, with building."""

import configparser
import re
import struct
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import machine
import pytest
from installers import (
    build,
    deb,
    freeze,
    libraries,
    listing,
    macos,
    nsis,
    payload,
    signing,
    start,
    trials,
    version,
    version_resource,
)

from app import __version__

ROOT = Path(__file__).parents[2]


def test_the_version_stands_in_one_place(tmp_path: Path) -> None:
    assert version.read(ROOT) == __version__
    assert freeze.copy_tree(ROOT, tmp_path / "tree", "9.8.7") == "9.8.7"
    assert version.read(tmp_path / "tree") == "9.8.7"
    with pytest.raises(ValueError, match=r"9\.8 is not"):
        version.write(tmp_path / "tree", "9.8")


def test_a_build_takes_nothing_that_an_earlier_run_left_in_the_tree(tmp_path: Path) -> None:
    freeze.copy_tree(ROOT, tmp_path / "tree")
    assert not list((tmp_path / "tree").rglob("*.pyc"))
    assert (tmp_path / "tree" / "app" / "__main__.py").is_file()


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\plugins\\platforms\\qoffscreen.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", True),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/translations/qtbase_fr.qm", True),
        ("PySide6/translations/qtbase_de.qm", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("babel/locale-data/fr_CA.dat", True),
        ("babel/locale-data/de.dat", False),
        ("playwright/driver/node", True),
        ("playwright/driver/package/lib/coreBundle.js", True),
        ("playwright/driver/package/lib/vite/traceViewer/index.html", False),
        ("playwright/driver/LICENSE", True),
        ("resources/translations/fr/LC_MESSAGES/ondemand-sync.mo", True),
    ],
)
def test_what_is_not_used_is_left_out(place: str, kept: bool) -> None:
    assert payload.is_kept(place) is kept


def test_every_reason_for_leaving_something_out_is_said() -> None:
    assert all(reason.strip() for reason in payload.LEFT_OUT.values())


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
def test_the_systems_own_libraries_are_left_to_the_system_but_not_python() -> None:
    assert payload.is_of_linux("/lib/x86_64-linux-gnu/libssl.so.3")
    assert payload.is_of_linux("/usr/lib/x86_64-linux-gnu/libX11.so.6")
    assert not payload.is_of_linux("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    assert not payload.is_of_linux("/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so")
    assert not payload.is_of_linux("/somewhere/site-packages/PySide6/Qt/lib/libQt6Core.so.6")


def test_the_resources_go_in_as_the_program_reads_them() -> None:
    folders = {(Path(source).name, folder) for source, folder in payload.resources(ROOT)}
    assert ("ondemand-sync.svg", "resources/icons") in folders
    assert ("hh2.toml", "resources/portals") in folders
    assert ("REPLACE-QT.txt", "licences") in folders
    names = {name for name, _folder in folders}
    assert not [name for name in names if name.endswith((".po", ".png"))]


def test_a_browser_that_the_program_starts_finds_its_own_libraries() -> None:
    own = "/usr/lib/ondemand-sync/_internal"
    environ = {
        "LD_LIBRARY_PATH": own,
        "LD_LIBRARY_PATH_ORIG": "/opt/theirs",
        "QT_PLUGIN_PATH": f"{own}/PySide6/Qt/plugins",
        "PATH": "/usr/bin",
    }
    start.straighten(environ, own)
    assert environ == {"LD_LIBRARY_PATH": "/opt/theirs", "PATH": "/usr/bin"}
    environ = {"LD_LIBRARY_PATH": own, "QT_PLUGIN_PATH": "/opt/a/persons/own"}
    start.straighten(environ, own)
    assert environ == {"QT_PLUGIN_PATH": "/opt/a/persons/own"}


def test_the_needed_libraries_are_read_and_those_in_the_folder_are_not_asked_of_the_system() -> None:
    said = " 0x01 (NEEDED)  Shared library: [libssl.so.3]\n 0x0e (SONAME)  Library soname: [libown.so.1]\n"
    assert libraries.wanted_sonames(said) == {"libssl.so.3"}


def test_the_debian_package_names_its_programs_and_its_version(tmp_path: Path) -> None:
    root = tmp_path / "deb"
    (root / "usr" / "lib" / "ondemand-sync").mkdir(parents=True)
    (root / "usr" / "lib" / "ondemand-sync" / "data").write_bytes(b"x" * 4096)
    control = deb.control(freeze.Frozen(ROOT, tmp_path, tmp_path, "1.2.3", 0), root)
    assert "Package: ondemand-sync\nVersion: 1.2.3\n" in control
    assert "Installed-Size: 4\n" in control
    for name in ("libc6 (>= 2.17)", "libegl1", "libxcb-cursor0"):
        assert name in control


def test_the_desktop_entry_is_that_of_the_window() -> None:
    text = (ROOT / deb.LINUX / "ondemand-sync.desktop").read_text(encoding="utf-8")
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string(text)
    assert entry["Desktop Entry"]["Exec"] == "ondemand-sync"
    assert entry["Desktop Entry"]["Icon"] == "ondemand-sync"
    assert {"Comment[fr]", "GenericName[fr]"} <= set(entry["Desktop Entry"])
    assert entry["Desktop Action training"]["Exec"] == "ondemand-sync window --training"
    metainfo = ET.parse(ROOT / deb.LINUX / "ondemand-sync.metainfo.xml").getroot()
    assert metainfo.findtext("launchable") == "ondemand-sync.desktop"


def test_a_folder_is_listed_in_one_order_with_sums_and_links(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to("b/two")
    found = listing.contents(tmp_path)
    assert list(found)[:2] == ["a", "b/two"]
    assert found["a"] == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    if sys.platform != "win32":
        assert found["link"] == "-> b/two"


@pytest.mark.parametrize(
    ("place", "group"),
    [
        ("ondemand-sync", "the program (our code and its libraries in Python)"),
        ("_internal/playwright/driver/node", "browser driver (Playwright with Node.js)"),
        ("_internal/PySide6/Qt/lib/libQt6Core.so.6", "window (Qt, PySide6)"),
        ("_internal/_duckdb.cpython-311-x86_64-linux-gnu.so", "comparison (DuckDB)"),
        ("_internal/psutil/_psutil.so", "other libraries"),
        ("Contents/MacOS/ondemand-sync", "the program (our code and its libraries in Python)"),
        ("Contents/Frameworks/PySide6/Qt/lib/QtCore.framework/QtCore", "window (Qt, PySide6)"),
        ("Contents/Resources/resources/portals/hh2.toml", "our resources"),
    ],
)
def test_what_takes_the_room_is_told_by_parts(place: str, group: str) -> None:
    assert listing.group_of(place) == group


@pytest.mark.parametrize(
    ("platform", "asked", "built"),
    [
        ("linux", [], "linux"),
        ("win32", [], "windows"),
        ("darwin", [], "macos"),
        ("linux", ["windows"], "windows"),
        ("linux", ["macos"], None),
        ("win32", ["linux"], None),
        ("darwin", ["windows"], None),
    ],
)
def test_each_system_builds_its_own_packages(
    platform: str, asked: list[str], built: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(build, "DIST", tmp_path)

    def builder(name: str) -> Callable[..., list[Path]]:
        def note(out: Path, wanted: str, **more: bool) -> list[Path]:
            begun.append(name)
            package = out / "package"
            package.write_bytes(b"x")
            return [package]

        return note

    for name in ("linux", "windows", "macos"):
        monkeypatch.setattr(build, f"build_{name}", builder(name))
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", platform)
        if built is None:
            with pytest.raises(machine.Refused, match=f"{asked[0]} are built on {asked[0]} only"):
                build.run(asked)
        else:
            assert build.run(asked) == 0
    assert begun == ([built] if built else [])
    assert built is None or (tmp_path / built / "package").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="of links, and of programs as Unix knows them")
def test_the_app_of_macos_is_packed_with_its_links_and_programs_the_same_each_time(tmp_path: Path) -> None:
    app = tmp_path / "frozen" / macos.APP / "Contents"
    (app / "MacOS").mkdir(parents=True)
    (app / "Frameworks" / "Qt").mkdir(parents=True)
    program = app / "MacOS" / "ondemand-sync"
    program.write_bytes(b"program")
    program.chmod(0o755)
    (app / "Frameworks" / "Qt" / "QtCore").write_bytes(b"library")
    (app / "Resources").symlink_to("Frameworks")
    frozen = freeze.Frozen(ROOT, tmp_path, tmp_path / "frozen" / "ondemand-sync", "1.2.3", 1767225600)
    packed = macos.pack(frozen, tmp_path)
    first = packed.read_bytes()
    assert re.fullmatch(r"ondemand-sync-1\.2\.3-macos-\w+\.zip", packed.name)
    assert macos.pack(frozen, tmp_path).read_bytes() == first
    with zipfile.ZipFile(packed) as opened:
        modes = {one.filename: one.external_attr >> 16 for one in opened.infolist()}
        assert opened.read(f"{macos.APP}/Contents/Resources") == b"Frameworks"
        assert opened.read(f"{macos.APP}/Contents/Frameworks/Qt/QtCore") == b"library"
    assert {name.removeprefix(f"{macos.APP}/Contents/"): oct(mode) for name, mode in modes.items()} == {
        "MacOS/ondemand-sync": "0o100755",
        "Frameworks/Qt/QtCore": "0o100644",
        "Resources": "0o120777",
    }
    with pytest.raises(machine.Refused, match="PyInstaller made no"):
        macos.pack(freeze.Frozen(ROOT, tmp_path, tmp_path / "none" / "ondemand-sync", "1.2.3", 0), tmp_path)


def test_a_windows_release_is_built_with_a_python_that_keeps_folders_to_one_user() -> None:
    build.need_python((3, 12, 4))
    build.need_python((3, 13, 0))
    with pytest.raises(machine.Refused, match=r"with Python 3\.12\.4 or later on Windows; this is 3\.12\.3"):
        build.need_python((3, 12, 3))


def test_in_the_workflow_each_trial_waits_for_its_own_system_and_windows_has_a_python_that_may_build() -> (
    None
):
    text = (ROOT / ".github" / "workflows" / "packages.yml").read_text(encoding="utf-8")
    assert text.startswith("# Not yet run")
    written = re.split(r"^  ([\w-]+):$", text[text.index("\njobs:\n") :], flags=re.MULTILINE)[1:]
    jobs = dict(zip(written[::2], written[1::2], strict=True))
    needs = {name: re.findall(r"^    needs: (.+)$", job, re.MULTILINE) for name, job in jobs.items()}
    assert {name: asked for name, asked in needs.items() if asked} == {"try-linux": ["linux"]}
    assert "run: python packaging/run.py try-installers linux\n" in jobs["try-linux"]
    assert "run: python packaging/run.py try-installers windows\n" in jobs["try-windows"]
    for name in ("linux", "windows", "macos"):
        assert "run: python packaging/run.py build\n" in jobs[name]
        assert f"name: packages-{name}\n" in jobs[name]
    for job in jobs.values():
        if "runs-on: windows" in job:
            (asked,) = re.findall(r'python-version: "(\d+)\.(\d+)"', job)
            assert tuple(map(int, asked)) >= (3, 12)


def test_a_windows_setup_that_grew_too_large_is_refused_with_what_takes_the_room(tmp_path: Path) -> None:
    setup = tmp_path / "ondemand-sync-1.2.3-setup.exe"
    with setup.open("wb") as file:
        file.truncate(100_000_000)  # no room is taken on the disk
    build.hold_to_size(setup, "| window | 46 |")
    with setup.open("wb") as file:
        file.truncate(100_100_000)
    with pytest.raises(
        machine.Refused, match=r"has 100\.1 MB, and a Windows setup may have 100\..*(?s:.)*window"
    ):
        build.hold_to_size(setup, "| window | 46 |")


def test_a_trial_is_never_taken_for_a_release(tmp_path: Path) -> None:
    assert nsis.name_of("1.2.3", trial=True) == "ondemand-sync-1.2.3-TRIAL-setup.exe"
    assert nsis.name_of("1.2.3", trial=False) == "ondemand-sync-1.2.3-setup.exe"
    version_resource.write(tmp_path / "version.txt", "1.2.3", trial=True)
    text = (tmp_path / "version.txt").read_text(encoding="utf-8")
    assert "filevers=(1, 2, 3, 0)" in text
    assert "'ProductVersion', '1.2.3-TRIAL'" in text
    assert "On-Demand Sync TRIAL" in text


def _tree(place: Path) -> Path:
    """As much of a tree as a build is made of."""
    for name in freeze.TAKEN:
        if "." in name or name == "LICENSE":
            (place / name).write_text(name, encoding="utf-8")
        else:
            (place / name / "inside").mkdir(parents=True)
            (place / name / "inside" / "one.py").write_text(name, encoding="utf-8")
    return place


def test_what_a_tree_would_build_is_told_by_its_contents_alone(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    before = freeze.inputs(tree)
    (tree / "app" / "inside" / "__pycache__").mkdir()
    (tree / "app" / "inside" / "__pycache__" / "one.pyc").write_bytes(b"made")
    (tree / "resources" / "inside" / "fr.mo").write_bytes(b"made")
    (tree / "tests").mkdir()
    (tree / "tests" / "test_one.py").write_text("not in a package", encoding="utf-8")
    assert freeze.inputs(tree) == before
    (tree / "app" / "inside" / "one.py").rename(tree / "app" / "inside" / "two.py")
    moved = freeze.inputs(tree)
    assert moved != before
    (tree / "packaging" / "inside" / "one.py").write_text("another", encoding="utf-8")
    assert freeze.inputs(tree) not in {before, moved}


def test_a_trial_takes_only_what_was_built_from_this_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = _tree(tmp_path / "tree")
    monkeypatch.setattr(trials, "ROOT", tree)
    monkeypatch.setattr(build, "DIST", tree / "dist")
    monkeypatch.setattr(build, "WORK", tree / "build")
    begun: list[list[str]] = []

    def fake(words: list[str]) -> int:
        begun.append(words)
        place = Path(words[words.index("--out") + 1]) if "--out" in words else tree / "dist" / words[0]
        place.mkdir(parents=True, exist_ok=True)
        (place / listing.BUILT_FROM).write_text(freeze.inputs(tree) + "\n", encoding="utf-8")
        (place / listing.SUMS).write_text("", encoding="utf-8")
        return 0

    monkeypatch.setattr(build, "run", fake)
    assert trials.need("linux") == trials.need("linux") == tree / "dist" / "linux"
    assert trials.need_newer() == trials.need_newer() == tree / "build" / "newer"
    assert [words[0] for words in begun] == ["linux", "windows"]

    (tree / "app" / "inside" / "one.py").write_text("mended", encoding="utf-8")
    trials.need("linux")
    trials.need_newer()
    assert [words[0] for words in begun[2:]] == ["linux", "windows"], "packages of an older tree were tried"

    (tree / "dist" / "linux" / listing.SUMS).unlink()  # a build that was stopped
    trials.need("linux")
    (tree / "dist" / "linux" / listing.BUILT_FROM).unlink()  # of a time that wrote none
    trials.need("linux")
    assert len(begun) == 6


@pytest.mark.parametrize("kind", ["as Debian lays it", "as Windows lays it", "named by NSISDIR"])
def test_an_nsis_without_parts_of_64_bits_is_refused_with_what_it_lacks(kind: str, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    folder = programs if kind == "as Windows lays it" else tmp_path / "share" / "nsis"
    environ = {"PATH": str(programs)}
    if kind == "named by NSISDIR":
        folder = tmp_path / "elsewhere"
        environ["NSISDIR"] = str(folder)
    programs.mkdir()
    with pytest.raises(machine.Refused, match=r"not installed here \(makensis\)"):
        nsis.need_nsis(environ)
    program = programs / ("makensis.exe" if sys.platform == "win32" else "makensis")
    program.write_bytes(b"")
    program.chmod(0o755)
    with pytest.raises(machine.Refused, match="name it in NSISDIR"):
        nsis.need_nsis(environ)
    for place in ("Stubs/lzma_solid-x86-unicode", "Plugins/x86-unicode/System.dll"):
        (folder / place).parent.mkdir(parents=True)
        (folder / place).write_bytes(b"")
    with pytest.raises(machine.Refused, match=r"has no Stubs/\*-amd64-unicode and no Plugins/amd64-unicode"):
        nsis.need_nsis(environ)
    (folder / "Plugins" / "amd64-unicode").mkdir()
    (folder / "Plugins" / "amd64-unicode" / "System.dll").write_bytes(b"")
    with pytest.raises(machine.Refused, match=r"has no Stubs/\*-amd64-unicode\. CONTRIBUTING"):
        nsis.need_nsis(environ)
    (folder / "Stubs" / "lzma_solid-amd64-unicode").write_bytes(b"")
    nsis.need_nsis(environ)


def test_what_setup_says_it_says_in_both_languages() -> None:
    text = (ROOT / nsis.SCRIPT).read_text(encoding="utf-8-sig")
    english = set(re.findall(r"^LangString (\w+) \$\{LANG_ENGLISH\}", text, re.MULTILINE))
    french = set(re.findall(r"^LangString (\w+) \$\{LANG_FRENCH\}", text, re.MULTILINE))
    assert english == french
    assert set(re.findall(r"\$\((\w+)\)", text)) == english


def test_the_manifest_asks_for_no_more_than_the_person_has() -> None:
    text = (ROOT / "packaging/installers/windows/app.manifest").read_text(encoding="utf-8")
    ET.fromstring(text.replace('encoding="UTF-8" ', ""))
    assert 'level="asInvoker"' in text
    assert "PerMonitorV2" in text
    assert ">true</longPathAware>" in text


def _program(path: Path, signature: tuple[int, int]) -> Path:
    head = bytearray(4096)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 0x80)
    head[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<H", head, 0x80 + 24, 0x20B)
    struct.pack_into("<II", head, 0x80 + 24 + 112 + 32, *signature)
    path.write_bytes(head)
    return path


def test_only_what_bears_no_signature_is_signed_and_each_is_held_to_the_check(tmp_path: Path) -> None:
    ours, theirs = _program(tmp_path / "ours.exe", (0, 0)), _program(tmp_path / "theirs.dll", (4096, 800))
    (tmp_path / "text.txt").write_text("no program", encoding="utf-8")
    both = [ours, theirs, tmp_path / "text.txt"]
    assert not signing.is_signed(ours)
    assert signing.is_signed(theirs)
    assert signing.sign(both, {}) == 0
    script = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(0x80 + 24 + 112 + 32); f.write(bytes([9] * 8))"
    env = {"SIGN_CMD": f"'{sys.executable}' -c \"{script}\" {{file}}"}
    assert signing.sign(both, env) == 1
    assert signing.is_signed(ours)


def test_a_signature_that_was_not_made_is_found(tmp_path: Path) -> None:
    ours = _program(tmp_path / "ours.exe", (0, 0))
    with pytest.raises(machine.Refused, match="bears no signature"):
        signing.sign([ours], {"SIGN_CMD": f'"{sys.executable}" -c pass "{{file}}"'})
    with pytest.raises(machine.Refused, match=r"ours\.exe could not be signed"):
        signing.sign([ours], {"SIGN_CMD": f'"{sys.executable}" -c "raise SystemExit(3)" "{{file}}"'})


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
def test_two_builds_of_one_tree_hold_the_same_files(tmp_path: Path) -> None:
    python = machine.need_build()
    first = freeze.freeze(python, ROOT, tmp_path / "first")
    second = freeze.freeze(python, ROOT, tmp_path / "elsewhere" / "second")
    found = listing.contents(first.folder)
    assert "ondemand-sync" in found
    assert "_internal/resources/translations/fr/LC_MESSAGES/ondemand-sync.mo" in found
    assert listing.contents(second.folder) == found
