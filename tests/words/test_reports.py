"""What Check the pages, Connect, Assisted, the audit and the match report say, sentence by sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from app.domain.audit import Fault, FaultKind, Verified
from app.domain.connections import Connection, Disconnected, Lack, Right, Standing, Way
from app.domain.events import ByHand, Site
from app.domain.lists import Kind, Side
from app.domain.match_progress import Progress, Summary, Unseen
from app.domain.match_report import Why
from app.domain.match_verdict import Match
from app.domain.page_check import CheckStage, Element, PageCheck, Sight, SiteCheck
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab
from app.domain.taught import Pointed, Unfit
from app.words import audit, by_hand, connecting, match, match_told, page_check, reasons, taught

AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
FOUND = Element("start-sync", "", Sight.FOUND, "Start Sync", "C", "button", presses=True)
LOST = Element("refresh-vendors", "vendors", Sight.MISSING, presses=True)
PROCORE = Connection(
    Site.PROCORE, Standing.GOOD, Way.PERSON, who="Dana", company="Bridges", number=7, level="Standard"
)


# ---------------------------------------------------------------- what a person is asked to do


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (ByHand(Site.HH2, "date-range:past-week"), "Choose Past Week under Date range in the browser window."),
        (ByHand(Site.HH2, "depth:deep"), "Choose Deep under Depth in the browser window."),
        (ByHand(Site.PROCORE, "job", "24-001 Clinic"), "Choose 24-001 Clinic under"),
        (ByHand(Site.HH2, "accounting-sync"), "Open Accounting Sync in the browser window."),
        (ByHand(Site.PROCORE, "tab-vendors"), "Open"),
        (ByHand(Site.PROCORE, "refresh-job-costs", "24-001 Clinic"), "in the browser window, for 24-001 Clinic."),
        (ByHand(Site.HH2, "start-sync"), "Press Start Sync in the browser window."),
    ],
    ids=lambda value: value.action if isinstance(value, ByHand) else "",
)  # fmt: skip
def test_each_step_by_hand_is_one_plain_order(asked: ByHand, said: str) -> None:
    assert said in by_hand.sentence(asked)


def test_what_is_not_outlined_has_to_be_looked_for_and_only_some_steps_may_be_left_out() -> None:
    here, there = ByHand(Site.HH2, "start-sync", pointed=True), ByHand(Site.HH2, "start-sync")
    assert by_hand.where(here) == "It is outlined there."
    assert "look for it yourself" in by_hand.where(there)
    assert by_hand.whole(here) == f"{by_hand.sentence(here)} {by_hand.where(here)}"
    assert "leave it out" not in by_hand.answers(here)
    assert "s = leave it out" in by_hand.answers(msgspec.structs.replace(here, may_skip=True))
    assert by_hand.goes_on().startswith("The run goes on by itself")


# ---------------------------------------------------------------- check the pages


def _check(*sites: SiteCheck, problem: Problem | None = None, browser: str = "Chromium") -> PageCheck:
    return PageCheck("Bridges", False, AT, "0.1.0", browser, sites, problem)


def _hh2(**more: object) -> SiteCheck:
    whole = {"reached": True, "signed_in": True, "elements": (FOUND,)}
    return msgspec.structs.replace(SiteCheck(Site.HH2, "acme.hh2.com"), **{**whole, **more})


@pytest.mark.parametrize(
    ("reached", "signed_in", "said"),
    [(False, False, "not reached"), (True, False, "reached, not signed in"), (True, True, "signed in")],
)
def test_a_site_says_how_far_it_let_us(reached: bool, signed_in: bool, said: str) -> None:
    assert page_check.of_site(_hh2(reached=reached, signed_in=signed_in)) == f"hh2 (acme.hh2.com): {said}"


def _verdicts() -> Iterator[tuple[str, PageCheck, str]]:
    net = Problem(ProblemId.NET, {"site": "hh2"})
    yield "good", _check(_hh2()), "All was found: 1 element."
    yield "one", _check(_hh2(elements=(FOUND, LOST))), "1 element that a run needs was not found"
    yield "two", _check(_hh2(elements=(LOST, LOST))), "2 elements that a run needs were not found"
    yield "cut", _check(_hh2(elements=(LOST,), problem=net)), "The check could not be finished"
    yield "none", _check(problem=Problem(ProblemId.BROWSER, {"why": "none-found"})), "browser"


@pytest.mark.parametrize(("check", "said"), [pytest.param(*rest, id=name) for name, *rest in _verdicts()])
def test_the_verdict_is_as_bad_as_the_worst_and_says_that_nothing_was_started(
    check: PageCheck, said: str
) -> None:
    verdict = page_check.verdict(check)
    assert said in verdict
    assert verdict.endswith("Nothing was started, applied or refreshed.")


def test_a_report_without_a_browser_is_its_problem_alone() -> None:
    told = list(
        page_check.lines(_check(problem=Problem(ProblemId.BROWSER, {"why": "none-found"}), browser=""))
    )
    assert told[0].endswith("version 0.1.0")
    assert page_check.MARKS not in told
    assert any("None is installed" in line for line in told)
    notes = list(page_check.notes(_check(problem=Problem(ProblemId.BROWSER, {"why": "none-found"}))))
    assert len(notes) == 1
    assert "None is installed" in notes[0]


def test_a_site_with_a_problem_keeps_what_was_found_before_it_and_shows_the_card_below() -> None:
    refused = Problem(ProblemId.HH2_LOGIN, {"user": "dana"})
    check = _check(_hh2(signed_in=False, problem=refused))
    told = list(page_check.lines(check))
    assert told[0].endswith(", Chromium")
    row = next(place for place, line in enumerate(told) if "button “Start Sync” [C]" in line)
    assert "password" in told[row + 2]
    assert page_check.MARKS in told
    notes = list(page_check.notes(check))
    assert notes[0] == "hh2 (acme.hh2.com): reached, not signed in"
    assert "password" in notes[1]


def test_hh2s_own_word_on_its_depths_is_quoted_and_its_silence_is_said() -> None:
    quoted = list(page_check.notes(_check(_hh2(about_depth="Deep reads all."))))
    assert quoted[1] == "What hh2's own page says of the depths: “Deep reads all.”"
    silent = list(page_check.notes(_check(_hh2())))
    assert "says nothing of the depths" in silent[1]
    procore = SiteCheck(Site.PROCORE, "app.procore.com", reached=True, signed_in=True)
    assert len(list(page_check.notes(_check(procore)))) == 1


def test_an_element_is_named_by_where_it_stands_and_by_what_it_was_found() -> None:
    assert page_check.element(Element("tab-vendors")) == "Tab Vendors"
    assert page_check.element(Element("ready-to-import:vendors")) == "Vendors: Ready to Import"
    assert page_check.element(Element("date-range:past-week")) == "Date Range: past-week"
    assert page_check.sight(Element("job", sight=Sight.SEVERAL, count=3)) == "SEVERAL (3)"
    assert page_check.found_by(FOUND) == "button “Start Sync” [C]"
    by_id = Element("user", sight=Sight.FOUND, role="textbox")
    assert page_check.found_by(by_id) == "textbox"
    assert page_check.found_by(msgspec.structs.replace(by_id, mark="I")) == "textbox [I]"
    odd = msgspec.structs.replace(FOUND, unknown=("Past Decade",))
    assert page_check.found_by(odd).endswith("it also offers Past Decade, which no label knows")
    assert page_check.found_by(msgspec.structs.replace(LOST, why="off")) == "it cannot be pressed just now"
    stages = {page_check.stage(Site.HH2, one) for one in CheckStage}
    assert len(stages) == len(CheckStage)
    assert all(stage.startswith("hh2: ") for stage in stages)


def test_every_reason_not_to_take_what_was_pointed_at_has_its_own_words() -> None:
    assert len({taught.unfit(why) for why in Unfit}) == len(Unfit)
    here = Pointed(Site.PROCORE, "refresh-vendors", "button", "Renew", ("Vendors", "ERP"))
    assert "the button named “Renew”, in Vendors < ERP." in taught.would_keep(here, "Bridges")
    anywhere = taught.would_keep(msgspec.structs.replace(here, within=()), "Bridges")
    assert "the button named “Renew”, in the page." in anywhere


# ---------------------------------------------------------------- web services


def test_a_connection_that_is_not_used_says_how_it_would_be() -> None:
    told = connecting.told(Connection(Site.HH2, Standing.OFF))
    assert told.title == "hh2's web services: not used"
    assert told.found == ("This company does not use them. The setting hh2.services switches them on.",)


@pytest.mark.parametrize("lack", list(Lack))
def test_each_thing_that_is_missing_is_said_with_who_can_give_it(lack: Lack) -> None:
    (said,) = connecting.told(Connection(Site.PROCORE, Standing.MISSING, lacks=(lack,))).missing
    assert said.count(". ") >= 1
    assert said.endswith(".")
    assert "{" not in said


def test_the_problem_stands_before_what_is_missing() -> None:
    refused = Problem(ProblemId.PRO_CONNECT, {"why": "refused"})
    one = Connection(Site.PROCORE, Standing.PERSON, lacks=(Lack.SIGN_IN,), problem=refused)
    first, second = connecting.told(one).missing
    assert "no longer accepts" in first
    assert second.startswith("Your sign-in")


def test_procores_company_is_named_or_the_companies_this_account_sees() -> None:
    assert "Company: Bridges (number 7)." in connecting.told(PROCORE).found
    others = msgspec.structs.replace(PROCORE, number=0, others=((8, "Roads"), (9, "Dams")))
    assert "This account sees: Roads (8), Dams (9)." in connecting.told(others).found
    none = connecting.told(msgspec.structs.replace(PROCORE, number=0, level="")).found
    assert none == ("Signed in in the name of Dana.",)


def test_hh2_tells_no_company_and_each_list_is_said() -> None:
    lists = {"jobs": True, "vendors": False, "new-list": True}
    one = Connection(Site.HH2, Standing.MISSING, Way.PASSWORD, who="dana", company="acme", lists=lists)
    assert connecting.told(one).found[1:] == (
        "Site: acme. hh2 tells neither a company's name nor rights.",
        "Jobs: may be read.",
        "Vendors: may not be read.",
        "new-list: may be read.",
    )
    assert connecting.told(Connection(Site.HH2, Standing.PERSON)).found == ()


@pytest.mark.parametrize(
    ("tab", "right", "level", "said"),
    [
        (Tab.VENDORS, Right.MAY, "Standard", "Vendors: may be refreshed."),
        (Tab.PRIME_CONTRACTS, Right.MAY, "Admin", "Admin on Prime Contracts too"),
        (Tab.JOB_COSTS, Right.MAY, "Standard", "asks for Admin"),
        (Tab.JOB_COSTS, Right.MAY, " ADMIN", "may be refreshed."),
        (Tab.VENDORS, Right.MAY_NOT, "Read Only", "may not be refreshed with Read Only."),
        (Tab.VENDORS, Right.UNKNOWN, "", "not known."),
    ],
)
def test_a_right_is_said_with_what_more_a_tab_asks_for(tab: Tab, right: Right, level: str, said: str) -> None:
    one = msgspec.structs.replace(PROCORE, level=level, rights={tab: right})
    assert said in connecting.right(tab, one)
    assert connecting.right(tab, one) in connecting.told(one).found


def test_disconnecting_claims_no_more_than_procore_confirmed() -> None:
    gone = Disconnected(had=True, confirmed=True)
    assert "has revoked" in connecting.disconnected(gone, service_account=False)
    unsure = connecting.disconnected(Disconnected(had=True, confirmed=False), service_account=False)
    assert "did not confirm" in unsure
    assert "nothing was changed" in connecting.disconnected(gone, service_account=True)
    assert "Nothing was kept" in connecting.disconnected(Disconnected(False, False), service_account=True)
    assert connecting.connected(kept=True) == "Procore's web services are connected."
    assert "for this run only" in connecting.connected(kept=False)


# ---------------------------------------------------------------- the audit, reasons, the match report


def test_an_audit_says_what_it_found_and_how_far_it_reaches() -> None:
    good, who = audit.verdict(Verified(1, 1, 0, 0, ()))
    assert good == "1 event stands as it was written."
    assert who.endswith("the check does not defend against them.")
    found = audit.verdict(Verified(9, 1, 4, 2, tuple(Fault(kind, "r1", 3) for kind in FaultKind)))
    assert len(set(found)) == len(FaultKind) + 3
    assert "4 of them were written without a key" in found[-3]
    assert found[-2].startswith("2 were written with a key that is no longer in the keyring")
    assert found[-1] == who
    assert "All events were taken out." in audit.verdict(
        Verified(0, 0, 0, 0, (Fault(FaultKind.CUT_END, "", 0),))
    )
    assert not any("stands as it was written" in line for line in found)


def test_a_reason_that_is_a_problems_id_is_said_as_what_happened() -> None:
    assert (
        reasons.reason("jobs-missing: 24-001, 24-002") == "these jobs are not offered there: 24-001, 24-002"
    )
    said = reasons.reason(ProblemId.PRO_PERM.value)
    assert "PRO-PERM" not in said
    assert not said.endswith(".")
    assert reasons.reason("Vendor 12 is closed") == "Vendor 12 is closed"


@pytest.mark.parametrize(
    ("how", "differences", "not_compared", "said"),
    [
        ("matches", 0, 0, "Procore and Sage match."),
        ("within-tolerance", 0, 2, "Procore and Sage match within the tolerance. 2 could not be compared."),
        ("differs", 1, 0, "1 difference, 4.05 in all."),
        ("differs", 3, 1, "3 differences, 4.05 in all. 1 could not be compared."),
        ("nothing", 0, 0, "Nothing could be compared."),
    ],
)
def test_a_match_is_claimed_only_where_there_is_one(
    how: str, differences: int, not_compared: int, said: str
) -> None:
    assert match.verdict(how, differences, "4.05", not_compared) == said


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress("waiting", seconds=40), "Procore asks us to slow down; we go on in 40 s."),
        (Progress("writing"), "Writing the report"),
        (Progress("comparing"), "Comparing"),
        (
            Progress("reading", Side.SAGE, Kind.VENDORS, lists=7, lists_done=2, rows=12345),
            "Sage: Vendors · 2 of 7 lists · 12,345 rows",
        ),
    ],
    ids=lambda value: value.step if isinstance(value, Progress) else "",
)
def test_a_comparison_says_what_it_does_now_with_counts(progress: Progress, said: str) -> None:
    assert match_told.progress(progress) == said


def test_of_much_that_was_not_compared_some_is_named_and_the_rest_is_counted() -> None:
    many = tuple(Unseen("job", Why.READ_FAILED, "procore", 1, "NET") for _ in range(30))
    lines = match_told.summary(Summary("r1", Match.NOT_COMPARED, 0, not_compared=many))
    named = [line for line in lines if line.startswith("  Procore: Job: ")]
    assert 0 < len(named) < 30
    assert lines[-1] == f"  … and {30 - len(named)} more."
