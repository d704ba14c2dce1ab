"""The safety brake: far fewer records than last time means that something is wrong before it means anything else."""

from collections.abc import Mapping

import msgspec

from app.domain.problems import Problem, ProblemId


class Brake(msgspec.Struct, frozen=True):
    """When to stop: more than `share` (whole per cent) and at least `least` records lost. With fewer than `small`
    records before, the share alone decides, since `least` would then never be reached."""

    share: int = 20
    least: int = 50
    small: int = 250


BRAKE = Brake()


def lost_too_many(before: int, now: int, brake: Brake = BRAKE) -> bool:
    """True when an entity that had `before` records and now has `now` lost more than the brake allows."""
    lost = before - now
    if before <= 0 or lost * 100 <= before * brake.share:
        return False
    return before < brake.small or lost >= brake.least


def first_felt(before: Mapping[str, int], now: Mapping[str, int], brake: Brake = BRAKE) -> Problem | None:
    """The card SAFE for the first list that lost more than the brake allows; one that was not counted is not judged."""
    for entity, count in now.items():
        if lost_too_many(before.get(entity, 0), count, brake):
            return safe_problem(entity, before[entity], count)
    return None


def safe_problem(entity: str, before: int, now: int) -> Problem:
    """The card SAFE: `what` is the id of the list ("jobs", "vendors")."""
    return Problem(ProblemId.SAFE, {"what": entity, "before": before, "now": now})
