"""Signing in on the sites' own forms: sent once, and what only a person can do is left to the person."""

import pytest

from app.domain.problems import AnswerLost, NotReadable, ProblemId, SlowDown, Trouble
from app.portals.driver import BrowserDriver
from app.portals.sign_in import is_signed_in, sign_in
from app.portals.site import SitePage
from app.training.faults import Fault, FaultKind
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_origin import INSIDE, ME, form
from tests.training.admin import Admin, Given

pytestmark = pytest.mark.anyio


async def test_both_sites_are_signed_in_to_with_one_form_each(driver: BrowserDriver, admin: Admin) -> None:
    assert await driver.hh2.sign_in(admin.hh2) == admin.served.hh2.user
    assert await driver.procore.sign_in(admin.procore) == admin.served.procore.user
    assert await driver.hh2.is_signed_in()
    assert await driver.procore.is_signed_in()
    assert len(admin.calls("hh2.sign-in")) == len(admin.calls("procore.sign-in")) == 1


async def test_a_session_that_lives_needs_no_password(driver: BrowserDriver, admin: Admin) -> None:
    await driver.procore.sign_in(admin.procore)
    assert await driver.procore.sign_in(None) == ""
    assert len(admin.calls("procore.sign-in")) == 1


async def test_a_wrong_password_is_sent_once(driver: BrowserDriver, admin: Admin) -> None:
    with pytest.raises(Trouble) as met:
        await driver.hh2.sign_in(Given(admin.served.hh2.user, "not it"))
    assert met.value.problem.id is ProblemId.HH2_LOGIN
    assert len(admin.calls("hh2.sign-in")) == 1
    with pytest.raises(Trouble) as met:
        await driver.procore.sign_in(Given(admin.served.procore.user, "not it"))
    assert met.value.problem.id is ProblemId.PRO_LOGIN
    assert len(admin.calls("procore.sign-in")) == 1
    assert not await driver.hh2.is_signed_in()


@pytest.mark.parametrize(
    ("scenario", "card"),
    [("user-locked", ProblemId.HH2_LOCKED), ("api-client-refused", ProblemId.HH2_CLIENT)],
)
async def test_what_hh2_says_of_the_user_is_told(
    driver: BrowserDriver, admin: Admin, scenario: str, card: ProblemId
) -> None:
    admin.play(scenario)
    with pytest.raises(Trouble) as met:
        await driver.hh2.sign_in(admin.hh2)
    assert met.value.problem.id is card
    assert len(admin.calls("hh2.sign-in")) == 1


async def test_no_answer_to_the_form_is_a_lost_answer_and_the_form_is_not_sent_again(
    driver: BrowserDriver, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.RESET_BEFORE, call="hh2.sign-in"))
    with pytest.raises(AnswerLost):
        await driver.hh2.sign_in(admin.hh2)
    assert len(admin.calls("hh2.sign-in")) == 1


async def test_a_site_that_does_not_answer_at_all_was_not_signed_in_to(
    driver: BrowserDriver, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.STATUS, site="procore", nth=0, status=502, body="<p>502 Bad Gateway</p>"))
    with pytest.raises(NotReadable) as met:
        await driver.procore.sign_in(admin.procore)
    assert met.value.problem.id is ProblemId.PRO_DOWN
    assert admin.calls("procore.sign-in") == []


async def test_no_route_is_told_with_its_host(procore: SitePage, shown: Shown) -> None:
    procore.home = "http://127.0.0.1:9/"
    with pytest.raises(NotReadable) as met:
        await sign_in(procore, ME)
    assert met.value.problem.id is ProblemId.NET
    assert met.value.problem.facts["host"] == "127.0.0.1"


ANSWERED = [
    (Answer("", 500), ProblemId.PRO_DOWN, {"status": 500}),
    (Answer("<p>Bad gateway</p>", 502), ProblemId.PRO_DOWN, {"status": 502}),
    (Answer("<p>Not here</p>", 403), ProblemId.PRO_ANSWER, {"what": "status 403"}),
]


@pytest.mark.parametrize(("answer", "card", "facts"), ANSWERED, ids=["nothing", "a gateway's", "a refusal"])
async def test_an_answer_that_does_not_say_whether_we_are_signed_in_is_told_as_what_it_is(
    procore: SitePage, shown: Shown, answer: Answer, card: ProblemId, facts: dict[str, object]
) -> None:
    shown.show("/", form())
    shown.answers["/in"] = answer
    with pytest.raises(NotReadable) as met:
        await sign_in(procore, ME)
    assert (met.value.problem.id, met.value.problem.facts) == (card, facts)
    assert len(shown.of("/in")) == 1


async def test_the_browsers_own_page_for_an_error_is_nobody_elses_that_asks_for_a_sign_in(
    procore: SitePage, shown: Shown
) -> None:
    shown.answers["/"] = Answer("", 500)
    with pytest.raises(NotReadable) as met:
        await sign_in(procore, ME)
    assert met.value.problem.id is ProblemId.PRO_DOWN
    shown.answers["/"] = Answer(INSIDE)
    assert await is_signed_in(procore)


async def test_who_is_in_though_the_answer_was_lost_is_found_on_the_first_page(
    procore: SitePage, shown: Shown
) -> None:
    shown.answers["GET /"] = Answer(
        page(form("/"), "<script>if (document.cookie) location = '/home'</script>")
    )
    shown.answers["/home"] = Answer(INSIDE)
    shown.answers["POST /"] = Answer("", 500, {"Set-Cookie": "in=1"})
    assert await sign_in(procore, ME) == ME.user
    assert sum(one.method == "POST" for one in shown.asked) == 1


async def test_a_form_that_is_put_off_may_be_sent_again_later(procore: SitePage, shown: Shown) -> None:
    shown.show("/", form())
    shown.answers["/in"] = Answer("<p>Try later</p>", 429, {"Retry-After": "7"})
    with pytest.raises(SlowDown) as met:
        await sign_in(procore, ME)
    assert met.value.seconds == 7
    assert len(shown.of("/in")) == 1


CODE = page("<form method=post action=/code><h2>Two-factor</h2><label>Verification code <input name=code></label>"
            "<button>Continue</button></form>")  # fmt: skip
ROBOT = page("<p>Please show that you are human</p><div>captcha</div>")


@pytest.mark.parametrize(("after", "why"), [(CODE, "code"), (ROBOT, "captcha")], ids=["code", "captcha"])
async def test_a_code_is_the_persons_own_to_type(
    procore: SitePage, shown: Shown, after: str, why: str
) -> None:
    shown.show("/", form())
    shown.answers["/in"] = Answer(after)
    with pytest.raises(Trouble) as met:
        await sign_in(procore, ME)
    assert met.value.problem.id is ProblemId.MFA
    assert met.value.problem.facts["why"] == why
    assert len(shown.of("/in")) == 1
    assert shown.of("/code") == []
    assert not await is_signed_in(procore)


async def test_looking_whether_the_person_is_through_does_not_disturb_the_code(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/", form())
    shown.answers["/in"] = Answer(CODE)
    with pytest.raises(Trouble):
        await sign_in(procore, ME)
    asked = len(shown.asked)
    assert not await is_signed_in(procore)
    assert len(shown.asked) == asked
    browser = await procore.page()
    await browser.fill("input", "123456")
    shown.answers["/code"] = Answer(INSIDE)
    await browser.click("button")
    assert await is_signed_in(procore)


async def test_without_a_kept_password_the_form_is_left_to_the_person(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/", form())
    with pytest.raises(Trouble) as met:
        await sign_in(procore, None)
    assert met.value.problem.facts["why"] == "person"
    assert [one.method for one in shown.asked] == ["GET"]


async def test_a_form_in_two_steps_is_filled_step_by_step(procore: SitePage, shown: Shown) -> None:
    shown.show(
        "/",
        "<form method=post action=/next><label>Email <input name=user></label><button>Continue</button></form>",
    )
    shown.show("/next", "<form method=post action=/in><label>Password <input type=password name=password></label>"
                        "<button>Log In</button></form>")  # fmt: skip
    shown.answers["/in"] = Answer(INSIDE)
    assert await sign_in(procore, ME) == ME.user
    assert "password" not in shown.of("/next")[0].body
    assert len(shown.of("/in")) == 1


async def test_two_forms_are_filled_by_nobody(procore: SitePage, shown: Shown) -> None:
    shown.show("/", form(), form())
    with pytest.raises(Trouble) as met:
        await sign_in(procore, ME)
    assert met.value.problem.id is ProblemId.PRO_LABEL
    assert shown.of("/in") == []
