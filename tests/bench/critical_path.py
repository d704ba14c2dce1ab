"""The servers' critical path of a run, from their log alone: as long as anything of ours was under way there.

Formula: the length of the union of [pressed, ends] over every sync and refresh pressed after the first request.
Nobody could be quicker: whatever comes next was pressed as soon as it could be, were nothing lost between. What is
lost is what lies between: an end that is not noticed yet, looks, sign-ins, and what is computed here.

`python -m tests.bench.critical_path LOG.json` prints seconds."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any


def operations(log: dict[str, Any]) -> list[tuple[str, str, datetime, datetime]]:
    """What was pressed in this run and has an end: tab ("" for the sync), job, pressed, ends; in order."""
    began = min(_at(seen["at"]) for seen in log["requests"])
    found = [
        (one["tab"], one["job"], _at(one["pressed"]), _at(one["ends"]))
        for one in log["operations"]
        if one["ends"] is not None and _at(one["pressed"]) >= began
    ]
    return sorted(found, key=lambda one: one[2])


def seconds(log: dict[str, Any]) -> float:
    """The critical path."""
    total, until = 0.0, None
    for _, _, pressed, ends in operations(log):
        begins = pressed if until is None else max(pressed, until)
        total += max(0.0, (ends - begins).total_seconds())
        until = ends if until is None else max(until, ends)
    return total


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


if __name__ == "__main__":
    sys.stdout.write(f"{seconds(json.loads(Path(sys.argv[1]).read_text())):.3f}\n")
