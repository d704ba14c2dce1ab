"""One meter in a process of its own: its name and how many rounds; what it found as JSON on standard output."""

import importlib
import sys

import msgspec

from tests.bench.figures import Told


def main(name: str, rounds: int) -> None:
    """Measure, and print; what the meter itself prints goes to standard error."""
    out, sys.stdout = sys.stdout, sys.stderr
    module = importlib.import_module(f"tests.bench.{name.replace('-', '_')}")
    told: Told = module.measure(rounds)
    out.write(msgspec.json.encode(told).decode() + "\n")
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
