"""Every difference has its probable reason, told from the amounts and records themselves, and somebody who acts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from app.domain.filters import Filters
from app.domain.lists import (
    Kind,
    ProcoreJobToDate,
    ProcoreProject,
    ProcoreVendor,
    SageJob,
    SageVendor,
    Side,
)
from app.domain.looks import Waiting
from app.domain.match_question import Options, RunFacts
from app.domain.match_reasons import ACTS, Acts, Reason
from app.domain.tabs import Tab
from app.match.store import Store
from app.words import match as words
from tests.match.lists import Company, differences

SYNCED = datetime(2026, 11, 20, 8, tzinfo=UTC)
RUN = RunFacts(filters=Filters(), synced_at=SYNCED)


def with_waiting(tab: Tab) -> RunFacts:
    return msgspec.structs.replace(RUN, waiting={tab: Waiting(3, 0)})


def staged_vendor(company: Company) -> None:
    company.vendor("V0010", "New vendor", procore=False)


def staged_job(company: Company) -> None:
    company.job("26-001", "New job", procore=False)


def costs_of_a_job_not_in_procore(company: Company) -> None:
    company.job("26-001", "New job", procore=False)
    company.cost("10.00", job="26-001", procore=False)


def posted_after(company: Company) -> None:
    company.cost("50.00")
    company.cost(
        "10.00", procore=False, entered=datetime(2026, 11, 21, tzinfo=UTC), posted=date(2026, 11, 21)
    )


def outside_range(company: Company) -> None:
    company.cost("50.00")
    company.cost("10.00", procore=False, posted=date(2026, 9, 1))


def duplicate(company: Company) -> None:
    company.cost("50.00")
    company.cost("50.00", sage=False)


def missing_code(company: Company) -> None:
    company.cost_code("09-010", "New code", procore=False)
    company.cost("10.00", code="09-010", procore=False, posted=date(2026, 11, 19))


def missing_vendor(company: Company) -> None:
    company.vendor("V0010", "New vendor", procore=False)
    company.cost("50.00", posted=date(2026, 11, 19))
    company.cost("10.00", vendor="V0010", procore=False, posted=date(2026, 11, 19))


def another_place(company: Company) -> None:
    company.cost("3.00", posted=date(2026, 11, 19))
    company.cost("10.00", kind="L", procore=False, posted=date(2026, 11, 19))
    company.cost("10.00", kind="M", sage=False, posted=date(2026, 11, 19))


def summary(company: Company) -> None:
    company.cost("10.00", code="01-010", procore=False, posted=date(2026, 11, 19))
    company.cost("20.00", code="02-010", procore=False, posted=date(2026, 11, 19))
    company.cost("30.00", code="01-010", kind="M", sage=False, posted=date(2026, 11, 19))


def group_code(company: Company) -> None:
    company.cost_code("05-010", "Below", procore=False)
    company.cost_code("05-020", "Below too", procore=False)
    company.cost_code("05", "Group", sage=False)
    company.cost("7.00", code="05-010", procore=False, posted=date(2026, 11, 19))
    company.cost("8.00", code="05-020", procore=False, posted=date(2026, 11, 19))
    company.cost("15.00", code="05", sage=False)
    company.cost("1.00")


def sign_turned_round(company: Company) -> None:
    company.cost("12.00")
    company.cost("-318.60", procore="318.60", posted=date(2026, 11, 19))


def amount_changed(company: Company) -> None:
    company.cost("12.00")
    company.cost("1204.00", procore="1240.00", posted=date(2026, 11, 19))


def cost_made_in_procore(company: Company) -> None:
    company.cost("12.00")
    company.cost("27.30", sage=False)


def tax(company: Company) -> None:
    company.cost("100.00", procore="115.00", posted=date(2026, 11, 19))


def retainage(company: Company) -> None:
    company.cost("1000.00", procore="900.00", posted=date(2026, 11, 19))


def rounding(company: Company) -> None:
    for code in ("01-010", "02-010"):
        company.cost("10.00", code=code, procore="10.60")


def closed(company: Company) -> None:
    company.procore[Kind.JOBS][0] = ProcoreProject(
        id="725-001", origin_id="job-25-001", number="25-001", name="Job 1", active=False
    )
    company.cost("77.77", procore="11.11", posted=date(2026, 11, 19))


def made_in_procore(company: Company) -> None:
    company.vendor("V0010", "Only there", sage=False)


def gone_in_sage(company: Company) -> None:
    company.procore[Kind.VENDORS].append(
        ProcoreVendor(id="899", origin_id="deleted", origin_code="V0099", name="Was there", synced=True)
    )


def not_linked(company: Company) -> None:
    company.vendor("V0010", "Béton Nord", procore=False)
    company.procore[Kind.VENDORS].append(
        ProcoreVendor(id="899", origin_code="X9", name="BETON NORD", synced=True)
    )


def name_cut(company: Company) -> None:
    company.vendor("V0010", "Entreprises générales de l'Estrie inc.")
    company.sage[Kind.VENDORS][-1] = SageVendor(
        id="ven-V0010", code="V0010", name="Entreprises générales de l'Est"
    )


def renamed(company: Company) -> None:
    company.sage[Kind.JOBS][0] = SageJob(id="job-25-001", code="25-001", name="Another name")


def unknown(company: Company) -> None:
    company.cost("77.77", procore=False, posted=date(2026, 11, 19))
    company.cost("11.11", sage=False)


CASES: list[tuple[Callable[[Company], None], RunFacts, str, Reason]] = [
    (staged_vendor, with_waiting(Tab.VENDORS), "vendors", Reason.STAGED),
    (staged_vendor, RUN, "vendors", Reason.NOT_SYNCED),
    (staged_job, with_waiting(Tab.JOBS), "jobs", Reason.STAGED),
    (staged_job, RUN, "jobs", Reason.JOB_NOT_SYNCED),
    (costs_of_a_job_not_in_procore, RUN, "job-costs", Reason.JOB_NOT_SYNCED),
    (costs_of_a_job_not_in_procore, with_waiting(Tab.JOBS), "job-costs", Reason.STAGED),
    (posted_after, RUN, "job-costs", Reason.POSTED_AFTER),
    (outside_range, RUN, "job-costs", Reason.OUTSIDE_RANGE),
    (duplicate, RUN, "job-costs", Reason.DUPLICATE),
    (missing_code, RUN, "job-costs", Reason.MISSING_CODE),
    (missing_code, RUN, "cost-codes", Reason.MISSING_CODE),
    (missing_vendor, RUN, "job-costs", Reason.MISSING_VENDOR),
    (another_place, RUN, "job-costs", Reason.ANOTHER_PLACE),
    (summary, RUN, "job-costs", Reason.SUMMARY),
    (group_code, RUN, "job-costs", Reason.GROUP_CODE),
    (sign_turned_round, RUN, "job-costs", Reason.SIGN),
    (amount_changed, RUN, "job-costs", Reason.CHANGED),
    (cost_made_in_procore, RUN, "job-costs", Reason.MADE_IN_PROCORE),
    (tax, RUN, "job-costs", Reason.TAX),
    (retainage, RUN, "job-costs", Reason.RETAINAGE),
    (rounding, RUN, "job-costs", Reason.ROUNDING),
    (closed, RUN, "job-costs", Reason.CLOSED),
    (made_in_procore, RUN, "vendors", Reason.MADE_IN_PROCORE),
    (gone_in_sage, RUN, "vendors", Reason.GONE_IN_SAGE),
    (not_linked, RUN, "vendors", Reason.NOT_LINKED),
    (name_cut, RUN, "vendors", Reason.NAME_CUT),
    (renamed, RUN, "jobs", Reason.RENAMED),
    (unknown, RUN, "job-costs", Reason.UNKNOWN),
    (
        unknown,
        msgspec.structs.replace(RUN, refreshed={"25-002": SYNCED}),
        "job-costs",
        Reason.NOT_REFRESHED,
    ),
]


@pytest.mark.parametrize(
    ("change", "run", "entity", "reason"),
    CASES,
    ids=[f"{case[0].__name__}-{case[3].value}" for case in CASES],
)
def test_a_difference_has_its_reason(
    store: Store, change: Callable[[Company], None], run: RunFacts, entity: str, reason: Reason
) -> None:
    company = Company()
    change(company)
    company.report(store, Options(run=run))
    found = [one for one in differences(store) if one.entity == entity]
    assert found
    assert {one.reason for one in found} == {reason}
    assert {one.acts for one in found} == {ACTS[reason]}


def test_a_day_of_a_refresh_is_the_jobs_own_when_it_is_known(store: Store) -> None:
    company = Company()
    posted_after(company)
    later = msgspec.structs.replace(RUN, refreshed={"25-001": datetime(2026, 11, 22, tzinfo=UTC)})
    company.report(store, Options(run=later))
    (found,) = differences(store)
    assert found.reason is Reason.UNKNOWN


def test_job_to_date_is_explained_by_the_lines_of_sage(store: Store) -> None:
    company = Company()
    company.not_read.discard((Side.PROCORE, Kind.JOB_TO_DATE))
    posted_after(company)
    company.procore[Kind.JOB_TO_DATE].append(
        ProcoreJobToDate(
            id="1",
            project_id="725-001",
            sub_job_id="",
            cost_code_id="725-001-01-010",
            cost_type_id="976",
            amount=Decimal("50.00"),
        )
    )
    company.report(store, Options(run=RUN))
    assert [one.reason for one in differences(store)] == [Reason.POSTED_AFTER]


@pytest.mark.parametrize(("lines", "reasons"), [("50.00", [Reason.OFFSET]), ("40.00", [])])
def test_plus_and_minus_hide_behind_no_sum_where_procores_lines_add_up_to_it(
    store: Store, lines: str, reasons: list[Reason]
) -> None:
    company = Company()
    company.not_read.discard((Side.PROCORE, Kind.JOB_TO_DATE))
    company.cost("50.00", procore=lines)
    for amount in ("500.00", "-500.00"):
        company.cost(amount, procore=False, posted=date(2026, 11, 19))
    company.procore[Kind.JOB_TO_DATE].append(
        ProcoreJobToDate(
            id="1",
            project_id="725-001",
            sub_job_id="",
            cost_code_id="725-001-01-010",
            cost_type_id="976",
            amount=Decimal("50.00"),
        )
    )
    company.report(store, Options(run=RUN))
    assert [one.reason for one in differences(store)] == reasons


def test_every_reason_has_words_and_somebody_who_acts() -> None:
    for reason in Reason:
        assert words.reason(reason.value)
        assert words.to_do(reason.value)
        assert words.acts(ACTS[reason].value)
    assert set(ACTS.values()) == set(Acts)
