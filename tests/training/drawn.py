"""The training sites' pages as they are served, signed in to without a browser, and what stands on them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self

import httpx

from tests.training.admin import Admin

_VOID = frozenset({"input", "meta", "br", "img", "link"})


@dataclass
class Element:
    """One element with its attributes ("" for one without a value), all the text in it, and what it stands in."""

    name: str
    values: dict[str, str]
    within: "Element | None"
    inner: list["Element"] = field(default_factory=list)
    text: str = ""

    def of(self, name: str = "", /, **values: str) -> list["Element"]:
        """The elements in this one of a name and with these values; `aria_label` is `aria-label`, "*" any value."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in values.items()}
        found = []
        for one in self.inner:
            fits = all(k in one.values and v in ("*", one.values[k]) for k, v in wanted.items())
            if name in ("", one.name) and fits:
                found.append(one)
            found.extend(one.of(name, **values))
        return found

    def one(self, name: str = "", /, **values: str) -> "Element":
        """The only one."""
        found = self.of(name, **values)
        assert len(found) == 1, (name, values, [(each.name, each.values) for each in found])
        return found[0]

    def stands_in(self, name: str) -> bool:
        """Does it stand in an element of this name?"""
        return self.within is not None and (self.within.name == name or self.within.stands_in(name))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.at = self.whole = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {key: value or "" for key, value in attrs}, self.at)
        self.at.inner.append(one)
        if tag not in _VOID:
            self.at = one

    def handle_endtag(self, tag: str) -> None:
        assert self.at.name == tag, (self.at.name, tag)
        assert self.at.within is not None
        self.at = self.at.within

    def handle_data(self, data: str) -> None:
        at: Element | None = self.at
        while at is not None:
            at.text += data
            at = at.within


def read(html: str) -> Element:
    """A document; every element of it must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    assert reader.at is reader.whole
    return reader.whole


class Visitor:
    """Somebody who signed in to both sites and looks at what is served."""

    def __init__(
        self, admin: Admin, skin: str, language: str = "en", pace: float = 0.02, scenario: str = "ok"
    ) -> None:
        admin.play(scenario, pace=pace, skin=skin, language=language)
        self.admin = admin
        self.clients = {
            "hh2": httpx.Client(base_url=admin.served.hh2.address, trust_env=False, verify=False),
            "procore": httpx.Client(base_url=admin.served.procore.address, trust_env=False, verify=False),
        }
        hh2, procore = admin.hh2, admin.procore
        self.post("hh2", "/training/page/sign-in", json={"user": hh2.user, "password": hh2.reveal()})
        self.post("procore", "/training/log-in", data={"user": procore.user, "password": procore.reveal()})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients.values():
            client.close()

    def post(self, site: str, path: str, **sent: Any) -> httpx.Response:
        """What a form or a script sends; redirects are not followed."""
        return self.clients[site].post(path, **sent)

    def page(self, site: str, path: str) -> Element:
        """A page of a site, of its outermost document."""
        answer = self.clients[site].get(path, follow_redirects=True)
        assert answer.status_code == 200
        return read(answer.text)

    def hh2(self) -> Element:
        """hh2's one page, the document with its content."""
        return self.content("hh2", "/")

    def tab(self, tab: str = "vendors") -> Element:
        """A tab of Procore's tool, the document with its content."""
        return self.content("procore", self.address(tab))

    def address(self, tab: str) -> str:
        """Where a tab lies."""
        company = self.admin.served.procore.company_id
        if tab == "job-costs":
            return f"/{company}/company/erp_integrations/job_costs"
        return f"/{company}/training/erp/{tab}"

    def content(self, site: str, path: str) -> Element:
        """The innermost document of a page."""
        page = self.page(site, path)
        while page.of("iframe"):
            page = self.page(site, page.one("iframe").values["src"])
        return page

    def sync(self) -> dict[str, Any]:
        """What hh2's page is told of the latest sync."""
        told: dict[str, Any] = self.clients["hh2"].get("/training/page/sync").json()
        return told

    def start(self) -> None:
        """hh2's Start Sync."""
        assert self.post("hh2", "/training/page/sync/start").status_code == 200

    def press(self, tab: str = "vendors") -> Element:
        """The tab's button; returns the page that answers it."""
        answer = self.post("procore", self.address(tab) + "/refresh")
        assert answer.status_code == 302
        return self.page("procore", answer.headers["location"])


def held(page: Element) -> Element:
    """What a page holds, be it there at once or later."""
    return page.one("template", id="content") if page.of("template", id="content") else page


def start_of(page: Element) -> Element:
    return held(page).one(id="start")


def button_of(page: Element) -> Element:
    """The tab's own button on its page."""
    form = held(page).one("section", aria_labelledby="tab-title").of("form", class_="tools")[0]
    shown = [one for one in form.of(data_press="") if "data-never" not in one.values]
    assert len(shown) == 1
    return shown[0]
