"""How many living records each of hh2's short lists holds: what the safety brake feels the loss of. [C] hh2-wire.md"""

from collections.abc import AsyncIterator, Sequence

from app.hh2.reads import (
    CATEGORIES,
    COST_CODES,
    JOBS,
    VENDORS,
    Category,
    CostCode,
    Job,
    Record,
    Vendor,
    blocks,
)
from app.hh2.session import Hh2Session


async def living(session: Hh2Session) -> dict[str, int]:
    """Active records that are not archived, by list. Raises what `blocks` raises."""
    return {
        "jobs": await _living(blocks(session, JOBS, Job)),
        "cost-codes": await _living(blocks(session, COST_CODES, CostCode)),
        "cost-types": await _living(blocks(session, CATEGORIES, Category)),
        "vendors": await _living(blocks(session, VENDORS, Vendor)),
    }


async def _living(found: AsyncIterator[Sequence[Record]]) -> int:
    count = 0
    async for block in found:
        count += sum(one.is_active and not one.is_archived for one in block)
    return count
