"""Every problem has its card, and no fact that is missing or odd spoils a sentence."""

import re
from datetime import UTC, datetime
from string import Formatter

import pytest

from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab
from app.words import problems
from app.words.cards import CARDS, Counted, Sentences
from app.words.sites import Who


def sentences_of(sentences: Sentences) -> list[str]:
    found: list[str] = []
    for one in sentences if isinstance(sentences, tuple) else (sentences,):
        found += [one.one, one.many] if isinstance(one, Counted) else [one]
    return found


@pytest.mark.parametrize("problem_id", list(ProblemId))
def test_every_problem_says_what_happened_why_what_to_do_and_who(problem_id: ProblemId) -> None:
    card = problems.card(Problem(problem_id))
    for part in (card.title, card.why, card.do):
        assert part.endswith("."), part
        assert part[0].isupper() or part.startswith("hh2"), part
        assert "{" not in part, "a blank without its fact"
    assert card.who in Who
    assert card.who_says
    assert problem_id.value not in card.title + card.why + card.do, "no codes in the sentences"


@pytest.mark.parametrize("problem_id", list(ProblemId))
def test_each_part_ends_in_a_sentence_that_needs_no_fact(problem_id: ProblemId) -> None:
    words = CARDS[problem_id]
    for part in (words.title, words.why, words.do):
        last = sentences_of(part)[-1]
        blanks = {name for _, name, _, _ in Formatter().parse(last) if name}
        assert blanks <= {"store"}


def test_a_fact_fills_its_blank() -> None:
    card = problems.card(Problem(ProblemId.HH2_LOCKED, {"user": "claire"}))
    assert card.title == "hh2 has locked the user claire."


def test_one_failure_and_many_are_counted() -> None:
    one = problems.card(Problem(ProblemId.HH2_FAILED, {"n": 1, "first": "Job 25-014 is closed."}))
    many = problems.card(Problem(ProblemId.HH2_FAILED, {"n": 3}))
    assert one.title == "Step 1 ended with 1 failure. Procore was not refreshed."
    assert one.why == "The first: Job 25-014 is closed."
    assert many.title == "Step 1 ended with 3 failures. Procore was not refreshed."
    assert many.why == "hh2 did not say why."


def test_sites_and_tabs_are_called_by_their_names() -> None:
    assert problems.title(Problem(ProblemId.SESSION, {"site": "procore"})) == "Your sign-in to Procore ended."
    stale = Problem(ProblemId.PRO_STALE, {"tab": Tab.PRIME_CONTRACTS.value})
    assert problems.title(stale) == "Procore did not report an end for Prime Contracts."


def test_a_time_is_told_as_on_the_wall_and_a_length_as_people_say_it() -> None:
    until = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
    said = problems.title(Problem(ProblemId.LIMIT, {"site": "procore", "until": until.isoformat()}))
    assert re.search(r"we go on at \d\d:\d5\.", said)
    slow = problems.title(Problem(ProblemId.HH2_LONG, {"usual": 360, "took": 905}))
    assert slow == "This takes longer than usual (usual 6 min 0 s, now 15 min 5 s)."


def test_a_fact_of_the_wrong_kind_falls_back_to_the_sentence_without_it() -> None:
    said = problems.title(Problem(ProblemId.HH2_FAILED, {"n": "several"}))
    assert said == "Step 1 failed. Procore was not refreshed."
    assert problems.title(Problem(ProblemId.LIMIT, {"site": "hh2", "until": "later"})).endswith("at later.")
    assert (
        problems.title(Problem(ProblemId.NET, {"host": None})) == "This computer cannot reach hh2 or Procore."
    )


def test_a_fact_with_braces_is_told_as_it_is() -> None:
    card = problems.card(Problem(ProblemId.PRO_FAILED, {"tab": "vendors", "reason": "{name} is empty"}))
    assert card.why == "Procore says: {name} is empty."


def test_the_card_as_text_ends_with_the_id() -> None:
    text = problems.card(Problem(ProblemId.HH2_DOWN)).as_text()
    assert text.endswith("[HH2-DOWN]")
    assert text.splitlines()[0] == "hh2 itself is not answering."
