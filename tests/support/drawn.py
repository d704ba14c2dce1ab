"""Of tests that are many of a kind a part is drawn for each whole run; `test-all`, or naming them, runs them all.

`@pytest.mark.drawn(3)` on a test with parameters, or on some of them: of these cases one in three is run. Which, tells
the seed in the report's head; `--draw SEED` draws the same again."""

import random
from collections import defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--draw", metavar="SEED", default="", help="run a drawn part of the tests marked `drawn`"
    )


def pytest_report_header(config: pytest.Config) -> str:
    seed = config.getoption("--draw")
    return f"of the tests that are drawn, those of --draw {seed}" if seed else ""


def share_of(item: pytest.Item) -> int:
    """Of how many cases one is run; 1 where nothing is drawn."""
    mark = item.get_closest_marker("drawn")
    return int(mark.args[0]) if mark is not None else 1


def drawn(cases: int, share: int, seed: str, name: str) -> set[int]:
    """Which of so many cases are run: one in `share`, rounded up."""
    return set(random.Random(f"{seed} {name}").sample(range(cases), -(-cases // share)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seed = config.getoption("--draw")
    if not seed:
        return
    kinds: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        share = share_of(item)
        if share > 1:
            kinds[item.nodeid.partition("[")[0], share].append(item)
    left: set[pytest.Item] = set()
    for (name, share), cases in kinds.items():
        run = drawn(len(cases), share, seed, name)
        by_name = sorted(cases, key=lambda item: item.nodeid)  # whatever order they are run in
        left.update(item for at, item in enumerate(by_name) if at not in run)
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=sorted(left, key=lambda item: item.nodeid))
