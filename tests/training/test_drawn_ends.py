"""What shows that a sync or a refresh ended, in each of its five ways, on both sites and in both languages."""

import pytest

from app.training.pages.skins import skin
from app.training.pages.wording import hh2_words
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.training.drawn import Element, Visitor, button_of, held

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
# What is pressed has ended before its answer is there.
AT_ONCE = 0.0005


def requests_of(page: Element) -> list[str]:
    """The rows that tell of requests."""
    section = held(page).one("section", aria_labelledby="tab-title")
    return [row.text for row in section.of("tr") if not row.stands_in("thead")]


@LANGUAGES
def test_a_row_tells_of_the_request_from_its_beginning_to_its_end(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain", language, pace=1.0) as one:
        before = len(requests_of(one.tab()))
        assert len(requests_of(one.press())) == before + 1
        one.start()
        told = one.sync()
        assert told["text"]
        assert told["busy"]
        assert not told["banner"] + told["toast"] + told["synced"]


@LANGUAGES
def test_a_toast_and_a_row_in_a_log_tell_of_the_end_and_nothing_before_it(
    admin: Admin, language: str
) -> None:
    with Visitor(admin, "plain+end=toast", language, pace=0.4) as one:
        before, log = one.sync(), requests_of(one.tab())
        one.start()
        under_way = one.sync()
        assert (under_way["text"], under_way["toast"], under_way["busy"]) == ("", "", False)
        assert under_way["history"] == before["history"]
        assert one.press().one(class_="toast", role="status").text
        assert requests_of(one.tab()) == log
        wait_until(lambda: bool(one.sync()["toast"]), "a toast of the sync")
        assert one.sync()["toast"] not in before["history"]
        assert one.sync()["history"] == [one.sync()["toast"], *before["history"]]
        wait_until(lambda: len(requests_of(one.tab())) == len(log) + 1, "a row in the log")
        assert not one.tab().of(class_="toast")


def test_a_toast_of_the_end_is_shown_once(admin: Admin) -> None:
    with Visitor(admin, "plain+end=toast", pace=0.02) as one:
        assert not one.tab().of(class_="toast")
        ends = [each.text for each in one.press().of(class_="toast") if "success" in each.text]

        def told() -> bool:
            ends.extend(each.text for each in one.tab().of(class_="toast"))
            return bool(ends)

        wait_until(told, "a toast of the refresh")
        assert len(ends) == 1
        assert "success" in ends[0]
        assert not one.tab().of(class_="toast")


@LANGUAGES
def test_a_banner_shows_what_is_under_way_however_short_and_its_going_is_the_end(
    admin: Admin, language: str
) -> None:
    with Visitor(admin, "plain+end=banner", language, pace=AT_ONCE) as one:
        quiet = one.sync()
        assert not quiet["banner"] + quiet["text"]
        assert not one.tab().of(class_="banner")
        one.start()
        assert one.sync()["banner"]
        answer = one.press()
        assert answer.one(class_="banner", role="status").text
        assert not answer.of(class_="flash")
        assert requests_of(answer) == []
        wait_until(lambda: not one.tab().of(class_="banner"), "the tab's banner goes")
        wait_until(lambda: not one.sync()["banner"], "hh2's banner goes")
        assert not one.sync()["text"]


@LANGUAGES
def test_the_button_alone_shows_what_is_under_way_however_short(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+end=button", language, pace=AT_ONCE) as one:
        assert not one.sync()["busy"]
        one.start()
        assert one.sync()["busy"]
        answer = one.press()
        busy = button_of(answer).values
        assert (busy["aria-busy"], busy["disabled"]) == ("true", "")
        assert not answer.of(class_="flash")
        wait_until(lambda: "disabled" not in button_of(one.tab()).values, "the tab's button is free")
        wait_until(lambda: not one.sync()["busy"], "hh2's button is free")
        told = one.sync()
        assert not told["text"] + told["banner"] + told["toast"] + told["synced"]


@LANGUAGES
def test_a_cell_says_when_the_last_sync_ended(admin: Admin, language: str) -> None:
    words = hh2_words(skin("plain", language))
    with Visitor(admin, "plain+end=synced", language, pace=0.02) as one:
        assert words["last-synced"] in one.hh2().one("table", class_="synced").text
        before, cell = one.sync()["synced"], requests_of(one.tab())
        assert before.endswith("UTC")
        assert len(cell) == 1
        one.start()
        one.press()
        wait_until(lambda: one.sync()["synced"] > before, "hh2's cell is another")
        wait_until(lambda: requests_of(one.tab()) != cell, "the tab's cell is another")
        assert len(requests_of(one.tab())) == 1
        assert not one.sync()["text"]


@pytest.mark.parametrize("end", ["row", "toast", "banner", "button", "synced"])
def test_a_failure_is_told_in_words_by_every_skin(end: str, admin: Admin) -> None:
    with Visitor(admin, f"plain+end={end}", scenario="sync-failed") as one:
        one.start()
        wait_until(lambda: "failed" in one.sync()["text"], "hh2 says that the sync failed")
        assert one.sync()["failures"]
    with Visitor(admin, f"plain+end={end}", scenario="tab-failed") as one:
        one.press()
        wait_until(lambda: "failed" in " ".join(told_of(one.tab())), "the tab says that the refresh failed")


def told_of(page: Element) -> list[str]:
    """What a tab tells of requests, in rows and in alerts."""
    return [*requests_of(page), *(one.text for one in page.of(role="alert"))]
