"""Do they match? What both sides hold, compared by record and by money."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.lists import Kind, ProcoreCostCode, ProcoreJobToDate, ProcoreVendor, SageJob, Side
from app.domain.match_question import Failed, Options
from app.domain.match_reasons import Reason
from app.domain.match_report import Narrowed, Why
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.match.compare import accept, compare, last_report
from app.match.report import Pages
from app.match.snapshot import List, finish, put
from app.match.store import Store, open_store
from tests.match.lists import AT, Company, block, differences


def test_a_company_that_is_the_same_on_both_sides_matches(store: Store) -> None:
    company = Company()
    company.cost("100.10")
    company.cost("-4.05", job="25-002", kind="M")
    report = company.report(store)
    assert report.verdict.match is Match.MATCHES
    assert report.verdict.exit == 0
    assert (report.totals.sage, report.totals.procore) == (Decimal("96.05"), Decimal("96.05"))
    assert {one.entity: one.equal for one in report.populations} == {
        "jobs": 2,
        "vendors": 2,
        "cost-codes": 2,
        "cost-types": 2,
    }
    assert differences(store) == []
    assert all(tie.broken == 0 and tie.proven for tie in report.ties if tie.what != "sage-own")


def test_a_side_that_is_missing_is_a_row_of_its_own_and_never_a_zero(store: Store) -> None:
    company = Company()
    company.cost("50.00", procore=False)
    company.cost("70.00", sage=False, code="02-010")
    company.report(store)
    found = {one.cost_code: one for one in differences(store)}
    assert found["01-010"].procore is None
    assert (found["01-010"].flag, found["01-010"].amount) == ("sage-only", Decimal("50.00"))
    assert found["02-010"].sage is None
    assert (found["02-010"].flag, found["02-010"].amount) == ("procore-only", Decimal("-70.00"))


def test_plus_and_minus_of_two_cost_codes_do_not_hide_each_other(store: Store) -> None:
    company = Company()
    company.cost("100.00", procore="150.00")
    company.cost("100.00", code="02-010", procore="50.00")
    report = company.report(store)
    assert report.totals.difference == 0
    assert (report.totals.plus, report.totals.minus) == (Decimal("50.00"), Decimal("-50.00"))
    assert (report.verdict.differences, report.verdict.amount) == (2, Decimal("100.00"))
    job = Pages(store).nodes(None)[0]
    assert (job.difference, job.plus, job.minus, job.flag) == (
        Decimal(0),
        Decimal(50),
        Decimal(-50),
        "differs",
    )


def test_plus_and_minus_inside_one_cost_code_do_not_hide_each_other(store: Store) -> None:
    company = Company()
    company.cost("100.00")
    company.cost("30.00", procore=False)
    company.cost("-30.00", procore=False)
    report = company.report(store)
    (found,) = differences(store)
    assert (found.flag, found.amount, found.reason.value) == ("offset", Decimal(0), "offset")
    assert report.verdict.match is Match.DIFFERS


def test_the_same_cost_in_two_lines_or_in_one_is_the_same(store: Store) -> None:
    company = Company()
    company.cost("60.00", procore=False)
    company.cost("40.00", procore=False)
    company.cost("100.00", sage=False)
    assert company.report(store).verdict.match is Match.MATCHES


@pytest.mark.parametrize(
    ("there", "tolerance", "flag", "match"),
    [
        ("100.00", "1.00", "equal", Match.MATCHES),
        ("100.01", "1.00", "within", Match.WITHIN_TOLERANCE),
        ("100.99", "1.00", "within", Match.WITHIN_TOLERANCE),
        ("101.00", "1.00", "differs", Match.DIFFERS),
        ("99.00", "1.00", "differs", Match.DIFFERS),
        ("100.01", "0", "differs", Match.DIFFERS),
        ("104.99", "5.00", "within", Match.WITHIN_TOLERANCE),
    ],
)
def test_attention_begins_at_the_tolerance(
    store: Store, there: str, tolerance: str, flag: str, match: Match
) -> None:
    company = Company()
    company.cost("100.00", procore=there)
    report = company.report(store, Options(tolerance=Decimal(tolerance)))
    assert report.verdict.match is match
    (job,) = Pages(store).nodes(None)
    (leaf,) = Pages(store).nodes(Pages(store).nodes(Pages(store).nodes(job)[0])[0])
    assert leaf.flag == flag


def test_small_differences_that_add_up_to_the_tolerance_are_told_at_the_job(store: Store) -> None:
    company = Company()
    for code in ("01-010", "02-010"):
        for kind in ("L", "M"):
            company.cost("10.00", code=code, kind=kind, procore="10.40")
    report = company.report(store)
    (found,) = differences(store)
    assert (found.flag, found.amount, found.cost_code) == ("adds-up", Decimal("-1.60"), "")
    assert report.verdict.differences == 1


def test_records_of_one_side_only_and_different_ones_are_told_with_their_keys(store: Store) -> None:
    company = Company()
    company.vendor("V0003", "Only in Sage", procore=False)
    company.vendor("V0004", "Only in Procore", sage=False)
    company.vendor("V0005", "Another name")
    vendor = company.procore[Kind.VENDORS][-1]
    assert isinstance(vendor, ProcoreVendor)
    company.procore[Kind.VENDORS][-1] = ProcoreVendor(
        id=vendor.id, origin_id=vendor.origin_id, name="Changed"
    )
    report = company.report(store)
    (vendors,) = [one for one in report.populations if one.entity == "vendors"]
    assert (vendors.sage_only, vendors.procore_only, vendors.equal, vendors.different) == (1, 1, 2, 1)
    assert {one.code: (one.flag, one.fields) for one in differences(store)} == {
        "V0003": ("sage-only", ()),
        "V0004": ("procore-only", ()),
        "V0005": ("different", ("name",)),
    }


def test_names_that_differ_by_case_accents_and_blanks_are_the_same(store: Store) -> None:
    company = Company()
    company.vendor("V0003", "Béton  École inc.")
    vendor = company.procore[Kind.VENDORS][-1]
    company.procore[Kind.VENDORS][-1] = ProcoreVendor(
        id=vendor.id, origin_id="ven-V0003", name="BETON E\u0301COLE\u00a0Inc.", synced=True
    )
    assert company.report(store).verdict.match is Match.MATCHES


def test_a_record_without_an_origin_is_found_by_its_number(store: Store) -> None:
    company = Company(jobs=0)
    company.job("25-009", "By number", sage=False)
    company.sage[Kind.JOBS].append(SageJob(id="guid-9", code=" 25-009", name="By number"))
    assert company.report(store).verdict.match is Match.MATCHES


def test_closed_records_and_bidders_need_not_be_on_the_other_side(store: Store) -> None:
    company = Company()
    company.job("20-001", "Old", procore=False, active=False)
    company.procore[Kind.VENDORS].append(ProcoreVendor(id="81", name="A bidder"))
    company.procore[Kind.COST_CODES].append(ProcoreCostCode(id="61", code="03", name="Concrete"))
    company.procore[Kind.COST_CODES][0] = ProcoreCostCode(
        id="601-010", origin_id="cc-01-010", code="010", full_code="01-010", name="Code 1", parent_id="61"
    )
    report = company.report(store)
    assert report.verdict.match is Match.MATCHES
    assert {one.entity: one.expected for one in report.populations if one.expected} == {
        "jobs": 1,
        "vendors": 1,
        "cost-codes": 1,
    }


def test_two_records_of_one_key_are_a_duplicate(store: Store) -> None:
    company = Company()
    company.procore[Kind.VENDORS].append(
        ProcoreVendor(id="899", origin_code="V0001", name="Vendor 1", synced=True)
    )
    company.report(store)
    (found,) = differences(store)
    assert (found.fields, found.reason.value) == (("duplicate",), "duplicate")


def test_what_no_documented_service_offers_weighs_nothing_and_what_failed_does(store: Store) -> None:
    company = Company()
    report = company.report(store)
    assert {(one.what, one.why) for one in report.not_comparable} == {
        ("sub-jobs", Why.UNDOCUMENTED),
        ("prime-contracts", Why.UNDOCUMENTED),
        ("commitments", Why.UNDOCUMENTED),
    }
    assert report.verdict.match is Match.MATCHES
    problem = Problem(ProblemId.NO_MATCH_SOURCE, {"what": "vendors"})
    again = compare(store, Options(), [Failed(Side.PROCORE, Kind.VENDORS, "", problem)])
    assert [(one.what, one.why) for one in again.not_compared] == [("vendors", Why.READ_FAILED)]
    assert again.verdict.match is Match.NOT_COMPARED
    assert again.verdict.exit == 10
    assert "vendors" not in {one.entity for one in again.populations}


def test_nothing_read_is_no_match(store: Store) -> None:
    report = compare(store, Options())
    assert report.verdict.match is Match.NOT_COMPARED
    assert last_report(store) == report


def test_procore_job_to_date_counts_before_the_single_lines(store: Store) -> None:
    company = Company()
    company.not_read.discard((Side.PROCORE, Kind.JOB_TO_DATE))
    company.cost("100.00", procore="80.00")
    for job, code, amount in (("25-001", "01-010", "100.00"), ("25-001", "02-010", "0.00")):
        company.procore[Kind.JOB_TO_DATE].append(
            ProcoreJobToDate(
                id=f"{job}{code}",
                project_id=f"7{job}",
                sub_job_id="",
                cost_code_id=f"7{job}-{code}",
                cost_type_id="976",
                amount=Decimal(amount),
            )
        )
    report = company.report(store)
    assert report.verdict.match is Match.MATCHES
    assert report.totals.procore == Decimal("100.00")


def test_sages_own_total_that_is_not_what_its_lines_add_up_to_is_told(store: Store) -> None:
    company = Company()
    company.cost("100.00")
    company.sage[Kind.JOBS][0] = SageJob(
        id="job-25-001", code="25-001", name="Job 1", job_to_date=Decimal("130.00")
    )
    report = company.report(store)
    assert [(one.job, one.why) for one in report.not_compared] == [("25-001", Why.TIE_BROKEN)]
    assert report.verdict.match is Match.NOT_COMPARED


def test_a_level_that_one_side_does_not_tell_is_left_out_and_said(store: Store) -> None:
    company = Company()
    company.cost("100.00", sub_job=None)
    report = company.report(store)
    assert report.levels == ("job", "cost-code", "cost-type")
    assert ("sub-job", Why.NOT_TOLD) in {(one.what, one.why) for one in report.not_comparable}
    assert report.verdict.match is Match.MATCHES


def test_only_the_jobs_asked_for_and_only_until_the_day_asked_for(store: Store) -> None:
    company = Company()
    company.cost("100.00", procore=False)
    company.cost("10.00", job="25-002", procore=False, posted=date(2026, 11, 20))
    company.lay(store)
    report = compare(store, Options(jobs=("25-002",), as_of=date(2026, 11, 19)))
    assert (report.verdict.differences, report.totals.jobs) == (0, 1)
    report = compare(store, Options(jobs=("25-002",), as_of=date(2026, 11, 20)))
    assert (report.verdict.differences, report.verdict.amount) == (1, Decimal("10.00"))


def test_differences_are_new_then_known_then_moved_then_cleared(store: Store) -> None:
    company = Company()
    company.cost("100.00", procore="50.00")
    assert company.report(store).since == {"first": 1, "cleared": 0}
    company.cost("7.00", job="25-002", procore=False)
    assert company.report(store).since == {"known": 1, "new": 1, "cleared": 0}
    company.cost("9.00", procore=False)
    assert company.report(store).since == {"known": 1, "moved": 1, "cleared": 0}
    company.cost("7.00", job="25-002", sage=False)
    assert company.report(store).since == {"known": 1, "cleared": 1}
    assert Pages(store).cleared()[0][:2] == ("money|25-002||01-010|L", "25-002 · 01-010 · L")


def test_what_was_not_compared_this_time_is_neither_cleared_nor_new_the_next(store: Store) -> None:
    company = Company()
    company.cost("100.00", procore="50.00")
    company.report(store)
    (first,) = (one.first_seen for one in differences(store))
    assert compare(store, Options(jobs=("25-002",))).since == {"cleared": 0}
    assert compare(store, Options()).since == {"known": 1, "cleared": 0}
    assert [one.first_seen for one in differences(store)] == [first]


def test_a_difference_tells_which_report_saw_it_first(store: Store) -> None:
    company, days = Company(), [datetime(2026, 11, day, 8, tzinfo=UTC) for day in (2, 9, 16, 23)]
    company.cost("100.00", procore="50.00")
    company.lay(store)
    compare(store, Options(), now=days[0])
    company.cost("7.00", job="25-002", procore=False)
    company.lay(store)
    for day in days[1:3]:
        compare(store, Options(), now=day)
    assert {one.job: one.first_seen for one in differences(store)} == {"25-001": days[0], "25-002": days[1]}
    # What an earlier version kept does not tell it: then it is as old as the last report at least.
    store.execute("UPDATE past_difference SET first_seen = NULL")
    compare(store, Options(), now=days[3])
    assert {one.first_seen for one in differences(store)} == {days[2]}


def test_the_report_of_an_earlier_version_is_still_read(tmp_path: Path) -> None:
    company, store = Company(), open_store(tmp_path)
    company.cost("100.00", procore="50.00")
    company.report(store)
    store.execute("ALTER TABLE standing DROP first_seen; ALTER TABLE past_difference DROP first_seen")
    store.close()
    again = open_store(tmp_path)
    assert [one.first_seen for one in differences(again)] == [None]
    assert compare(again, Options()).since == {"known": 1, "cleared": 0}
    assert [one.first_seen is not None for one in differences(again)] == [True]
    again.close()


def test_an_accepted_difference_stands_apart_until_it_moves_or_expires(store: Store) -> None:
    company = Company()
    company.cost("100.00", procore="50.00")
    company.report(store)
    (found,) = differences(store)
    accept(store, found.key, found.amount, "Agreed with the owner", "Anne", date(2026, 12, 31), AT)
    report = compare(store, Options(), now=AT)
    assert (report.verdict.match, report.verdict.accepted) == (Match.MATCHES, 1)
    (shown,) = differences(store, Narrowed(accepted=True))
    assert (shown.note, shown.accepted_by, shown.expires) == (
        "Agreed with the owner",
        "Anne",
        date(2026, 12, 31),
    )
    assert compare(store, Options(), now=datetime(2027, 1, 1, tzinfo=UTC)).verdict.differences == 1
    company.cost("1.00", procore=False)
    assert company.report(store).verdict.accepted == 0


def test_what_changed_since_the_last_report_names_new_records_and_the_largest_movements(store: Store) -> None:
    company = Company(jobs=14)
    for n in range(1, 15):
        company.cost("100.00", job=f"25-{n:03}")
    assert company.report(store).changes.since is None
    company.job("26-001", "New job")
    company.vendor("V0009", "New vendor")
    for n in range(1, 13):
        company.cost(f"{n}.00", job=f"25-{n:03}")
    changes = company.report(store).changes
    assert changes.appeared == {"jobs": 1, "vendors": 1}
    assert ("vendors", "V0009", "New vendor") in changes.first_appeared
    assert [one.job for one in changes.movements] == [f"25-{n:03}" for n in range(12, 2, -1)]
    assert changes.movements[0].moved == Decimal("12.00")


def test_the_tree_opens_from_the_job_to_the_single_line(store: Store) -> None:
    company = Company()
    company.cost("100.00")
    company.cost("60.00", procore=False)
    company.cost("5.00", job="25-002")
    company.report(store)
    pages = Pages(store)
    assert [(node.job, node.name, node.flag) for node in pages.nodes(None)] == [
        ("25-001", "Job 1", "differs"),
        ("25-002", "Job 2", "equal"),
    ]
    assert pages.node_count(None, Narrowed(differences_only=True)) == 1
    assert pages.node_count(None, Narrowed(over=Decimal("59.99"))) == 1
    assert pages.node_count(None, Narrowed(over=Decimal("60.00"))) == 0
    node = pages.nodes(None)[0]
    while node.depth < 4:
        (node,) = pages.nodes(node)
    assert (node.sage, node.procore, node.per_cent) == (Decimal("160.00"), Decimal("100.00"), Decimal("37.5"))
    lines = pages.lines(node)
    assert [(line.side, line.amount, line.paired) for line in lines] == [
        (Side.SAGE, Decimal("60.00"), False),
        (Side.SAGE, Decimal("100.00"), True),
        (Side.PROCORE, Decimal("100.00"), True),
    ]


def test_the_tree_and_the_differences_are_narrowed_to_what_a_person_looks_for(store: Store) -> None:
    company = Company(3)
    for number, job in enumerate(("25-001", "25-002", "25-003"), 1):
        company.cost("100.00", job=job)
        company.cost(f"{number}0.00", job=job, code="02-010", procore=False)
    company.vendor("V0009", "Béton École", procore=False)
    company.report(store)
    pages = Pages(store)

    def jobs(narrowed: Narrowed) -> list[str]:
        return [node.job for node in pages.nodes(None, narrowed)]

    def told(narrowed: Narrowed) -> list[str]:
        found = pages.differences(narrowed)
        assert pages.count(narrowed) == len(found)
        return [one.job or one.code for one in found]

    assert jobs(Narrowed(job="25-002")) == told(Narrowed(job="25-002")) == ["25-002"]
    assert jobs(Narrowed(words="job 3")) == ["25-003"]
    assert jobs(Narrowed(over=Decimal("15.00"))) == ["25-002", "25-003"]
    assert told(Narrowed(over=Decimal("15.00"))) == ["25-003", "25-002"]
    assert told(Narrowed(entity="vendors")) == told(Narrowed(words="BETON ecole")) == ["V0009"]
    (third,) = differences(store, Narrowed(job="25-003"))
    other = next(reason for reason in Reason if reason is not third.reason)
    assert "25-003" in jobs(Narrowed(reason=third.reason))
    assert "25-003" in told(Narrowed(reason=third.reason))
    assert "25-003" not in jobs(Narrowed(reason=other)) + told(Narrowed(reason=other))
    # Below a job only its own parts, and of a level only those with a reason of that kind.
    (parent,) = pages.nodes(None, Narrowed(job="25-003"))
    assert [one.cost_code for one in pages.nodes(parent, Narrowed(), depth=3)] == ["01-010", "02-010"]
    assert [one.cost_code for one in pages.nodes(parent, Narrowed(reason=third.reason), depth=3)] == [
        "02-010"
    ]


def test_amounts_as_large_as_a_column_holds_are_added_and_compared_exactly(store: Store) -> None:
    company = Company()
    for _ in range(3):
        company.cost("9999999999999999.99", procore="9999999999999998.99")
    report = company.report(store)
    assert report.totals.sage == Decimal("29999999999999999.97")
    assert (report.verdict.differences, report.verdict.amount) == (1, Decimal("3.00"))


def test_lines_that_were_read_anew_since_the_report_are_not_shown_as_those_of_the_report(
    store: Store,
) -> None:
    company = Company()
    company.cost("100.00")
    company.cost("200.00", job="25-002")
    company.report(store)
    pages = Pages(store)
    first, second = pages.nodes(None)
    assert [line.amount for line in pages.lines(first)] == [Decimal("100.00")] * 2
    company.cost("5.00")
    rows = company.records(Side.SAGE, Kind.COSTS, "job-25-001")
    put(store, List(Side.SAGE, Kind.COSTS, "job-25-001"), "sage", block(rows))
    finish(store, Side.SAGE, Kind.COSTS, is_file=False)
    assert pages.lines(first) == []
    assert len(pages.lines(second)) == 2
    compare(store, Options())
    assert len(pages.lines(first)) == 3


def test_a_store_whose_rows_were_written_down_by_the_first_version_is_compared_anew(tmp_path: Path) -> None:
    company = Company()
    company.cost("100.00", procore="90.00")
    store = open_store(tmp_path)
    company.report(store)
    for view in ("node", "leaf", "sage_line", "procore_line", "procore_to_date"):
        store.execute(f"CREATE TABLE kept AS FROM {view}")
        store.execute(f"DROP VIEW {view}")
        store.execute(f"ALTER TABLE kept RENAME TO {view}")
    store.execute("UPDATE about SET value = '1' WHERE name = 'version'")
    store.close()
    store = open_store(tmp_path)
    assert [node.difference for node in Pages(store).nodes(None)] == [Decimal("10.00")]
    assert compare(store, Options()).verdict.differences == 1
    assert [line.amount for line in Pages(store).lines(Pages(store).nodes(None)[0])] == [
        Decimal(90),
        Decimal(100),
    ]
    store.close()


def test_what_finds_no_room_in_little_memory_is_compared_in_more(tmp_path: Path) -> None:
    company = Company()
    for n in range(3000):
        company.cost(f"{n}.00", procore=f"{n}.00")
    store = open_store(tmp_path)
    company.lay(store)
    store.close()
    store = open_store(tmp_path, memory_mb=10)
    steps: list[str] = []
    report = compare(store, Options(), tell=steps.append)
    assert steps.count("keys") == 2, "the first time did not come to its end"
    assert (report.verdict.differences, report.totals.sage_lines) == (0, 3000)
    assert not store.take_more_memory(), "it is taken once"
    beside = open_store(tmp_path)
    assert beside.one("SELECT count(*) FROM report") == 1, "it can be read beside it"
    beside.close()
    assert store.one("SELECT count(*) FROM report") == 1, "of the first time nothing was written down"
    store.close()
