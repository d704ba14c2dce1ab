"""Every problem has its row, and what its row says is what a run makes of it."""

import pytest

from app.domain.conclusion import without_a_run
from app.domain.events import Site
from app.domain.problem_kinds import KINDS, At
from app.domain.problem_pages import page_of
from app.domain.problems import Problem, ProblemId


def test_every_problem_has_a_row() -> None:
    assert set(KINDS) == set(ProblemId)


@pytest.mark.parametrize("problem", ProblemId)
def test_a_run_that_cannot_begin_ends_with_30_where_a_person_gets_further_and_with_20_where_not(
    problem: ProblemId,
) -> None:
    assert without_a_run(Problem(problem)).exit == (30 if KINDS[problem].person else 20)


@pytest.mark.parametrize("problem", ProblemId)
def test_what_blinds_or_stands_before_step_one_is_told_by_a_page_a_person_or_this_computer(
    problem: ProblemId,
) -> None:
    kind = KINDS[problem]
    if kind.before_step_one:
        assert kind.person, "a step that is kept for a person needs one"
    opened = {page_of(Problem(problem, {"site": site.value})) for site in Site}
    sides = {where[0] for where in opened if where is not None}
    assert (
        sides
        == {At.HH2: {Site.HH2}, At.PROCORE: {Site.PROCORE}, At.ITS_SITE: set(Site), At.NOWHERE: set()}[
            kind.at
        ]
    )
