"""Tries the changes: `run.py mutants [MODULE…] [--draw N] [--seed S] [--all] [--minutes M] [--json] [--seen FILE]`."""

import argparse
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.mutants.in_place import forget, swaps
from tests.mutants.mutate import ROOT, Mutant, compiled, mutants, path_of, unchanged

LIST = Path(__file__).parent / "survivors.toml"
TESTS = ("tests/domain", "tests/engine")
_MAY_FAIL = 5
_NOT_TRIED = 99
_PATIENCE = 20.0  # seconds beyond five times what the longest of its tests usually takes, for each of them
_LONGEST = 90.0  # seconds beyond what its tests usually take: a change that never ends is seen
FIRST = (
    "app.domain.gate", "app.domain.looks", "app.domain.run", "app.domain.conclusion", "app.engine.press",
    "app.engine.step_one", "app.engine.step_two",
)  # fmt: skip


_QUIET = ("-p", "no:xvfb", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header")


@dataclass(frozen=True)
class Tried:
    """What became of a change: killed, timeout (killed too), survived, or unseen, where no test runs its line."""

    mutant: Mutant
    end: str
    seconds: float


def everything() -> list[str]:
    """Every module of domain and engine."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("domain", "engine")
        for path in sorted((ROOT / "app" / room).glob("*.py"))
        if path.name != "__init__.py"
    ]


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed module instead of the one on the disk; nothing is written anywhere."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._code = compiled(mutant)

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(path_of(fullname)))

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def try_one(mutant: Mutant, tests: list[str], usual: Mapping[str, float], log: Path) -> Tried:
    """Run the tests that see the line, the quickest first, in a process of their own, until one fails. One that takes
    far longer than usual has failed too: a change that turns in a circle is not waited for test by test."""
    began = time.monotonic()
    longest = max((usual.get(name, 0.0) for name in tests), default=0.0)
    put = swaps(mutant)
    child = os.fork()
    if child == 0:
        os.setsid()
        _to(log)
        code = _NOT_TRIED
        try:
            import pytest

            if put is None:
                forget()
                sys.meta_path.insert(0, Changed(mutant))
            for function, changed in put or ():
                function.__code__ = changed
            options = ["-x", "-q", *_QUIET, "-o", f"timeout={longest * 5 + _PATIENCE:.0f}"]
            code = int(pytest.main([*options, *tests]))
        except BaseException:  # noqa: BLE001  # said in the log, and by the code
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    deadline = began + sum(usual.get(name, 0.0) for name in tests) * 3 + _LONGEST
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Tried(mutant, "timeout", time.monotonic() - began)
        time.sleep(0.02)
    code = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    if code not in (0, 1, 2) and code >= 0:  # neither good, nor failed, nor broken at import
        raise SystemExit(
            f"The tests could not be run on {mutant.key}:\n{log.read_text(encoding='utf-8')[-4000:]}"
        )
    return Tried(mutant, "survived" if code == 0 else "killed", took)


def see(
    modules: Sequence[str], tests: Sequence[str], kept: Path | None = None
) -> tuple[dict[str, dict[str, set[str]]], dict[str, float]]:
    """Which tests run which line of these modules, and how long each takes. They have to be good before anything is
    changed; a few that fail under load are not used."""
    with tempfile.TemporaryDirectory() as folder:
        out = kept or Path(folder, "seen.json")
        files = [str(path_of(module)) for module in modules]
        words = [sys.executable, "-m", "tests.mutants.seen", str(out), *files, "--", *tests]
        done = None
        if not out.exists():
            done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
        failed = {one.partition("[")[0] for one in found.get("failed", ())}
        if not found or len(failed) > _MAY_FAIL or (done and done.returncode and not failed):
            said = done.stdout[-3000:] + done.stderr[-2000:] if done else f"{out} says so"
            raise SystemExit(f"The tests are not good as they are:\n{said}")
        for one in failed:  # one that fails by itself would notice everything
            print(f"not used, it fails as it is: {one}", file=sys.stderr, flush=True)
        lines = {
            file: {line: set(tests) - failed for line, tests in told.items()}
            for file, told in found["lines"].items()
        }
        return lines, found["seconds"]


def argued() -> dict[str, str]:
    """The survivors that were looked at, each with why it changes nothing that could be seen."""
    told = tomllib.loads(LIST.read_text(encoding="utf-8"))["survivor"]
    found = {one["mutant"]: one["why"].strip() for one in told}
    if not all(found.values()):
        raise SystemExit("survivors.toml: every survivor needs its reason")
    return found


def arguments() -> argparse.Namespace:
    """What is tried."""
    parser = argparse.ArgumentParser(prog="run.py mutants", description=__doc__)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="app.domain.gate …; all of domain and engine"
    )
    parser.add_argument("--draw", type=int, default=60, help="how many are drawn (60)")
    parser.add_argument("--seed", type=int, default=None, help="the draw's number; another each time")
    parser.add_argument("--all", action="store_true", help="every one, which takes hours")
    parser.add_argument("--json", action="store_true", help="one object with what became of each")
    parser.add_argument(
        "--tests", nargs="+", default=TESTS, help="which tests may notice (those of domain and engine)"
    )
    parser.add_argument("--minutes", type=float, default=0, help="begin none after so many minutes")
    parser.add_argument(
        "--seen", type=Path, help="a file for which test runs which line: taken from there once it is there"
    )
    return parser.parse_args()


def main() -> int:
    """0: every change was killed, or its survival is argued; 1: one survived that is not."""
    given = arguments()
    os.environ["CI"] = "1"  # the same examples each time: what is killed once is killed again
    modules = given.modules or everything()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10_000)
    every = [one for module in modules for one in mutants(module)]
    chosen = every if given.all else random.Random(seed).sample(every, min(given.draw, len(every)))
    known = argued()
    lines, seconds = see(modules, given.tests, given.seen)
    _warm(given.tests, modules)
    tried: list[Tried] = []
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for module in sorted({one.module for one in chosen}):
            _control(module, lines, seconds, Path(folder, "log"))
        for mutant in sorted(chosen, key=lambda one: (one.module, one.line)):
            if given.minutes and time.monotonic() - begun > given.minutes * 60:
                break
            told = lines.get(str(path_of(mutant.module)), {})
            # What runs when the module is imported, or stands within a longer statement, has no line of its own.
            of = told.get(str(mutant.line)) or set().union(*told.values())
            tests = sorted(of, key=lambda name: seconds.get(name, 0.0))
            if not tests:
                tried.append(Tried(mutant, "unseen", 0.0))
            else:
                tried.append(try_one(mutant, tests, seconds, Path(folder, "log")))
            last = tried[-1]
            if last.end in ("survived", "unseen") and mutant.key not in known:
                print(f"{last.end}: line {mutant.line} of {mutant.key}", file=sys.stderr, flush=True)
            if len(tried) % 25 == 0:
                print(f"{len(tried)} of {len(chosen)}", file=sys.stderr, flush=True)
    return _told(
        tried, len(every), seed, known, given.json, everything_tried=given.all and len(tried) == len(chosen)
    )


def _control(
    module: str, lines: dict[str, dict[str, set[str]]], seconds: dict[str, float], log: Path
) -> None:
    """The module as it is has to survive: else something other than a change fails the tests, and nothing is proven."""
    tests = sorted(
        set().union(*lines[str(path_of(module))].values()), key=lambda name: seconds.get(name, 0.0)
    )[:20]
    if try_one(unchanged(module), tests, seconds, log).end != "survived":
        raise SystemExit(f"{module} does not survive as it is:\n{log.read_text(encoding='utf-8')[-4000:]}")


def _warm(tests: Sequence[str], modules: Sequence[str]) -> None:
    """Tests and what they need are imported once, here; a child changes the functions, or imports all of it anew."""
    kept = [os.dup(1), os.dup(2)]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        _to(log)
        try:
            import pytest

            code = pytest.main(["--collect-only", "-q", *_QUIET, *tests])
            for module in modules:
                importlib.import_module(module)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, one in enumerate(kept, 1):
                os.dup2(one, stream)
                os.close(one)
        if code:
            raise SystemExit(f"The tests cannot be collected:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _to(log: Path) -> None:
    """What is written from now on goes there."""
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)


def _told(
    tried: list[Tried], every: int, seed: int, known: dict[str, str], as_json: bool, *, everything_tried: bool
) -> int:
    counts = {
        end: sum(one.end == end for one in tried) for end in ("killed", "timeout", "survived", "unseen")
    }
    open_ = [one for one in tried if one.end in ("survived", "unseen") and one.mutant.key not in known]
    modules = {one.mutant.module for one in tried}
    stale: list[str] = []
    if everything_tried:
        alive = {one.mutant.key for one in tried if one.end in ("survived", "unseen")}
        stale = [key for key in known if key.partition(" ")[0] in modules and key not in alive]
    if as_json:
        rows = [{"mutant": one.mutant.key, "line": one.mutant.line, "end": one.end} for one in tried]
        print(
            json.dumps(
                {"type": "mutants", "seed": seed, "of": every, **counts, "tried": rows, "stale": stale}
            )
        )
    else:
        argued_ = counts["survived"] + counts["unseen"] - len(open_)
        print(
            f"{len(tried)} changes of {every} (seed {seed}): {counts['killed'] + counts['timeout']} killed "
            f"({counts['timeout']} of them never ended), {counts['survived'] + counts['unseen']} alive, "
            f"{argued_} of them argued."
        )
        for key in stale:
            print(f"survivors.toml names one that does not survive any more: {key}")
    return 1 if open_ or stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
