"""The table of scenarios, as `training list --json` prints it."""

import msgspec
import pytest

from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.training.faults import FaultKind
from app.training.scenarios import GARBAGE, SCENARIOS, NoSuchScenario, listing, scenario

# name: step 1, exits, problems, noted
TABLE: dict[str, tuple[str | None, set[int], set[str], set[str]]] = {
    "ok": ("done", {0}, set(), set()),
    "nothing-to-do": ("done", {0}, set(), set()),
    "slow": ("done", {0}, set(), set()),
    "busy": ("done", {0}, set(), {"HH2-BUSY"}),
    "staged": ("done", {10}, {"Q-IMPORT"}, set()),
    "mismatch": ("done", {10}, {"Q-IMPORT"}, set()),
    "exports-failed": ("done", {10}, {"Q-FAILED"}, set()),
    "tab-failed": ("done", {10}, {"PRO-FAILED"}, set()),
    "tab-stale": ("done", {10}, {"PRO-STALE"}, set()),
    "tab-busy": ("done", {0}, set(), {"PRO-BUSY"}),
    "rate-limited": ("done", {0}, set(), {"LIMIT"}),
    "start-answer-lost": ("done", {0}, set(), set()),
    "refresh-answer-lost": ("done", {0, 10}, set(), set()),
    "session-lost": ("done", {0}, set(), {"SESSION"}),
    "wrong-password": ("failed", {30}, {"HH2-LOGIN"}, set()),
    "user-locked": ("failed", {30}, {"HH2-LOCKED"}, set()),
    "api-client-refused": ("failed", {30}, {"HH2-CLIENT"}, set()),
    "no-permission": ("person", {30}, {"PRO-PERM"}, set()),
    "no-proof": ("unsure", {30}, {"HH2-UNSURE"}, set()),
    "hh2-down": ("failed", {20}, {"HH2-DOWN"}, set()),
    "client-offline": ("failed", {20}, {"HH2-OFFLINE"}, set()),
    "database-restarted": ("failed", {20}, {"HH2-OFFLINE"}, set()),
    "database-stopped": ("failed", {20}, {"HH2-FAILED"}, set()),
    "sync-failed": ("failed", {20}, {"HH2-FAILED"}, set()),
    "hh2-unreachable": ("failed", {20}, {"NET"}, set()),
    "hh2-nonsense": ("failed", {20}, {"HH2-ANSWER"}, set()),
    "procore-password": ("person", {30}, {"PRO-LOGIN"}, set()),
    "procore-down": ("failed", {20}, {"PRO-DOWN"}, set()),
    "procore-nonsense": ("failed", {20}, {"PRO-ANSWER"}, set()),
    "clock-wrong": ("done", {0}, set(), set()),
    "records-gone": ("done", {0}, set(), set()),
    "list-refused": ("done", {0}, set(), set()),
    "garbage": (None, {10, 20, 30}, set(), set()),
}


def test_every_scenario_of_the_table_is_listed_as_the_table_has_it() -> None:
    listed = msgspec.json.decode(msgspec.json.encode(listing()))
    found = {
        one["name"]: (one["step1"], set(one["exit"]), set(one["problems"]), set(one["noted"]))
        for one in listed["scenarios"]
    }
    assert found == TABLE
    assert listed["skins"][0]["name"] == "plain"


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_what_a_scenario_promises_hangs_together(name: str) -> None:
    one = SCENARIOS[name]
    assert one.about
    assert one.exits == tuple(EXIT_CODES[outcome] for outcome in one.outcome)
    if one.step_one is StepOneOutcome.DONE:
        assert set(one.tabs) == set(Tab)
    else:
        assert one.tabs == {}
    if one.outcome == (RunOutcome.OK,):
        fine = {TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE}
        assert all(set(outcomes) <= fine for outcomes in one.tabs.values())
        assert one.problems == ()


def test_garbage_has_a_variant_for_every_call_and_kind_of_rubbish() -> None:
    assert len(GARBAGE.variants) == len(set(GARBAGE.variants)) == 14 * 4
    for variant in GARBAGE.variants:
        (fault,) = scenario("garbage", variant).faults
        assert f"{fault.call}/{fault.kind.value}" == variant
        assert fault.nth == 0


def test_a_variant_can_be_named_in_one_word_or_two() -> None:
    joined = scenario("garbage/hh2.sync.start/truncate")
    assert joined == scenario("garbage", "hh2.sync.start/truncate")
    assert joined.faults[0].kind is FaultKind.TRUNCATE
    assert scenario("garbage").faults[0].call == "hh2.sync.look"


@pytest.mark.parametrize("name", ["", "okay", "ok/html", "garbage/hh2.sync.look/burnt", "garbage/x"])
def test_a_scenario_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(NoSuchScenario):
        scenario(name)


def test_every_problem_named_has_a_card() -> None:
    for one in SCENARIOS.values():
        assert {*one.problems, *one.noted, *one.perhaps} <= set(ProblemId)
