"""Where records lie in hh2 and in Procore: copies that a sync or a refresh laid there, found by id, version or job."""

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from typing import Generic, TypeVar

from app.training.company import Cost, Record, money

R = TypeVar("R", bound=Record)

BLOCK = 1000  # hh2 gives at most so many records at a time [C] hh2-wire.md, "Reading"


class Versions:
    """hh2's one counter of versions, shared by all its shelves."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """One more than ever given."""
        self.last += 1
        return self.last


class Shelf(Generic[R]):
    """The records of one kind that hh2 holds, each with its version."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self.records: dict[str, R] = {}
        self.version: dict[str, int] = {}
        self._order: list[tuple[int, str]] = []

    def put(self, record: R) -> bool:
        """Lay a record here; its version rises only when it is new or different. Returns whether it was."""
        if self.records.get(record.id) == record:
            return False
        self.records[record.id] = record
        self.touch(record.id)
        return True

    def touch(self, record_id: str) -> None:
        """Something of this record changed: it gets the next version."""
        self.version[record_id] = self._versions.next()
        self._order.append((self.version[record_id], record_id))

    def after(self, version: int, limit: int = BLOCK) -> list[tuple[int, R]]:
        """The next block of records with a greater version, ascending."""
        found: list[tuple[int, R]] = []
        for seen, record_id in self._order[bisect_right(self._order, (version, "\uffff")) :]:
            if self.version[record_id] != seen:
                continue  # it has a later version, further on
            found.append((seen, self.records[record_id]))
            if len(found) == limit:
                break
        return found

    def page(self, number: int, size: int = BLOCK) -> list[tuple[int, R]]:
        """The records of page 0, 1, 2…; empty after the last."""
        ids = list(self.records)[number * size : (number + 1) * size]
        return [(self.version[record_id], self.records[record_id]) for record_id in ids]


class Costs:
    """The job cost transactions one side holds, by job, in the order in which they came, with their sum."""

    def __init__(self, versions: Versions | None = None) -> None:
        self._versions = versions
        self.lists: dict[str, list[Cost]] = {}
        self.version: dict[str, list[int]] = {}
        self._cents: dict[str, int] = {}
        self._numbers: set[int] = set()
        # What hh2 lists per job: its cost codes, and its categories under each; with the version they came at.
        self.job_codes: dict[tuple[str, ...], int] = {}
        self.job_types: dict[tuple[str, ...], int] = {}

    def put(self, costs: Iterable[Cost]) -> set[str]:
        """Lay costs here, each once. Returns the ids of the jobs that gained any."""
        moved: set[str] = set()
        for cost in costs:
            if cost.number in self._numbers:
                continue
            self._numbers.add(cost.number)
            self.lists.setdefault(cost.job_id, []).append(cost)
            if self._versions is not None:
                version = self._versions.next()
                self.version.setdefault(cost.job_id, []).append(version)
                self.job_codes.setdefault((cost.job_id, cost.cost_code_id), version)
                self.job_types.setdefault((cost.job_id, cost.cost_code_id, cost.cost_type_id), version)
            self._cents[cost.job_id] = self._cents.get(cost.job_id, 0) + cost.cents
            moved.add(cost.job_id)
        return moved

    def of(self, job_id: str) -> list[Cost]:
        """The costs of a job; an empty list for one without any."""
        return self.lists.get(job_id, [])

    def missing(self, job_id: str, held: "Costs") -> list[Cost]:
        """The costs of a job that lie here and not in `held`."""
        return [cost for cost in self.of(job_id) if cost.number not in held._numbers]  # noqa: SLF001

    def after(self, job_id: str, version: int, limit: int = BLOCK) -> list[tuple[int, Cost]]:
        """The next block of a job's costs with a greater version, ascending."""
        versions = self.version.get(job_id, [])
        first = bisect_right(versions, version)
        costs = self.of(job_id)[first : first + limit]
        return list(zip(versions[first : first + limit], costs, strict=True))

    def total(self, job_id: str) -> Decimal:
        """The job-to-date cost of a job, exact."""
        return money(self._cents.get(job_id, 0))
