"""The command behind `packaging/run.py bench`: meters by name, each in a process of its own; the results are kept."""

import argparse
import subprocess
import sys

import msgspec

from tests.bench.figures import Told
from tests.bench.results import METERS, TITLES, Row, keep, kept, machine_now, page

ROUNDS = 7
ROOM = 3600.0  # seconds for one meter; one that hangs must not hold up the others


def main(arguments: list[str]) -> int:
    """0 when every target is met, 10 when one is not, 1 when a meter failed."""
    parser = argparse.ArgumentParser(
        prog="run.py bench", description="How fast is it, against floors and peers?"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(METERS))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"medians of so many, at least {ROUNDS}")
    parser.add_argument("--json", action="store_true", help="by name: value, spread, target, met")
    parser.add_argument("--list", action="store_true", help="what is measured")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in METERS]
    if unknown or options.rounds < ROUNDS:
        parser.error(f"no meter {unknown[0]}" if unknown else f"at least {ROUNDS} rounds")
    if options.list:
        print("\n".join(f"{name:<17} {TITLES[name]}" for name in METERS))
        return 0
    names = [name for name in METERS if name in (options.names or METERS)]
    found: dict[str, Told] = {}
    failed = False
    for name in names:
        sys.stderr.write(f"{name}: {TITLES[name]}\n")
        told = _measured(name, options.rounds)
        if told is None:
            failed = True
            continue
        found[name] = told
        keep(name, Row(told, machine_now()))
        for aim in told.aims:
            sys.stderr.write(f"  {_line(told, aim.what)}\n")
        if told.not_measured:
            sys.stderr.write(f"  not measured: {told.not_measured}\n")
    page(kept())
    if options.json:
        print(msgspec.json.format(msgspec.json.encode([_shown(one) for one in found.values()])).decode())
    if failed:
        return 1
    return 0 if all(told.met for told in found.values()) else 10


def _measured(name: str, rounds: int) -> Told | None:
    words = [sys.executable, "-m", "tests.bench.one", name, str(rounds)]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=ROOM, check=False)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"  {name} did not end within {ROOM:.0f} s\n")
        return None
    if done.returncode:
        sys.stderr.write(f"  {name} ended with {done.returncode}\n")
        return None
    return msgspec.json.decode(done.stdout, type=Told)


def _line(told: Told, what: str) -> str:
    aim = next(one for one in told.aims if one.what == what)
    figure = aim.figure
    spread = f"{figure.least:.3g} to {figure.most:.3g}"
    verdict = "met" if aim.met else "NOT MET"
    return f"{aim.what}: {figure.value:.3g} {aim.unit} ({spread}), target {aim.target:g}: {verdict}"


def _shown(told: Told) -> dict[str, object]:
    """A name as JSON: the first aim is the name's own, the others stand beside it."""
    aims = [
        {
            "what": aim.what,
            "value": round(aim.figure.value, 4),
            "spread": [round(aim.figure.least, 4), round(aim.figure.most, 4)],
            "unit": aim.unit,
            "target": aim.target,
            "met": aim.met,
        }
        for aim in told.aims
    ]
    first = aims[0] if aims else {"value": None, "spread": None, "target": None}
    own = {key: first[key] for key in ("value", "spread", "target")}
    return {"name": told.name, **own, "met": told.met, "aims": aims, "not_measured": told.not_measured}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
