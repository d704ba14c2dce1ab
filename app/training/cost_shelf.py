"""The job cost transactions that one side holds: those of the company's ledger, and what came to this side since."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal

from app.training.records import Cost, money
from app.training.shelves import BLOCK, Versions
from app.training.transactions import TYPES, Ledger

Ties = list[tuple[tuple[str, ...], int]]


class Costs:
    """One side's costs, by job, in the order in which they came. The ledger's own are never copied.

    `never` are the numbers of costs that this side will not take. With `versions` every cost has one, as in hh2."""

    def __init__(
        self, ledger: Ledger, versions: Versions | None = None, *, never: Iterable[int] = ()
    ) -> None:
        self._ledger = ledger
        self._versions = versions
        self._never = frozenset(never)
        self.came: dict[str, list[Cost]] = {}
        self._at: dict[int, dt.datetime] = {}
        self._version: dict[str, list[int]] = {}
        self._numbers: set[int] = set()
        # What hh2 lists per job beyond the ledger's own: cost codes, and categories under each.
        self._codes: dict[tuple[str, ...], int] = {}
        self._types: dict[tuple[str, ...], int] = {}
        if versions is not None:
            self._first_code = versions.reserve(len(ledger) * ledger.codes_of_a_job)
            self._first_type = versions.reserve(len(ledger) * ledger.codes_of_a_job * TYPES)
            self._first_cost = versions.reserve(sum(ledger.count(job_id) for job_id in ledger))

    def put(self, costs: Iterable[Cost], at: dt.datetime | None = None) -> set[str]:
        """Lay costs here, each once, as they came `at` a time. Returns the ids of the jobs that gained any."""
        moved: set[str] = set()
        for cost in costs:
            if self._holds(cost.number):
                continue
            self._numbers.add(cost.number)
            self.came.setdefault(cost.job_id, []).append(cost)
            if at is not None:
                self._at[cost.number] = at
            if self._versions is not None:
                self._tie(cost, self._versions.next())
            moved.add(cost.job_id)
        return moved

    def of(self, job_id: str) -> list[Cost]:
        """The costs of a job; an empty list for one without any."""
        first = self._ledger.get(job_id, [])
        return [*first, *self.came.get(job_id, [])]

    def updated(self, cost: Cost) -> dt.datetime:
        """When a cost came to this side; one of the ledger came when it was entered."""
        return self._at.get(cost.number, cost.entered_at)

    def missing(self, job_id: str, held: "Costs") -> list[Cost]:
        """The costs of a job that came here and are not in `held`, nor ever will be."""
        return [cost for cost in self.came.get(job_id, []) if not held.declines(cost.number)]

    def declines(self, number: int) -> bool:
        """Whether a cost need not be brought here: it is here, or never will be."""
        return number in self._never or self._holds(number)

    def after(self, job_id: str, version: int, limit: int = BLOCK) -> list[tuple[int, Cost]]:
        """The next block of a job's costs with a greater version, ascending. For a side with versions."""
        found: list[tuple[int, Cost]] = []
        if job_id in self._ledger:
            base = self._first_cost + self._ledger.before(job_id) + 1
            first = max(0, version - base + 1)
            if first < self._ledger.count(job_id):
                costs = self._ledger[job_id][first : first + limit]
                found = [(base + first + n, cost) for n, cost in enumerate(costs)]
        versions = self._version.get(job_id, [])
        first = bisect_right(versions, version)
        own = zip(versions[first:], self.came.get(job_id, [])[first:], strict=True)
        return [*found, *own][:limit]

    def total(self, job_id: str) -> Decimal:
        """The job-to-date cost of a job, exact."""
        return money(self._ledger.cents(job_id) + sum(cost.cents for cost in self.came.get(job_id, [])))

    def codes(self, job_id: str) -> list[str]:
        """The ids of the cost codes of a job: those that it has, and those that cost came under since."""
        own = [cost.cost_code_id for cost in self.came.get(job_id, [])]
        return list(dict.fromkeys([*self._ledger.codes(job_id), *own]))

    def types(self, job_id: str) -> dict[str, list[str]]:
        """The ids of the cost types under each cost code of a job."""
        found = {code: self._ledger.types(job_id, n) for n, code in enumerate(self._ledger.codes(job_id))}
        for cost in self.came.get(job_id, []):
            under = found.setdefault(cost.cost_code_id, [])
            if cost.cost_type_id not in under:
                under.append(cost.cost_type_id)
        return found

    # ---------------------------------------------------------------- hh2's lists of codes and categories per job

    def job_codes(self, version: int, limit: int = BLOCK) -> Ties:
        """The next block of (job, code) with a greater version, ascending."""
        count = len(self._ledger) * self._ledger.codes_of_a_job
        first = max(0, version - self._first_code)
        found = [
            (self._code_at(n), self._first_code + n + 1) for n in range(first, min(count, first + limit))
        ]
        return [*found, *(pair for pair in self._codes.items() if pair[1] > version)][:limit]

    def job_types(self, version: int, limit: int = BLOCK) -> Ties:
        """The next block of (job, code, category) with a greater version, ascending."""
        count = len(self._ledger) * self._ledger.codes_of_a_job * TYPES
        first = max(0, version - self._first_type)
        found = [
            (self._type_at(n), self._first_type + n + 1) for n in range(first, min(count, first + limit))
        ]
        return [*found, *(pair for pair in self._types.items() if pair[1] > version)][:limit]

    def job_codes_page(self, page: int) -> Ties:
        """Page 0, 1, 2… of the same list; empty after the last."""
        return self.job_codes(self._first_code, (page + 1) * BLOCK)[page * BLOCK :]

    def job_types_page(self, page: int) -> Ties:
        """Page 0, 1, 2… of the same list; empty after the last."""
        return self.job_types(self._first_type, (page + 1) * BLOCK)[page * BLOCK :]

    def _code_at(self, n: int) -> tuple[str, ...]:
        job, place = divmod(n, self._ledger.codes_of_a_job)
        job_id = self._ledger.job_at(job)
        return job_id, self._ledger.codes(job_id)[place]

    def _type_at(self, n: int) -> tuple[str, ...]:
        code, place = divmod(n, TYPES)
        job_id, code_id = self._code_at(code)
        return job_id, code_id, self._ledger.types(job_id, code % self._ledger.codes_of_a_job)[place]

    def _holds(self, number: int) -> bool:
        return number in self._numbers or self._ledger.has(number)

    def _tie(self, cost: Cost, version: int) -> None:
        job_id, code_id, type_id = cost.job_id, cost.cost_code_id, cost.cost_type_id
        self._version.setdefault(job_id, []).append(version)
        codes = self._ledger.codes(job_id)
        if code_id not in codes:
            self._codes.setdefault((job_id, code_id), version)
        if code_id not in codes or type_id not in self._ledger.types(job_id, codes.index(code_id)):
            self._types.setdefault((job_id, code_id, type_id), version)
