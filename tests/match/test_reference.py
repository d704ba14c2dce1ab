"""The SQL and the plain reference say the same of any company."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.lists import Kind, SageVendor, Side
from app.domain.match_question import Options
from app.match.compare import compare
from app.match.report import Pages
from app.match.store import Store, open_store
from tests.match import reference
from tests.match.lists import DAY, Company

# Few values, so that cells meet, amounts repeat and plus meets minus; some large, some of a single cent.
AMOUNTS = st.sampled_from(
    [
        "0.00",
        "0.01",
        "-0.01",
        "0.40",
        "0.99",
        "1.00",
        "-1.00",
        "12.34",
        "-12.34",
        "500.00",
        "9999999999999.99",
    ]
)
# Each example lays a store of its own: a failing one is told as it was found, not made small for minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
COSTS = st.lists(
    st.tuples(
        AMOUNTS,
        st.sampled_from(["25-001", "25-002", "25-003"]),
        st.sampled_from(["01-010", "02-010"]),
        st.sampled_from(["L", "M"]),
        st.sampled_from(["", "", "001"]),
        st.sampled_from(["both", "both", "sage", "procore", "other"]),
        AMOUNTS,
        st.integers(0, 5),
    ),
    max_size=40,
)
VENDORS = st.lists(
    st.tuples(
        st.integers(3, 9),
        st.sampled_from(["sage", "procore", "both"]),
        st.sampled_from(["Béton A", "béton  a", "Other"]),
    ),
    max_size=12,
)


def _company(costs: list[tuple[str, str, str, str, str, str, str, int]]) -> Company:
    company = Company(3)
    for amount, job, code, kind, sub_job, where, other, days in costs:
        company.cost(
            amount,
            job=job,
            code=code,
            kind=kind,
            sub_job=sub_job,
            sage=where != "procore",
            procore=other if where == "other" else where != "sage",
            posted=DAY + timedelta(days=days),
        )
    return company


@given(COSTS, st.sampled_from(["0", "0.01", "1.00", "20.00"]))
# A store is opened for each example, which takes a second on a busy machine: so there are few.
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_money_is_judged_as_the_reference_judges_it(
    costs: list[tuple[str, str, str, str, str, str, str, int]], tolerance: str
) -> None:
    company = _company(costs)
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        try:
            report = company.report(store, Options(tolerance=Decimal(tolerance)))
            leaves = store.execute("SELECT job, sub_job, cost_code, cost_type, sage, procore, flag FROM leaf")
            assert {tuple(row[:4]): tuple(row[4:]) for row in leaves} == reference.flags(
                company, Decimal(tolerance)
            )
            expected = reference.verdict(company, Decimal(tolerance))
            verdict = report.verdict
            assert (verdict.differences, verdict.amount, verdict.within) == expected
            assert [tie for tie in report.ties if tie.broken] == []
            _check_tree(store)
        finally:
            store.close()


def _check_tree(store: Store) -> None:
    """Every line of the tree is what its children add up to, and its lines' amounts too."""
    pages = Pages(store)
    waiting = pages.nodes(None, limit=1000)
    while waiting:
        node = waiting.pop()
        lines = pages.lines(node, limit=1000)
        for side, told in ((Side.SAGE, node.sage), (Side.PROCORE, node.procore)):
            amounts = [line.amount for line in lines if line.side is side]
            assert told == (sum(amounts, Decimal(0)) if amounts else None)
        if node.depth < 4:
            children = pages.nodes(node, limit=1000)
            assert sum(child.cells for child in children) == node.cells
            assert sum((child.plus for child in children), Decimal(0)) == node.plus
            assert sum((child.minus for child in children), Decimal(0)) == node.minus
            waiting += children


@given(VENDORS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_populations_are_counted_as_the_reference_counts_them(vendors: list[tuple[int, str, str]]) -> None:
    company = Company()
    for n, where, name in vendors:
        company.vendor(f"V{n:04}", name, sage=where != "procore", procore=where != "sage")
    # Two records of one id contradict each other and are another test's matter.
    for side in (company.sage, company.procore):
        side[Kind.VENDORS] = list({one.id: one for one in side[Kind.VENDORS]}.values())
    names: dict[str, dict[str, str]] = {"sage": {}, "procore": {}}
    for one in company.sage[Kind.VENDORS]:
        assert isinstance(one, SageVendor)
        names["sage"][one.code] = one.name
    for other in company.procore[Kind.VENDORS]:
        names["procore"][getattr(other, "origin_code")] = getattr(other, "name")  # noqa: B009 - a vendor
    folded = {
        side: {
            code: " ".join(name.replace("é", "e").replace("É", "E").upper().split())
            for code, name in held.items()
        }
        for side, held in names.items()
    }
    both = folded["sage"].keys() & folded["procore"].keys()
    same = {code for code in both if folded["sage"][code] == folded["procore"][code]}
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        try:
            report = company.report(store)
        finally:
            store.close()
    (found,) = [one for one in report.populations if one.entity == "vendors"]
    assert (found.sage_only, found.procore_only, found.equal, found.different) == (
        len(folded["sage"].keys() - both),
        len(folded["procore"].keys() - both),
        len(same),
        len(both - same),
    )


def test_the_reference_itself_sees_a_changed_cent() -> None:
    """So that two wrongs cannot agree: a known company, judged by hand."""
    company = _company([("1.00", "25-001", "01-010", "L", "", "other", "0.99", 0)])
    assert reference.verdict(company, Decimal("1.00")) == (0, Decimal(0), 1)
    assert reference.verdict(company, Decimal(0)) == (1, Decimal("0.01"), 0)


def test_a_day_in_the_past_leaves_out_the_same_lines_on_both_sides(tmp_path: Path) -> None:
    company = Company()
    company.cost("5.00", posted=date(2026, 11, 2))
    company.cost("6.00", posted=date(2026, 11, 9), procore=False)
    store = open_store(tmp_path)
    try:
        company.lay(store)
        report = compare(store, Options(as_of=date(2026, 11, 8)))
        assert (report.verdict.differences, report.totals.sage) == (0, Decimal("5.00"))
    finally:
        store.close()
