"""Where a problem is looked at, and which addresses may be kept of the pages."""

import pytest

from app.domain.events import Site
from app.domain.problem_pages import harmless, key, page_of
from app.domain.problems import Fact, Problem, ProblemId
from app.domain.tabs import Tab

OWN = "https://us02.procore.example"


@pytest.mark.parametrize(
    ("problem", "facts", "page"),
    [
        (ProblemId.HH2_FAILED, {}, (Site.HH2, None)),
        (ProblemId.Q_IMPORT, {"tab": "vendors", "n": 12}, (Site.PROCORE, Tab.VENDORS)),
        (ProblemId.PRO_LABEL, {"action": "refresh-sub-jobs"}, (Site.PROCORE, Tab.SUB_JOBS)),
        (ProblemId.PRO_LABEL, {"action": "tool"}, (Site.PROCORE, None)),
        (ProblemId.SESSION, {"site": "hh2"}, (Site.HH2, None)),
        (ProblemId.SESSION, {"site": "procore"}, (Site.PROCORE, None)),
        (ProblemId.SESSION, {}, None),
        (ProblemId.HH2_DOWN, {}, None),  # there is no page to open
        (ProblemId.HH2_SVC, {"service": "hh2"}, None),
        (ProblemId.DISK, {}, None),
    ],
)
def test_a_problem_is_looked_at_on_the_page_that_tells_of_it(
    problem: ProblemId, facts: dict[str, Fact], page: tuple[Site, Tab | None] | None
) -> None:
    assert page_of(Problem(problem, facts)) == page


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"{OWN}/4281/company/erp_integrations/vendors", f"{OWN}/4281/company/erp_integrations/vendors"),
        (f"{OWN}/#sync", f"{OWN}/#sync"),
        (f"{OWN}/tool?ticket=abc&x=1#token=abc", f"{OWN}/tool"),
        ("https://dana:secret@us02.procore.example/tool", ""),
        ("https://elsewhere.example/tool", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_without_what_could_be_a_secret_and_of_the_own_origin_alone(
    address: str, kept: str
) -> None:
    assert harmless(address, OWN) == kept
    assert harmless(address, "") == ""


def test_every_tab_has_a_place_of_its_own() -> None:
    assert len({key(Site.PROCORE, tab) for tab in (None, *Tab)} | {key(Site.HH2, None)}) == len(Tab) + 2
