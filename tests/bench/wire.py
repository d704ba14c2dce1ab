"""Pages of a large company as both sites' services write them, from the training company's own records."""

from itertools import chain, islice

import msgspec

from app.domain.lists import Block, LedgerRecord
from app.http import Answer
from app.training import hh2_shapes, procore_shapes
from app.training.records import Cost
from app.training.world import World

__all__ = [
    "Answer",
    "Block",
    "LedgerRecord",
    "hh2_page",
    "large",
    "procore_heads",
    "procore_lines",
    "some_costs",
]

PAGE = 1000
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def large() -> World:
    """A company of 3,000 jobs, everything of which has come to Procore."""
    return World(size="large")


def some_costs(world: World, count: int) -> list[Cost]:
    """So many of its costs, those of a job after another."""
    return list(islice(chain.from_iterable(world.procore_costs.of(job) for job in world.company.jobs), count))


def hh2_page(costs: list[Cost], after: int = 0) -> Answer:
    """A block of transactions as hh2 gives it; their versions are those after `after`."""
    return _answer([hh2_shapes.transaction(cost, number) for number, cost in enumerate(costs, after + 1)])


def procore_heads(world: World, costs: list[Cost]) -> Answer:
    """Procore's page of direct costs."""
    return _answer([procore_shapes.direct_cost(world, cost) for cost in costs])


def procore_lines(world: World, costs: list[Cost]) -> Answer:
    """Procore's page of their lines."""
    return _answer([procore_shapes.line_item(world, cost) for cost in costs])


def _answer(shapes: list[dict[str, object]]) -> Answer:
    return Answer(200, "application/json", _ENCODER.encode(shapes), {})
