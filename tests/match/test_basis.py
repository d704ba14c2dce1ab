"""The second report and every one after: what it takes over is what computing everything anew gives, to the cent."""

import contextlib
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.filters import Filters
from app.domain.lists import (
    RECORDS,
    Kind,
    LedgerRecord,
    ProcoreCost,
    ProcoreJobToDate,
    ProcorePrimeContract,
    ProcoreSubJob,
    SageCost,
    Side,
)
from app.domain.match_question import Failed, Options, RunFacts
from app.domain.match_report import Report
from app.domain.problems import Problem, ProblemId
from app.match import basis, sql_money, sql_population
from app.match.compare import accept, compare
from app.match.snapshot import List, finish, forget_older, put
from app.match.store import Row, Store, open_store
from tests.match.lists import DAY, Company, block

JOBS = 14
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
# What a person, an export or the next report can see of a report; ids of cells and reports are its own.
RESULTS = {
    "leaf": "SELECT * EXCLUDE (id) FROM leaf",
    "node": "SELECT * FROM node",
    "standing": "SELECT * EXCLUDE (cell) FROM standing",
    "population": "SELECT * FROM population",
    "cleared": "SELECT * FROM cleared",
    "job_name": "SELECT * FROM job_name",
    "level": "SELECT * FROM level",
    "covered": "SELECT * FROM covered",
    "money_job": "SELECT * FROM money_job",
    "past_difference": "SELECT * EXCLUDE (report) FROM past_difference",
    "seen": "SELECT * EXCLUDE (report) FROM seen",
    "open_line": "SELECT * EXCLUDE (cell) FROM open_line",
    "tie": "SELECT * FROM tie",
    "line": "SELECT * EXCLUDE (place) FROM sage_line UNION ALL SELECT * EXCLUDE (place) FROM procore_line",
    # ... and what the report after stands on.
    "part": "SELECT * FROM past_part",
    "key": "SELECT * FROM past_key",
    "tells": "SELECT * FROM job_tells",
}


class Watched(Store):
    """A store that tells what was computed."""

    def __init__(self, opened: Store) -> None:
        super().__init__(opened.folder, opened._connection)
        self.said: list[str] = []
        self._inside = False

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """As its parent's; of two the inner one is part of the outer, so that many lists are laid in one step."""
        if self._inside:
            yield
            return
        self._inside = True
        try:
            with super().together():
                yield
        finally:
            self._inside = False

    def execute(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> list[Row]:
        self.said.append(sql)
        return super().execute(sql, values)

    @property
    def took_over(self) -> bool:
        return sql_money.MOVED_CELLS in self.said and sql_money.CELLS not in self.said


def _opened(folder: Path) -> Watched:
    return Watched(open_store(folder))


class Books:
    """A company whose lists are read anew only where they changed, as a program would."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.company = Company(JOBS)
        self.company.not_read.discard((Side.PROCORE, Kind.JOB_TO_DATE))
        self.options = Options()
        self.failed: tuple[Failed, ...] = ()
        self.laid: dict[List, tuple[LedgerRecord, ...]] = {}
        for n in range(1, JOBS + 1):
            for _ in range(6):
                self.add(f"25-{n:03}")

    def add(self, job: str) -> None:
        where = self.draw.choice(("both", "both", "both", "sage", "procore", "other"))
        amount = self.draw.choice(("0.01", "-0.01", "0.40", "1.00", "-1.00", "12.34", "-12.34", "500.00"))
        self.company.cost(
            amount,
            job=job,
            code=self.draw.choice(("01-010", "02-010")),
            kind=self.draw.choice("LM"),
            sub_job=self.draw.choice(("", "", "sub-1")),
            vendor=self.draw.choice(("", "V0001")),
            sage=where != "procore",
            procore="77.70" if where == "other" else where != "sage",
            posted=DAY + timedelta(days=self.draw.randrange(9)),
        )

    def lay(self, store: Store) -> None:
        with store.together():
            self._lay(store)

    def _lay(self, store: Store) -> None:
        for side, kind in RECORDS:
            if (side, kind) in self.company.not_read:
                continue
            any_laid = False
            for scope in self.company.scopes(side, kind):
                one = List(side, kind, scope)
                rows = tuple(self.company.records(side, kind, scope))
                if self.laid.get(one) != rows:
                    put(store, one, side.value, block(rows))
                    self.laid[one] = rows
                    any_laid = True
            if any_laid:
                finish(store, side, kind, is_file=False, brake=None)

    def changed(self, side: Side, kind: Kind, **values: object) -> None:
        """One record of a list has other values."""
        held = self._held(side, kind)
        if held:
            place = self.draw.randrange(len(held))
            held[place] = msgspec.structs.replace(held[place], **values)

    def _held(self, side: Side, kind: Kind) -> list[LedgerRecord]:
        return (self.company.sage if side is Side.SAGE else self.company.procore)[kind]

    def gone(self, side: Side, kind: Kind) -> None:
        """One record of a list is not there any more."""
        held = self._held(side, kind)
        if held:
            held.pop(self.draw.randrange(len(held)))

    def project(self) -> str:
        projects = self.company.procore[Kind.JOBS]
        return self.draw.choice(projects).id if projects else "7none"


def _new_job(books: Books) -> None:
    n = len(books.company.sage[Kind.JOBS]) + 1
    books.company.job(f"26-{n:03}", f"New {n}")
    books.add(f"26-{n:03}")


def _all_of_a_job(books: Books) -> None:
    job = f"25-{books.draw.randrange(1, JOBS + 1):03}"
    for side, name in ((Side.SAGE, f"job-{job}"), (Side.PROCORE, f"7{job}")):
        held = books._held(side, Kind.COSTS)
        held[:] = [
            one for one in held if name not in (getattr(one, "job_id", ""), getattr(one, "project_id", ""))
        ]


def _sub_job(books: Books) -> None:
    n = len(books.company.procore[Kind.SUB_JOBS]) + 1
    project = books.project()
    origin = books.draw.choice(("sub-1", ""))
    books.company.procore[Kind.SUB_JOBS].append(
        ProcoreSubJob(id=f"4{n}", project_id=project, origin_id=origin, code=f"S{n % 3}", name="Sub")
    )


def _prime(books: Books) -> None:
    n = len(books.company.procore[Kind.PRIME_CONTRACTS]) + 1
    books.company.procore[Kind.PRIME_CONTRACTS].append(
        ProcorePrimeContract(id=f"3{n}", project_id=books.project(), number=f"PC{n}", amount=Decimal(n))
    )


def _to_date(books: Books) -> None:
    n = len(books.company.procore[Kind.JOB_TO_DATE]) + 1
    project = books.project()
    books.company.procore[Kind.JOB_TO_DATE].append(
        ProcoreJobToDate(
            id=f"2{n}",
            project_id=project,
            sub_job_id=books.draw.choice(("", "41")),
            cost_code_id=f"{project}-01-010",
            cost_type_id=f"9{ord('L')}",
            amount=books.draw.choice((Decimal("12.34"), Decimal(0), Decimal(500))),
        )
    )


def _moves(books: Books) -> None:
    held = books.company.sage[Kind.COSTS]
    if held:
        place = books.draw.randrange(len(held))
        one = held[place]
        assert isinstance(one, SageCost)
        to = books.draw.choice(books.company.sage[Kind.JOBS] or [one])
        held[place] = msgspec.structs.replace(one, job_id=to.id)


def _no_sub_jobs_told(books: Books) -> None:
    held = books.company.procore[Kind.COSTS]
    held[:] = [
        msgspec.structs.replace(one, sub_job_id=None) if isinstance(one, ProcoreCost) else one for one in held
    ]


def _fails(books: Books) -> None:
    kind = books.draw.choice((Kind.COSTS, Kind.JOB_TO_DATE, Kind.VENDORS, Kind.SUB_JOBS))
    scope = "" if kind is Kind.VENDORS else books.project()
    books.failed = (
        Failed(Side.PROCORE, kind, scope, Problem(ProblemId.NO_MATCH_SOURCE, {"what": kind.value})),
    )


def _asked(books: Books, **values: object) -> None:
    books.options = msgspec.structs.replace(books.options, **values)


CHANGES: Mapping[str, Callable[[Books], None]] = {
    "nothing": lambda books: None,  # noqa: ARG005
    "an amount in Sage": lambda books: books.changed(Side.SAGE, Kind.COSTS, amount=Decimal("3.21")),
    "an amount in Procore": lambda books: books.changed(Side.PROCORE, Kind.COSTS, amount=Decimal("3.21")),
    "the same sum otherwise": lambda books: books.changed(Side.SAGE, Kind.COSTS, cost_type_id="ct-M"),
    "another code": lambda books: books.changed(Side.PROCORE, Kind.COSTS, cost_code_id="602-010"),
    "another day": lambda books: books.changed(Side.SAGE, Kind.COSTS, posted=date(2026, 10, 1)),
    "another vendor": lambda books: books.changed(Side.SAGE, Kind.COSTS, vendor_id="ven-V0002"),
    "a line more": lambda books: books.add(f"25-{books.draw.randrange(1, JOBS + 1):03}"),
    "a line less in Sage": lambda books: books.gone(Side.SAGE, Kind.COSTS),
    "a line less in Procore": lambda books: books.gone(Side.PROCORE, Kind.COSTS),
    "all lines of a job": _all_of_a_job,
    "a line in another job": _moves,
    "a new job": _new_job,
    "a job less in Sage": lambda books: books.gone(Side.SAGE, Kind.JOBS),
    "a project less": lambda books: books.gone(Side.PROCORE, Kind.JOBS),
    "a job's new number": lambda books: books.changed(Side.SAGE, Kind.JOBS, code="99-001"),
    "a job's number of another": lambda books: books.changed(Side.SAGE, Kind.JOBS, code=" 25-002"),
    "a job without cost": lambda books: books.changed(Side.SAGE, Kind.JOBS, job_to_date=Decimal(0)),
    "a project tied to nothing": lambda books: books.changed(Side.PROCORE, Kind.JOBS, origin_id=""),
    "a project of another job": lambda books: books.changed(Side.PROCORE, Kind.JOBS, origin_id="job-25-002"),
    "a code's new number": lambda books: books.changed(Side.SAGE, Kind.COST_CODES, code="07-777"),
    "a code less": lambda books: books.gone(Side.SAGE, Kind.COST_CODES),
    "a project's code less": lambda books: books.gone(Side.PROCORE, Kind.JOB_COST_CODES),
    "a project's code of a sub job": lambda books: books.changed(
        Side.PROCORE, Kind.JOB_COST_CODES, sub_job_id="41"
    ),
    "a project's code tied elsewhere": lambda books: books.changed(
        Side.PROCORE, Kind.JOB_COST_CODES, origin_id="cc-02-010"
    ),
    "a type less": lambda books: books.gone(Side.PROCORE, Kind.COST_TYPES),
    "a sub job": _sub_job,
    "a sub job's new code": lambda books: books.changed(Side.PROCORE, Kind.SUB_JOBS, code="S9", origin_id=""),
    "a prime contract": _prime,
    "cost to date": _to_date,
    "a vendor less": lambda books: books.gone(Side.SAGE, Kind.VENDORS),
    "a vendor's new name": lambda books: books.changed(Side.PROCORE, Kind.VENDORS, name="Otherwise"),
    "no sub jobs told": _no_sub_jobs_told,
    "tolerance": lambda books: _asked(books, tolerance=books.draw.choice((Decimal(0), Decimal(20)))),
    "as of": lambda books: _asked(books, as_of=books.draw.choice((None, DAY + timedelta(days=3)))),
    "jobs asked": lambda books: _asked(books, jobs=books.draw.choice(((), ("25-001", "25-002")))),
    "what the run did": lambda books: _asked(
        books, run=RunFacts(filters=Filters(), refreshed={"25-003": NOW}, synced_at=NOW)
    ),
    "a list that failed": _fails,
    "no list that failed": lambda books: setattr(books, "failed", ()),
}


def _shown(store: Store, report: Report) -> dict[str, object]:
    found: dict[str, object] = {"report": msgspec.structs.replace(report, id="")}
    for name, sql in RESULTS.items():
        found[name] = sorted(store.execute(sql), key=repr)
    return found


def _anew(folder: Path, twin: Path, books: Books, now: datetime) -> dict[str, object]:
    """The same report by a twin of the store that takes nothing over."""
    shutil.copytree(folder, twin)
    store = _opened(twin)
    try:
        basis.forget(store)
        shown = _shown(store, compare(store, books.options, books.failed, now=now))
        assert sql_money.CELLS in store.said
        assert not store.took_over
        return shown
    finally:
        store.close()
        shutil.rmtree(twin)


def _check(changes: Iterable[str], seed: int) -> list[bool]:
    """Change by change: the report that takes over beside the one that computes everything. Which of them took over."""
    taken: list[bool] = []
    books = Books(seed)
    with TemporaryDirectory() as place:
        folder, twin = Path(place, "store"), Path(place, "twin")
        folder.mkdir()
        store = _opened(folder)
        books.lay(store)
        compare(store, books.options, now=NOW)
        for n, change in enumerate(changes, 1):
            CHANGES[change](books)
            books.lay(store)
            if books.draw.random() < 0.2:
                _accepts(store, books)
            store.compact()
            now = NOW + timedelta(days=n)
            expected = _anew(folder, twin, books, now)
            store.said.clear()
            found = _shown(store, compare(store, books.options, books.failed, now=now))
            for name, rows in expected.items():
                assert found[name] == rows, (change, name)
            taken.append(store.took_over)
        store.close()
    return taken


def _accepts(store: Store, books: Books) -> None:
    rows = store.execute("SELECT key, amount FROM standing ORDER BY key")
    if rows:
        key, amount = books.draw.choice(rows)
        accept(store, key, amount, "known", "me", None, NOW)


@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=3, max_size=6), st.integers(0, 10_000))
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_what_is_taken_over_is_what_computing_anew_would_give(changes: list[str], seed: int) -> None:
    _check(changes, seed)


@pytest.mark.slow
@pytest.mark.timeout(2700)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=4, max_size=10), st.integers(0, 10_000))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_what_is_taken_over_is_what_computing_anew_would_give_at_length(
    changes: list[str], seed: int
) -> None:
    _check(changes, seed)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_kind_of_change_ends_as_computing_anew_does() -> None:
    _check(sorted(CHANGES), 7)


ONE_JOB = ["an amount in Sage", "a line more", "a line less in Procore", "a vendor's new name", "nothing"]


def test_only_the_jobs_that_moved_are_computed_anew() -> None:
    assert _check(ONE_JOB, 1) == [True] * len(ONE_JOB)


def test_what_is_asked_otherwise_is_computed_anew() -> None:
    assert _check(["tolerance", "nothing"], 3) == [False, True]


def test_where_most_lines_moved_everything_is_computed_anew() -> None:
    assert _check(["no sub jobs told"], 1) == [False]


@pytest.fixture
def compared(store: Store) -> Watched:
    """A store in which a report was made."""
    watched = Watched(store)
    books = Books(2)
    books.lay(watched)
    compare(watched, Options(), now=NOW)
    watched.said.clear()
    return watched


def test_lists_that_are_the_same_are_not_looked_through_again(compared: Watched) -> None:
    compare(compared, Options(), now=NOW)
    assert compared.took_over
    assert not any(sql_population.POPULATION in sql for sql in compared.said)


def test_lines_that_changed_without_a_reading_are_seen_by_what_they_add_up_to(compared: Watched) -> None:
    before = compared.execute("SELECT sage FROM level_1 WHERE job = '25-004'")[0][0]
    compared.execute("UPDATE sage_costs SET amount = amount + 1 WHERE job_id = 'job-25-004'")
    compare(compared, Options(), now=NOW)
    lines = compared.one("SELECT count(*) FROM sage_costs WHERE job_id = 'job-25-004'")
    assert compared.took_over
    assert compared.execute("SELECT sage FROM level_1 WHERE job = '25-004'") == [(before + lines,)]


def test_cells_that_do_not_tie_with_the_lines_are_not_taken_over(compared: Watched) -> None:
    right = compared.execute("SELECT job, sage FROM level_1 ORDER BY job")
    compared.execute("UPDATE level_1 SET sage = sage + 1 WHERE job = '25-004'")
    compare(compared, Options(), now=NOW)
    assert sql_money.CELLS in compared.said
    assert compared.execute("SELECT job, sage FROM level_1 ORDER BY job") == right


def test_after_another_version_of_the_program_nothing_is_taken_over(compared: Watched) -> None:
    compared.execute("UPDATE basis SET recipe = 'another'")
    compare(compared, Options(), now=NOW)
    assert not compared.took_over


def test_what_was_forgotten_is_not_taken_over(compared: Watched) -> None:
    compared.execute(
        "UPDATE reading SET finished = finished - INTERVAL 401 DAY WHERE side = 'sage' AND scope = 'job-25-004'"
    )
    forget_older(compared, 400, datetime.now(UTC))
    report = compare(compared, Options(), now=NOW)
    assert compared.one("SELECT count(*) FROM leaf WHERE job = '25-004'") == 0
    assert [one.job for one in report.not_compared] == ["25-004"]
