"""The records and costs of the scenario `mismatch`, made beside those of the company."""

import datetime as dt
import random
import uuid

import msgspec

from app.training import names
from app.training.company import Company
from app.training.mismatch import Kind, Mismatch
from app.training.records import Cost, CostCode, CostType, Record, SageJob, SubJob, Vendor


def mismatch(company: Company, seed: int) -> Mismatch:
    """The differences in the ledger of `company`; the same seed gives the same ones."""
    return _Maker(company, seed).all()


class _Maker:
    def __init__(self, company: Company, seed: int) -> None:
        self.random = random.Random(f"mismatch {seed}")
        self.company = company
        self.long_ago = company.today - dt.timedelta(days=400)
        self.recent = company.today - dt.timedelta(days=2)
        self.number = company.next_number + 1_000
        self.codes = list(company.cost_codes)
        self.types = list(company.cost_types)
        self.vendor_type = next(iter(company.vendors.values())).type_id
        self.sage: list[Record] = []
        self.procore: list[Record] = []
        self.staged: list[Record] = []
        self.lacking: set[str] = set()
        self.made: set[str] = set()
        self.sage_costs: list[Cost] = []
        self.procore_costs: list[Cost] = []
        self.coming: list[Cost] = []
        self.never: set[int] = set()
        self.made_costs: set[int] = set()
        self.parents: dict[str, str] = {}
        self.places: dict[Kind, str] = {}
        self.jobs = 0

    def all(self) -> Mismatch:
        self.records()
        self.missing()
        self.group()
        self.lines()
        return Mismatch(
            tuple(self.sage),
            tuple(self.procore),
            frozenset(self.lacking),
            frozenset(self.lacking | {record.id for record in self.procore}),
            tuple(self.staged),
            frozenset(self.made),
            tuple(self.sage_costs),
            tuple(self.procore_costs),
            frozenset(self.never),
            frozenset(self.made_costs),
            tuple(self.coming),
            self.parents,
            self.places,
        )

    # ---------------------------------------------------------------- records

    def records(self) -> None:
        """Vendors and jobs that differ by themselves."""
        waiting = self.vendor(Kind.STAGED_VENDOR, "W0001", "Toitures Wójcik & filles")
        self.sage.append(waiting)
        self.staged.append(waiting)
        job = self.job(Kind.UNIMPORTED_VENDOR)
        self.both(job, 410_00)
        self.cost(job, 75_25, procore=None, vendor=waiting.id)

        renamed = self.vendor(Kind.RENAMED, "W0002", "Gagnon Excavation")
        self.sage.append(renamed)
        self.procore.append(msgspec.structs.replace(renamed, name="Gagnon et fils, terrassement"))
        cut = self.vendor(Kind.NAME_CUT, "W0003", "Entreprises générales de l'Est")
        self.sage.append(cut)
        self.procore.append(msgspec.structs.replace(cut, name="Entreprises générales de l'Estrie inc."))
        apart = self.vendor(Kind.NOT_LINKED, "W0004", "Béton Nordique ltée")
        self.sage.append(apart)
        self.lacking.add(apart.id)
        twin = msgspec.structs.replace(apart, id=self.guid(), code="BN-7", name="BETON NORDIQUE LTEE")
        self.procore.append(twin)
        self.made.add(twin.id)
        self.procore.append(self.vendor(Kind.GONE, "W0005", "Location Hughes"))
        self.procore.append(self.new_job(Kind.GONE_JOB))

        closed = self.job(Kind.CLOSED)
        self.both(closed, 902_40)
        self.cost(closed, 77_77, procore=None)
        self.procore.append(msgspec.structs.replace(closed, active=False, status="Closed"))

    def missing(self) -> None:
        """Jobs, sub jobs, cost codes and cost types that never came to Procore, with cost on them."""
        job = self.job(Kind.MISSING_JOB)
        self.lacking.add(job.id)
        self.cost(job, 1_318_05, procore=None)
        self.cost(job, 64_10, procore=None, code=1)

        job = self.job(Kind.MISSING_SUB_JOB)
        sub_job = SubJob(
            id=self.guid(),
            code="810",
            name=names.SUB_JOBS[2],
            created=self.long_ago,
            changed=self.long_ago,
            job_id=job.id,
        )
        self.sage.append(sub_job)
        self.lacking.add(sub_job.id)
        self.both(job, 230_00)
        self.cost(job, 58_00, procore=None, sub_job=sub_job.id)

        code = self.code("98-010", "Unsynced work")
        kind = CostType(
            id=self.guid(),
            code="X",
            name="Extra work",
            created=self.long_ago,
            changed=self.long_ago,
            base="other",
        )
        self.sage += [code, kind]
        self.lacking |= {code.id, kind.id}
        job = self.job(Kind.MISSING_CODE)
        self.both(job, 777_70)
        self.cost(job, 120_00, procore=None, code_id=code.id)
        job = self.job(Kind.MISSING_TYPE)
        self.both(job, 777_80)
        self.cost(job, 130_00, procore=None, type_id=kind.id)

    def group(self) -> None:
        """Cost that lies on a group of codes in Procore, and on the codes below it in Sage."""
        above = self.code("97", "Group of codes")
        below = [self.code("97-010", "First of a group"), self.code("97-020", "Second of a group")]
        self.sage += below
        self.procore.append(above)
        self.made.add(above.id)
        self.parents = {code.id: above.id for code in below}
        job = self.job(Kind.GROUP_CODE)
        self.both(job, 60_00)
        for code, cents in zip(below, (7_00, 8_00), strict=True):
            self.never.add(self.cost(job, cents, procore=None, code_id=code.id).number)
        self.made_there(job, 15_00, code_id=above.id)

    # ---------------------------------------------------------------- costs

    def lines(self) -> None:
        """Costs that differ in jobs that both sides know."""
        today = self.company.today
        job = self.job(Kind.OUTSIDE_RANGE)
        self.both(job, 300_00)
        self.cost(job, 41_00, procore=None, posted=today - dt.timedelta(days=95))
        job = self.job(Kind.POSTED_AFTER)
        self.both(job, 310_00)
        self.coming.append(self.made_cost(job, 42_00))
        job = self.job(Kind.SUMMARY)
        for code, cents in enumerate((100_00, 250_50, 49_50)):
            self.cost(job, cents, procore=None, code=code)
        self.made_there(job, 400_00, code=3)
        job = self.job(Kind.DUPLICATE)
        self.both(job, 86_40)
        self.made_there(job, 86_40)
        job = self.job(Kind.ROUNDING)
        for n in range(130):
            self.cost(job, 10_00 + n, procore=10_01 + n)
        job = self.job(Kind.WRONG_AMOUNT)
        self.both(job, 55_00)
        self.cost(job, 1_204_00, procore=1_240_00)
        job = self.job(Kind.SIGN)
        self.both(job, 56_00)
        self.cost(job, -318_60, procore=318_60)
        job = self.job(Kind.COST_TYPE)
        self.both(job, 57_00)
        moved = self.cost(job, 93_15, procore=None)
        self.procore_costs.append(msgspec.structs.replace(moved, cost_type_id=self.types[1]))
        job = self.job(Kind.EXTRA_COST)
        self.both(job, 58_00)
        self.made_there(job, 27_30)
        job = self.job(Kind.OFFSET)
        self.both(job, 59_00)
        self.cost(job, 500_00, procore=None)
        self.cost(job, -500_00, procore=None)
        job = self.job(Kind.TAX)
        self.cost(job, 1_000_00, procore=1_149_75)
        job = self.job(Kind.RETAINAGE)
        self.cost(job, 2_000_00, procore=1_800_00)

    def both(self, job: SageJob, cents: int) -> None:
        """A cost that is the same on both sides."""
        self.cost(job, cents, procore=cents)

    def cost(
        self,
        job: SageJob,
        cents: int,
        *,
        procore: int | None,
        code: int = 0,
        code_id: str = "",
        type_id: str = "",
        sub_job: str | None = None,
        vendor: str | None = None,
        posted: dt.date | None = None,
    ) -> Cost:
        """One cost of Sage; `procore` is its amount there, None where Procore does not have it."""
        made = self.made_cost(job, cents, code)
        made = msgspec.structs.replace(
            made,
            cost_code_id=code_id or made.cost_code_id,
            cost_type_id=type_id or made.cost_type_id,
            sub_job_id=sub_job,
            vendor_id=vendor,
            posted=posted or made.posted,
        )
        self.sage_costs.append(made)
        if procore is not None:
            self.procore_costs.append(msgspec.structs.replace(made, cents=procore))
        elif vendor is None and not code_id:  # those stay behind by themselves until what they need is there
            self.never.add(made.number)
        return made

    def made_there(self, job: SageJob, cents: int, code: int = 0, code_id: str = "") -> None:
        """A cost that was made in Procore."""
        made = self.made_cost(job, cents, code)
        made = msgspec.structs.replace(made, cost_code_id=code_id or made.cost_code_id)
        self.procore_costs.append(made)
        self.made_costs.add(made.number)

    def made_cost(self, job: SageJob, cents: int, code: int = 0) -> Cost:
        self.number += 1
        day = self.recent
        return Cost(
            self.number,
            job.id,
            None,
            self.codes[code],
            self.types[0],
            None,
            day,
            day,
            cents,
            names.PARTS[self.number % len(names.PARTS)],
        )

    # ---------------------------------------------------------------- new records

    def guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def vendor(self, kind: Kind, code: str, name: str) -> Vendor:
        self.places[kind] = code
        return Vendor(
            id=self.guid(),
            code=code,
            name=name,
            created=self.long_ago,
            changed=self.long_ago,
            type_id=self.vendor_type,
        )

    def code(self, code: str, name: str) -> CostCode:
        return CostCode(id=self.guid(), code=code, name=name, created=self.long_ago, changed=self.long_ago)

    def job(self, kind: Kind) -> SageJob:
        """A job of its own for this kind, which both sides know."""
        made = self.new_job(kind)
        self.sage.append(made)
        return made

    def new_job(self, kind: Kind) -> SageJob:
        self.jobs += 1
        code = f"{self.company.today.year % 100:02}-8{self.jobs:02}"
        self.places[kind] = code
        return SageJob(
            id=self.guid(),
            code=code,
            name=f"{names.PLACES[self.jobs % 20]} {names.BUILDINGS[(self.jobs + 9) % 20]}",
            created=self.long_ago,
            changed=self.long_ago,
        )
