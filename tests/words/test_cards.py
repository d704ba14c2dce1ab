"""Every problem has its card, and no fact that is missing or odd spoils a sentence."""

import re
from datetime import UTC, datetime
from string import Formatter

import pytest

from app.domain.problem_facts import FACTS
from app.domain.problems import Fact, Problem, ProblemId
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


# A value for each fact, as rooms give it; what is not here is a short text.
SAMPLES: dict[str, Fact] = {
    "site": "procore",
    "tab": "sub-jobs",
    "action": "tab-sub-jobs",
    "n": 3,
    "line": 12,
    "minutes": 60,
    "before": 400,
    "now": 12,
    "usual": 240.0,
    "took": 905.5,
    "waited": 1800,
    "seconds": 40.0,
    "until": "2026-11-24T14:05:00+00:00",
    "since": "2026-11-24T14:05:00Z",
    "status": 502,
    "expected": "whole-number",
    "newer": False,
    "missing": False,
}
# Causes as each room names them, where they have phrases; others are told as they stand.
WHYS: dict[ProblemId, list[str]] = {
    ProblemId.DISK: ["full", "not-ours", "other"],
    ProblemId.KEYRING: ["locked", "error"],
    ProblemId.BROWSER: ["none-found", "not-installed", "not-started", "closed", "no-display"],
    ProblemId.PRO_CONNECT: [
        "not-connected",
        "lost-refresh",
        "refused",
        "lost-code",
        "code-refused",
        "wrong-state",
        "no-code",
        "denied",
        "given-up",
    ],
    ProblemId.PRO_PERM: ["button", "tab", "tool", "level"],
    ProblemId.PRO_LABEL: ["not-reachable", "not-shown", "not-offered", "forbidden", "elsewhere"],
    ProblemId.HH2_LABEL: ["not-reachable", "forbidden"],
    ProblemId.MFA: ["code", "captcha", "person", "elsewhere", "form-elsewhere"],
    ProblemId.HH2_UNSURE: ["stale", "no-end", "blind", "lost-answer"],
    ProblemId.NET: ["ConnectError", "timeout", "certificate: self-signed certificate", "name-not-resolved"],
}


def sample(problem_id: ProblemId, name: str) -> Fact:
    """What a room could give for this fact."""
    if name == "why":
        return WHYS.get(problem_id, ["some-cause"])[0]
    return SAMPLES.get(name, f"some {name} as it stands.")


def says_full_sentences(problem: Problem) -> None:
    """Title, why and what to do are whole sentences, each filled, and the card ends with its id."""
    card = problems.card(problem)
    for part in (card.title, card.why, card.do):
        assert part.endswith("."), part
        assert not part.endswith(".."), part
        assert len(part.split()) >= 3, part
        assert not set("{}") & set(part), "an unfilled blank"
        assert not re.search(r"\bNone\b(?! (is|was) )", part), part
        assert "  " not in part, part
        assert "some-cause" not in part, f"an id instead of a phrase: {part}"
    assert card.who_says


@pytest.mark.parametrize("problem_id", list(ProblemId))
def test_a_card_says_full_sentences_with_no_facts_with_each_and_with_all(problem_id: ProblemId) -> None:
    everything = {name: sample(problem_id, name) for name in FACTS[problem_id]}
    says_full_sentences(Problem(problem_id))
    says_full_sentences(Problem(problem_id, everything))
    for name, value in everything.items():
        says_full_sentences(Problem(problem_id, {name: value}))
        says_full_sentences(Problem(problem_id, {**everything, name: None}))
        says_full_sentences(Problem(problem_id, {**everything, name: ""}))


@pytest.mark.parametrize("why", ["name-not-resolved", "cert-date-invalid", "no-answer", "ReadTimeout"])
def test_why_a_site_was_not_reached_is_told_without_the_browsers_word(why: str) -> None:
    card = problems.card(Problem(ProblemId.NET, {"site": "hh2", "host": "acme.hh2.com", "why": why}))
    assert card.why.startswith("The connection ended with: ")
    assert why not in card.why


@pytest.mark.parametrize(("problem_id", "why"), [(one, why) for one, whys in WHYS.items() for why in whys])
def test_every_cause_is_a_phrase_of_a_full_sentence(problem_id: ProblemId, why: str) -> None:
    everything = {name: sample(problem_id, name) for name in FACTS[problem_id]}
    says_full_sentences(Problem(problem_id, {"why": why}))
    says_full_sentences(Problem(problem_id, {**everything, "why": why}))


@pytest.mark.parametrize("why", WHYS[ProblemId.MFA])
def test_the_card_of_a_door_asks_for_a_code_only_where_the_page_does(why: str) -> None:
    card = problems.card(Problem(ProblemId.MFA, {"site": "hh2", "why": why, "host": "acme-hh2.example"}))
    said = f"{card.title} {card.why} {card.do}"
    assert ("code" in said) is (why == "code")
    assert "hh2" in card.title


def test_at_another_hosts_page_the_person_is_told_its_name_and_warned() -> None:
    facts: dict[str, Fact] = {"site": "procore", "why": "elsewhere", "host": "login.procore.example"}
    card = problems.card(Problem(ProblemId.MFA, facts))
    assert card.title == "Signing in to Procore led to another address: login.procore.example."
    assert "This program types nothing there" in card.why
    assert "otherwise type nothing, stop the run and tell your IT" in card.do


@pytest.mark.parametrize("why", [*WHYS[ProblemId.MFA], ""])
def test_the_card_of_a_run_that_has_ended_sends_nobody_to_a_window_that_is_closed(why: str) -> None:
    problem = Problem(ProblemId.MFA, {"site": "hh2", "why": why, "host": "acme-hh2.example"})
    waiting, over = problems.card(problem), problems.card(problem, over=True)
    assert "that opened" in waiting.do or "type nothing" in waiting.do.lower()
    assert "that opened" not in over.do
    assert "Start the run anew" in over.do
    assert ("type nothing" in over.do) is ("elsewhere" in why)
    assert (over.title, over.why) == (waiting.title, waiting.why)


def test_a_missing_right_names_the_tab_and_the_level() -> None:
    card = problems.card(
        Problem(ProblemId.PRO_PERM, {"tab": "vendors", "why": "level", "level": "Read Only"})
    )
    assert "Vendors" in card.title
    assert card.why == "What is missing: more than Read Only on ERP Integrations."


def test_a_label_that_was_not_found_is_called_as_the_page_calls_it() -> None:
    missing = Problem(ProblemId.PRO_LABEL, {"action": "refresh-vendors", "found": 0})
    assert problems.card(missing).why == "“Refresh Vendor List” was not found, or more than once."
    covered = Problem(ProblemId.HH2_LABEL, {"action": "depth:deep", "found": 1, "why": "not-reachable"})
    assert problems.card(covered).why == "“Depth” cannot be used: it is greyed or covered."
    unheard = Problem(ProblemId.HH2_LABEL, {"action": "no-such-thing"})
    assert problems.card(unheard).why == "A button or a field was not found where it always was."


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
    card = problems.card(Problem(ProblemId.PRO_FAILED, {"tab": "vendors", "text": "{name} is empty"}))
    assert card.why == "Procore says: {name} is empty."


def test_the_card_as_text_ends_with_the_id() -> None:
    text = problems.card(Problem(ProblemId.HH2_DOWN)).as_text()
    assert text.endswith("[HH2-DOWN]")
    assert text.splitlines()[0] == "hh2 itself is not answering."
