"""RESULTS.md, drawn from what each meter told last; a meter that ran alone leaves the others' rows as they were."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench.figures import Aim, Figure, Told

FOLDER = Path(__file__).parent
DATA = FOLDER / "results.json"
PAGE = FOLDER / "RESULTS.md"
# By a meter's name: what is measured, what was changed for it, what stands in the way.
NOTES = FOLDER / "notes"
INTRODUCTION = """# What the program costs

Drawn by `python3 packaging/run.py bench`; not edited by hand. Medians with their spread (least to most), floors and
peers in the same run, in turns. A ratio is taken round by round. The load is the average of a minute at the end of a
meter: what else wanted the processors meanwhile.

| name | against | measured | target | met |
|---|---|---|---|---|"""

# In the order in which they are run and shown.
TITLES = {
    "start": "from the start of the process to Start Sync that answers a key, warm",
    "start-frozen": "the same, frozen",
    "start-large": "the same with 10,000 runs and 20 companies",
    "idle": "CPU, wake-ups and memory in the tray for 60 s, no browser",
    "overhead": "wall time of a run beside the servers' critical path",
    "overhead-browser": "a run by the browser driver, three jobs, beside the same by the training driver",
    "requests": "of a run and of an incremental match, beside the least that would do",
    "gui": "latency of the GUI thread's loop in a run, in a large match, scrolling a million rows",
    "decode": "pages of both sites to typed, checked records; client CPU per 1,000 rows",
    "match": "1,000,000 transactions a side from snapshots to verdict and tree",
    "match-next": "the second report after 1 % changed",
    "read": "client CPU per 1,000 transactions, wire to snapshot",
    "export": "XLSX of 100,000 differences",
    "ledger": "append of a durable event",
}
METERS = tuple(TITLES)


class Machine(msgspec.Struct, frozen=True):
    """Where and when it was measured. `load` is the average of a minute: how many others wanted the processors."""

    at: str
    cores: int
    load: float
    python: str
    system: str


class Row(msgspec.Struct, frozen=True):
    """What a meter told last, and where."""

    told: Told
    machine: Machine


def machine_now() -> Machine:
    """This machine, as it is now."""
    return Machine(
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        os.cpu_count() or 1,
        round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
    )


def kept() -> dict[str, Row]:
    """What is known of each meter, in their order."""
    known = msgspec.json.decode(DATA.read_bytes(), type=dict[str, Row]) if DATA.exists() else {}
    return {name: known[name] for name in METERS if name in known}


def keep(name: str, row: Row) -> None:
    """A meter's newest result in place of its last."""
    known = {**kept(), name: row}
    ordered = {one: known[one] for one in METERS if one in known}
    DATA.write_bytes(msgspec.json.format(msgspec.json.encode(ordered)) + b"\n")


def page(rows: dict[str, Row]) -> None:
    """Draw RESULTS.md anew."""
    PAGE.write_text(_drawn(rows), encoding="utf-8")


def _drawn(rows: dict[str, Row]) -> str:
    lines = INTRODUCTION.splitlines()
    for name in METERS:
        row = rows.get(name)
        if row is None or row.told.not_measured:
            why = row.told.not_measured if row else "seven rounds were not finished yet; see below"
            lines.append(f"| {name} | | not measured: {why} | | no |")
            continue
        for place, aim in enumerate(row.told.aims):
            shown = name if place == 0 else ""
            lines.append(
                f"| {shown} | {aim.what} | {_value(aim.figure, aim.unit)} | {_target(aim)} |"
                f" {'yes' if aim.met else '**no**'} |"
            )
    for name in METERS:
        lines += ["", f"## {name}: {TITLES[name]}", ""]
        note = NOTES / f"{name}.md"
        lines += note.read_text(encoding="utf-8").strip().splitlines() if note.exists() else []
        row = rows.get(name)
        if row is None or row.told.not_measured:
            continue
        machine = row.machine
        lines += ["", "| what | median | spread |", "|---|---|---|"]
        for what, (figure, unit) in row.told.measured.items():
            spread = f"{_number(figure.least)} to {_number(figure.most)}"
            lines.append(f"| {what} | {_number(figure.value)} {unit} | {spread} |")
        where = f"{machine.at} UTC, {machine.cores} cores, load {machine.load}"
        lines += ["", f"{row.told.rounds} rounds, {where}, Python {machine.python}, {machine.system}."]
    return "\n".join(lines) + "\n"


def _value(figure: Figure, unit: str) -> str:
    return f"{_number(figure.value)} {unit} ({_number(figure.least)} to {_number(figure.most)})"


def _target(aim: Aim) -> str:
    return f"≤ {aim.target:g} {aim.unit}"


def _number(value: float) -> str:
    """Three digits that say something, without an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
