"""A company's costs are made when asked for, and are the same ones however they are asked for."""

import datetime as dt

import msgspec
import pytest

from app.training.company import found
from app.training.cost_shelf import Costs
from app.training.records import Cost
from app.training.shelves import Versions
from app.training.transactions import TYPES

COMPANY = found(1, "small", dt.date(2026, 3, 2))
LEDGER = COMPANY.costs
JOB = next(iter(COMPANY.jobs))


def late(number: int = 0, code: str = "") -> Cost:
    first = LEDGER[JOB][0]
    number = COMPANY.next_number + number
    return msgspec.structs.replace(first, number=number, cost_code_id=code or first.cost_code_id)


def test_a_job_knows_its_count_and_its_sum_without_making_its_costs() -> None:
    fresh = found(1, "small", dt.date(2026, 3, 2)).costs
    counts = {job_id: (fresh.count(job_id), fresh.cents(job_id)) for job_id in fresh}
    assert counts == {job_id: (len(of), sum(cost.cents for cost in of)) for job_id, of in LEDGER.items()}
    assert sum(count for count, _ in counts.values()) == 6_000


def test_costs_are_numbered_through_and_lie_on_the_codes_and_types_of_their_job() -> None:
    numbers = [cost.number for of in LEDGER.values() for cost in of]
    assert numbers == list(range(1, 6_001))
    for job_id, of in LEDGER.items():
        codes = LEDGER.codes(job_id)
        assert len(codes) == len(set(codes)) == LEDGER.codes_of_a_job
        for cost in of:
            assert cost.cost_type_id in LEDGER.types(job_id, codes.index(cost.cost_code_id))


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_blocks_by_version_give_every_cost_of_a_job_once(limit: int) -> None:
    held = Costs(LEDGER, Versions())
    held.put([late(), late(1)])
    seen: list[Cost] = []
    version = 0
    while block := held.after(JOB, version, limit):
        assert [at for at, _ in block] == sorted({at for at, _ in block})
        assert block[0][0] > version
        version = block[-1][0]
        seen += [cost for _, cost in block]
    assert seen == held.of(JOB)
    assert held.total(JOB) == sum((cost.amount for cost in seen), start=held.total("nowhere"))


def test_what_hh2_lists_of_a_job_is_the_same_by_version_and_by_page() -> None:
    held = Costs(LEDGER, Versions())
    new = next(code for code in COMPANY.cost_codes if code not in LEDGER.codes(JOB))
    held.put([late(0, new)])
    for by_version, by_page, size in (
        (held.job_codes, held.job_codes_page, LEDGER.codes_of_a_job),
        (held.job_types, held.job_types_page, LEDGER.codes_of_a_job * TYPES),
    ):
        read: list[tuple[str, ...]] = []
        version = 0
        while block := by_version(version, 333):
            version = block[-1][1]
            read += [key for key, _ in block]
        pages: list[tuple[str, ...]] = []
        while page := by_page(len(pages) // 1000):
            pages += [key for key, _ in page]
            if len(page) < 1000:
                break
        assert read == pages
        assert len(read) == len(set(read)) == len(COMPANY.jobs) * size + 1
        assert read[-1][:2] == (JOB, new)


def test_what_came_to_one_side_is_missing_on_the_other_unless_it_never_goes_there() -> None:
    hh2, procore = Costs(LEDGER, Versions()), Costs(LEDGER, never=[COMPANY.next_number + 1])
    hh2.put([late(), late(1)])
    assert hh2.missing(JOB, procore) == [late()]
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    procore.put([late()], at)
    assert hh2.missing(JOB, procore) == []
    assert procore.updated(late()) == at
    assert procore.updated(LEDGER[JOB][0]) == LEDGER[JOB][0].entered_at


def test_a_large_company_is_there_at_once() -> None:
    company = found(1, "large", dt.date(2026, 3, 2))
    assert (len(company.jobs), len(company.vendors), sum(map(company.costs.count, company.jobs))) == (
        3_000,
        30_000,
        1_000_000,
    )
    last = list(company.jobs)[-1]
    assert company.costs[last][-1].number == 1_000_000
