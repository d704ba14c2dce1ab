"""The training driver against the training servers over real sockets: every behaviour of the table, and every fault."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
import pytest

from app.domain import gate
from app.domain.filters import DateRange, Depth, Filters
from app.domain.gate import Permit
from app.domain.looks import EvidenceKind, Phase, SyncLook, TabLook
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotReadable,
    NotSent,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
)
from app.domain.tabs import Job, Tab
from app.training.client import TrainingDriver, TrainingHh2, TrainingProcore
from app.training.faults import Fault, FaultKind
from app.training.scenarios import GARBAGE
from tests.training.admin import Admin, Given

pytestmark = pytest.mark.anyio


def permit(tab: Tab, job: Job | None = None) -> Permit:
    return Permit(tab, job, _key=gate._KEY)


@pytest.fixture
async def driver(admin: Admin) -> AsyncIterator[TrainingDriver]:
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.open()
    yield driver
    await driver.close()


async def both(driver: TrainingDriver, admin: Admin) -> None:
    await driver.hh2.sign_in(admin.hh2)
    await driver.procore.sign_in(admin.procore)


async def sync_until(driver: TrainingDriver, enough: Callable[[SyncLook], bool]) -> SyncLook:
    with anyio.fail_after(10):
        while True:
            look = await driver.hh2.look()
            if enough(look):
                return look
            await anyio.sleep(0.01)


async def tab_until(
    driver: TrainingDriver, tab: Tab, enough: Callable[[TabLook], bool], job: Job | None = None
) -> TabLook:
    with anyio.fail_after(10):
        while True:
            look = await driver.procore.look(tab, job)
            if enough(look):
                return look
            await anyio.sleep(0.01)


# ---------------------------------------------------------------- a whole run, by hand


async def test_a_whole_run_goes_through_both_sites(driver: TrainingDriver, admin: Admin) -> None:
    assert await driver.hh2.sign_in(admin.hh2) == admin.hh2.user
    assert await driver.procore.sign_in(admin.procore) == admin.procore.user
    assert await driver.procore.missing_rights(tuple(Tab)) == {}
    stands, about = await driver.hh2.read_filters()
    assert stands == Filters()
    assert "Deep Sync" in about
    wanted = Filters(DateRange.PAST_MONTH, Depth.DEEP)
    assert await driver.hh2.apply_filters(wanted) == wanted
    before = await driver.hh2.look()
    assert "requested" in await driver.hh2.start()
    after = await sync_until(driver, lambda look: look.phase is Phase.DONE and look.mark != before.mark)
    assert after.filters == wanted
    jobs = await driver.procore.jobs()
    for tab in Tab:
        job = jobs[0] if tab is Tab.JOB_COSTS else None
        was = await driver.procore.look(tab, job)
        assert was.can_press
        await driver.procore.press(permit(tab, job))
        now = await tab_until(driver, tab, lambda look: look.phase is Phase.DONE, job)
        assert now.mark != was.mark
    pressed = [(press["what"], press["tab"]) for press in admin.presses()]
    assert pressed[:2] == [("filters.apply", ""), ("sync.start", "")]
    assert pressed[2:] == [("tab.refresh", tab.value) for tab in Tab]


def test_the_driver_is_what_the_engine_expects(admin: Admin) -> None:
    assert TrainingDriver.name == "training"
    assert TrainingDriver.job_pause == 0
    assert TrainingProcore.at_once == 3
    assert TrainingHh2.evidence is EvidenceKind.TRAINING


@pytest.mark.parametrize(
    "address", ["https://training.hh2.com", "http://192.0.2.7:80", "http://127.0.0.2.example.com"]
)
def test_the_training_driver_refuses_any_other_host(address: str) -> None:
    with pytest.raises(ValueError, match=r"this computer|address"):
        TrainingHh2(address)


# ---------------------------------------------------------------- sign-in


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        ("wrong-password", ProblemId.HH2_LOGIN),
        ("user-locked", ProblemId.HH2_LOCKED),
        ("api-client-refused", ProblemId.HH2_CLIENT),
    ],
)
async def test_a_refused_sign_in_is_sent_once_and_named(
    driver: TrainingDriver, admin: Admin, scenario: str, problem: ProblemId
) -> None:
    admin.play(scenario)
    with pytest.raises(Trouble) as refused:
        await driver.hh2.sign_in(admin.hh2)
    assert refused.value.problem.id is problem
    assert len(admin.calls("hh2.sign-in")) == 1
    assert not await driver.hh2.is_signed_in()


async def test_a_wrong_password_is_refused_by_both_sites(driver: TrainingDriver, admin: Admin) -> None:
    wrong = Given(admin.hh2.user, "not this one")
    with pytest.raises(Trouble) as hh2:
        await driver.hh2.sign_in(wrong)
    with pytest.raises(Trouble) as procore:
        await driver.procore.sign_in(wrong)
    assert (hh2.value.problem.id, procore.value.problem.id) == (ProblemId.HH2_LOGIN, ProblemId.PRO_LOGIN)


async def test_hh2_locks_a_user_after_five_wrong_passwords(driver: TrainingDriver, admin: Admin) -> None:
    for _ in range(5):
        with pytest.raises(Trouble):
            await driver.hh2.sign_in(Given(admin.hh2.user, "wrong"))
    with pytest.raises(Trouble) as locked:
        await driver.hh2.sign_in(admin.hh2)
    assert locked.value.problem.id is ProblemId.HH2_LOCKED


async def test_without_credentials_nothing_is_sent(driver: TrainingDriver, admin: Admin) -> None:
    with pytest.raises(Trouble) as missing:
        await driver.hh2.sign_in(None)
    assert missing.value.problem.id is ProblemId.SECRET_MISSING
    assert admin.calls("hh2.sign-in") == []


async def test_nothing_is_told_to_a_caller_who_is_not_signed_in(driver: TrainingDriver, admin: Admin) -> None:
    asks: list[Callable[[], Awaitable[object]]] = [
        driver.hh2.look,
        driver.hh2.read_filters,
        driver.hh2.start,
        lambda: driver.hh2.apply_filters(Filters()),
        driver.procore.jobs,
        lambda: driver.procore.look(Tab.VENDORS, None),
        lambda: driver.procore.press(permit(Tab.VENDORS)),
        lambda: driver.procore.missing_rights(tuple(Tab)),
    ]
    for ask in asks:
        with pytest.raises(SessionLost):
            await ask()
    assert admin.presses() == []


async def test_the_sessions_of_the_two_sites_are_apart(driver: TrainingDriver, admin: Admin) -> None:
    await driver.hh2.sign_in(admin.hh2)
    assert await driver.hh2.is_signed_in()
    assert not await driver.procore.is_signed_in()


# ---------------------------------------------------------------- the scenarios


async def test_busy_start_is_declined_until_theirs_has_ended(driver: TrainingDriver, admin: Admin) -> None:
    admin.play("busy", pace=0.1)
    await both(driver, admin)
    theirs = await driver.hh2.look()
    assert theirs.phase in (Phase.QUEUED, Phase.RUNNING)
    with pytest.raises(Declined) as busy:
        await driver.hh2.start()
    assert busy.value.problem.id is ProblemId.HH2_BUSY
    await sync_until(driver, lambda look: look.phase is Phase.DONE)
    await driver.hh2.start()
    ours = await sync_until(driver, lambda look: look.phase is Phase.DONE and look.mark != theirs.mark)
    assert ours.mark != theirs.mark
    assert len(admin.presses("sync.start")) == 1


async def test_tab_busy_the_press_is_declined_until_the_button_is_back(
    driver: TrainingDriver, admin: Admin
) -> None:
    admin.play("tab-busy", pace=0.1)
    await both(driver, admin)
    assert not (await driver.procore.look(Tab.VENDORS, None)).can_press
    with pytest.raises(Declined) as busy:
        await driver.procore.press(permit(Tab.VENDORS))
    assert busy.value.problem.id is ProblemId.PRO_BUSY
    await tab_until(driver, Tab.VENDORS, lambda look: look.can_press)
    await driver.procore.press(permit(Tab.VENDORS))
    assert len(admin.presses("tab.refresh")) == 1


async def test_no_permission_names_the_level_for_every_tab(driver: TrainingDriver, admin: Admin) -> None:
    admin.play("no-permission")
    await both(driver, admin)
    assert await driver.procore.missing_rights((Tab.VENDORS, Tab.JOBS)) == {
        Tab.VENDORS: "Read Only",
        Tab.JOBS: "Read Only",
    }
    with pytest.raises(Declined) as refused:
        await driver.procore.press(permit(Tab.VENDORS))
    assert refused.value.problem.id is ProblemId.PRO_PERM


async def test_rate_limited_once_at_a_look_and_once_at_a_press_which_is_not_carried_out(
    driver: TrainingDriver, admin: Admin
) -> None:
    admin.play("rate-limited")
    await both(driver, admin)
    await driver.procore.look(Tab.VENDORS, None)
    with pytest.raises(SlowDown) as slow:
        await driver.procore.look(Tab.VENDORS, None)
    assert (slow.value.site, slow.value.seconds) == ("procore", 1)
    await driver.procore.press(permit(Tab.VENDORS))
    with pytest.raises(SlowDown):
        await driver.procore.press(permit(Tab.JOBS))
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
    await driver.procore.press(permit(Tab.JOBS))
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors", "jobs"]


async def test_start_answer_lost_the_sync_was_started_and_can_be_looked_up(
    driver: TrainingDriver, admin: Admin
) -> None:
    admin.play("start-answer-lost")
    await both(driver, admin)
    before = await driver.hh2.look()
    with pytest.raises(AnswerLost):
        await driver.hh2.start()
    await sync_until(driver, lambda look: look.phase is Phase.DONE and look.mark != before.mark)
    assert len(admin.presses("sync.start")) == 1


async def test_refresh_answer_lost_the_second_press_was_carried_out(
    driver: TrainingDriver, admin: Admin
) -> None:
    admin.play("refresh-answer-lost")
    await both(driver, admin)
    await driver.procore.press(permit(Tab.VENDORS))
    before = await driver.procore.look(Tab.JOBS, None)
    with pytest.raises(AnswerLost):
        await driver.procore.press(permit(Tab.JOBS))
    await tab_until(driver, Tab.JOBS, lambda look: look.phase is Phase.DONE and look.mark != before.mark)
    assert len(admin.presses("tab.refresh")) == 2


async def test_session_lost_once_in_each_site_and_a_new_sign_in_goes_on(
    driver: TrainingDriver, admin: Admin
) -> None:
    admin.play("session-lost")
    await both(driver, admin)
    await driver.hh2.look()
    with pytest.raises(SessionLost):
        await driver.hh2.look()
    await driver.hh2.sign_in(admin.hh2)
    await driver.hh2.look()
    for _ in range(3):
        await driver.procore.look(Tab.VENDORS, None)
    with pytest.raises(SessionLost):
        await driver.procore.look(Tab.VENDORS, None)
    await driver.procore.sign_in(admin.procore)
    await driver.procore.look(Tab.VENDORS, None)


async def test_hh2_down_is_named_and_procore_goes_on(driver: TrainingDriver, admin: Admin) -> None:
    admin.play("hh2-down")
    await driver.procore.sign_in(admin.procore)
    for ask in (lambda: driver.hh2.sign_in(admin.hh2), driver.hh2.look):
        with pytest.raises(NotReadable) as down:
            await ask()
        assert down.value.problem.id is ProblemId.HH2_DOWN
        assert down.value.problem.facts == {"status": 502}


async def test_a_gateway_error_at_a_press_tells_nothing_of_what_stands_behind_it(
    driver: TrainingDriver, admin: Admin
) -> None:
    await both(driver, admin)
    admin.fault(Fault(FaultKind.STATUS, call="hh2.sync.start", status=502, body="<html>"))
    with pytest.raises(AnswerLost):
        await driver.hh2.start()


# ---------------------------------------------------------------- garbage

ANSWERS = {"hh2": ProblemId.HH2_ANSWER, "procore": ProblemId.PRO_ANSWER}
SERVICES = [variant for variant in GARBAGE.variants if ".rest." in variant or ".oauth." in variant]


@pytest.mark.parametrize("variant", [one for one in GARBAGE.variants if one not in SERVICES])
async def test_garbage_is_a_named_problem_or_a_lost_answer_and_never_a_success(
    driver: TrainingDriver, admin: Admin, variant: str
) -> None:
    await both(driver, admin)
    call, _, kind = variant.partition("/")
    admin.fault(Fault(FaultKind(kind), call=call, nth=0))
    job = (await driver.procore.jobs())[0] if call != "procore.jobs" else None
    asks: dict[str, Callable[[], Awaitable[object]]] = {
        "hh2.sign-in": lambda: driver.hh2.sign_in(admin.hh2),
        "hh2.filters.read": driver.hh2.read_filters,
        "hh2.filters.apply": lambda: driver.hh2.apply_filters(Filters(DateRange.ALL)),
        "hh2.sync.look": driver.hh2.look,
        "hh2.sync.start": driver.hh2.start,
        "procore.sign-in": lambda: driver.procore.sign_in(admin.procore),
        "procore.rights": lambda: driver.procore.missing_rights(tuple(Tab)),
        "procore.jobs": driver.procore.jobs,
        "procore.tab.look": lambda: driver.procore.look(Tab.JOB_COSTS, job),
        "procore.tab.press": lambda: driver.procore.press(permit(Tab.JOB_COSTS, job)),
    }
    presses = call.endswith((".start", ".press", ".apply"))
    with pytest.raises(AnswerLost if presses else NotReadable) as wrong:
        await asks[call]()
    if isinstance(wrong.value, NotReadable):
        assert wrong.value.problem.id is ANSWERS[call.partition(".")[0]]
        assert wrong.value.problem.facts["what"]
    assert admin.presses() == []


# ---------------------------------------------------------------- faults of the wire


@pytest.mark.parametrize(
    ("kind", "carried_out"),
    [
        (FaultKind.RESET_BEFORE, False),
        (FaultKind.RESET_MIDDLE, True),
        (FaultKind.RESET_AFTER, True),
    ],
)
async def test_a_reset_at_a_press_is_a_lost_answer_whether_it_was_carried_out_or_not(
    driver: TrainingDriver, admin: Admin, kind: FaultKind, carried_out: bool
) -> None:
    await both(driver, admin)
    admin.fault(Fault(kind, call="procore.tab.press"))
    with pytest.raises(AnswerLost):
        await driver.procore.press(permit(Tab.VENDORS))
    assert len(admin.presses()) == carried_out


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.RESET_MIDDLE, FaultKind.RESET_AFTER])
async def test_a_reset_at_a_look_may_be_looked_at_again(
    driver: TrainingDriver, admin: Admin, kind: FaultKind
) -> None:
    await both(driver, admin)
    admin.fault(Fault(kind, call="hh2.sync.look"))
    with pytest.raises(NotReadable) as reset:
        await driver.hh2.look()
    assert reset.value.problem.id is ProblemId.NET
    assert (await driver.hh2.look()).phase is Phase.DONE


async def test_a_delay_delays_and_changes_nothing(driver: TrainingDriver, admin: Admin) -> None:
    await both(driver, admin)
    admin.fault(Fault(FaultKind.DELAY, call="hh2.sync.look", seconds=0.2))
    began = anyio.current_time()
    assert (await driver.hh2.look()).phase is Phase.DONE
    assert anyio.current_time() - began >= 0.2


async def test_a_redirect_is_a_lost_session(driver: TrainingDriver, admin: Admin) -> None:
    await both(driver, admin)
    admin.fault(Fault(FaultKind.REDIRECT, call="hh2.sync.start"))
    with pytest.raises(SessionLost):
        await driver.hh2.start()
    assert admin.presses() == []


async def test_a_fault_strikes_by_method_and_path_the_time_it_was_told(
    driver: TrainingDriver, admin: Admin
) -> None:
    await both(driver, admin)
    fault = Fault(FaultKind.STATUS, method="GET", path="/training/tabs/*", nth=2, status=503, site="procore")
    admin.fault(fault)
    await driver.procore.look(Tab.VENDORS, None)
    with pytest.raises(NotReadable) as down:
        await driver.procore.look(Tab.JOBS, None)
    assert down.value.problem.id is ProblemId.PRO_DOWN
    await driver.procore.look(Tab.JOBS, None)
    assert [seen["fault"] for seen in admin.calls("procore.tab.look")] == [None, "status", None]


@pytest.mark.parametrize("status", [500, 404, 418])
async def test_a_strange_status_is_an_answer_we_do_not_understand(
    driver: TrainingDriver, admin: Admin, status: int
) -> None:
    await both(driver, admin)
    admin.fault(Fault(FaultKind.STATUS, call="hh2.sync.*", nth=0, status=status, body="{}"))
    with pytest.raises(NotReadable) as strange:
        await driver.hh2.look()
    assert strange.value.problem.facts == {"what": f"status {status}"}
    with pytest.raises(AnswerLost):
        await driver.hh2.start()


async def test_a_decline_that_cannot_be_read_is_a_lost_answer(driver: TrainingDriver, admin: Admin) -> None:
    await both(driver, admin)
    for body in ('{"why": 3}', '{"started": true, "why": "HH2-BUSY", "text": ""}', "<p>no</p>"):
        admin.fault(Fault(FaultKind.STATUS, call="hh2.sync.start", status=409, body=body))
        with pytest.raises(AnswerLost):
            await driver.hh2.start()


async def test_a_yes_that_says_no_is_a_lost_answer(driver: TrainingDriver, admin: Admin) -> None:
    await both(driver, admin)
    body = '{"started": false, "text": "perhaps"}'
    for call in ("hh2.sync.start", "procore.tab.press"):
        admin.fault(Fault(FaultKind.STATUS, call=call, status=200, body=body))
    with pytest.raises(AnswerLost):
        await driver.hh2.start()
    with pytest.raises(AnswerLost):
        await driver.procore.press(permit(Tab.VENDORS))


async def test_a_sign_in_with_a_verdict_nobody_knows_is_no_sign_in(
    driver: TrainingDriver, admin: Admin
) -> None:
    for body in ('{"Result": 9}', '{"Result": 5}'):
        for call in ("hh2.sign-in", "procore.sign-in"):
            admin.fault(Fault(FaultKind.STATUS, call=call, status=200, body=body))
        with pytest.raises(NotReadable):
            await driver.hh2.sign_in(admin.hh2)
        with pytest.raises(NotReadable):
            await driver.procore.sign_in(admin.procore)


async def test_servers_that_are_gone_were_certainly_sent_nothing(admin: Admin) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = TrainingDriver(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent) as unsent:
        await driver.hh2.start()
    assert unsent.value.problem.id is ProblemId.NET
    assert unsent.value.problem.facts["host"] == "127.0.0.1"
    with pytest.raises(NotReadable) as unread:
        await driver.procore.look(Tab.VENDORS, None)
    assert unread.value.problem.id is ProblemId.NET
    await driver.close()


async def test_a_permit_is_one_press(driver: TrainingDriver, admin: Admin) -> None:
    await both(driver, admin)
    once = permit(Tab.VENDORS)
    await driver.procore.press(once)
    with pytest.raises(RuntimeError):
        await driver.procore.press(once)
    assert len(admin.presses("tab.refresh")) == 1


async def test_closing_twice_is_no_trouble(driver: TrainingDriver) -> None:
    await driver.close()
    await driver.close()
