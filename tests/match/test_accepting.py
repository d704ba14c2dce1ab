"""What a person accepts stands apart at once, and counts again when they say so or its amount changes."""

from datetime import date

from app.domain.match_report import Narrowed
from app.domain.match_verdict import Match
from app.match.accepting import accept_now, count_again
from app.match.compare import last_report
from app.match.store import Store
from tests.match.lists import AT, Company, differences

COUNTED, APART = Narrowed(accepted=False), Narrowed(accepted=True)


def test_an_accepted_difference_stands_apart_at_once_and_the_verdict_follows(store: Store) -> None:
    company = Company()
    company.cost("500.05", procore=False)
    company.cost("20.00", job="25-002", procore=False)
    assert company.report(store).verdict.differences == 2
    (large, small) = differences(store, COUNTED)
    report = accept_now(store, [large], "Agreed with the owner", "Anne", date(2099, 1, 1), AT)
    assert (report.verdict.match, report.verdict.differences, report.verdict.accepted) == (
        Match.DIFFERS,
        1,
        1,
    )
    assert report.verdict.amount == small.amount
    assert [one.count for one in report.reasons] == [1]
    assert [(one.note, one.accepted_by) for one in differences(store, APART)] == [
        ("Agreed with the owner", "Anne")
    ]
    assert last_report(store) == report
    report = accept_now(store, [small], "Too small", "Anne", None, AT)
    assert report.verdict.match is Match.MATCHES
    assert report.verdict.accepted == 2
    report = count_again(store, differences(store, APART))
    assert (report.verdict.differences, report.verdict.accepted) == (2, 0)
    assert differences(store, APART) == []


def test_what_has_expired_is_not_accepted(store: Store) -> None:
    company = Company()
    company.cost("500.05", procore=False)
    company.report(store)
    report = accept_now(store, differences(store), "Once", "Anne", date(2020, 1, 1), AT)
    assert report.verdict.differences == 1
