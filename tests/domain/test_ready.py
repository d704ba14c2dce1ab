"""What a preflight concludes from services and answers: a company is as ready as the worst of its lines."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.problems import Problem, ProblemId
from app.domain.ready import Check, Level, Line, Readiness, exit_code
from app.domain.ready_network import Knock
from app.domain.ready_network import judge as judge_network
from app.domain.ready_services import Service
from app.domain.ready_services import judge as judge_services

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


HH2 = Service("Hydrous.Host", "hh2 Synchronization Service", running=True, started=at(-60))
MONGO = Service("hh2.MongoDB", "hh2.MongoDB", running=True, started=at(-200))
DATABASE = Service("psqlWGE", "Actian Zen Workgroup Engine", running=True, started=at(-120))
OTHER = Service("Spooler", "Print Spooler", running=False)


def stopped(service: Service) -> Service:
    return Service(service.name, service.shown, running=False)


def services(*seen: Service) -> dict[Check, tuple[Level, str]]:
    lines = judge_services(seen)
    return {line.check: (line.level, line.problem.id.value if line.problem else line.said) for line in lines}


def test_a_database_that_started_before_hh2_is_in_order() -> None:
    assert services(HH2, MONGO, DATABASE, OTHER) == {
        Check.SYNC_CLIENT: (Level.READY, "running"),
        Check.DATABASE: (Level.READY, "running"),
        Check.START_ORDER: (Level.READY, "in-order"),
    }


def test_a_database_that_started_after_hh2s_service_asks_for_its_restart() -> None:
    later = Service(DATABASE.name, DATABASE.shown, running=True, started=at(-59))
    assert services(HH2, later)[Check.START_ORDER] == (Level.LOOK, "HH2-STALE")


def test_what_counts_is_when_the_sync_service_started_not_hh2s_own_database() -> None:
    early = Service(MONGO.name, MONGO.shown, running=True, started=at(-600))
    assert services(HH2, early, DATABASE)[Check.START_ORDER] == (Level.READY, "in-order")


def test_a_stopped_service_of_hh2_or_of_the_database_stops_a_run() -> None:
    assert services(stopped(HH2), DATABASE)[Check.SYNC_CLIENT] == (Level.STOP, "HH2-SVC")
    assert services(HH2, stopped(MONGO), DATABASE)[Check.SYNC_CLIENT] == (Level.STOP, "HH2-SVC")
    assert services(HH2, stopped(DATABASE))[Check.DATABASE] == (Level.STOP, "ACTIAN")


def test_one_engine_of_two_that_runs_is_a_database_that_runs() -> None:
    relational = Service("psqlRE", "Pervasive PSQL Relational Engine", running=False)
    assert services(HH2, DATABASE, relational)[Check.DATABASE] == (Level.READY, "running")


def test_what_is_not_on_this_computer_is_not_checked_here_and_says_nothing() -> None:
    assert {level for level, _ in services(OTHER).values()} == {Level.UNCHECKED}
    assert {(line.level, line.said) for line in judge_services(None)} == {(Level.UNCHECKED, "not-windows")}


def test_a_service_whose_start_nobody_tells_leaves_the_order_open() -> None:
    silent = Service(HH2.name, HH2.shown, running=True)
    assert services(silent, DATABASE)[Check.START_ORDER] == (Level.UNCHECKED, "not-known")


def knock(off: float = 0.0, **more: object) -> Knock:
    values = {"host": "acme.hh2.com", "date": NOW, "local": NOW + timedelta(seconds=off), **more}
    return Knock(site="hh2", **values)  # type: ignore[arg-type]


def network(*knocks: Knock, system_only: bool = False) -> dict[Check, list[tuple[Level, str]]]:
    found: dict[Check, list[tuple[Level, str]]] = {}
    for line in judge_network(knocks, system_only):
        said = line.problem.id.value if line.problem else line.said
        found.setdefault(line.check, []).append((line.level, said))
    return found


@pytest.mark.parametrize(
    ("off", "said"), [(60.0, "right"), (-60.0, "right"), (61.0, "CLOCK"), (-90.0, "CLOCK")]
)
def test_a_clock_may_differ_by_a_minute(off: float, said: str) -> None:
    assert network(knock(off))[Check.CLOCK][0][1] == said


def test_the_host_that_agrees_with_our_clock_decides_for_the_others_may_be_wrong() -> None:
    assert network(knock(500.0), knock(1.0))[Check.CLOCK] == [(Level.READY, "right")]


def test_how_far_the_clock_is_off_and_to_which_side_is_told() -> None:
    ahead = next(line.problem for line in judge_network([knock(90.0)]) if line.check is Check.CLOCK)
    behind = next(line.problem for line in judge_network([knock(-90.0)]) if line.check is Check.CLOCK)
    assert ahead is not None
    assert behind is not None
    assert (ahead.facts["ahead"], ahead.facts["behind"]) == (90, None)
    assert (behind.facts["ahead"], behind.facts["behind"]) == (None, 90)


def test_a_certificate_that_soon_runs_out_is_to_be_looked_at() -> None:
    soon, late = NOW + timedelta(days=13), NOW + timedelta(days=15)
    assert network(knock(expires=soon))[Check.CERTIFICATE] == [(Level.LOOK, "soon")]
    assert network(knock(expires=late))[Check.CERTIFICATE] == [(Level.READY, "trusted")]


def test_a_certificate_that_is_not_trusted_stops_and_is_no_silence() -> None:
    refused = Problem(ProblemId.NET, {"host": "acme.hh2.com", "why": "certificate: unable to get issuer"})
    found = network(knock(problem=refused, date=None))
    assert found[Check.NETWORK] == found[Check.CERTIFICATE] == [(Level.STOP, "NET")]


def test_a_proxy_that_only_the_system_knows_is_told_where_a_browser_is_driven() -> None:
    through = knock(proxy="proxy.acme.example:8080")
    assert network(through)[Check.PROXY] == [(Level.READY, "through")]
    assert network(through, system_only=True)[Check.PROXY] == [(Level.LOOK, "system-only")]


def test_a_proxy_that_lets_nothing_through_is_told_apart_from_a_host_that_is_down() -> None:
    refused = Problem(ProblemId.NET, {"host": "acme.hh2.com", "why": "ProxyError"})
    down = Problem(ProblemId.NET, {"host": "acme.hh2.com", "why": "ConnectTimeout"})
    assert network(knock(proxy="p:1", problem=refused))[Check.PROXY] == [(Level.STOP, "silent")]
    assert network(knock(proxy="p:1", problem=down))[Check.PROXY] == [(Level.LOOK, "silent")]
    assert network(knock(proxy="p:1", problem=down), knock(proxy="p:1"))[Check.PROXY] == [
        (Level.READY, "through")
    ]


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ((Level.READY, Level.UNCHECKED), 0),
        ((Level.LOOK, Level.UNCHECKED, Level.READY), 10),
        ((Level.READY, Level.STOP, Level.LOOK), 20),
    ],
)
def test_a_company_is_as_ready_as_the_worst_of_its_lines(levels: tuple[Level, ...], code: int) -> None:
    lines = tuple(Line(Check.DISK, level) for level in levels)
    assert exit_code(Readiness("Acme", False, NOW, "0", 1.0, lines)) == code
