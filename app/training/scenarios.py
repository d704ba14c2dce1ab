"""The scenarios of the training company by name, and the one of which there are many variants."""

import msgspec

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.problems import ProblemId
from app.training import troubles
from app.training.faults import Fault, FaultKind
from app.training.pages.skins import skins, traits_of
from app.training.stories import TABLE, Scenario
from app.training.traits import Traits

__all__ = ["GARBAGE", "SCENARIOS", "NoSuchScenario", "Scenario", "listing", "scenario"]

# The calls whose answers turn to garbage, one variant for each kind of garbage.
GARBAGE_CALLS = (
    "hh2.sign-in",
    "hh2.filters.read",
    "hh2.filters.apply",
    "hh2.sync.look",
    "hh2.sync.start",
    "hh2.rest.sign-in",
    "hh2.rest.read",
    "procore.sign-in",
    "procore.rights",
    "procore.jobs",
    "procore.tab.look",
    "procore.tab.press",
    "procore.oauth.token",
    "procore.rest.permissions",
)
GARBAGE_KINDS = (FaultKind.HTML, FaultKind.TRUNCATE, FaultKind.WRONG_TYPES, FaultKind.ERROR_200)
GARBAGE = Scenario(
    name="garbage",
    about="A site answers with something else than what was asked; each variant is one call and one kind of rubbish.",
    step_one=None,
    outcome=(RunOutcome.LOOK, RunOutcome.FAILED, RunOutcome.PERSON),
    perhaps=tuple(ProblemId),
    # Not those that a run asks for by default, so that Apply Settings is pressed and can be answered with rubbish.
    traits=Traits(filters=Filters(DateRange.TODAY, Depth.DEEP)),
    variants=tuple(f"{call}/{kind.value}" for call in GARBAGE_CALLS for kind in GARBAGE_KINDS),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (*TABLE, GARBAGE)}


class NoSuchScenario(ValueError):
    """A name that is not in the table."""


def scenario(name: str, variant: str = "") -> Scenario:
    """A scenario by its name, a variant by both ("garbage" and "hh2.sync.look/html", or joined by "/").

    "garbage" alone is its first variant of the look at hh2's page. Raises NoSuchScenario."""
    base, _, rest = name.partition("/")
    variant = variant or rest
    found = SCENARIOS.get(base)
    if found is None or (variant and variant not in found.variants):
        raise NoSuchScenario(f"{base}/{variant}" if variant else base)
    if found is not GARBAGE:
        return found
    call, _, kind = (variant or "hh2.sync.look/html").partition("/")
    fault = Fault(FaultKind(kind), call=call, nth=0)
    return msgspec.structs.replace(found, name=f"{base}/{call}/{kind}", faults=(fault,), variants=())


def listing() -> dict[str, object]:
    """What `training list --json` prints: scenarios with outcomes, exits and problem ids; skins with traits; the
    page troubles."""
    return {
        "scenarios": [
            {
                "name": one.name,
                "about": one.about,
                "step1": one.step_one.value if one.step_one else None,
                "tabs": {
                    tab.value: [outcome.value for outcome in outcomes] for tab, outcomes in one.tabs.items()
                },
                "outcome": [outcome.value for outcome in one.outcome],
                "exit": list(one.exits),
                "problems": [problem.value for problem in one.problems],
                "noted": [problem.value for problem in one.noted],
                "perhaps": [] if one is GARBAGE else [problem.value for problem in one.perhaps],
                "preflight": [problem.value for problem in one.preflight],
                "again": [problem.value for problem in one.again],
                "compared": [problem.value for problem in one.compared],
                "variants": list(one.variants),
            }
            for one in SCENARIOS.values()
        ],
        "skins": [{"name": one.name, "traits": traits_of(one)} for one in skins().values()],
        "troubles": troubles.listing(),
    }
