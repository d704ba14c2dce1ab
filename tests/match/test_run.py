"""A comparison from its sources: what is read, how often, what happens when it is stopped or something fails."""

from collections.abc import Callable
from decimal import Decimal

import anyio
import pytest

from app.domain.lists import Kind, ProcoreVendor, SageJob, Side
from app.domain.match_progress import Progress
from app.domain.match_question import Options
from app.domain.match_report import Report, Why
from app.domain.match_verdict import Match
from app.domain.problems import NotReadable, Problem, ProblemId, SessionLost, Trouble, trouble
from app.match.run import how_much, match
from app.match.store import Store
from tests.match.lists import Company, Shelf


def company_with_costs(jobs: int = 3) -> Company:
    company = Company(jobs)
    for n in range(1, jobs + 1):
        for amount in ("10.00", "20.00", "30.00", "40.00"):
            company.cost(amount, job=f"25-{n:03}")
    total(company)
    return company


def total(company: Company) -> None:
    """hh2's own totals are what the transactions add up to."""
    for place, job in enumerate(company.sage[Kind.JOBS]):
        assert isinstance(job, SageJob)
        costs = company.records(Side.SAGE, Kind.COSTS, job.id)
        amount = sum((getattr(cost, "amount") for cost in costs), Decimal(0))  # noqa: B009 - a cost
        company.sage[Kind.JOBS][place] = SageJob(
            id=job.id, version=job.version, code=job.code, name=job.name, job_to_date=amount
        )


def shelves(company: Company, *, incremental: bool = False) -> tuple[Shelf, Shelf]:
    return Shelf(company, Side.SAGE, incremental=incremental), Shelf(company, Side.PROCORE)


def run(
    sources: tuple[Shelf, ...],
    store: Store,
    options: Options = Options(),  # noqa: B008
    tell: Callable[[Progress], None] = lambda _: None,
) -> Report:
    async def main() -> Report:
        return await match(sources, store, options, tell)

    return anyio.run(main)


def test_both_sides_are_read_and_match(store: Store) -> None:
    told: list[Progress] = []
    report = run(shelves(company_with_costs()), store, tell=told.append)
    assert report.verdict.match is Match.MATCHES
    assert report.totals.sage == Decimal("300.00")
    assert report.requests == sum(1 for one in told if one.step == "reading") - told[-1].lists
    assert told[-1].step == "comparing"
    assert told[-1].lists_done == told[-1].lists > 0
    assert [one.lists_done for one in told] == sorted(one.lists_done for one in told)


def test_the_second_report_reads_only_the_jobs_that_moved(store: Store) -> None:
    company = company_with_costs(6)
    run(shelves(company), store)
    company.cost("5.00", job="25-004")
    total(company)
    sage, procore = shelves(company)
    report = run((sage, procore), store)
    assert report.verdict.match is Match.MATCHES
    assert report.totals.sage == Decimal("605.00")
    assert {scope for kind, scope, _ in sage.requests if kind is Kind.COSTS} == {"job-25-004"}
    assert {scope for kind, scope, _ in procore.requests if kind is Kind.COSTS} == {"725-004"}


def test_a_job_that_differed_is_read_again_though_it_did_not_move(store: Store) -> None:
    company = company_with_costs()
    company.cost("7.00", job="25-002", procore=False)
    total(company)
    assert run(shelves(company), store).verdict.differences == 1
    company.cost("7.00", job="25-002", sage=False)
    sage, procore = shelves(company)
    assert run((sage, procore), store).verdict.match is Match.MATCHES
    assert {scope for kind, scope, _ in procore.requests if kind is Kind.COSTS} == {"725-002"}


def test_requests_are_told_before_they_are_made(store: Store) -> None:
    company = company_with_costs()
    sources = shelves(company)

    async def ask() -> None:
        first = await how_much(sources, store, Options())
        assert first.requests == {"hh2": 6, "Procore": 4}
        assert first.seconds == 3.0

    anyio.run(ask)
    assert not sources[0].requests
    run(sources, store)

    async def ask_again() -> None:
        later = await how_much(sources, store, Options(jobs=("25-002",)))
        assert (later.requests, later.jobs) == ({"hh2": 7, "Procore": 7}, 1)
        # What comes once for all lists of a kind is counted once, however many jobs there are.
        anew = await how_much(sources, store, Options(fresh=True))
        sources[1].once = {Kind.COSTS: 2}
        again = await how_much(sources, store, Options(fresh=True))
        assert (again.jobs, again.all_requests) == (3, anew.all_requests + 2)

    anyio.run(ask_again)


class Stopped(Exception):
    """The test stops the reading."""


def test_a_reading_that_was_stopped_goes_on_from_the_last_complete_block(store: Store) -> None:
    company = company_with_costs(8)
    sage, procore = shelves(company, incremental=True)
    sage.at_once = procore.at_once = 1
    blocks = 0

    async def stop_on_the_way() -> None:
        with anyio.CancelScope() as scope:

            def tell(progress: Progress) -> None:
                nonlocal blocks
                blocks += progress.kind is Kind.JOBS and progress.side is Side.SAGE
                if blocks == 2:
                    scope.cancel()

            await match((sage, procore), store, Options(), tell)
        assert scope.cancelled_caught

    anyio.run(stop_on_the_way)
    assert [cursor for kind, _, cursor in sage.requests if kind is Kind.JOBS] == ["0", "3"]
    sage.requests.clear()
    assert run((sage, procore), store).verdict.match is Match.MATCHES
    assert [cursor for kind, _, cursor in sage.requests if kind is Kind.JOBS] == ["6"]


def test_a_list_that_fails_on_the_way_is_told_and_the_rest_is_compared(store: Store) -> None:
    company = company_with_costs()
    sage, procore = shelves(company)
    procore.size = 1
    problem = Problem(ProblemId.PRO_DOWN)
    procore.faults[Kind.VENDORS, ""] = NotReadable(problem)
    procore.faults[Kind.COSTS, "725-002"] = NotReadable(problem)
    report = run((sage, procore), store)
    told = {(one.what, one.job) for one in report.not_compared if one.why is Why.READ_FAILED}
    assert told == {("vendors", ""), ("costs", "725-002")}
    assert report.totals.jobs == 2
    assert report.verdict.match is Match.NOT_COMPARED
    procore.faults.clear()
    assert run((sage, procore), store).verdict.match is Match.MATCHES


@pytest.mark.parametrize("error", [SessionLost("procore"), trouble(ProblemId.PRO_PERM, text="budget")])
def test_a_refusal_is_not_tried_for_every_job(store: Store, error: Exception) -> None:
    company = company_with_costs(8)
    sage, procore = shelves(company)
    procore.size = 1
    for n in range(1, 9):
        procore.faults[Kind.COSTS, f"725-{n:03}"] = error
    report = run((sage, procore), store)
    assert [(one.what, one.job) for one in report.not_compared if one.why is Why.READ_FAILED] == [
        ("costs", "")
    ]
    assert len({scope for kind, scope, _ in procore.requests if kind is Kind.COSTS}) <= procore.at_once
    assert report.verdict.match is Match.NOT_COMPARED


@pytest.mark.parametrize(("days", "anew"), [(400, True), (0, False)], ids=["400 days", "for ever"])
def test_what_is_older_than_the_retention_is_read_anew_for_the_same_report(
    store: Store, days: int, anew: bool
) -> None:
    company = company_with_costs()
    sources = shelves(company, incremental=True)
    first = run(sources, store)
    store.execute("UPDATE reading SET finished = finished - INTERVAL 401 DAY")
    store.execute("UPDATE report SET made = made - INTERVAL 401 DAY")
    second = run(sources, store, Options(retention_days=days))
    assert second.verdict.match is Match.MATCHES
    assert second.totals == first.totals
    assert (second.changes.since is None) is anew
    assert (second.requests == first.requests) is anew
    assert store.one("SELECT count(*) FROM sage_costs") == 12
    assert store.one("SELECT count(*) FROM report") == (1 if anew else 2)


def test_the_brake_stops_before_the_snapshot_is_replaced_and_a_person_may_go_on(store: Store) -> None:
    company = company_with_costs()
    for n in range(10, 40):
        company.vendor(f"V{n:04}", f"Vendor {n}")
    run(shelves(company), store)
    del company.procore[Kind.VENDORS][8:]
    with pytest.raises(Trouble) as caught:
        run(shelves(company), store)
    assert caught.value.problem.id is ProblemId.SAFE
    assert caught.value.problem.facts == {"what": "vendors", "before": 32, "now": 8}
    assert store.one("SELECT count(*) FROM procore_vendors") == 32
    report = run(shelves(company), store, Options(brake=None))
    assert report.verdict.differences == 24
    assert store.one("SELECT count(*) FROM procore_vendors") == 8


def test_archived_records_that_go_are_not_felt_by_the_brake(store: Store) -> None:
    company = company_with_costs()
    company.procore[Kind.VENDORS] += [
        ProcoreVendor(id=f"9{n}", name=f"Old {n}", active=False) for n in range(60)
    ]
    run(shelves(company), store)
    del company.procore[Kind.VENDORS][2:]
    assert run(shelves(company), store).verdict.match is Match.MATCHES


def test_rows_that_contradict_themselves_are_kept_aside_and_counted(store: Store) -> None:
    company = company_with_costs()
    company.procore[Kind.VENDORS].append(ProcoreVendor(id="8V0001", name="Twice, and different"))
    report = run((Shelf(company, Side.SAGE, size=50), Shelf(company, Side.PROCORE, size=50)), store)
    assert [(one.what, one.why, one.count) for one in report.not_compared] == [("vendors", Why.KEPT_ASIDE, 2)]
    assert report.aside == 2
    row = store.execute("SELECT kind, block, place, id, fault FROM aside ORDER BY place")
    assert row == [("vendors", 1, 1, "8V0001", "duplicate"), ("vendors", 1, 3, "8V0001", "duplicate")]
