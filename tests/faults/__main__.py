"""The command behind `packaging/run.py faults`: the whole matrix, or the cells that are named, and its counts."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.faults.cells import cells
from tests.faults.kinds import KINDS
from tests.faults.known import not_made
from tests.faults.matrix import Outcome, carried_out
from tests.faults.pages import FAULTS as PAGE_FAULTS
from tests.faults.pages import PageOutcome, ordered, page_calls, page_cells
from tests.faults.walks import walked
from tests.faults.wire import FAULTS
from tests.support.matrix import NOTHING_TRIED


def main(arguments: list[str]) -> int:
    """0 when every cell holds or is a known limit, 1 when one does neither, 2 where no cell was tried."""
    options = _options(arguments)
    some = [one for one in cells() if options.only in one.name] if options.part != "pages" else []
    steps = [one for one in page_cells() if options.only in one.name] if options.part != "requests" else []
    steps = ordered(steps, options.order)
    began = time.monotonic()
    done = 0

    def tell(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if outcome.wrong or options.all_ends:
            _say(outcome.told)
        elif done % 100 == 0:
            _say(f"{done} of {len(some)} cells, {time.monotonic() - began:.0f} s")

    with tempfile.TemporaryDirectory() as home:
        os.environ["ONDEMAND_SYNC_HOME"] = home
        found = asyncio.run(carried_out(some, min(options.at_once, len(some)), tell)) if some else []
        walks: list[PageOutcome] = []
        if steps:
            at_once = min(options.pages_at_once, len(steps))
            walks = asyncio.run(walked(steps, at_once, Path(home), lambda one: _say(one.told)))
    seconds = round(time.monotonic() - began)
    struck, resumed = sum(one.met for one in walks), sum(one.resumed for one in walks)
    every: list[Outcome | PageOutcome] = [*found, *walks]
    if options.json:
        rows = [_row(one) for one in every if options.all_ends or one.wrong]
        of_pages = {**_counts(walks), "struck": struck, "by_a_persons_word": resumed}
        counts = {"seconds": seconds, "requests": _counts(found), "pages": of_pages, "cells": rows}
        counts["not_made"] = not_made()
        print(msgspec.json.format(msgspec.json.encode(counts)).decode())
    else:
        if some:
            print(f"Requests: {len(KINDS)} kinds × {len(FAULTS)} faults. {_told(found)}")
        if steps:
            print(
                f"Pages: {len(page_calls())} kinds × {len(PAGE_FAULTS)} faults. {_told(walks)} "
                f"In {struck} the fault struck, in {resumed} runs "
                "after a person's word for step 1."
            )
        print(f"{seconds} s.")
        for reason, names in _by_reason(not_made()).items():
            print(f"Not made: {', '.join(names)}: {reason}.")
    if not every:
        _say(f"Nothing was tried: no cell's name holds {options.only!r}. This says nothing of the program.")
        return NOTHING_TRIED
    return 0 if all(one.good for one in every) else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py faults", description="Every kind of request, and of page, with every fault."
    )
    parser.add_argument("--json", action="store_true", help="the counts, and every cell that does not hold")
    parser.add_argument("--only", default="", metavar="TEXT", help="the cells whose names hold this text")
    parser.add_argument(
        "--part",
        choices=("all", "requests", "pages"),
        default="all",
        help="the requests, or the steps on pages, which take a browser and some twenty seconds each",
    )
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="so many cells at a time")
    parser.add_argument(
        "--pages-at-once", type=int, default=2, metavar="N", help="so many steps on pages at a time"
    )
    parser.add_argument("--order", default="", metavar="SEED", help="the steps on pages in this drawn order")
    parser.add_argument("--all-ends", action="store_true", help="tell how every cell ended")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _counts(found: Sequence[Outcome | PageOutcome]) -> dict[str, Any]:
    return {
        "cells": len(found),
        "held": sum(one.held for one in found),
        "known_limits": sum(not one.held and one.good for one in found),
        "broken": sum(not one.good for one in found),
        "second_try": sum(one.again and one.held for one in found),
        "outcomes": _often(one.end.outcome for one in found),
        "exits": _often(str(one.end.exit) for one in found),
        "cards": _often(card for one in found for card in one.end.cards),
    }


def _often(what: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(what).items()))


def _row(one: Outcome | PageOutcome) -> dict[str, object]:
    end = one.end
    row = {"cell": one.cell.name, "outcome": end.outcome, "exit": end.exit, "cards": sorted(end.cards)}
    return {**row, "wrong": one.wrong, "limit": one.limit, "seconds": round(one.seconds, 1)}


def _told(found: Sequence[Outcome | PageOutcome]) -> str:
    counts = _counts(found)
    return (
        f"{counts['cells']} cells: {counts['held']} hold, {counts['known_limits']} known limits, "
        f"{counts['broken']} do not hold; {counts['second_try']} held when carried out again alone. "
        f"Exit codes: {_pairs(counts['exits'])}. Cards: {_pairs(counts['cards'])}."
    )


def _by_reason(reasons: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        found[reason].append(name)
    return found


def _pairs(often: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in often.items()) or "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
