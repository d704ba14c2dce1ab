"""What happened in Sage since everything was last carried over: the work of a week, which a run then moves."""

import datetime as dt
import random
import uuid
from enum import StrEnum

import msgspec

from app.training import names
from app.training.company import Company
from app.training.records import (
    Cost,
    CostCode,
    PrimeContract,
    Record,
    SageJob,
    SubJob,
    Vendor,
    money,
)


class News(StrEnum):
    """How much is new in Sage."""

    NONE = "none"
    CHANGES = "changes"  # costs, cost codes, and changes to records that both sites know
    STAGED = "staged"  # the same, and vendors, jobs, sub jobs and prime contracts that Procore has never seen


class Week(msgspec.Struct, frozen=True):
    """Records that are new or changed, and costs that are new. Each is dated within the last seven days."""

    records: tuple[Record, ...] = ()
    costs: tuple[Cost, ...] = ()


NEW_VENDORS, NEW_JOBS, NEW_SUB_JOBS, NEW_CONTRACTS = 12, 2, 3, 2


def week(company: Company, news: News, seed: int) -> Week:
    """The week's work in the ledger of `company`; the same seed gives the same week."""
    if news is News.NONE:
        return Week()
    maker = _Maker(company, seed)
    records = maker.changes()
    if news is News.STAGED:
        records += maker.staged()
    return Week(tuple(records), tuple(maker.costs(records)))


class _Maker:
    def __init__(self, company: Company, seed: int) -> None:
        self.random = random.Random(f"week {seed}")
        self.company = company

    def guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def day(self) -> dt.date:
        return self.company.today - dt.timedelta(days=self.random.randrange(7))

    def changes(self) -> list[Record]:
        company = self.company
        changed: list[Record] = [
            msgspec.structs.replace(vendor, name=f"{vendor.name.strip()} (2)", changed=self.day())
            for vendor in self.random.sample([v for v in company.vendors.values() if v.active], 5)
        ]
        changed += [
            msgspec.structs.replace(job, name=f"{job.name}, rev. A", changed=self.day())
            for job in self.random.sample([j for j in company.jobs.values() if j.active], 3)
        ]
        changed += [
            msgspec.structs.replace(sub_job, name=f"{sub_job.name} B", changed=self.day())
            for sub_job in self.random.sample(self.open_sub_jobs(), 2)
        ]
        changed += [
            msgspec.structs.replace(contract, amount=contract.amount + money(1_250_075), changed=self.day())
            for contract in self.random.sample(self.open_contracts(), 2)
        ]
        for n in range(4):
            day = self.day()
            part = names.PARTS[n * 3]
            code = f"99-{n + 1:02}0"
            changed.append(
                CostCode(id=self.guid(), code=code, name=f"Nouveau / New: {part}", created=day, changed=day)
            )
        return changed

    def open_sub_jobs(self) -> list[SubJob]:
        return [s for s in self.company.sub_jobs.values() if self.company.jobs[s.job_id].active]

    def open_contracts(self) -> list[PrimeContract]:
        return [c for c in self.company.prime_contracts.values() if self.company.jobs[c.job_id].active]

    def staged(self) -> list[Record]:
        company = self.company
        new: list[Record] = []
        type_id = next(iter(company.vendors.values())).type_id
        for n in range(NEW_VENDORS):
            day = self.day()
            name = names.AWKWARD[n] if n < 4 else f"{names.FAMILIES[n]} & Associés inc."
            code = f"N{n + 1:04}"
            new.append(
                Vendor(id=self.guid(), code=code, name=name, created=day, changed=day, type_id=type_id)
            )
        jobs = [
            SageJob(
                id=self.guid(),
                code=f"{company.today.year % 100:02}-9{n + 1:02}",
                name=f"{names.PLACES[n]} {names.BUILDINGS[n + 5]}",
                created=self.day(),
                changed=self.day(),
            )
            for n in range(NEW_JOBS)
        ]
        new += jobs
        homes = [jobs[0], *(j for j in company.jobs.values() if j.active)]
        for n in range(NEW_SUB_JOBS):
            day = self.day()
            code = f"9{n + 1:02}"
            home = homes[n].id
            new.append(
                SubJob(
                    id=self.guid(), code=code, name=names.SUB_JOBS[n], created=day, changed=day, job_id=home
                )
            )
        for n in range(NEW_CONTRACTS):
            day = self.day()
            new.append(
                PrimeContract(
                    id=self.guid(),
                    code=f"C-{jobs[n].code}",
                    name=f"{jobs[n].name}: contract",
                    created=day,
                    changed=day,
                    job_id=jobs[n].id,
                    amount=money(self.random.randrange(10_000_000, 900_000_000)),
                )
            )
        return new

    def costs(self, records: list[Record]) -> list[Cost]:
        company = self.company
        jobs = self.random.sample([j.id for j in company.jobs.values() if j.active], 12)
        new_codes = [record.id for record in records if isinstance(record, CostCode)]
        codes = [*self.random.sample(list(company.cost_codes), 20), *new_codes]
        types = list(company.cost_types)
        vendors = [vendor.id for vendor in company.vendors.values() if vendor.active]
        made: list[Cost] = []
        for n in range(60):
            # The first 24 give each of the twelve jobs one cost of today and one of this week.
            day = company.today if n < 12 else self.day()
            made.append(
                Cost(
                    company.next_number + n,
                    jobs[n % 12],
                    None,
                    codes[n % len(codes)],
                    types[n % len(types)],
                    self.random.choice(vendors) if n % 3 else None,
                    day,
                    day,
                    self.random.randrange(1_999, 3_500_000),
                    names.PARTS[n % len(names.PARTS)],
                )
            )
        return made
