"""A small company on both sides, as records, for the tests to change: what matches at first."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import anyio.lowlevel

from app.domain.lists import (
    PER_JOB,
    RECORDS,
    Block,
    Kind,
    LedgerRecord,
    Offer,
    ProcoreCost,
    ProcoreCostCode,
    ProcoreCostType,
    ProcoreProject,
    ProcoreProjectCostCode,
    ProcoreVendor,
    SageCost,
    SageCostCode,
    SageCostType,
    SageJob,
    SageVendor,
    Side,
)
from app.domain.match_question import Failed, Options
from app.domain.match_report import Difference, Narrowed, Report
from app.match.compare import compare
from app.match.report import Pages
from app.match.snapshot import List, finish, put
from app.match.store import Store

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
READ_AT = datetime.now(UTC).replace(microsecond=0)  # what was half read too long ago is begun anew
DAY = date(2026, 11, 2)


class Company:
    """Both sides, as lists of records that a test may change before they are laid in the store."""

    def __init__(self, jobs: int = 2) -> None:
        self.sage: dict[Kind, list[LedgerRecord]] = {kind: [] for side, kind in RECORDS if side is Side.SAGE}
        self.procore: dict[Kind, list[LedgerRecord]] = {
            kind: [] for side, kind in RECORDS if side is Side.PROCORE
        }
        self.not_read: set[tuple[Side, Kind]] = {
            (Side.SAGE, Kind.SUB_JOBS),
            (Side.SAGE, Kind.PRIME_CONTRACTS),
            (Side.SAGE, Kind.COMMITMENTS),
            (Side.PROCORE, Kind.COMMITMENTS),
            (Side.PROCORE, Kind.JOB_TO_DATE),
        }
        for n in range(1, jobs + 1):
            self.job(f"25-{n:03}", f"Job {n}")
        for n in (1, 2):
            self.vendor(f"V{n:04}", f"Vendor {n}")
            self.cost_code(f"0{n}-010", f"Code {n}")
        for code, name in (("L", "Labor"), ("M", "Material")):
            self.sage[Kind.COST_TYPES].append(SageCostType(id=f"ct-{code}", code=code, name=name))
            self.procore[Kind.COST_TYPES].append(
                ProcoreCostType(id=f"9{ord(code)}", origin_id=f"ct-{code}", code=code, name=name)
            )

    def job(
        self, code: str, name: str, *, sage: bool = True, procore: bool = True, active: bool = True
    ) -> None:
        """A job that stands on the given sides, tied by its id."""
        if sage:
            self.sage[Kind.JOBS].append(SageJob(id=f"job-{code}", code=code, name=name, active=active))
        if procore:
            self.procore[Kind.JOBS].append(
                ProcoreProject(id=f"7{code}", origin_id=f"job-{code}" if sage else "", number=code, name=name)
            )

    def vendor(self, code: str, name: str, *, sage: bool = True, procore: bool = True) -> None:
        """A vendor on the given sides."""
        if sage:
            self.sage[Kind.VENDORS].append(SageVendor(id=f"ven-{code}", code=code, name=name))
        if procore:
            self.procore[Kind.VENDORS].append(
                ProcoreVendor(
                    id=f"8{code}",
                    origin_id=f"ven-{code}" if sage else "",
                    origin_code=code,
                    name=name,
                    synced=True,
                )
            )

    def cost_code(self, code: str, name: str, *, sage: bool = True, procore: bool = True) -> None:
        """A standard cost code on the given sides; in Procore in every project too."""
        if sage:
            self.sage[Kind.COST_CODES].append(SageCostCode(id=f"cc-{code}", code=code, name=name))
        if procore:
            origin = f"cc-{code}" if sage else ""
            self.procore[Kind.COST_CODES].append(
                ProcoreCostCode(id=f"6{code}", origin_id=origin, code=code, full_code=code, name=name)
            )
            for project in self.procore[Kind.JOBS]:
                self.procore[Kind.JOB_COST_CODES].append(
                    ProcoreProjectCostCode(
                        id=f"{project.id}-{code}",
                        project_id=project.id,
                        origin_id=origin,
                        code=code,
                        full_code=code,
                    )
                )

    def cost(
        self,
        amount: str,
        job: str = "25-001",
        code: str = "01-010",
        kind: str = "L",
        *,
        sage: bool = True,
        procore: bool | str = True,
        sub_job: str | None = "",
        vendor: str = "",
        posted: date | None = DAY,
        entered: datetime | None = None,
    ) -> None:
        """One transaction; `procore` may be another amount there."""
        if sage:
            n = len(self.sage[Kind.COSTS]) + 1
            self.sage[Kind.COSTS].append(
                SageCost(
                    id=f"tx{n}",
                    version=n,
                    job_id=f"job-{job}",
                    sub_job_id=sub_job,
                    cost_code_id=f"cc-{code}",
                    cost_type_id=f"ct-{kind}",
                    vendor_id=f"ven-{vendor}" if vendor else "",
                    posted=posted,
                    entered=entered or datetime(2026, 11, 3, tzinfo=UTC),
                    amount=Decimal(amount),
                )
            )
        origin = self.sage[Kind.COSTS][-1].id if sage else ""
        if procore:
            n = len(self.procore[Kind.COSTS]) + 1
            self.procore[Kind.COSTS].append(
                ProcoreCost(
                    id=f"5{n}",
                    origin_id=origin,
                    project_id=f"7{job}",
                    sub_job_id=sub_job,
                    cost_code_id=f"7{job}-{code}",
                    cost_code_origin_id=f"cc-{code}",
                    cost_code=code,
                    cost_type_id=f"9{ord(kind)}",
                    posted=posted,
                    amount=Decimal(procore if isinstance(procore, str) else amount),
                )
            )

    def records(self, side: Side, kind: Kind, scope: str = "") -> list[LedgerRecord]:
        """What a side holds of a list."""
        held = (self.sage if side is Side.SAGE else self.procore)[kind]
        if not scope:
            return held
        return [one for one in held if scope in (getattr(one, "job_id", ""), getattr(one, "project_id", ""))]

    def scopes(self, side: Side, kind: Kind) -> list[str]:
        """The scopes under which a list is read."""
        if kind not in PER_JOB[side]:
            return [""]
        return [job.id for job in (self.sage if side is Side.SAGE else self.procore)[Kind.JOBS]]

    def lay(self, store: Store, brake: bool = True) -> None:
        """Read everything into the store, whole."""
        for side, kind in RECORDS:
            if (side, kind) in self.not_read:
                continue
            for scope in self.scopes(side, kind):
                rows = self.records(side, kind, scope)
                put(store, List(side, kind, scope), side.value, block(rows))
            if brake:
                finish(store, side, kind, is_file=False)
            else:
                finish(store, side, kind, is_file=False, brake=None)

    def report(self, store: Store, options: Options = Options(), failed: Iterable[Failed] = ()) -> Report:  # noqa: B008
        """Lay it all in the store, and compare."""
        self.lay(store)
        return compare(store, options, failed)


def block(rows: Sequence[LedgerRecord], cursor: str = "", *, last: bool = True, full: bool = True) -> Block:
    """A block of rows, the last of a list unless said otherwise."""
    return Block(tuple(rows), cursor, last, full, READ_AT)


def differences(store: Store, narrowed: Narrowed = Narrowed()) -> list[Difference]:  # noqa: B008
    """The differences of the last report."""
    return Pages(store).differences(narrowed)


class Shelf:
    """A source that reads a company's side in blocks of `size`, counts its requests, and can fail on the way."""

    is_file = False
    at_once = 2

    def seconds(self, requests: int) -> float:
        return requests * 0.5

    def __init__(self, company: Company, side: Side, size: int = 3, incremental: bool = False) -> None:
        self.company = company
        self.side = side
        self.name = "hh2" if side is Side.SAGE else "Procore"
        self.size = size
        self.incremental = incremental
        self.once: dict[Kind, int] = {}  # foreseen with the first list of a kind
        self.requests: list[tuple[Kind, str, str]] = []
        self.faults: dict[tuple[Kind, str], Exception] = {}  # raised before the second block

    @property
    def asked(self) -> int:
        return len(self.requests)

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(
            kind for side, kind in RECORDS if side is self.side and (side, kind) not in self.company.not_read
        )

    def offer(self, kind: Kind, scope: str, cursor: str) -> Offer:  # noqa: ARG002 - as the port says
        by_version = self.incremental and self.side is Side.SAGE
        return Offer(1, by_version, self.once.get(kind, 0))

    async def read(self, kind: Kind, scope: str, cursor: str) -> AsyncIterator[Block]:
        rows = self.company.records(self.side, kind, scope)
        fault = self.faults.get((kind, scope))
        start = int(cursor or 0)
        place = start
        while True:
            await anyio.lowlevel.checkpoint()
            self.requests.append((kind, scope, str(place)))
            if fault is not None and place > start:
                raise fault
            page = rows[place : place + self.size]
            place += len(page)
            last = place >= len(rows)
            kept = str(place) if self.incremental or not last else ""
            yield Block(tuple(page), kept, last, start == 0 and not (self.incremental and start), READ_AT)
            if last:
                return
