"""From sentences to a phase: nothing that stood there before our press is ours, and unknown is not success."""

from typing import Any

import pytest

from app.domain.events import Site
from app.domain.looks import Phase
from app.domain.tabs import Job
from app.portals.labels import labels
from app.portals.reading import Saying
from app.portals.status import Button, Watch, of_job, status

TABLE = labels(Site.PROCORE)
OLD = "Request 7: success, 02:20"
NEW = "Request 8: success, 04:20"


def rows(*texts: str, place: str = "row") -> list[Saying]:
    return [Saying(text, "live" if place == "live" else "row", ()) for text in texts]


def pressed(*texts: str) -> Watch:
    watch = Watch()
    watch.press(rows(*texts), TABLE)
    return watch


def look(
    *texts: str, watch: Watch, heard: tuple[str, ...] = (), busy: bool = False, place: str = "row"
) -> tuple[Phase, str]:
    now = status(TABLE, rows(*texts, place=place), heard, watch, button=Button("Refresh Vendor List", busy))
    return now.phase, now.mark


def test_an_end_that_stood_there_before_our_press_keeps_its_mark() -> None:
    before = look(OLD, watch=Watch())
    assert before[0] is Phase.DONE
    assert look(OLD, watch=pressed(OLD)) == before


def test_a_new_end_has_another_mark() -> None:
    phase, mark = look(NEW, OLD, watch=pressed(OLD))
    assert phase is Phase.DONE
    assert mark != look(OLD, watch=Watch())[1]


def test_an_end_that_only_came_and_went_counts_too() -> None:
    phase, mark = look(OLD, watch=pressed(OLD), heard=("The vendor list was refreshed",))
    assert phase is Phase.DONE
    assert mark != look(OLD, watch=Watch())[1]


def test_an_old_end_that_is_drawn_again_is_not_new() -> None:
    assert look(OLD, watch=pressed(OLD), heard=(OLD,)) == look(OLD, watch=Watch())


def test_an_old_end_that_comes_late_on_an_empty_page_is_unknown() -> None:
    assert look(OLD, watch=pressed())[0] is Phase.UNKNOWN


def test_on_a_page_that_said_that_nothing_had_run_an_end_is_new() -> None:
    assert look(NEW, watch=pressed("No requests yet"))[0] is Phase.DONE


def test_after_something_was_seen_to_run_an_end_is_new() -> None:
    watch = pressed()
    assert look("Request 8 is in progress", watch=watch)[0] is Phase.RUNNING
    assert look(NEW, watch=watch)[0] is Phase.DONE


def test_the_same_words_again_are_new_only_if_they_were_gone_while_it_ran() -> None:
    same = "Last sync completed"
    baseline = look(same, watch=Watch())
    blink = pressed(same)
    assert look(same, watch=blink, busy=True)[0] is Phase.RUNNING
    assert look(same, watch=blink) == baseline  # the button alone was busy for a moment
    watch = pressed(same)
    assert look("Refresh in progress", watch=watch, place="live")[0] is Phase.RUNNING
    phase, mark = look(same, watch=watch)
    assert phase is Phase.DONE
    assert mark != baseline[1]


def test_of_several_new_ends_the_failure_is_told() -> None:
    assert look(NEW, "Request 8: failed", OLD, watch=pressed(OLD))[0] is Phase.FAILED


def test_was_requested_may_stand_there_after_the_end_but_in_progress_may_not() -> None:
    watch = pressed(OLD)
    assert look("Vendors will begin refreshing", NEW, OLD, watch=watch)[0] is Phase.DONE
    assert look("Request 9 is in progress", NEW, OLD, watch=watch)[0] is Phase.RUNNING


def test_after_a_restart_ends_that_disagree_tell_nothing() -> None:
    assert look(NEW, "Request 7: failed", watch=Watch())[0] is Phase.UNKNOWN


def test_a_sentence_of_help_is_no_running_refresh() -> None:
    help_text = [Saying("While a refresh is in progress the button is grey.", "text", ())]
    assert status(TABLE, help_text, (), Watch(), button=Button()).phase is Phase.NONE


def test_a_page_that_says_nothing_has_no_mark() -> None:
    assert look("Vendors", watch=Watch()) == (Phase.NONE, "")


def test_marks_stay_short_and_tell_long_lists_apart() -> None:
    many = [f"Request {n}: success" for n in range(30)]
    one, other = look(*many, watch=Watch())[1], look("Request 99: success", *many, watch=Watch())[1]
    assert len(one) < 200
    assert look(*many[:-1], watch=Watch())[1] != one != other


JOBS = (Job("1", "24-001", "Elm Park"), Job("2", "24-002", "Smith & Sons"), Job("3", "7", "Seven"))


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("24-001 · Request 8: success", {"1"}),
        ("SMITH AND SONS: success", {"2"}),
        ("24-0012 · Request 9: success", {"1", "2", "3"}),
        ("Request 8: success", {"1", "2", "3"}),
        ("24-002, success", {"2"}),
    ],
)
def test_a_sentence_that_names_another_job_does_not_speak_of_this_one(text: str, of: set[str]) -> None:
    assert {job.key for job in JOBS if of_job(TABLE, rows(text), job, JOBS)} == of


# ---------------------------------------------------------------- ends that no sentence tells

BUTTON = Button("Refresh Vendor List")
RUNS = Button("Refreshing…", busy=True, runs=True)
BANNER = "Refresh in progress"


def seen(
    watch: Watch,
    loads: int,
    *texts: str,
    button: Button = BUTTON,
    place: str = "live",
    whole: bool = True,
) -> tuple[Phase, bool]:
    now = status(TABLE, rows(*texts, place=place), (), watch, button=button, loads=loads, whole=whole)
    return now.phase, now.anew


@pytest.mark.parametrize("sign", [{"texts": (BANNER,)}, {"button": RUNS}], ids=["banner", "button"])
def test_a_sign_that_the_site_showed_again_and_again_and_then_no_more_is_an_end(sign: dict[str, Any]) -> None:
    watch = pressed()
    button, texts = sign.get("button", BUTTON), sign.get("texts", ())
    assert seen(watch, 0, *texts, button=button) == (Phase.RUNNING, True)
    assert seen(watch, 1, *texts, button=button) == (Phase.RUNNING, False)
    assert seen(watch, 1) == (Phase.RUNNING, True)  # gone from the same page: a script may have taken it away
    assert seen(watch, 2, whole=False) == (Phase.RUNNING, True)  # not all of the page has come
    assert seen(watch, 2) == (Phase.DONE, False)


def test_what_ended_so_says_what_stood_there_and_what_does_now() -> None:
    watch = pressed()
    for loads in (0, 1):
        seen(watch, loads, BANNER)
    now = status(TABLE, (), (), watch, button=BUTTON, loads=2)
    assert now.text == "Refresh in progress → Refresh Vendor List"
    assert now.mark != look(watch=Watch())[1]


def test_a_sign_that_only_the_page_of_our_press_showed_proves_nothing() -> None:
    watch = pressed()
    assert seen(watch, 0, BANNER)[0] is Phase.RUNNING
    assert seen(watch, 1)[0] is Phase.NONE


def test_will_begin_is_no_sign_that_it_runs() -> None:
    watch = pressed()
    for loads in (0, 1):
        assert seen(watch, loads, "Vendors will begin refreshing")[0] is Phase.QUEUED
    assert seen(watch, 2)[0] is Phase.NONE


def test_a_button_that_is_merely_off_is_no_sign() -> None:
    watch = pressed()
    for loads in (0, 1):
        assert seen(watch, loads, button=Button("Refresh Vendor List", busy=True))[0] is Phase.RUNNING
    assert seen(watch, 2)[0] is Phase.NONE


def test_a_page_that_tells_in_lines_what_runs_must_tell_the_end_there_too() -> None:
    watch = pressed("No requests yet")
    for loads in (0, 1):
        assert seen(watch, loads, "Request 8 is in progress", place="row", button=RUNS)[0] is Phase.RUNNING
    assert seen(watch, 2, "Request 8: kaput", place="row")[0] is Phase.NONE


@pytest.mark.parametrize("place", ["live", "row"])
def test_where_something_stands_that_nobody_understands_the_end_is_unknown(place: str) -> None:
    watch = pressed()
    for loads in (0, 1):
        seen(watch, loads, BANNER)
    assert seen(watch, 2, "Kaput", place=place)[0] is Phase.UNKNOWN
    record = [Saying("V-1 · Acme", "row", (), acts=True)]
    assert status(TABLE, record, (), watch, button=BUTTON, loads=2).phase is Phase.DONE


def test_a_failure_is_told_though_the_sign_is_gone() -> None:
    watch = pressed()
    for loads in (0, 1):
        seen(watch, loads, BANNER)
    assert seen(watch, 2, "The refresh failed")[0] is Phase.FAILED


def test_beside_an_old_failure_that_a_sign_is_gone_proves_nothing() -> None:
    old = "The last refresh failed"
    watch = pressed(old)
    for loads in (0, 1):
        seen(watch, loads, BANNER, old)
    assert seen(watch, 2, old)[0] is Phase.UNKNOWN


def test_without_its_button_a_page_proves_no_end() -> None:
    watch = pressed()
    for loads in (0, 1):
        seen(watch, loads, BANNER)
    assert seen(watch, 2, button=Button())[0] is Phase.UNKNOWN


@pytest.mark.parametrize(
    ("before", "after", "phase"),
    [
        ("Last synced · 04:20", "Last synced · 05:10", Phase.DONE),
        ("Dernière synchronisation · —", "Dernière synchronisation · 05:10", Phase.DONE),
        ("Last synced · 04:20", "Last synced · 04:20", None),
        ("Last synced 5 minutes ago", "Last synced 6 minutes ago", None),
    ],
    ids=["another time", "the first time", "the same time", "a time that grows by itself"],
)
def test_the_cell_of_the_last_end(before: str, after: str, phase: Phase | None) -> None:
    baseline = look(before, watch=Watch())
    now = look(after, watch=pressed(before))
    if phase is None:
        assert now == baseline
    else:
        assert now[0] is phase
        assert now[1] != baseline[1]
