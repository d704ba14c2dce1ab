"""The comparison once more, in plain dictionaries and Decimal: slow, short, and written without looking at the SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from app.domain.lists import Kind, LedgerRecord, ProcoreCost, SageCost
from tests.match.lists import Company

Cell = tuple[str, str, str, str]
ZERO = Decimal(0)


def _job(record: LedgerRecord) -> str:
    scope = record.job_id if isinstance(record, SageCost) else record.project_id  # type: ignore[attr-defined]
    return scope.removeprefix("job-").removeprefix("7").upper()


def sage_cell(cost: SageCost) -> Cell:
    """The cell of a transaction of a test company, whose ids carry their codes."""
    return (
        _job(cost),
        (cost.sub_job_id or "").upper(),
        (cost.cost_code_id or "").removeprefix("cc-").upper(),
        (cost.cost_type_id or "").removeprefix("ct-").upper(),
    )


def procore_cell(cost: ProcoreCost) -> Cell:
    """The same for a line of Procore."""
    kind = chr(int((cost.cost_type_id or "")[1:]))
    return (
        _job(cost),
        (cost.sub_job_id or "").upper(),
        cost.cost_code_origin_id.removeprefix("cc-").upper(),
        kind,
    )


def sums(costs: Iterable[tuple[Cell, Decimal]]) -> dict[Cell, Decimal]:
    """What each cell adds up to."""
    found: dict[Cell, Decimal] = {}
    for cell, amount in costs:
        found[cell] = found.get(cell, ZERO) + amount
    return found


def hidden(mine: Counter[Decimal], theirs: Counter[Decimal]) -> Decimal:
    """The smaller of what one side has more of, plus and minus: what a sum would hide."""
    extra = mine - theirs
    plus = sum((amount * n for amount, n in extra.items() if amount > 0), ZERO)
    minus = sum((amount * n for amount, n in extra.items() if amount < 0), ZERO)
    return min(plus, -minus)


def flags(company: Company, tolerance: Decimal) -> dict[Cell, tuple[Decimal | None, Decimal | None, str]]:
    """Each cell with both amounts and its flag."""
    sage = [(sage_cell(one), one.amount) for one in company.sage[Kind.COSTS] if isinstance(one, SageCost)]
    procore = [
        (procore_cell(one), one.amount) for one in company.procore[Kind.COSTS] if isinstance(one, ProcoreCost)
    ]
    amounts: dict[str, dict[Cell, Counter[Decimal]]] = {
        "sage": defaultdict(Counter),
        "procore": defaultdict(Counter),
    }
    for name, lines in (("sage", sage), ("procore", procore)):
        for cell, amount in lines:
            amounts[name][cell][amount] += 1
    here, there = sums(sage), sums(procore)
    attention = max(tolerance, Decimal("0.01"))
    found: dict[Cell, tuple[Decimal | None, Decimal | None, str]] = {}
    for cell in here.keys() | there.keys():
        mine, theirs = here.get(cell), there.get(cell)
        if mine is None:
            flag = "procore-only"
        elif theirs is None:
            flag = "sage-only"
        elif abs(mine - theirs) >= attention:
            flag = "differs"
        else:
            of_sage, of_procore = amounts["sage"][cell], amounts["procore"][cell]
            offset = max(hidden(of_sage, of_procore), hidden(of_procore, of_sage)) >= attention
            flag = "offset" if offset else "equal" if mine == theirs else "within"
        found[cell] = (mine, theirs, flag)
    return found


def verdict(company: Company, tolerance: Decimal) -> tuple[int, Decimal, int]:
    """Differences of money, the sum of their absolute amounts, and cells within the tolerance."""
    cells = flags(company, tolerance)
    attention = max(tolerance, Decimal("0.01"))
    count, amount = 0, ZERO
    by_job: dict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    for cell, (mine, theirs, flag) in cells.items():
        difference = (mine or ZERO) - (theirs or ZERO)
        by_job[cell[0]].append((difference, flag))
        if flag not in ("equal", "within"):
            count += 1
            amount += abs(difference)
    for found in by_job.values():
        total = sum((difference for difference, _ in found), ZERO)
        if (
            len(found) > 1
            and all(flag in ("equal", "within") for _, flag in found)
            and abs(total) >= attention
        ):
            count += 1
            amount += abs(total)
    return count, amount, sum(flag == "within" for *_, flag in cells.values())
