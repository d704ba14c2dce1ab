"""The scenario `mismatch`: after a run, each kind of difference is found, explained, and somebody is named who acts."""

import pytest

from app.assembly.house import House
from app.domain.match_question import Asked
from app.domain.match_reasons import Acts, Reason
from app.domain.match_report import Difference, Narrowed
from app.domain.match_verdict import Match
from app.engine.faces import Wanted
from app.match.report import Pages
from app.match.store import open_store
from app.storage import folders as where
from app.training.company import found
from app.training.mismatch import Kind
from app.training.mismatch_made import mismatch
from tests.end_to_end.company import NAME, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

# kind of difference → the list it is found in → its probable reason → who acts
TABLE: dict[Kind, tuple[str, Reason, Acts]] = {
    Kind.STAGED_VENDOR: ("vendors", Reason.STAGED, Acts.APPROVER),
    Kind.UNIMPORTED_VENDOR: ("job-costs", Reason.MISSING_VENDOR, Acts.APPROVER),
    Kind.OUTSIDE_RANGE: ("job-costs", Reason.OUTSIDE_RANGE, Acts.CONTROLLER),
    Kind.POSTED_AFTER: ("job-costs", Reason.POSTED_AFTER, Acts.CONTROLLER),
    Kind.MISSING_JOB: ("jobs", Reason.JOB_NOT_SYNCED, Acts.CONTROLLER),
    Kind.MISSING_SUB_JOB: ("job-costs", Reason.SUB_JOB_NOT_SYNCED, Acts.CONTROLLER),
    Kind.SUMMARY: ("job-costs", Reason.SUMMARY, Acts.PROCORE_ADMIN),
    Kind.GROUP_CODE: ("job-costs", Reason.GROUP_CODE, Acts.CONTROLLER),
    Kind.DUPLICATE: ("job-costs", Reason.DUPLICATE, Acts.CONTROLLER),
    Kind.ROUNDING: ("job-costs", Reason.ROUNDING, Acts.NOBODY),
    Kind.WRONG_AMOUNT: ("job-costs", Reason.CHANGED, Acts.CONTROLLER),
    Kind.SIGN: ("job-costs", Reason.SIGN, Acts.CONTROLLER),
    Kind.COST_TYPE: ("job-costs", Reason.ANOTHER_PLACE, Acts.CONTROLLER),
    Kind.MISSING_CODE: ("job-costs", Reason.MISSING_CODE, Acts.CONTROLLER),
    Kind.MISSING_TYPE: ("job-costs", Reason.MISSING_TYPE, Acts.CONTROLLER),
    Kind.EXTRA_COST: ("job-costs", Reason.MADE_IN_PROCORE, Acts.CONTROLLER),
    Kind.GONE_JOB: ("jobs", Reason.GONE_IN_SAGE, Acts.CONTROLLER),
    Kind.OFFSET: ("job-costs", Reason.OFFSET, Acts.CONTROLLER),
    Kind.TAX: ("job-costs", Reason.TAX, Acts.CONTROLLER),
    Kind.RETAINAGE: ("job-costs", Reason.RETAINAGE, Acts.CONTROLLER),
    Kind.CLOSED: ("job-costs", Reason.CLOSED, Acts.CONTROLLER),
    Kind.RENAMED: ("vendors", Reason.RENAMED, Acts.CONTROLLER),
    Kind.NAME_CUT: ("vendors", Reason.NAME_CUT, Acts.NOBODY),
    Kind.NOT_LINKED: ("vendors", Reason.NOT_LINKED, Acts.APPROVER),
    Kind.GONE: ("vendors", Reason.GONE_IN_SAGE, Acts.CONTROLLER),
}


def test_the_table_has_every_kind() -> None:
    assert set(TABLE) == set(Kind)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_every_kind_of_difference_is_found_and_explained(
    house: House, admin: Admin, whole: bool
) -> None:
    places = mismatch(found(), 1).places
    admin.play("mismatch")
    await carry_out(house, Wanted())
    await house.release(NAME)
    # The jobs of the table are read in a fifth of the time that all of them take.
    asked = Asked() if whole else Asked(jobs=tuple(code for code in places.values() if code[0].isdecimal()))
    compared = await house.matching.match(NAME, asked, lambda _: None)
    assert compared.report.verdict.match is Match.DIFFERS
    assert compared.report.not_compared == ()
    assert [tie.what for tie in compared.report.ties if tie.broken] == []
    told = _differences()
    shown = {kind: {_what(one) for one in told if places[kind] in (one.job, one.code)} for kind in Kind}
    missing = {kind: shown[kind] for kind, row in TABLE.items() if row not in shown[kind]}
    assert missing == {}
    # And nothing else: every difference is one of the table, or goes with one of it.
    of_the_table = set(places.values()) | {"98-010", "X"}
    assert [one for one in told if not {one.job, one.code} & of_the_table] == []
    assert Reason.UNKNOWN not in {one.reason for one in told}


def _what(one: Difference) -> tuple[str, Reason, Acts]:
    return one.entity, one.reason, one.acts


def _differences() -> list[Difference]:
    store = open_store(where.locate().of_profile(NAME))
    try:
        return Pages(store).differences(Narrowed(), limit=1000)
    finally:
        store.close()
