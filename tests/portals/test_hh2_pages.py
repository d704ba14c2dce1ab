"""hh2's pages walked, set, started and looked at: what a page tells is taken, and nothing that it does not tell."""

from collections.abc import AsyncIterator

import pytest

from app.domain.filters import DateRange, Depth, Filters
from app.domain.looks import Phase
from app.domain.problems import AnswerLost, Declined, NotReadable, ProblemId, SessionLost, SlowDown, Trouble
from app.portals.browser import DrivenBrowser
from app.portals.hh2_pages import Hh2Pages
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_origin import form

pytestmark = pytest.mark.anyio
OUT = "<a href=/out>Log Out</a>"
WEEK = Filters(DateRange.PAST_WEEK, Depth.SHALLOW)


@pytest.fixture
async def pages(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[Hh2Pages]:
    made = Hh2Pages(shown.address, frozenset({shown.address}), browser)
    yield made
    await close_windows(made.page)


def opens(what: str, at: str) -> str:
    return f"<button onclick=\"document.getElementById('{at}').hidden = false\">{what}</button>"


DOOR = (
    OUT,
    opens("Menu", "m"),
    f"<div id=m hidden>{opens('Quick Menu', 'q')}</div>",
    "<nav id=q hidden aria-label='Quick Menu'><a href=/sync>Accounting Sync</a></nav>",
)

# What was applied is kept as a server would keep it: it stands there when the page is asked for anew.
KEPT = """<script>
    const fields = document.querySelectorAll('select');
    for (const one of fields) one.value = localStorage[one.id] || one.value;
    document.getElementById('apply').onclick = () => {
        for (const one of fields) if (!one.dataset.forgets) localStorage[one.id] = one.value;
        document.getElementById('said').textContent = fields[0].dataset.says; };</script>"""


def filters(*, says: str = "Settings applied", forgets: str = "", about: str = "") -> str:
    return f"""<section><h3>Sync Filters</h3>
        <label>Date Range <select id=r data-says='{says}' {forgets}>
        <option>Today<option>Past Week<option>All Changes</select></label>
        <label>Sync Depth <select id=d><option>Deep Sync<option>Shallow Sync</select></label><p>{about}</p>
        <button id=apply>Apply Settings</button><output id=said></output></section>{KEPT}"""


def sync(
    *inside: str, start: str = "<form method=post action=/start><button>Start Sync</button></form>"
) -> str:
    return page(OUT, f"<section><h1>Accounting Sync</h1>{start}{''.join(inside)}</section>")


def settings(inside: str) -> str:
    return f"{opens('Settings', 's')}<div id=s hidden>{inside}</div>"


def stands(shown: Shown, *inside: str) -> None:
    shown.show("/", *DOOR)
    shown.answers["/sync"] = Answer(sync(*inside))


async def test_the_filters_are_read_behind_the_menu_and_what_is_said_of_the_depths_with_them(
    pages: Hh2Pages, shown: Shown
) -> None:
    told = "A deep sync reads everything anew."
    stands(shown, settings(filters(about=told)))
    assert await pages.read_filters() == (Filters(DateRange.TODAY, Depth.DEEP), told)
    assert {one.method for one in shown.asked} == {"GET"}


async def test_filters_that_a_page_calls_otherwise_are_not_known(pages: Hh2Pages, shown: Shown) -> None:
    stands(shown, settings(filters().replace("<option>Deep Sync", "<option>Thorough")))
    assert await pages.read_filters() == (None, "")


async def test_what_differs_is_set_and_read_back_from_a_page_that_was_asked_for_anew(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown, settings(filters()))
    assert await pages.apply_filters(WEEK) == WEEK
    assert len(shown.of("/sync")) == 2


async def test_where_the_site_did_not_keep_it_what_stands_there_is_told(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown, settings(filters(forgets="data-forgets=1")))
    assert await pages.apply_filters(WEEK) == Filters(DateRange.TODAY, Depth.SHALLOW)


async def test_settings_whose_answer_was_an_error_are_not_known_to_be_applied(
    pages: Hh2Pages, shown: Shown
) -> None:
    broken = filters().replace("<button id=apply>", "<button id=apply onmouseup=\"fetch('/apply')\">")
    stands(shown, settings(broken.replace("Settings applied", "")))
    shown.answers["/apply"] = Answer("", 502)
    with pytest.raises(AnswerLost):
        await pages.apply_filters(WEEK)


async def test_settings_that_the_site_puts_off_were_not_applied(pages: Hh2Pages, shown: Shown) -> None:
    sends = "<button id=apply onmouseup=\"fetch('/apply', {method: 'POST'})\">"
    stands(shown, settings(filters(says="").replace("<button id=apply>", sends)))
    shown.answers["/apply"] = Answer("", 429, {"Retry-After": "7"})
    with pytest.raises(SlowDown) as met:
        await pages.apply_filters(WEEK)
    assert met.value.seconds == 7


@pytest.mark.slow  # what is missing is waited for first
async def test_what_is_missing_where_its_data_were_refused_is_looked_for_on_a_page_that_is_asked_for_anew(
    pages: Hh2Pages, shown: Shown
) -> None:
    comes = """<script>
        document.getElementById('open').onclick = async () => {
            const first = !localStorage.asked; localStorage.asked = 1;
            const answer = await fetch(first ? '/not-yet' : '/data');
            document.getElementById('s').hidden = !answer.ok; };</script>"""
    inside = f"<button id=open>Settings</button><div id=s hidden>{filters()}</div>{comes}"
    stands(shown, inside)
    shown.answers["/data"] = Answer("{}")
    assert (await pages.read_filters())[0] == Filters(DateRange.TODAY, Depth.DEEP)
    assert len(shown.of("/not-yet")) == len(shown.of("/data")) == 1


async def test_an_option_that_is_not_offered_is_named_and_nothing_is_applied(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown, settings(filters()))
    with pytest.raises(Trouble) as met:
        await pages.apply_filters(Filters(DateRange.PAST_YEAR, Depth.DEEP))
    assert met.value.problem.id is ProblemId.HH2_LABEL
    assert met.value.problem.facts["action"] == "date-range:past-year"
    assert await (await pages.page.page()).evaluate("localStorage.length") == 0


# ---------------------------------------------------------------- what Accounting Sync says


@pytest.mark.parametrize(
    ("inside", "phase", "progress", "failures"),
    [
        ("<p>Nothing here</p>", Phase.NONE, None, ()),
        (
            "<output>Sync in progress</output><progress value=0.25></progress>",
            Phase.RUNNING,
            0.25,
            (),
        ),
        (
            "<output>Sync failed</output><section><h3>Errors</h3><p>Job 24-001 has no name</p></section>",
            Phase.FAILED,
            None,
            ("Job 24-001 has no name",),
        ),
        ("<output>The sync client is offline</output>", Phase.OFFLINE, None, ()),
    ],
    ids=["nothing", "running", "failed", "offline"],
)
async def test_a_look_tells_the_phase_and_what_stands_beside_it(
    pages: Hh2Pages,
    shown: Shown,
    inside: str,
    phase: Phase,
    progress: float | None,
    failures: tuple[str, ...],
) -> None:
    stands(shown, inside)
    look = await pages.look()
    assert (look.phase, look.progress, look.failures) == (phase, progress, failures)


async def test_a_page_that_asks_for_a_sign_in_is_a_lost_session(pages: Hh2Pages, shown: Shown) -> None:
    stands(shown)
    await pages.look()
    shown.answers["/sync"] = Answer(page(form()))
    await (await pages.page.page()).reload()
    with pytest.raises(SessionLost):
        await pages.look()


async def test_a_server_that_did_not_manage_is_no_look(pages: Hh2Pages, shown: Shown) -> None:
    shown.answers["/"] = Answer("<p>Bad gateway</p>", 502)
    with pytest.raises(NotReadable) as met:
        await pages.look()
    assert met.value.problem.id is ProblemId.HH2_DOWN


# ---------------------------------------------------------------- the start


async def start(pages: Hh2Pages, shown: Shown, answer: Answer) -> str:
    stands(shown, "<output>Last sync completed at 04:20</output>")
    shown.answers["/start"] = answer
    await pages.look()
    return await pages.start()


async def test_a_start_is_pressed_once_and_answered_in_the_sites_own_words(
    pages: Hh2Pages, shown: Shown
) -> None:
    told = await start(pages, shown, Answer(sync("<output>Sync requested at 05:10</output>")))
    assert told == "Sync requested at 05:10"
    assert len(shown.of("/start")) == 1
    assert (await pages.look()).phase is Phase.QUEUED


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(page(form())), "session"),
        (Answer(sync("<output>A sync is already running</output>")), "busy"),
        (Answer("<p>Bad gateway</p>", 502), "no-answer"),
    ],
    ids=["signed out", "already running", "an error"],
)
async def test_a_start_whose_answer_does_not_say_so_may_have_arrived(
    pages: Hh2Pages, shown: Shown, answer: Answer, why: str
) -> None:
    with pytest.raises(AnswerLost, match=why):
        await start(pages, shown, answer)
    assert len(shown.of("/start")) == 1


SENDS = "<button onclick=\"fetch('/start', {method: 'POST'})\">Start Sync</button>"


async def test_a_start_that_got_no_answer_at_all_may_have_arrived_and_the_next_look_asks_anew(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown)
    shown.answers["/sync"] = Answer(sync(start=SENDS))
    shown.answers["/start"] = Answer("", 0)
    with pytest.raises(AnswerLost, match="no-answer"):
        await pages.start()
    assert len(shown.of("/start")) == 1
    asked = len(shown.of("/sync"))
    await pages.look()
    assert len(shown.of("/sync")) == asked + 1


async def test_a_start_that_the_site_puts_off_was_not_made(pages: Hh2Pages, shown: Shown) -> None:
    stands(shown)
    shown.answers["/sync"] = Answer(sync("<output></output>", start=SENDS))
    shown.answers["/start"] = Answer("", 429, {"Retry-After": "7"})
    with pytest.raises(SlowDown) as met:
        await pages.start()
    assert met.value.seconds == 7
    assert len(shown.of("/start")) == 1


@pytest.mark.slow  # the page may still say more: it is listened to for as long as after any press
async def test_a_look_that_the_site_puts_off_says_nothing_of_the_start_before_it(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown)
    then = "fetch('/start', {method: 'POST'}).then(() => fetch('/seen'))"
    shown.answers["/sync"] = Answer(
        sync("<output></output>", start=f'<button onclick="{then}">Start Sync</button>')
    )
    shown.answers["/start"] = Answer("{}")
    shown.answers["/seen"] = Answer("", 429, {"Retry-After": "7"})
    with pytest.raises(AnswerLost):
        await pages.start()
    assert len(shown.of("/start")) == len(shown.of("/seen")) == 1


async def test_a_start_that_is_forbidden_was_declined_in_these_words(pages: Hh2Pages, shown: Shown) -> None:
    told = "You do not have permission to start a sync"
    with pytest.raises(Declined) as met:
        await start(pages, shown, Answer(sync(f"<output>{told}</output>")))
    assert met.value.problem.facts == {"what": "start", "text": told}


async def test_a_start_button_that_is_forbidden_to_press_leaves_the_watch_as_it_was(
    pages: Hh2Pages, shown: Shown
) -> None:
    stands(shown)
    before = await pages.look()
    named = "<form method=post action=/start><button title=Delete>Start Sync</button></form>"
    shown.answers["/sync"] = Answer(sync(start=named))
    await (await pages.page.page()).reload()
    with pytest.raises(Trouble) as met:
        await pages.start()
    assert met.value.problem.facts["why"] == "forbidden"
    assert shown.of("/start") == []
    assert await pages.look() == before
