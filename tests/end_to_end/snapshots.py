"""Both sides' snapshots of a training company, laid at once: what reading it whole would leave in the store.

At the pace of Procore's limits that reading takes days for a large company; here it is seconds for a million lines."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

import msgspec

from app.domain.lists import (
    Kind,
    LedgerRecord,
    ProcoreCost,
    ProcoreCostCode,
    ProcoreCostType,
    ProcoreJobToDate,
    ProcorePrimeContract,
    ProcoreProject,
    ProcoreProjectCostCode,
    ProcoreSubJob,
    ProcoreVendor,
    SageCommitment,
    SageCost,
    SageCostCode,
    SageCostType,
    SageJob,
    SageJobCostCode,
    SageJobCostType,
    SageVendor,
    Side,
)
from app.match.snapshot_columns import as_columns, insertion, table
from app.match.store import Store
from app.training import records as sage
from app.training.hh2_shapes import _id
from app.training.world import World

Rows = Iterable[tuple[str, LedgerRecord]]  # under the job (project) that they are read for
AT_ONCE = 20_000


class Snapshots:
    """What lies in a world, as the two sources would have read it at this moment."""

    def __init__(self, world: World, hh2: str, procore: str) -> None:
        self.world = world
        self.sources = {Side.SAGE: hh2, Side.PROCORE: procore}
        self.at = datetime.now(UTC)
        self.rows = 0

    def lay(self, store: Store) -> None:
        """Lay all of it; `rows` tells how many there were."""
        lists: dict[tuple[Side, Kind], Callable[[], Rows]] = {
            (Side.SAGE, Kind.JOBS): self.jobs,
            (Side.SAGE, Kind.COST_CODES): lambda: self.listed(sage.CostCode, SageCostCode),
            (Side.SAGE, Kind.COST_TYPES): lambda: self.listed(sage.CostType, SageCostType),
            (Side.SAGE, Kind.VENDORS): lambda: self.listed(sage.Vendor, SageVendor),
            (Side.SAGE, Kind.COMMITMENTS): self.commitments,
            (Side.SAGE, Kind.JOB_COST_CODES): self.job_codes,
            (Side.SAGE, Kind.JOB_COST_TYPES): self.job_types,
            (Side.SAGE, Kind.COSTS): self.costs,
            (Side.PROCORE, Kind.JOBS): self.projects,
            (Side.PROCORE, Kind.COST_CODES): self.procore_codes,
            (Side.PROCORE, Kind.COST_TYPES): self.procore_types,
            (Side.PROCORE, Kind.VENDORS): self.procore_vendors,
            (Side.PROCORE, Kind.SUB_JOBS): self.sub_jobs,
            (Side.PROCORE, Kind.PRIME_CONTRACTS): self.contracts,
            (Side.PROCORE, Kind.JOB_COST_CODES): self.project_codes,
            (Side.PROCORE, Kind.COSTS): self.lines,
            (Side.PROCORE, Kind.JOB_TO_DATE): self.to_date,
        }
        per_job = {
            Side.SAGE: dict.fromkeys(self.world.hh2[sage.SageJob].records, 0),
            Side.PROCORE: {str(self.world.procore_id(job)): 0 for job in self.world.procore[sage.SageJob]},
        }
        for (side, kind), rows in lists.items():
            scoped = (side, kind) == (Side.SAGE, Kind.COSTS) or kind in (
                Kind.SUB_JOBS, Kind.PRIME_CONTRACTS, Kind.COSTS, Kind.JOB_TO_DATE
            ) or (side, kind) == (Side.PROCORE, Kind.JOB_COST_CODES)  # fmt: skip
            self._list(store, side, kind, rows(), dict(per_job[side]) if scoped else {"": 0})

    def _list(self, store: Store, side: Side, kind: Kind, rows: Rows, counts: dict[str, int]) -> None:
        versions = dict.fromkeys(counts, 0)
        every = iter(rows)
        while block := list(islice(every, AT_ONCE)):
            scopes = [scope for scope, _ in block]
            records = [record for _, record in block]
            for scope, record in block:
                counts[scope] += 1
                versions[scope] = max(versions[scope], getattr(record, "version", 0))
            sql = insertion(type(records[0]), table(side, kind)).replace(
                "$scope", "UNNEST($scope::VARCHAR[])"
            )
            store.execute(sql, {"scope": scopes, **as_columns(type(records[0]), records)})
            self.rows += len(block)
        stamp = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        cursors = [
            str(versions[scope])
            if side is Side.SAGE
            else msgspec.json.encode({"seen": stamp, "whole": stamp, "rows": count}).decode()
            for scope, count in counts.items()
        ]
        store.execute(
            """INSERT INTO reading
               SELECT $side, $kind, UNNEST($scopes::VARCHAR[]), $source, FALSE, UNNEST($cursors::VARCHAR[]),
                      $at::TIMESTAMP, $at::TIMESTAMP, UNNEST($counts::BIGINT[])""",
            {
                "side": side.value,
                "kind": kind.value,
                "scopes": list(counts),
                "source": self.sources[side],
                "cursors": cursors,
                "at": self.at.replace(tzinfo=None),
                "counts": list(counts.values()),
            },
        )

    # ---------------------------------------------------------------- what Sage gave hh2

    def jobs(self) -> Iterator[tuple[str, LedgerRecord]]:
        shelf = self.world.hh2[sage.SageJob]
        for job in shelf.records.values():
            yield (
                "",
                SageJob(
                    id=job.id,
                    version=shelf.version[job.id],
                    code=job.code,
                    name=job.name,
                    status=job.status,
                    active=job.active,
                    job_to_date=self.world.hh2_costs.total(job.id),
                ),
            )

    def listed(self, kind: type[sage.Record], record: type[SageVendor | SageCostCode | SageCostType]) -> Rows:
        shelf = self.world.hh2[kind]
        for one in shelf.records.values():
            version = shelf.version[one.id]
            yield "", record(id=one.id, version=version, code=one.code, name=one.name, active=one.active)

    def commitments(self) -> Iterator[tuple[str, LedgerRecord]]:
        shelf = self.world.hh2[sage.Commitment]
        for one in shelf.records.values():
            yield (
                "",
                SageCommitment(
                    id=one.id,
                    version=shelf.version[one.id],
                    job_id=one.job_id,
                    vendor_id=one.vendor_id,
                    code=one.code,
                    name=one.name,
                    type=one.kind,
                    amount=one.amount,
                    closed=one.closed,
                ),
            )

    def job_codes(self) -> Iterator[tuple[str, LedgerRecord]]:
        for key, version in self.world.hh2_costs.job_codes(0, 10**9):
            code = self.world.sage[sage.CostCode][key[1]]
            yield (
                "",
                SageJobCostCode(
                    id=_id(key),
                    version=version,
                    job_id=key[0],
                    cost_code_id=key[1],
                    code=code.code,
                    name=code.name,
                ),
            )

    def job_types(self) -> Iterator[tuple[str, LedgerRecord]]:
        for key, version in self.world.hh2_costs.job_types(0, 10**9):
            kind = self.world.sage[sage.CostType][key[2]]
            yield (
                "",
                SageJobCostType(
                    id=_id(key),
                    version=version,
                    job_id=key[0],
                    cost_code_id=key[1],
                    cost_type_id=key[2],
                    code=kind.code,
                    name=kind.name,
                ),
            )

    def costs(self) -> Iterator[tuple[str, LedgerRecord]]:
        for job_id in self.world.hh2[sage.SageJob].records:
            for version, cost in self.world.hh2_costs.after(job_id, 0, 10**9):
                yield (
                    job_id,
                    SageCost(
                        id=cost.id,
                        version=version,
                        job_id=job_id,
                        sub_job_id=cost.sub_job_id or "",
                        cost_code_id=cost.cost_code_id,
                        cost_type_id=cost.cost_type_id,
                        vendor_id=cost.vendor_id or "",
                        posted=cost.posted,
                        entered=cost.entered_at,
                        amount=cost.amount,
                        text=cost.text,
                    ),
                )

    # ---------------------------------------------------------------- what Procore holds

    def projects(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.SageJob].values():
            yield (
                "",
                ProcoreProject(
                    id=self.id(one),
                    origin_id=one.id,
                    number=one.code,
                    name=one.name,
                    origin_code=one.code,
                    active=one.active,
                ),
            )

    def procore_codes(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.CostCode].values():
            short = one.code.rpartition("-")[2]
            yield (
                "",
                ProcoreCostCode(
                    id=self.id(one), origin_id=one.id, code=short, full_code=one.code, name=one.name
                ),
            )

    def procore_types(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.CostType].values():
            yield "", ProcoreCostType(id=self.id(one), origin_id=one.id, code=one.code, name=one.name)

    def procore_vendors(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.Vendor].values():
            yield (
                "",
                ProcoreVendor(
                    id=self.id(one),
                    origin_id=one.id,
                    origin_code=one.code,
                    name=one.name,
                    synced=True,
                    active=one.active,
                ),
            )

    def sub_jobs(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.SubJob].values():
            project = str(self.world.procore_id(one.job_id))
            yield (
                project,
                ProcoreSubJob(
                    id=self.id(one), origin_id=one.id, project_id=project, code=one.code, name=one.name
                ),
            )

    def contracts(self) -> Iterator[tuple[str, LedgerRecord]]:
        for one in self.world.procore[sage.PrimeContract].values():
            project = str(self.world.procore_id(one.job_id))
            yield (
                project,
                ProcorePrimeContract(
                    id=self.id(one),
                    origin_id=one.id,
                    project_id=project,
                    number=one.code,
                    name=one.name,
                    amount=one.amount,
                    origin_code=one.code,
                ),
            )

    def project_codes(self) -> Iterator[tuple[str, LedgerRecord]]:
        codes = self.world.procore[sage.CostCode]
        extras: dict[str, list[str]] = {}
        for one in self.world.procore[sage.SubJob].values():
            extras.setdefault(one.job_id, []).append(one.id)
        for job_id in self.world.procore[sage.SageJob]:
            project = str(self.world.procore_id(job_id))
            for biller in (job_id, *extras.get(job_id, ())):
                sub_job = "" if biller == job_id else str(self.world.procore_id(biller))
                for code_id in self.world.procore_costs.codes(job_id):
                    full = codes[code_id].code
                    yield (
                        project,
                        ProcoreProjectCostCode(
                            id=str(self.world.project_code_id(biller, code_id)),
                            origin_id=code_id,
                            project_id=project,
                            sub_job_id=sub_job,
                            code=full.rpartition("-")[2],
                            full_code=full,
                        ),
                    )

    def lines(self) -> Iterator[tuple[str, LedgerRecord]]:
        world = self.world
        codes = {code.id: code.code for code in world.procore[sage.CostCode].values()}
        types = {
            one.id: (str(world.procore_id(one.id)), one.code) for one in world.procore[sage.CostType].values()
        }
        for job_id in world.procore[sage.SageJob]:
            project = str(world.procore_id(job_id))
            for cost in world.procore_costs.of(job_id):
                type_id, type_code = types[cost.cost_type_id]
                yield (
                    project,
                    ProcoreCost(
                        id=str(world.line_id(cost)),
                        origin_id=cost.id,
                        project_id=project,
                        direct_cost_id=str(world.cost_id(cost)),
                        cost_code_id=str(world.project_code_id(world.biller(cost), cost.cost_code_id)),
                        cost_code_origin_id=cost.cost_code_id,
                        cost_code=codes[cost.cost_code_id],
                        cost_type_id=type_id,
                        cost_type_origin_id=cost.cost_type_id,
                        cost_type=type_code,
                        posted=cost.posted,
                        updated_at=cost.entered_at,
                        amount=cost.amount,
                        text=cost.text,
                    ),
                )

    def to_date(self) -> Iterator[tuple[str, LedgerRecord]]:
        world = self.world
        for job_id in world.procore[sage.SageJob]:
            project = str(world.procore_id(job_id))
            sums: dict[tuple[str, str, str], int] = {}
            for cost in world.procore_costs.of(job_id):
                key = (world.biller(cost), cost.cost_code_id, cost.cost_type_id)
                sums[key] = sums.get(key, 0) + cost.cents
            for (biller, code_id, type_id), cents in sums.items():
                yield (
                    project,
                    ProcoreJobToDate(
                        id=str(world.row_id(biller, code_id, type_id)),
                        origin_id=code_id,
                        project_id=project,
                        sub_job_id="" if biller == job_id else str(world.procore_id(biller)),
                        cost_code_id=str(world.project_code_id(biller, code_id)),
                        cost_type_id=str(world.procore_id(type_id)),
                        amount=sage.money(cents),
                    ),
                )

    def id(self, one: sage.Record) -> str:
        return str(self.world.procore_id(one.id))
