"""The coverage-guided fuzzer: bytes made to hurt for the riskiest decoders, with bounds for time and memory."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import machine
from machine import ROOT, say

RISKIEST = ("procore_json", "soap_xml", "csv_file", "xlsx_file")
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
_MINUTES = 10
_HANG = 20  # seconds for one input
_MEMORY = 2048  # MB for the process
_LONGEST = 16_384  # bytes of one input
_KEPT = 40  # files of a target that are kept in the tree, none larger than
_KEPT_BYTES = 4_096


@dataclass(frozen=True)
class Ended:
    """How a target ended: inputs tried, places of the code reached, and what was found, if anything was."""

    name: str
    inputs: int
    reached: int
    seconds: float
    memory: int
    fault: str = ""


def arguments(argv: list[str]) -> argparse.Namespace:
    """Which targets, and for how long each."""
    parser = argparse.ArgumentParser(prog="run.py fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", default=[], metavar="TARGET", help=f"of {', '.join(RISKIEST)}, or any other"
    )
    parser.add_argument("--seconds", type=int, default=_MINUTES * 60, help="for each target")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="take what reached new places into tests/fuzz/corpus, a little of it",
    )
    return parser.parse_args(argv)


def options(seconds: int, found: Path) -> list[str]:
    """What the fuzzer is told: no input may hang, memory is bounded, and what fails is written down."""
    return [
        f"-max_total_time={seconds}", f"-timeout={_HANG}", f"-rss_limit_mb={_MEMORY}", f"-max_len={_LONGEST}",
        f"-artifact_prefix={found}/", "-print_final_stats=1", "-close_fd_mask=1",
    ]  # fmt: skip


def ended(name: str, code: int, text: str, seconds: float) -> Ended:
    """What the fuzzer's own words say of how it ended."""
    inputs = re.findall(r"stat::number_of_executed_units:\s+(\d+)", text) or re.findall(
        r"^#(\d+)", text, re.MULTILINE
    )
    reached = re.findall(r"\bcov: (\d+)", text)
    memory = re.findall(r"stat::peak_rss_mb:\s+(\d+)", text) or re.findall(r"\brss: (\d+)Mb", text)
    fault = "" if code == 0 and inputs else text[-6000:]
    return Ended(
        name,
        int(inputs[-1]) if inputs else 0,
        int(reached[-1]) if reached else 0,
        seconds,
        int(memory[-1]) if memory else 0,
        fault,
    )


def fuzz(python: str, name: str, seconds: int, keep: bool) -> Ended:
    """One target to its end."""
    with tempfile.TemporaryDirectory(prefix="ods-fuzz-") as made:
        found, faults = Path(made, "found"), ROOT / "out" / "fuzz" / name
        found.mkdir()
        faults.mkdir(parents=True, exist_ok=True)
        words = [python, "-m", "tests.fuzz.guided", name, str(found), *options(seconds, faults)]
        env = {**os.environ, "TMPDIR": made, "PYTHONHASHSEED": "0"}
        began = time.monotonic()
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, check=False)
        text = (done.stdout + done.stderr).decode(errors="replace")
        if keep and done.returncode == 0:
            take(name, found)
        return ended(name, done.returncode, text, time.monotonic() - began)


def take(name: str, found: Path) -> None:
    """Keep a few small inputs that reached new places: the smallest first."""
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    room = _KEPT - len(list(folder.iterdir()))
    small = sorted(
        (path for path in found.iterdir() if path.stat().st_size <= _KEPT_BYTES),
        key=lambda one: one.stat().st_size,
    )
    for path in small[:: max(1, len(small) // max(room, 1))][: max(room, 0)]:
        (folder / path.name).write_bytes(path.read_bytes())


def main(argv: list[str]) -> int:
    """0: nothing found; 1: something was, or the fuzzer did not run."""
    given = arguments(argv)
    python = machine.need_fuzzing()
    bad = 0
    for name in given.targets or RISKIEST:
        one = fuzz(python, name, given.seconds, given.keep)
        if one.fault:
            bad += 1
            sys.stdout.write(one.fault + "\n")
        said = "FOUND SOMETHING; the input is in out/fuzz" if one.fault else "nothing found"
        say(
            f"{name}: {one.inputs:,} inputs in {one.seconds:.0f} s, {one.reached:,} places reached, "
            f"{one.memory} MB at the most: {said}"
        )
    return 1 if bad else 0
