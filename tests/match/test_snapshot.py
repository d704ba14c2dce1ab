"""Snapshots: whole or not at all, shut off from everything else, forgotten when asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blocks import checked, exact
from app.domain.brake import BRAKE, Brake, lost_too_many
from app.domain.lists import Fault, Kind, LedgerRecord, SageCost, SageJob, SageVendor, Side
from app.domain.problems import ProblemId, Trouble
from app.match.snapshot import (
    HALF_READ_KEPT,
    List,
    Standing,
    finish,
    forget_older,
    put,
    reading,
    where_to_go_on,
)
from app.match.store import Store, delete_all, open_store
from tests.match.lists import READ_AT, Company, block

VENDORS = List(Side.SAGE, Kind.VENDORS)


def vendors(*versions: int) -> list[LedgerRecord]:
    return [SageVendor(id=f"v{n}", version=n, code=f"V{n}", name=f"Vendor {n}") for n in versions]


def test_a_snapshot_is_laid_in_place_only_when_its_list_is_whole(store: Store) -> None:
    put(store, VENDORS, "hh2", block(vendors(1, 2), "2", last=False))
    assert finish(store, *_of(VENDORS), is_file=False) == 0
    assert store.one("SELECT count(*) FROM sage_vendors") == 0
    assert where_to_go_on(store, VENDORS, "hh2", incremental=True) == "2"
    put(store, VENDORS, "hh2", block(vendors(3), "3"))
    assert finish(store, *_of(VENDORS), is_file=False) == 1
    assert store.one("SELECT count(*) FROM sage_vendors") == 3
    known = reading(store, VENDORS)
    assert known is not None
    assert (known.cursor, known.records, known.as_of) == ("3", 3, READ_AT)
    assert where_to_go_on(store, VENDORS, "hh2", incremental=True) == "3"
    assert where_to_go_on(store, VENDORS, "hh2", incremental=False) == ""


def _of(one: List) -> tuple[Side, Kind]:
    return one.side, one.kind


def test_what_was_half_read_survives_the_end_of_the_program(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, VENDORS, "hh2", block(vendors(1, 2), "2", last=False))
    store.close()
    store = open_store(tmp_path)
    try:
        assert where_to_go_on(store, VENDORS, "hh2", incremental=True) == "2"
        assert where_to_go_on(store, VENDORS, "another", incremental=True) == ""
        assert store.one("SELECT count(*) FROM new_sage_vendors") == 0
    finally:
        store.close()


def test_what_was_half_read_too_long_ago_is_begun_anew(store: Store) -> None:
    put(store, VENDORS, "hh2", block(vendors(1, 2), "2", last=False))
    later = READ_AT + HALF_READ_KEPT + timedelta(seconds=1)
    assert Standing(store, later).where_to_go_on(VENDORS, "hh2", incremental=True) == ""
    assert store.one("SELECT count(*) FROM new_sage_vendors") == 0


def test_changes_replace_the_older_version_of_a_record_and_a_full_reading_replaces_all(store: Store) -> None:
    put(store, VENDORS, "hh2", block(vendors(1, 2), "2"))
    finish(store, *_of(VENDORS), is_file=False)
    changed = SageVendor(id="v1", version=3, code="V1", name="Changed")
    put(store, VENDORS, "hh2", block([changed], "3", full=False))
    finish(store, *_of(VENDORS), is_file=False)
    assert store.execute("SELECT id, name FROM sage_vendors ORDER BY id") == [
        ("v1", "Changed"),
        ("v2", "Vendor 2"),
    ]
    put(store, VENDORS, "hh2", block([changed], "3"))
    finish(store, *_of(VENDORS), is_file=False, brake=None)
    assert store.one("SELECT count(*) FROM sage_vendors") == 1


def test_a_file_takes_the_place_of_a_service_and_they_never_add_up(store: Store) -> None:
    company = Company()
    company.cost("10.00")
    company.lay(store)
    cost = SageCost(id="row 1", job_id="25-001", amount=Decimal("10.00"))
    put(store, List(Side.SAGE, Kind.COSTS), "a.csv", block([cost]))
    finish(store, Side.SAGE, Kind.COSTS, is_file=True)
    assert store.execute("SELECT id FROM sage_costs") == [("row 1",)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '64GB'",
    ],
)
def test_the_store_reaches_no_other_file_no_network_and_no_extension(store: Store, sql: str) -> None:
    with pytest.raises((duckdb.Error, Trouble)):
        store.execute(sql)


def test_a_file_that_is_no_store_is_told_and_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "match" / "match.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"not a store at all" * 500)
    with pytest.raises(Trouble) as caught:
        open_store(tmp_path)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert path.read_bytes().startswith(b"not a store")


def test_all_data_of_a_company_can_be_deleted(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    Company().lay(store)
    store.close()
    assert "match.duckdb" in {one.name for one in delete_all(tmp_path)}
    assert not (tmp_path / "match").exists()
    assert delete_all(tmp_path) == []


def test_what_is_older_than_the_retention_is_forgotten(store: Store) -> None:
    company = Company()
    company.cost("10.00")
    company.report(store)
    later = datetime.now(UTC) + timedelta(days=400)
    assert forget_older(store, 399, later) > 0
    assert store.one("SELECT count(*) FROM sage_costs") == 0
    assert store.one("SELECT count(*) FROM report") == 0


def test_what_was_left_half_read_is_forgotten_too_and_what_was_read_since_stays(store: Store) -> None:
    old, young = (List(Side.SAGE, Kind.COSTS, scope) for scope in ("j1", "j2"))
    for one in (old, young):
        cost = SageCost(id=one.scope, version=1, job_id=one.scope, amount=Decimal("1.00"))
        put(store, one, "hh2", block([cost], "1", last=False))
    store.execute("UPDATE under_way SET as_of = as_of - INTERVAL 31 DAY WHERE scope = 'j1'")
    assert forget_older(store, 30, datetime.now(UTC)) == 1
    assert store.execute("SELECT scope FROM under_way") == [("j2",)]
    assert store.execute("SELECT scope FROM new_sage_costs") == [("j2",)]


@pytest.mark.parametrize(
    ("before", "now", "stops"),
    [
        (412, 280, True),
        (1000, 800, False),
        (1000, 799, True),
        (249, 200, False),
        (249, 199, True),
        (260, 207, True),
        (10, 8, False),
        (10, 7, True),
        (0, 0, False),
        (5, 0, True),
        (5, 9, False),
    ],
)
def test_the_brake_stops_above_a_fifth_lost(before: int, now: int, stops: bool) -> None:
    assert lost_too_many(before, now) is stops


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_brake_never_lets_less_through_than_more(before: int, now: int) -> None:
    if lost_too_many(before, now, BRAKE):
        assert lost_too_many(before, max(0, now - 1))
        assert (before - now) * 5 > before
        assert before - now >= 50 or before < 250
    assert not lost_too_many(before, now, Brake(share=100))


def test_contradictory_rows_are_named_and_the_others_go_on() -> None:
    rows = [
        SageVendor(id="a", version=5, code="A", name="A"),
        SageVendor(id="b", version=4, code="B", name="Falls"),
        SageVendor(id="a", version=6, code="A", name="Another"),
        SageVendor(id="c", version=7, code="C", name="C"),
        SageVendor(id="c", version=7, code="C", name="C"),
        SageVendor(id="d", version=8, code=12, name="Wrong type"),  # type: ignore[arg-type]
        SageJob(id="e", version=9, code="E", name="Another record"),
        SageVendor(id="", version=10, code="F", name="No id"),
    ]
    found = checked(rows, SageVendor)
    assert [row.id for row in found.rows] == ["c"]
    assert [(one.row, one.id, one.fault) for one in found.aside] == [
        (1, "a", Fault.DUPLICATE),
        (2, "b", Fault.VERSION),
        (3, "a", Fault.DUPLICATE),
        (5, "c", Fault.DUPLICATE),
        (6, "d", Fault.TYPE),
        (7, "e", Fault.TYPE),
        (8, "", Fault.TYPE),
    ]
    assert checked(rows[:1], SageVendor, after=5).rows == ()


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        ("0.01", True),
        ("1.50000", True),
        ("9999999999999999.99", True),
        ("10000000000000000", False),
        ("0.005", False),
    ],
)
def test_an_amount_is_kept_only_if_nothing_of_it_is_lost(store: Store, amount: str, whole: bool) -> None:
    assert exact(Decimal(amount)) is whole
    cost = SageCost(id="x", version=1, job_id="j", amount=Decimal(amount))
    costs = List(Side.SAGE, Kind.COSTS, "j")
    put(store, costs, "hh2", block([cost]))
    finish(store, Side.SAGE, Kind.COSTS, is_file=False)
    kept = store.execute("SELECT amount FROM sage_costs")
    assert kept == ([(Decimal(amount),)] if whole else [])
    assert store.one("SELECT count(*) FROM aside") == (0 if whole else 1)


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), 1.5, "1.00", None, True])
def test_what_is_no_amount_is_kept_aside(wrong: object) -> None:
    cost = SageCost(id="x", version=1, job_id="j", amount=wrong)  # type: ignore[arg-type]
    assert [one.fault for one in checked([cost], SageCost).aside] == [Fault.AMOUNT]
    assert [one.fault for one in checked([cost], SageCost, typed=True).aside] == [Fault.AMOUNT]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 20), st.sampled_from("ab")), max_size=12))
def test_of_any_block_every_row_goes_on_or_is_kept_aside_and_versions_rise(
    shapes: list[tuple[int, int, str]],
) -> None:
    rows = [SageVendor(id=f"v{n}", version=version, code="V", name=name) for n, version, name in shapes]
    found = checked(rows, SageVendor)
    assert checked(rows, SageVendor, typed=True) == found
    assert len(found.rows) + len(found.aside) == len(rows)
    versions = [getattr(row, "version") for row in found.rows]  # noqa: B009 - a vendor
    assert versions == sorted(set(versions))
    assert len({row.id for row in found.rows}) == len(found.rows)
