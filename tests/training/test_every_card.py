"""Every card can be seen at the training company: by a scenario or a trouble of the pages, or it is said why not."""

import re
from pathlib import Path

import pytest

from app.domain.problems import ProblemId
from app.training.scenarios import GARBAGE, SCENARIOS
from app.training.troubles import TROUBLES

TESTS = Path(__file__).parents[1]
# What no site can play: this computer's own, a person's, or time's. Each with the tests that show it with real parts.
OWN: dict[ProblemId, tuple[str, str]] = {
    ProblemId.INTERRUPTED: ("the program itself has to end in the middle", "cli/test_continue.py"),
    ProblemId.KEYRING: ("it is this computer's keyring", "storage/test_secrets.py"),
    ProblemId.DISK: ("it is this computer's disk", "cli/test_disk.py"),
    ProblemId.FILE_BROKEN: ("it is a file of this computer", "storage/test_profiles.py"),
    ProblemId.IN_USE: ("a second program has to hold the company", "storage/test_lock.py"),
    ProblemId.SECRET_MISSING: ("a password has to be missing here", "cli/test_faults_and_questions.py"),
    ProblemId.PROOF_OLD: ("an hour has to pass", "engine/test_scripted.py"),
    ProblemId.NOT_PRESSED: ("nobody may press, by the assisted driver", "portals/test_assisted.py"),
    ProblemId.PRO_CONNECT: ("a person's grant has to be spent or revoked", "end_to_end/test_connect.py"),
    ProblemId.INTERNAL: ("it is a fault of this program", "engine/test_scripted.py"),
}


def shown() -> dict[ProblemId, list[str]]:
    """By which scenarios and troubles each problem is shown. Garbage is not counted: it may show any."""
    found: dict[ProblemId, list[str]] = {}
    for story in SCENARIOS.values():
        if story is GARBAGE:
            continue
        for problem in {
            *story.problems, *story.noted, *story.perhaps, *story.preflight, *story.again, *story.compared
        }:  # fmt: skip
            found.setdefault(problem, []).append(f"--scenario {story.name}")
    for trouble in TROUBLES.values():
        for problem in {*trouble.problems, *trouble.noted}:
            found.setdefault(problem, []).append(f"--trouble {trouble.name}")
    return found


@pytest.mark.parametrize("problem", list(ProblemId))
def test_every_card_is_shown_by_something_one_can_practise(problem: ProblemId) -> None:
    by = shown().get(problem, [])
    if problem in OWN:
        reason, file = OWN[problem]
        assert not by, f"{by} shows it now: take it out of the list"
        text = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"{problem.name}\b|{re.escape(problem.value)}\b", text), f"{file} ({reason})"
    else:
        assert by, "no scenario and no trouble of the training company shows this card"
