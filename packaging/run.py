"""Sets up and runs anything in this source tree, with nothing but Python: `python3 packaging/run.py help`."""

import sys

if sys.version_info < (3, 11):
    import shutil

    found = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    sys.stderr.write(
        "On-Demand Sync needs Python 3.11 or later; this is Python %d.%d.\n" % sys.version_info[:2]  # noqa: UP031
        + (
            f"Start it with {found[0]} instead.\n"
            if found
            else "Install a newer Python, then start it again.\n"
        )
    )
    raise SystemExit(1)

import argparse
import io
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import audit
import desktop
import fuzz
import machine
import thresholds
from machine import ROOT, Refused, say


@dataclass(frozen=True)
class Command:
    """One word after `run.py`: what it does, and the function that does it and returns an exit code."""

    help: str
    run: Callable[[list[str]], int]


COMMANDS: dict[str, Command] = {}


def command(name: str, help: str) -> Callable[[Callable[[list[str]], int]], Callable[[list[str]], int]]:  # noqa: A002
    """Enter a function in the list of commands."""

    def enter(function: Callable[[list[str]], int]) -> Callable[[list[str]], int]:
        COMMANDS[name] = Command(help, function)
        return function

    return enter


# ------------------------------------------------------------------ the program


def demo_arguments(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py demo", description=COMMANDS["demo"].help)
    parser.add_argument("--driver", choices=["browser", "training"], help="how the pages are worked")
    parser.add_argument("--scenario", help="what happens there; `ondemand-sync training list` names them")
    parser.add_argument("--language", help="language of the window and of the pages, for instance en or fr")
    parser.add_argument(
        "--skin", help="how the pages are built; `ondemand-sync training list --json` names them"
    )
    parser.add_argument("--trouble", help="what goes wrong with the pages; the same list names them")
    options = parser.parse_args(args)
    if options.trouble and options.driver == "training":
        parser.error("--trouble shows on pages: it needs --driver browser")
    if options.trouble:
        options.driver = "browser"
    return options


def demo_command(options: argparse.Namespace, *, display: bool) -> list[str]:
    """What is run, after the interpreter."""
    words = ["-m", "app", *(["window"] if display else ["sync", "--match"]), "--training"]
    if options.driver:
        words += ["--driver", options.driver]
    if options.scenario:
        words += ["--scenario", options.scenario]
    if options.skin:
        words += ["--skin", options.skin]
    if options.language and options.language.lower().startswith("fr"):
        words += ["--language", "fr"]  # the training pages know English and French
    if options.trouble:
        words += ["--trouble", options.trouble]
    return words


@command(
    "demo", "the window on the training company, ready for Start Sync; without a display the same run here"
)
def demo(args: list[str]) -> int:
    options = demo_arguments(args)
    display = machine.has_display()
    browser = options.driver == "browser"
    machine.need_system(
        (machine.QT_ON_X11 if display else ()) + (machine.A_BROWSER if browser else ()), why="the demo"
    )
    python = machine.need_venv("demo-browser" if browser else "demo")
    if not display:
        say("There is no display here, so the same run is shown on the command line.")
    env = dict(os.environ)
    if options.language:
        env["LANGUAGE"] = options.language
    return subprocess.run(
        [python, *demo_command(options, display=display)], cwd=ROOT, env=env, check=False
    ).returncode


# ------------------------------------------------------------------ tests and checks

RUFF = [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."]]
ARROWS = [["-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"]]
TYPES = [["-m", "mypy"]]
WORDS = [["packaging/words.py", "check"]]


def checks(python: str, lists: list[list[str]]) -> list[str]:
    """Run each check to its end; the names of those that found something."""
    bad = []
    for words in lists:
        name = "import contracts" if words[0] == "-c" else " ".join(words).removeprefix("-m ")
        started = time.monotonic()
        done = subprocess.run(
            [python, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        say(f"{name}: {'good' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)")
        if done.returncode:
            sys.stdout.write(done.stdout.decode(errors="replace"))
            sys.stdout.flush()
            bad.append(name)
    return bad


def side_by_side() -> int:
    """In how many processes the whole tests run; where the desktop is the person's own there is but one of it."""
    return min(os.cpu_count() or 1, 4) if sys.platform == "linux" else 1


def worker_words(places: list[desktop.Place]) -> list[str]:
    """Pytest's words for one worker on each desktop; a file's tests keep together, since they share what is costly."""
    if len(places) < 2:
        return []
    words = ["--dist", "loadfile"]
    for place in places:
        own = [f"env:{name}={place.env[name]}" for name in desktop.OWN if name in place.env]
        words += ["--tx", "//".join(["popen", *own])]
    return words


def pytest_words(extra: list[str], *, measured: bool, slow: bool, colour: bool) -> list[str]:
    """What is run for the tests, after the interpreter."""
    words = ["-m", "coverage", "run", "-m", "pytest"] if measured else ["-m", "pytest"]
    words += ["-p", "no:xvfb", "--color", "yes" if colour else "no"]
    if slow:
        words += [
            "-m",
            "",
            "-o",
            "faulthandler_timeout=3600",
        ]  # each slow test says itself how long it may take
    elif measured:
        words += ["--draw", str(secrets.randbelow(10**6))]
    return words + extra


def run_tests(extra: list[str], *, slow: bool) -> int:
    """All the checks, the tests and the thresholds; with arguments for pytest only those tests."""
    machine.need_system(machine.FOR_SLOW_TESTS if slow else machine.FOR_TESTS, why="the tests")
    python = machine.need_venv("test")
    part = bool(extra)
    bad = [] if part else checks(python, RUFF + TYPES + ARROWS + WORDS)
    with ExitStack() as ending:
        places = [ending.enter_context(desktop.desktop()) for _ in range(1 if part else side_by_side())]
        place = places[0]
        words = worker_words(places) + extra
        words = pytest_words(words, measured=not part, slow=slow, colour=sys.stdout.isatty())
        env = dict(place.env, COVERAGE_FILE=str(place.folder / "coverage" / "data"))
        (place.folder / "coverage").mkdir()
        code, closing = desktop.run_and_remember([python, *words], cwd=ROOT, env=env)
        if code:
            bad.append("pytest")
        if not part and not thresholds.report(python, ROOT, env, place.folder / "coverage"):
            bad.append("coverage")
    if bad:
        say("Not good: " + ", ".join(bad) + ".")
    elif part:
        say("These tests are good. Checks and thresholds run when no tests are named.")
    else:
        say("All good.")
    if closing:
        print(closing, flush=True)
    return 1 if bad else 0


@command(
    "test",
    "what CI runs: checks, tests on a real display, thresholds; with pytest's arguments only those tests",
)
def test(args: list[str]) -> int:
    return run_tests(args, slow=False)


@command("test-all", "the same with the tests that take minutes")
def test_all(args: list[str]) -> int:
    return run_tests(args, slow=True)


@command("lint", "ruff, the import contracts and the catalogues; --fix mends and formats what it can")
def lint(args: list[str]) -> int:
    python = machine.need_venv("test")
    if args == ["--fix"]:
        for words in (["-m", "ruff", "check", "--fix", "-q", "."], ["-m", "ruff", "format", "-q", "."]):
            subprocess.run([python, *words], cwd=ROOT, check=False)
    elif args:
        raise Refused("lint takes only --fix.")
    return 1 if checks(python, RUFF + ARROWS + WORDS) else 0


@command("words", "bring the catalogues up to the sources, and name what has no translation yet")
def words(args: list[str]) -> int:
    if args:
        raise Refused("words takes nothing.")
    python = machine.need_venv("test")
    return subprocess.run([python, "packaging/words.py", "update"], cwd=ROOT, check=False).returncode


@command("types", "mypy --strict")
def types(args: list[str]) -> int:
    return subprocess.run([machine.need_venv("test"), "-m", "mypy", *args], cwd=ROOT, check=False).returncode


@command("contact-sheets", "pictures of every state of the window, at 1024×768 and at 200 %")
def contact_sheets(args: list[str]) -> int:
    machine.need_system(machine.FOR_TESTS, why="the contact sheets")
    python = machine.need_venv("test")
    with desktop.desktop(screen="2200x1700x24") as place:
        words = [python, "-m", "tests.contact_sheets", *args]
        return subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode


@command("pictures", "draw resources/pictures anew, from runs on the training company")
def pictures(args: list[str]) -> int:
    if args:
        raise Refused("pictures takes nothing.")
    machine.need_system(machine.FOR_TESTS, why="the pictures")
    python = machine.need_venv("test")
    with desktop.desktop() as place:
        words = [python, "-m", "tests.pictures"]
        return subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode


@command("bench", "measure how fast it is, against floors and peers; NAME…, --rounds N, --json, --list")
def bench(args: list[str]) -> int:
    machine.need_system(machine.FOR_TESTS, why="the meters")
    python = machine.need_venv("test")
    with desktop.desktop() as place:
        # The peers are only compared with: without them the rest is measured all the same.
        try:
            peers = {"ONDEMAND_SYNC_PEERS": machine.need_peers()}
        except Refused as no:
            sys.stderr.write(f"{no}\n")
            peers = {}
        words = [python, "-m", "tests.bench", *args]
        return subprocess.run(
            words, cwd=ROOT, env={**place.env, **peers, "PYTHONPATH": str(ROOT / "packaging")}, check=False
        ).returncode


# What a run that is cut off anywhere is held to: kill -9, disks, power cuts, the order of sync and send.
CRASHES = ("tests/end_to_end/test_cut_off.py", "tests/storage/test_kill.py", "tests/storage/test_durable.py",
           "tests/cli/test_disk.py", "tests/crashes")  # fmt: skip


@command(
    "crashes", "the whole crash matrix, with its counts: kill -9, disks, power cuts, parts killed; --json"
)
def crashes(args: list[str]) -> int:
    return _matrix("what is cut off", CRASHES, args, machine.FOR_CRASHES)


@command("load", "ten thousand runs, a thousand events a second, eight hours of polls: what grows; --json")
def load(args: list[str]) -> int:
    # Eight hours take longer than what a test that hangs is given.
    patient = ["-o", "faulthandler_timeout=3600"]
    return _matrix("what the years bring", ("tests/load",), [*args, *patient], machine.FOR_TESTS)


def _matrix(title: str, paths: tuple[str, ...], args: list[str], wanted: tuple[machine.Package, ...]) -> int:
    machine.need_system(wanted, why=f"the matrix of {title}")
    python = machine.need_venv("test")
    with desktop.desktop() as place:
        words = [python, "-m", "tests.support.matrix", title, *paths, *args, "-p", "no:xvfb"]
        return subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode


@command("faults", "the fault matrix: every kind of request with every fault; --json, --part, --only TEXT")
def faults(args: list[str]) -> int:
    machine.need_system(machine.FOR_TESTS, why="the fault matrix")
    python = machine.need_venv("test")
    with desktop.desktop() as place:
        words = [python, "-m", "tests.faults", *args]
        return subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode


@command("desktop", "any command on the tests' own display, with their bus and keyring")
def on_the_desktop(args: list[str]) -> int:
    if not args:
        raise Refused("desktop needs a command, for instance: desktop .venv/bin/python -m app")
    machine.need_system(machine.FOR_TESTS, why="the tests' desktop")
    with desktop.desktop() as place:
        return subprocess.run(args, cwd=ROOT, env=place.env, check=False).returncode


@command("icons", "draw resources/icons anew, and a picture of all of them in out/icons.png")
def icons(args: list[str]) -> int:
    words = [machine.need_venv("test"), "packaging/draw_icons.py", "out/icons.png"]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


# ------------------------------------------------------------------ packages


@command(
    "build", "the packages of this system in dist/; `build windows` on Linux makes trial ones under Wine"
)
def build(args: list[str]) -> int:
    from installers import build as building

    return building.run(args)


# ------------------------------------------------------------------ tests that search


@command(
    "fuzz", "bytes made to hurt for the riskiest decoders, 10 minutes each; TARGET…, --seconds N, --keep"
)
def fuzz_decoders(args: list[str]) -> int:
    return fuzz.main(args)


@command(
    "try-installers", "install, start, sync and remove what `build` made, one line each; linux or windows"
)
def try_installers(args: list[str]) -> int:
    from installers import trials

    return trials.run(args)


@command(
    "mutants", "small changes of domain and engine that tests must notice; MODULE…, --draw N, --seed S, --all"
)
def mutants(args: list[str]) -> int:
    machine.need_system(machine.FOR_TESTS, why="the tests")
    python = machine.need_venv("test")
    with desktop.desktop() as place:
        words = [python, "-m", "tests.mutants", *args]
        return subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode


# ------------------------------------------------------------------ locks


def lock_words(name: str) -> list[str]:
    """What uv is asked for one lock."""
    wanted = {**machine.LOCKS, **machine.APART}[name]
    sources = ["pyproject.toml"] if "--extra" in wanted else []  # with the program's own parts
    words = [
        "uv",
        "pip",
        "compile",
        *sources,
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
    ]
    words += ["--no-header", "--no-annotate", "--quiet", *wanted]
    return [*words, "--output-file", f"packaging/locks/{name}.txt"]


@command("lock", "make packaging/locks anew from pyproject.toml; --upgrade takes the newest releases")
def lock(args: list[str]) -> int:
    if args not in ([], ["--upgrade"]):
        raise Refused("lock takes only --upgrade.")
    if not shutil.which("uv"):
        raise Refused("The locks are made with uv, which is not installed here: pip install uv")
    for name in (*machine.LOCKS, *machine.APART):
        if subprocess.run([*lock_words(name), *args], cwd=ROOT, check=False).returncode:
            return 1
        text = Path(ROOT, "packaging", "locks", f"{name}.txt").read_text(encoding="utf-8")
        if "://" in text:
            raise Refused(f"The lock {name} names an address; it must name packages and hashes only.")
        say(f"packaging/locks/{name}.txt: {len(machine.locked_names(text))} packages")
    return 0


# ------------------------------------------------------------------ what the program is made of


@command("audit", "ask about known faults of every locked package; ends with 2 where it could not ask")
def audit_packages(args: list[str]) -> int:
    return audit.main(args)


@command(
    "licences", "hold every locked package to the licences we take; --collect FOLDER gathers their texts"
)
def licences(args: list[str]) -> int:
    words = [machine.need_venv("test"), "packaging/parts.py", "licences", *args]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


@command("sbom", "write what the program is made of, as CycloneDX; --out FILE")
def sbom(args: list[str]) -> int:
    words = [machine.need_venv("test"), "packaging/parts.py", "sbom", *args]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


@command("help", "this list")
def show_help(args: list[str]) -> int:
    print("python3 packaging/run.py COMMAND\n")
    for name, entry in COMMANDS.items():
        print(f"  {name:<15} {entry.help}")
    return 0


def main(argv: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console of another time shows what it can
    name, rest = (argv[0], argv[1:]) if argv else ("help", [])
    if name in {"-h", "--help"}:
        name = "help"
    if name not in COMMANDS:
        say(f"There is no command {name}.")
        show_help([])
        return 2
    try:
        return COMMANDS[name].run(rest)
    except Refused as no:
        say(str(no))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def _stop(number: int, frame: object) -> None:
    """Asked to end: by an exception, so that what was started is ended too."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    raise SystemExit(main(sys.argv[1:]))
