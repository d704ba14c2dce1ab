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
        ({"missing": True}, "There is no company of this name."),
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
    ("what", "why"),
    [("empty", "It is empty."),
     ("too-large", "It is larger than this program reads, or would be once it is unpacked."),
     ("not-text", "It holds bytes that no text has."),
     ("BadZipFile", "It is not what its name says, or it is damaged.")],
)  # fmt: skip
def test_a_file_that_was_chosen_to_be_compared_says_what_to_choose_instead(what: str, why: str) -> None:
    facts: dict[str, Fact] = {"file": "job cost.xlsx", "expected": "table", "what": what}
    card = problems.card(Problem(ProblemId.FILE_BROKEN, facts))
    assert card.title == "job cost.xlsx cannot be read."
    assert card.why == why
    assert card.do == "Save job cost.xlsx anew as CSV or as an Excel workbook (.xlsx), and choose it again."
    assert card.who_says == "Who can do it: you"


@pytest.mark.parametrize(
    ("usual", "title"),
    [(None, "This takes longer than usual."), (0, "This takes longer than usual."),
     (0.4, "This takes longer than usual."), ("", "This takes longer than usual."),
     (95, "This takes longer than usual (usual 1 min 35 s, now 10 min 0 s).")],
)  # fmt: skip
def test_no_usual_time_is_claimed_where_none_is_known(usual: Fact, title: str) -> None:
    assert problems.title(Problem(ProblemId.HH2_LONG, {"usual": usual, "took": 600})) == title


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
