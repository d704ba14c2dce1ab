"""What a disk, a keyring or a file answered is said in words, never as the id it comes with."""

import pytest

from app.domain.problems import Fact, Problem, ProblemId
from app.words import problems


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"line": 9, "what": "procore.company_id", "value": "seven", "expected": "whole-number"},
         "Line 9: procore.company_id is “seven”; expected: a whole number."),
        ({"line": 3, "what": "driver", "value": "chrome", "expected": "one-of", "choices": "browser, assisted"},
         "Line 3: driver is “chrome”; expected: one of browser, assisted."),
        ({"line": 4, "what": "run.pause", "value": "", "expected": "known-setting"},
         "Line 4: run.pause cannot be used; expected: a setting that this program knows."),
        ({"line": 4, "what": "", "value": "job_pause", "expected": "toml"},
         "Line 4: “job_pause” cannot be read; expected: a setting as name = value."),
        ({"line": 1, "what": "", "value": "", "expected": "utf-8"},
         "Line 1: it cannot be read; expected: text saved as UTF-8."),
        ({"line": 2, "what": "version", "value": "2", "expected": "version", "newer": True, "version": 2},
         "It was written by a newer version of this program."),
        ({"missing": True}, "There is no such file."),
    ],
)  # fmt: skip
def test_a_broken_file_says_where_and_what_was_expected(facts: dict[str, Fact], why: str) -> None:
    card = problems.card(
        Problem(ProblemId.FILE_BROKEN, {"file": "Acme.toml", "copy": "Acme.toml.kept-1", **facts})
    )
    assert card.title == "Acme.toml cannot be read."
    assert card.why == why
    assert card.do == "It was kept aside as Acme.toml.kept-1; nothing was overwritten."


@pytest.mark.parametrize(
    ("reason", "why"),
    [("full", "The cause: the disk is full."), ("other", "The cause: Input/output error.")],
)
def test_a_disk_says_why_it_was_not_written(reason: str, why: str) -> None:
    facts: dict[str, Fact] = {"file": "ledger.sqlite", "why": reason, "text": "Input/output error"}
    card = problems.card(Problem(ProblemId.DISK, facts))
    assert (card.title, card.why) == ("ledger.sqlite could not be written.", why)


def test_a_keyring_says_why_it_was_not_opened() -> None:
    card = problems.card(Problem(ProblemId.KEYRING, {"why": "locked"}))
    assert card.why == "The cause: it is locked, or was never set up."
    assert (
        problems.card(Problem(ProblemId.KEYRING)).why
        == "It is locked, not installed, or did not answer in time."
    )
