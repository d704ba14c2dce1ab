"""The engine when wire, clock or sites misbehave: reads are tried again, presses never, unknown stays unknown."""

from datetime import timedelta

import anyio
import pytest
import time_machine
from msgspec import structs

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import Record, RunOutcome, Site
from app.domain.filters import DateRange, Filters
from app.domain.looks import StepOneOutcome, TabOutcome, Unknown
from app.domain.problems import ProblemId
from app.domain.profile import Secret
from app.domain.result import result
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.faults import Fault, FaultKind
from tests.end_to_end.company import NAME, Told, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))


def _ids(state: RunState, *, noted: bool | None = None) -> set[ProblemId]:
    return {met.problem.id for met in state.problems if noted is None or met.noted is noted}


@pytest.mark.parametrize("call", ["hh2.filters.read", "hh2.sync.look", "procore.tab.look", "procore.rights"])
@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.RESET_MIDDLE, FaultKind.TRUNCATE])
async def test_a_read_that_failed_once_is_read_again(
    call: str, kind: FaultKind, house: House, admin: Admin
) -> None:
    admin.fault(Fault(kind, call))
    state, _ = await carry_out(house, VENDORS)
    assert result(state)["exit"] == 0


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.RESET_MIDDLE])
async def test_a_start_that_was_carried_out_without_an_answer_is_found_by_looking(
    kind: FaultKind, house: House, admin: Admin
) -> None:
    admin.fault(Fault(kind, "hh2.sync.start"))
    state, told = await carry_out(house, VENDORS)
    assert "SyncAnswerLost" in told.names
    assert len(admin.presses("sync.start")) == 1
    assert state.step_one.outcome is StepOneOutcome.DONE


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.HTML, FaultKind.ERROR_200])
async def test_a_start_that_never_arrived_stays_unsure_and_is_not_sent_again(
    kind: FaultKind, house: House, admin: Admin
) -> None:
    admin.fault(Fault(kind, "hh2.sync.start"))
    state, _ = await carry_out(house, VENDORS)
    assert len(admin.calls("hh2.sync.start")) == 1
    assert state.step_one.outcome is StepOneOutcome.UNSURE
    assert result(state)["exit"] == 30
    assert admin.presses("tab.refresh") == []


async def test_a_refresh_that_never_arrived_is_unknown_and_not_pressed_again(
    house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.RESET_BEFORE, "procore.tab.press"))
    state, _ = await carry_out(house, VENDORS)
    assert len(admin.calls("procore.tab.press")) == 1
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why) == (TabOutcome.UNKNOWN, Unknown.LOST_ANSWER)
    assert result(state)["exit"] == 10


@pytest.mark.parametrize("call", ["hh2.sync.start", "procore.tab.press"])
async def test_a_press_that_was_asked_to_slow_down_is_made_later_and_once(
    call: str, house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.STATUS, call, status=429, headers={"Retry-After": "1"}))
    state, _ = await carry_out(house, VENDORS)
    assert ProblemId.LIMIT in _ids(state, noted=True)
    assert len(admin.presses("sync.start")) == len(admin.presses("tab.refresh")) == 1
    assert result(state)["exit"] == 0


@pytest.mark.parametrize("call", ["hh2.sync.start", "procore.tab.press", "hh2.filters.read"])
async def test_a_site_that_never_stops_asking_for_time_is_given_up_in_the_end(
    call: str, house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.STATUS, call, nth=0, status=429, headers={"Retry-After": "0"}))
    with anyio.fail_after(30):
        state, _ = await carry_out(house, VENDORS)
    assert _ids(state, noted=False) == {ProblemId.LIMIT}
    assert result(state)["exit"] == 20
    assert len(admin.calls(call)) < 300  # at the pace of the looks, for five seconds


@pytest.mark.parametrize("call", ["hh2.sync.start", "procore.tab.press"])
async def test_a_press_that_found_no_session_is_made_after_a_new_sign_in(
    call: str, house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.SESSION_LOST, call))
    state, told = await carry_out(house, VENDORS)
    assert "SessionEnded" in told.names
    assert len(admin.presses("sync.start")) == len(admin.presses("tab.refresh")) == 1
    assert result(state)["exit"] == 0


async def test_a_session_that_is_lost_again_and_again_ends_with_the_person(
    house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.SESSION_LOST, "procore.tab.look", nth=0))
    state, _ = await carry_out(house, VENDORS)
    assert ProblemId.SESSION in _ids(state, noted=False)
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.PERSON
    assert len(admin.calls("procore.sign-in")) <= 5


async def test_a_sign_in_without_an_answer_is_looked_up_and_the_password_is_not_sent_again(
    house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.RESET_AFTER, "hh2.sign-in"))
    state, _ = await carry_out(house, VENDORS)
    assert len(admin.calls("hh2.sign-in")) == 1
    assert state.ended is not None
    assert state.ended.outcome is not RunOutcome.OK or Site.HH2 in state.signed_in


async def test_a_call_that_never_answers_has_a_deadline(house: House, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.DELAY, "procore.tab.press", seconds=30.0))
    with anyio.fail_after(25):
        state, told = await carry_out(house, VENDORS)
    assert "RefreshAnswerLost" in told.names
    assert told.names.count("RefreshRequested") == 1
    assert state.tabs[Tab.VENDORS].outcome in (TabOutcome.UNKNOWN, TabOutcome.DONE)


async def test_filters_whose_answer_was_lost_are_read_back(house: House, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.RESET_AFTER, "hh2.filters.apply"))
    state, _ = await carry_out(house, Wanted(Filters(DateRange.PAST_MONTH), tabs=()))
    assert len(admin.calls("hh2.filters.apply")) == 1
    assert state.step_one.filters_now == Filters(DateRange.PAST_MONTH)
    assert result(state)["exit"] == 0


async def test_filters_that_did_not_take_stop_the_run_before_the_start(house: House, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.RESET_BEFORE, "hh2.filters.apply"))
    state, _ = await carry_out(house, Wanted(Filters(DateRange.PAST_MONTH), tabs=()))
    assert admin.presses("sync.start") == []
    assert ProblemId.HH2_ANSWER in _ids(state, noted=False)


@pytest.mark.parametrize("call", ["hh2.filters.apply"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1"}),
        Fault(FaultKind.SESSION_LOST),
    ],
    ids=["slow-down", "session"],
)
async def test_filters_are_applied_after_what_kept_them_from_it(
    call: str, fault: Fault, house: House, admin: Admin
) -> None:
    admin.fault(structs.replace(fault, call=call))
    state, _ = await carry_out(house, Wanted(Filters(DateRange.PAST_MONTH), tabs=()))
    assert result(state)["exit"] == 0
    assert len(admin.presses("filters.apply")) == 1


async def test_hh2_that_goes_blind_after_the_press_is_unsure_not_failed(house: House, admin: Admin) -> None:
    def react(record: Record, _state: RunState) -> None:
        if isinstance(record.event, ev.SyncAccepted):
            admin.fault(
                Fault(FaultKind.STATUS, "hh2.sync.look", nth=0, status=502, body="<html>Bad Gateway</html>")
            )

    told = Told(react=react)
    state, _ = await carry_out(house, VENDORS, told)
    assert state.step_one.outcome is StepOneOutcome.UNSURE
    assert _ids(state, noted=False) == {ProblemId.HH2_DOWN, ProblemId.HH2_UNSURE}
    assert admin.presses("tab.refresh") == []


async def test_procore_that_goes_blind_after_the_press_leaves_the_tab_unknown(
    house: House, admin: Admin
) -> None:
    def react(record: Record, _state: RunState) -> None:
        if isinstance(record.event, ev.RefreshAccepted):
            admin.fault(Fault(FaultKind.STATUS, "procore.tab.look", nth=0, status=502, body="<html></html>"))

    state, _ = await carry_out(house, VENDORS, Told(react=react))
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why) == (TabOutcome.UNKNOWN, Unknown.SILENT)
    assert one.press is Press.ANSWERED


async def test_a_clock_set_forward_in_the_middle_makes_the_proof_old_and_nothing_more_is_pressed(
    house: House, admin: Admin
) -> None:
    with time_machine.travel(0, tick=True) as machine:
        machine.move_to("2026-11-24T08:00:00Z")

        def react(record: Record, _state: RunState) -> None:
            if isinstance(record.event, ev.GateOpened):
                machine.shift(timedelta(hours=2))

        state, _ = await carry_out(house, VENDORS, Told(react=react))
    assert admin.presses("tab.refresh") == []
    assert state.left == (Tab.VENDORS,)
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.PERSON


async def test_a_sync_that_takes_longer_than_this_company_is_used_to_is_said(
    house: House, admin: Admin
) -> None:
    for _ in range(3):
        await carry_out(house, Wanted(tabs=()))
    usual = (await house.habits(NAME, ["step-one:past-week:shallow"]))["step-one:past-week:shallow"].usual
    assert usual is not None
    assert 0 < usual < 2
    admin.play("slow", pace=0.06)
    state, _ = await carry_out(house, Wanted(tabs=()))
    assert ProblemId.HH2_LONG in _ids(state, noted=True)
    assert result(state)["exit"] == 0


async def test_the_first_syncs_of_a_company_are_never_called_long(house: House, admin: Admin) -> None:
    admin.play("slow")
    state, _ = await carry_out(house, Wanted(tabs=()))
    assert _ids(state) == set()


async def test_procore_down_before_step_one_fails_without_a_press(house: House, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.STATUS, "procore.sign-in", nth=0, status=502, body="<html></html>"))
    state, _ = await carry_out(house, VENDORS)
    assert ProblemId.PRO_DOWN in _ids(state, noted=False)
    assert admin.presses() == []
    assert result(state)["exit"] == 20


async def test_nobody_at_the_other_end_is_said_as_the_network(house: House, admin: Admin) -> None:
    profile = await house.profile(NAME)
    away = structs.replace(
        profile, hh2=structs.replace(profile.hh2, base="http://127.0.0.2:1", services=False)
    )
    assert await house.save(away) == []
    await house.keep_secret(NAME, Secret.HH2_PASSWORD, "made-up", remember=False)
    state, _ = await carry_out(house, VENDORS)
    assert ProblemId.NET in _ids(state, noted=False)
    assert result(state)["exit"] == 20
