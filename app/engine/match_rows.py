"""The rows of a company's last match report, as a face fetches them: a few at a time, never all."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from app.domain.match_report import Difference, Line, Narrowed, Node, Report, Saved


class MatchRows(Protocol):
    """A report that lies open. Its coroutines run in the engine's loop; they raise Trouble(DISK) alone."""

    @property
    def report(self) -> Report: ...

    @property
    def who(self) -> str:
        """The person at this computer."""

    @property
    def depths(self) -> tuple[int, ...]:
        """The depths at which the tree of money says something: 1 job, 2 sub job, 3 cost code, 4 cost type."""

    async def nodes(self, parent: Node | None, narrowed: Narrowed, offset: int, limit: int) -> list[Node]:
        """The children of a line of the tree; of None: the jobs."""

    async def lines(self, node: Node, offset: int, limit: int) -> list[Line]:
        """The transactions of both sides under a line of the tree."""

    async def differences(self, narrowed: Narrowed, offset: int, limit: int) -> list[Difference]:
        """The differences, the largest first."""

    async def accept(self, found: Sequence[Difference], note: str, who: str, expires: date | None) -> Report:
        """A person accepts differences as they are now; the report as it is judged then."""

    async def count_again(self, found: Sequence[Difference]) -> Report:
        """They count as differences again."""

    async def write(self, folder: str, kinds: Sequence[str]) -> Saved:
        """Write the report into a folder, as "xlsx", "pdf", "csv" or "json", and their SHA-256 into the ledger."""

    async def close(self) -> None: ...


class MatchReports(Protocol):
    """The last match report of each company."""

    async def open(self, name: str) -> MatchRows | None:
        """None where there is none yet. Raises Trouble(DISK, FILE_BROKEN)."""
