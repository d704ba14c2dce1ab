"""A believable construction company, grown from a seed: its Sage 300 CRE ledger as plain, frozen records.

The same seed, size and day give the same company. Its costs are made when they are asked for (`ledger`), so that a
million of them are there at once."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.training import names
from app.training.records import (
    Account,
    Commitment,
    CostCode,
    CostType,
    PrimeContract,
    R,
    SageJob,
    SubJob,
    Vendor,
    money,
)
from app.training.transactions import Ledger, Setting


class Size(msgspec.Struct, frozen=True):
    """How much of everything there is."""

    jobs: int
    vendors: int
    cost_codes: int
    costs: int


SIZES: dict[str, Size] = {
    "small": Size(40, 300, 400, 6_000),
    "large": Size(3_000, 30_000, 400, 1_000_000),
}


class Company(msgspec.Struct, frozen=True):
    """The ledger of a company. Records are keyed by id. `next_number` is that of the next cost."""

    name: str
    today: dt.date
    jobs: dict[str, SageJob]
    sub_jobs: dict[str, SubJob]
    cost_codes: dict[str, CostCode]
    cost_types: dict[str, CostType]
    vendors: dict[str, Vendor]
    prime_contracts: dict[str, PrimeContract]
    commitments: dict[str, Commitment]
    accounts: dict[str, Account]
    costs: Ledger
    next_number: int


def found(seed: int = 1, size: str = "small", today: dt.date | None = None) -> Company:
    """The company of this seed. `today` (UTC) is the day its dates end at; its newest record is a week older."""
    growth = _Growth(seed, SIZES[size], today or dt.datetime.now(dt.UTC).date())
    return growth.company()


class _Growth:
    """The making of one company: a random source, and what was made so far."""

    def __init__(self, seed: int, size: Size, today: dt.date) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.size = size
        self.today = today
        self.days = [today - dt.timedelta(days=n) for n in range(730)]

    def guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def dates(self) -> tuple[dt.date, dt.date]:
        """When a record was created and last changed; both more than a week ago."""
        changed = self.random.randrange(8, 700)
        return self.days[self.random.randrange(changed, 730)], self.days[changed]

    def company(self) -> Company:
        jobs = _keyed(self.jobs())
        cost_codes = _keyed(self.cost_codes())
        cost_types = _keyed(self.cost_types())
        vendors = _keyed(self.vendors())
        sub_jobs = _keyed(self.sub_jobs(list(jobs)))
        contracts = _keyed(self.prime_contracts(list(jobs.values())))
        commitments = _keyed(self.commitments(list(jobs), list(vendors)))
        accounts = _keyed(self.accounts())
        setting = Setting(
            self.seed,
            self.size.costs,
            self.days,
            list(jobs),
            list(sub_jobs.values()),
            list(cost_codes),
            list(cost_types),
            list(vendors),
        )
        return Company(
            "Training Construction / Construction École inc.",
            self.today,
            jobs,
            sub_jobs,
            cost_codes,
            cost_types,
            vendors,
            contracts,
            commitments,
            accounts,
            Ledger(setting),
            self.size.costs + 1,
        )

    def jobs(self) -> Iterator[SageJob]:
        for n in range(self.size.jobs):
            created, changed = self.dates()
            place = names.PLACES[n * 7 % len(names.PLACES)]
            building = names.BUILDINGS[(n * 3 + n // 20) % len(names.BUILDINGS)]
            name = f"{place} {building}"
            if n % 8 == 5:
                name = names.AWKWARD[n // 8 % len(names.AWKWARD)]
            closed = n % 13 == 12
            yield SageJob(
                id=self.guid(),
                code=f"{self.today.year % 100 - n % 3:02}-{n + 1:0{max(3, len(str(self.size.jobs)))}}",
                name=name,
                created=created,
                changed=changed,
                active=not closed,
                status="Closed" if closed else "In progress",
            )

    def sub_jobs(self, jobs: list[str]) -> Iterator[SubJob]:
        for place, job_id in enumerate(jobs):
            for n in range(place % 4):
                created, changed = self.dates()
                name = names.SUB_JOBS[(place + n) % len(names.SUB_JOBS)]
                yield SubJob(
                    id=self.guid(),
                    code=f"{n + 1:03}",
                    name=name,
                    created=created,
                    changed=changed,
                    job_id=job_id,
                )

    def cost_codes(self) -> Iterator[CostCode]:
        per_division = -(-self.size.cost_codes // len(names.DIVISIONS))
        for n in range(self.size.cost_codes):
            division, english, french = names.DIVISIONS[n // per_division]
            part = names.PARTS[n % per_division % len(names.PARTS)]
            created, changed = self.dates()
            yield CostCode(
                id=self.guid(),
                code=f"{division}-{(n % per_division + 1) * 10:03}",
                name=f"{french if n % 5 == 4 else english}: {part}",
                created=created,
                changed=changed,
            )

    def cost_types(self) -> Iterator[CostType]:
        for code, name, base in names.COST_TYPES:
            created, changed = self.dates()
            yield CostType(id=self.guid(), code=code, name=name, created=created, changed=changed, base=base)

    def vendors(self) -> Iterator[Vendor]:
        types = [self.guid() for _ in range(3)]
        for n in range(self.size.vendors):
            created, changed = self.dates()
            family = names.FAMILIES[n % len(names.FAMILIES)]
            trade = names.TRADES[(n // len(names.FAMILIES) + n) % len(names.TRADES)]
            series = n // (len(names.FAMILIES) * len(names.TRADES))
            name = f"{family} {trade}" + (f" ({series + 1})" if series else "")
            if n % 15 == 7:
                name = names.AWKWARD[n // 15 % len(names.AWKWARD)]
            yield Vendor(
                id=self.guid(),
                code=f"V{n + 1:0{max(4, len(str(self.size.vendors)))}}",
                name=name,
                created=created,
                changed=changed,
                active=n % 29 != 28,
                type_id=types[n % 3],
            )

    def prime_contracts(self, jobs: list[SageJob]) -> Iterator[PrimeContract]:
        for job in jobs:
            created, changed = self.dates()
            yield PrimeContract(
                id=self.guid(),
                code=f"C-{job.code}",
                name=f"{job.name}: contract",
                created=created,
                changed=changed,
                job_id=job.id,
                amount=money(self.random.randrange(5_000_000, 2_500_000_000)),
            )

    def commitments(self, jobs: list[str], vendors: list[str]) -> Iterator[Commitment]:
        for n in range(len(jobs) * 3):
            created, changed = self.dates()
            yield Commitment(
                id=self.guid(),
                code=f"{'SC' if n % 3 else 'PO'}-{n + 1:05}",
                name=f"{'Subcontract' if n % 3 else 'Bon de commande'} {n + 1}",
                created=created,
                changed=changed,
                job_id=jobs[n % len(jobs)],
                vendor_id=self.random.choice(vendors),
                amount=money(self.random.randrange(100_000, 90_000_000)),
                kind="Subcontract" if n % 3 else "PurchaseOrder",
                retainage_percent=Decimal(10 if n % 3 else 0),
                closed=n % 11 == 10,
            )

    def accounts(self) -> Iterator[Account]:
        for n in range(60):
            created, changed = self.dates()
            yield Account(
                id=self.guid(),
                code=f"{1000 + n * 50}",
                name=f"Account {n + 1} / Compte {n + 1}",
                created=created,
                changed=changed,
            )


def _keyed(records: Iterator[R]) -> dict[str, R]:
    return {record.id: record for record in records}
