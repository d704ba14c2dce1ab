"""Secrets are typed on exactly the profile's origins, and nowhere else."""

import pytest

from app.domain.problems import ProblemId, Trouble
from app.portals import sign_in as signing
from app.portals.origin import origin_of, origins
from app.portals.sign_in import sign_in
from app.portals.site import SitePage
from tests.portals.shown import Answer, Shown, page
from tests.training.admin import Given

pytestmark = pytest.mark.anyio
SECRET = "correct horse 7"
ME = Given("me@company.example", SECRET)


def form(action: str = "/in", fields: str = "") -> str:
    return (
        f"<form method=post action={action}><label>Email <input name=user></label>{fields}"
        "<label>Password <input type=password name=password></label><button>Log In</button></form>"
    )


INSIDE = page("<nav><a href=/out>Log Out</a><a href=/tool>ERP Integrations</a></nav>")


def nothing_was_typed(*sites: Shown) -> None:
    for site in sites:
        assert not [one for one in site.asked if "horse" in one.body or "horse" in one.path]
        assert not [one for one in site.asked if one.method == "POST"]


async def refused(site: SitePage) -> Trouble:
    with pytest.raises(Trouble) as met:
        await sign_in(site, ME)
    return met.value


def test_only_https_and_loopback_are_origins_that_are_trusted() -> None:
    assert origins(["https://Acme.hh2.com:443/x", "http://127.0.0.1:99/"]) == {
        "https://acme.hh2.com",
        "http://127.0.0.1:99",
    }
    for address in ("http://acme.hh2.com", "about:blank", "data:text/html,x", "file:///etc", "javascript:1",
                    "https://a:b@acme.hh2.com", "https://"):  # fmt: skip
        assert origin_of(address) == ""


async def test_on_the_exact_origin_the_password_is_typed_and_sent_once(
    procore: SitePage, shown: Shown
) -> None:
    shown.show("/", form())
    shown.answers["/in"] = Answer(INSIDE)
    assert await sign_in(procore, ME) == ME.user
    assert len(shown.of("/in")) == 1
    assert "horse" in shown.of("/in")[0].body


async def test_a_look_alike_behind_a_redirect_is_never_typed_into(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    shown.answers["/"] = Answer(status=302, headers={"Location": f"{foreign.address}/"})
    foreign.show("/", form())
    met = await refused(procore)
    assert met.problem.id is ProblemId.MFA
    assert met.problem.facts == {"site": "procore", "why": "elsewhere", "host": "127.0.0.9"}
    nothing_was_typed(shown, foreign)


async def test_another_port_or_scheme_of_the_same_host_is_somebody_else(
    procore: SitePage, shown: Shown
) -> None:
    other = Shown("127.0.0.1")
    try:
        other.show("/", form())
        shown.answers["/"] = Answer(status=302, headers={"Location": f"{other.address}/"})
        assert (await refused(procore)).problem.facts["why"] == "elsewhere"
        nothing_was_typed(shown, other)
    finally:
        await (await procore.page()).context.close()
        other.close()


async def test_a_form_that_sends_elsewhere_is_not_filled(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    shown.show("/", form(f"{foreign.address}/in"))
    met = await refused(procore)
    assert met.problem.id is ProblemId.MFA
    assert met.problem.facts == {"site": "procore", "why": "form-elsewhere", "host": "127.0.0.9"}
    nothing_was_typed(shown, foreign)


async def test_a_form_in_somebody_elses_frame_is_not_seen(
    procore: SitePage, shown: Shown, foreign: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_APPEARS", 1.0)
    foreign.show("/", form())
    shown.show("/", f"<p>Welcome</p><iframe src={foreign.address}/ width=600 height=400></iframe>")
    met = await refused(procore)
    assert met.problem.id is ProblemId.PRO_LABEL
    nothing_was_typed(shown, foreign)


async def test_our_page_in_somebody_elses_frame_is_not_typed_into(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    shown.answers["/"] = Answer(status=302, headers={"Location": f"{foreign.address}/"})
    shown.show("/inner", form())
    foreign.show("/", f"<iframe src={shown.address}/inner width=600 height=400></iframe>")
    assert (await refused(procore)).problem.facts["why"] == "elsewhere"
    nothing_was_typed(shown, foreign)


async def test_a_page_that_goes_elsewhere_while_it_is_filled_gets_nothing(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    foreign.show("/", form())
    shown.show("/", form(fields=f"<script>document.querySelector('input').addEventListener('input', () => "
                                f"{{ location = '{foreign.address}/' }})</script>"))  # fmt: skip
    with pytest.raises(Trouble):
        await sign_in(procore, ME)
    assert not [one for one in foreign.asked if "horse" in one.body + one.path]


async def test_what_could_not_be_typed_is_in_no_text_of_the_trouble(procore: SitePage, shown: Shown) -> None:
    shown.show("/", "<form action=/in method=post><label>Email <input name=user></label><label>Password "
                    "<input type=password name=password readonly></label><button>Log In</button></form>")  # fmt: skip
    met = await refused(procore)
    while met.__context__ is not None:
        assert SECRET not in str(met.__context__)
        met = met.__context__  # type: ignore[assignment]
    nothing_was_typed(shown)
