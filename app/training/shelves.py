"""Where records lie in hh2: copies that a sync laid there, found by id, version or page."""

from bisect import bisect_right
from typing import Generic

from app.training.records import R

BLOCK = 1000  # hh2 gives at most so many records at a time [C] hh2-wire.md, "Reading"


class Versions:
    """hh2's one counter of versions, shared by all its shelves."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """One more than ever given."""
        self.last += 1
        return self.last

    def reserve(self, count: int) -> int:
        """The next `count` versions are given away; returns the one before the first of them."""
        before = self.last
        self.last += count
        return before


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
