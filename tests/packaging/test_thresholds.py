"""Floors of what the tests must have run, room by room."""

from typing import Any

import thresholds


def summary(lines: int, run: int, branches: int = 0, branches_run: int = 0) -> dict[str, Any]:
    return {
        "summary": {
            "num_statements": lines,
            "covered_lines": run,
            "num_branches": branches,
            "covered_branches": branches_run,
        }
    }


def test_rooms_are_added_up_and_so_is_the_whole() -> None:
    rooms = thresholds.tally(
        {
            "files": {
                "app/domain/run.py": summary(100, 95, 10, 10),
                "app\\domain\\gate.py": summary(100, 100, 10, 9),
                "app/http.py": summary(10, 10),
                "packaging/run.py": summary(1000, 0),
            }
        }
    )
    assert set(rooms) == {"", "domain", "http"}
    assert (rooms["domain"].line_percent, rooms["domain"].branch_percent) == (97.5, 95.0)
    assert (rooms[""].lines, rooms[""].lines_run) == (210, 205)


def test_a_room_under_its_floor_is_named() -> None:
    rooms = thresholds.tally(
        {"files": {"app/domain/run.py": summary(100, 94), "app/ui/x.py": summary(900, 900)}}
    )
    lines, good = thresholds.table(rooms)
    assert not good
    assert [line for line in lines if "too little" in line] == [
        next(line for line in lines if line.startswith("domain"))
    ]


def test_branches_count_apart_from_lines() -> None:
    rooms = thresholds.tally({"files": {"app/ui/x.py": summary(1000, 1000, 10, 8)}})
    assert not thresholds.table(rooms)[1]


def test_a_room_without_code_passes() -> None:
    rooms = thresholds.tally({"files": {"app/engine/__init__.py": summary(0, 0)}})
    assert thresholds.table(rooms)[1]
