"""How far a comparison is, what it will ask of the sites, and what comes of it."""

from decimal import Decimal

import msgspec

from app.domain.lists import Kind, Side
from app.domain.match_report import Report, Silence, Why, Written
from app.domain.match_verdict import Match


class Progress(msgspec.Struct, frozen=True):
    """How far a comparison is: `step` is "reading", "waiting", "comparing" or "writing"; lists, rows and requests are
    counts. `seconds` is how long Procore asked us to wait."""

    step: str
    side: Side | None = None
    kind: Kind | None = None
    scope: str = ""
    lists: int = 0
    lists_done: int = 0
    rows: int = 0
    aside: int = 0
    requests: int = 0
    seconds: float = 0.0


class Estimate(msgspec.Struct, frozen=True):
    """What a comparison will ask of the sites, as far as can be said before: requests by source, and seconds in all.

    Sources are read side by side; the slowest decides. `whole` False: the jobs are not known yet, and what is read job
    by job comes on top."""

    requests: dict[str, int]
    seconds: float
    jobs: int
    whole: bool = True

    @property
    def all_requests(self) -> int:
        """Of all sources together."""
        return sum(self.requests.values())


class Unseen(msgspec.Struct, frozen=True):
    """What was not compared, all of one kind together: a list or a level, why, and of which side ("" both)."""

    what: str
    why: Why
    side: str = ""
    count: int = 1
    problem: str = ""


class Summary(msgspec.Struct, frozen=True):
    """A comparison as the ledger keeps it and a script reads it; `files` with their SHA-256. `amount` adds up the
    differences of money, signs set aside."""

    report_id: str
    verdict: Match
    differences: int
    amount: Decimal = Decimal(0)
    not_compared: tuple[Unseen, ...] = ()
    not_comparable: tuple[Unseen, ...] = ()
    files: tuple[Written, ...] = ()
    requests: int = 0
    seconds: float = 0.0

    @property
    def is_match(self) -> bool:
        """True where the two match, exactly or within the tolerance."""
        return self.verdict in (Match.MATCHES, Match.WITHIN_TOLERANCE)

    @property
    def silent(self) -> int:
        """How many things should have been readable and were not."""
        return sum(one.count for one in self.not_compared)


class Columns(msgspec.Struct, frozen=True):
    """How a file was read that stood in for a list: which heading filled which column."""

    side: Side
    kind: Kind
    file: str
    headings: dict[str, str]


class Compared(msgspec.Struct, frozen=True):
    """A comparison that was made: its report, the files it was written to, and how given files were read. `noted`:
    the ledger has the SHA-256 of the files."""

    report: Report
    files: tuple[Written, ...] = ()
    columns: tuple[Columns, ...] = ()
    noted: bool = False

    def summary(self) -> Summary:
        """What of it goes into the ledger."""
        report = self.report
        return Summary(
            report.id,
            report.verdict.match,
            report.verdict.differences,
            report.verdict.amount,
            _together(report.not_compared),
            _together(report.not_comparable),
            self.files,
            report.requests,
            round(report.seconds, 3),
        )


def _together(found: tuple[Silence, ...]) -> tuple[Unseen, ...]:
    counts: dict[tuple[str, Why, str, str], int] = {}
    for one in found:
        problem = one.problem.id.value if one.problem else ""
        key = (one.what, one.why, one.side.value if one.side else "", problem)
        counts[key] = counts.get(key, 0) + one.count
    return tuple(
        Unseen(what, why, side, count, problem) for (what, why, side, problem), count in counts.items()
    )
