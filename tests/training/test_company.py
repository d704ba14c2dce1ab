"""A believable company, grown from a seed."""

import datetime as dt

from app.training import names
from app.training.company import Company, found

TODAY = dt.date(2026, 3, 2)


def small(seed: int = 1) -> Company:
    return found(seed, "small", TODAY)


def test_the_same_seed_grows_the_same_company_and_another_seed_another() -> None:
    assert small() == small()
    assert small(2) != small()


def test_the_company_has_the_size_of_a_real_small_one() -> None:
    company = small()
    costs = [cost for of_job in company.costs.values() for cost in of_job]
    assert (len(company.jobs), len(company.vendors), len(company.cost_codes)) == (40, 300, 400)
    assert len(costs) == 6_000
    assert len(company.sub_jobs) >= 40
    assert len(company.prime_contracts) == 40
    assert len(company.commitments) == 120
    assert len({cost.id for cost in costs}) == 6_000


def test_codes_are_unique_within_their_list() -> None:
    company = small()
    for records in (company.jobs, company.vendors, company.cost_codes, company.cost_types):
        assert len({record.code for record in records.values()}) == len(records)


def test_every_reference_leads_somewhere() -> None:
    company = small()
    for job_id, of_job in company.costs.items():
        assert job_id in company.jobs
        for cost in of_job:
            assert cost.job_id == job_id
            assert cost.cost_code_id in company.cost_codes
            assert cost.cost_type_id in company.cost_types
            assert cost.vendor_id is None or cost.vendor_id in company.vendors
            assert cost.sub_job_id is None or company.sub_jobs[cost.sub_job_id].job_id == job_id
    for commitment in company.commitments.values():
        assert commitment.vendor_id in company.vendors


def test_amounts_are_exact_to_the_cent_and_some_are_credits() -> None:
    costs = [cost for of_job in small().costs.values() for cost in of_job]
    assert all(cost.amount.as_tuple().exponent == -2 for cost in costs)
    assert all(cost.amount * 100 == cost.cents for cost in costs)
    assert any(cost.amount < 0 for cost in costs)


def test_names_are_english_french_and_awkward() -> None:
    company = small()
    shown = {record.name for record in (*company.vendors.values(), *company.jobs.values())}
    assert set(names.AWKWARD) <= shown
    assert any("É" in name or "é" in name for name in shown)
    assert any("School" in name for name in shown)


def test_nothing_in_the_ledger_is_younger_than_a_week() -> None:
    company = small()
    week_ago = TODAY - dt.timedelta(days=7)
    records = [*company.vendors.values(), *company.jobs.values(), *company.cost_codes.values()]
    assert all(record.created <= record.changed < week_ago for record in records)
    assert all(cost.posted < week_ago for of_job in company.costs.values() for cost in of_job)
