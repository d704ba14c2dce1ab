"""Every trait of a skin is drawn on both sites, in both languages: what is served says so, read without a browser."""

import pytest

from app.domain.events import Site
from app.domain.tabs import Tab
from app.portals.folding import fold
from app.portals.labels import labels
from app.training.pages.skins import skin
from app.training.pages.wording import depths, hh2_words, procore_words, ranges, tab_button, tab_title
from tests.training.admin import Admin
from tests.training.drawn import Visitor, button_of, start_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


# ---------------------------------------------------------------- choices, presses, labels


@LANGUAGES
def test_a_choice_is_a_drop_down_radio_buttons_or_a_list_of_the_page_s_own(
    admin: Admin, language: str
) -> None:
    look = skin("plain", language)
    with Visitor(admin, "plain", language) as one:
        offered = one.hh2().one("select", id="date-range").of("option")
        assert [each.text for each in offered] == list(ranges(look).values())
        assert len(one.tab("job-costs").one("select", id="active_synced_projects").of("option")) > 2
    with Visitor(admin, "plain+choice=radio", language) as one:
        offered = one.hh2().one(id="depth").of("label")
        assert [each.text.strip() for each in offered] == list(depths(look).values())
        jobs = one.tab("job-costs").one("fieldset", id="active_synced_projects").of("input", type="radio")
        assert len(jobs) > 1
        assert all(job.values["value"] and job.values["name"] == "active_synced_projects" for job in jobs)
    with Visitor(admin, "plain+choice=listbox", language) as one:
        page = one.hh2()
        assert page.one("button", id="date-range").values["role"] == "combobox"
        offered = page.one("ul", id="date-range-list").of("li", role="option")
        assert [each.text for each in offered] == list(ranges(look).values())
        tab = one.tab("job-costs")
        assert tab.one("ul", id="active_synced_projects-list").of("li", role="option")
        assert tab.one("input", type="hidden").values["name"] == "active_synced_projects"
        assert not page.of("select") + tab.of("select")


@LANGUAGES
@pytest.mark.parametrize(
    ("press", "name", "role"), [("button", "button", ""), ("link", "a", ""), ("role", "div", "button")]
)
def test_what_is_pressed_is_a_button_a_link_or_has_the_role_of_one(
    press: str, name: str, role: str, language: str, admin: Admin
) -> None:
    with Visitor(admin, f"plain+press={press}", language) as one:
        for shown in (start_of(one.hh2()), button_of(one.tab())):
            assert (shown.name, shown.values.get("role", "")) == (name, role)
            assert ("href" in shown.values) == (press == "link")


@LANGUAGES
def test_a_label_is_tied_wraps_is_only_heard_or_only_stands_near(admin: Admin, language: str) -> None:
    words = hh2_words(skin("plain", language))
    with Visitor(admin, "plain+label=for", language) as one:
        assert one.hh2().one("label", for_="date-range").text == words["date-range"]
    with Visitor(admin, "plain+label=wrap", language) as one:
        assert one.hh2().one(id="date-range").stands_in("label")
    with Visitor(admin, "plain+label=aria", language) as one:
        page = one.hh2()
        assert page.one(id="date-range").values["aria-label"] == words["date-range"]
        assert page.one(id="user").values["aria-label"] == words["user"]
        assert not page.of("label")
    for choice in ("select", "radio", "listbox"):
        with Visitor(admin, f"plain+label=near+choice={choice}", language) as one:
            page = one.hh2()
            assert not page.of("label") + page.of("legend")
            assert not [each for each in page.of(aria_label="*") if each.name != "progress"]
            assert words["date-range"] in [each.text for each in page.of("span")]


# ---------------------------------------------------------------- frames, shadow roots, late content


@LANGUAGES
@pytest.mark.parametrize(("frame", "deep"), [("none", 0), ("inner", 1), ("nested", 2)])
def test_the_content_lies_in_frames_in_frames(frame: str, deep: int, language: str, admin: Admin) -> None:
    with Visitor(admin, f"plain+frame={frame}", language) as one:
        for site, path, known in (("hh2", "/", "start"), ("procore", one.address("vendors"), "tab-title")):
            page = one.page(site, path)
            assert len(page.of("nav", aria_labelledby="*")) == 1
            for _ in range(deep):
                assert not page.of(id=known)
                page = one.page(site, page.one("iframe").values["src"])
                assert not page.of("nav", aria_labelledby="*")
            assert len(page.of(id=known)) == 1


def test_a_press_within_a_frame_is_answered_within_it(admin: Admin) -> None:
    with Visitor(admin, "plain+frame=nested") as one:
        form = one.tab().one("section", aria_labelledby="tab-title").of("form", class_="tools")[0]
        answer = one.post("procore", form.values["action"])
        page = one.page("procore", answer.headers["location"])
        assert len(page.of(id="tab-title")) == 1
        assert not page.of("iframe")
        assert one.tab("job-costs").one("input", name="part").values["value"] == "content"


@LANGUAGES
def test_the_content_lies_in_an_open_shadow_root(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+shadow=true", language) as one:
        for page, known in ((one.hh2(), "start"), (one.tab(), "tab-title")):
            root = page.one("main").one("template", shadowrootmode="open")
            assert len(root.of(id=known)) == 1
            assert len(page.of(id=known)) == 1
            assert len(root.of("style")) == 1
    with Visitor(admin, "plain+shadow=true+late=true", language) as one:
        assert all("data-shadow" in page.one("main").values for page in (one.hh2(), one.tab()))


@LANGUAGES
def test_the_content_comes_after_placeholders(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+late=true", language, pace=30.0 if language == "fr" else 0.02) as one:
        for page, known in ((one.hh2(), "start"), (one.tab(), "tab-title")):
            main = page.one("main")
            assert len(main.of(aria_busy="true")) == 3
            assert not main.of(id=known)
            assert len(page.one("template", id="content").of(id=known)) == 1
            assert 100 <= int(main.values["data-late"]) <= 1000


# ---------------------------------------------------------------- beside and over the button


@LANGUAGES
def test_another_section_has_a_button_of_the_same_name_and_a_press_of_it_is_noted(
    admin: Admin, language: str
) -> None:
    look = skin("plain", language)
    with Visitor(admin, "plain+same_name=true", language) as one:
        for site, page, name in (
            ("hh2", one.hh2(), hh2_words(look)["start"]),
            ("procore", one.tab(), tab_button(Tab.VENDORS, look)),
        ):
            section = page.one("section", class_="other")
            assert not section.stands_in("section")
            other = section.one(data_press="")
            assert other.text == name
            assert one.post(site, other.values["data-never"]).status_code == 204
    presses = admin.log()["presses"]
    assert [(each["site"], each["what"], each["tab"], each["carried_out"]) for each in presses] == [
        ("hh2", "same-name", "", False),
        ("procore", "same-name", "vendors", False),
    ]


def test_a_press_of_an_unknown_name_is_not_noted(admin: Admin) -> None:
    with Visitor(admin, "plain") as one:
        assert one.post("hh2", "/training/never/anything").status_code == 404
    assert admin.log()["presses"] == []


@LANGUAGES
def test_the_same_section_has_hidden_buttons_of_the_same_name(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+hidden_twin=true", language) as one:
        for page, shown in ((one.hh2(), start_of), (one.tab(), button_of)):
            name, tools = shown(page).text, shown(page).within
            assert tools is not None
            for kind in ("gone", "unseen"):
                assert tools.one(class_=kind).text == name
                assert tools.one(class_=kind).values["data-never"].startswith("/training/never/hidden-twin")


@LANGUAGES
def test_the_button_is_an_item_of_a_menu_in_a_row(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+row_menu=true", language) as one:
        for page, shown in ((one.hh2(), start_of), (one.tab(), button_of)):
            item = shown(page)
            assert item.values["role"] == "menuitem"
            assert item.stands_in("tr")
            menu = page.one(role="menu")
            assert "hidden" in menu.values
            assert len(menu.of(role="menuitem")) == 2
            assert page.one(aria_haspopup="menu").values["aria-controls"] == menu.values["id"]


@LANGUAGES
def test_a_press_asks_first_and_the_label_tables_know_the_question(admin: Admin, language: str) -> None:
    hh2, procore = labels(Site.HH2), labels(Site.PROCORE)
    with Visitor(admin, "plain+asks=true", language) as one:
        asked = {"start-sync": start_of(one.hh2())}
        asked |= {f"refresh-{tab.value}": button_of(one.tab(tab.value)) for tab in Tab}
        for action, shown in asked.items():
            control = (hh2 if action == "start-sync" else procore).controls[action]
            question = fold(shown.values["data-asks"])
            assert any(known.search(question) for known in control.dialogs), action


def test_a_press_opens_a_new_tab_of_the_browser(admin: Admin) -> None:
    with Visitor(admin, "plain+new_tab=true") as one:
        for tab in Tab:
            form = (
                one.tab(tab.value).one("section", aria_labelledby="tab-title").of("form", class_="tools")[0]
            )
            assert form.values["target"] == "_blank"
        assert '"opens": true' in one.hh2().one("script", id="words").text


@LANGUAGES
@pytest.mark.parametrize("notice", ["cookies", "maintenance"])
def test_a_notice_lies_over_the_page_until_it_is_closed(notice: str, language: str, admin: Admin) -> None:
    with Visitor(admin, f"plain+frame=inner+notice={notice}", language) as one:
        for site, path in (("hh2", "/"), ("procore", "/"), ("procore", "/training/log-in")):
            over = one.page(site, path).one(id="notice").one(role="dialog")
            assert (
                over.one("button", data_closes="").text
                == hh2_words(skin("plain", language))[f"{notice}-close"]
            )
            assert len(over.of("button", data_never="*")) == (1 if notice == "cookies" else 0)
        assert not one.hh2().of(id="notice")
        for client in one.clients.values():
            client.cookies.set("training_notice", "closed")
        assert not one.page("hh2", "/").of(id="notice") + one.page("procore", "/").of(id="notice")


@LANGUAGES
def test_the_navigation_is_folded_away_in_a_narrow_window(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+narrow=true", language) as one:
        for page in (one.page("hh2", "/"), one.page("procore", "/")):
            nav = page.one("nav", id="navigation")
            assert "hidden" in nav.values
            assert page.one("button", data_toggle="navigation").text.endswith("Menu")
            assert page.one("body").values["class"] == "narrow"


# ---------------------------------------------------------------- the dress of the labels


@LANGUAGES
def test_labels_wear_counts_icons_and_blanks_that_do_not_break(admin: Admin, language: str) -> None:
    look = skin("plain", language)
    name = tab_button(Tab.VENDORS, look)
    with Visitor(admin, "plain+counts=true", language) as one:
        assert start_of(one.hh2()).text == f"{hh2_words(look)['start']} (3)"
        tab = one.tab()
        assert button_of(tab).text == f"{name} (0)"
        chosen = tab.one("a", aria_current="page")
        assert chosen.text == f"{tab_title(Tab.VENDORS, look)} 0"
    with Visitor(admin, "plain+icons=true", language) as one:
        tab = one.tab()
        assert button_of(tab).one("i", class_="icon").text not in ("", " ")
        assert tab.one("a", aria_current="page").one("span", aria_hidden="true").text
    with Visitor(admin, "plain+blanks=true", language) as one:
        tab = one.tab()
        assert button_of(tab).text == name.replace(" ", "\N{NO-BREAK SPACE}")
        assert fold(button_of(tab).text) == fold(name)
        assert " " not in one.hh2().one("label", for_="date-range").text


@LANGUAGES
def test_labels_are_in_capitals_by_the_style_sheet_alone(admin: Admin, language: str) -> None:
    with Visitor(admin, "plain+upper=true", language) as one:
        for page in (one.hh2(), one.tab()):
            assert page.one("body").values["class"] == "upper"
            assert "text-transform: uppercase" in page.of("style")[0].text
        assert button_of(one.tab()).text == tab_button(Tab.VENDORS, skin("plain", language))
    with Visitor(admin, "plain+upper=true+shadow=true", language) as one:
        assert one.tab().one("template").of("div", class_="upper")


@LANGUAGES
def test_an_older_edition_has_older_words(admin: Admin, language: str) -> None:
    look = skin("plain+older=true", language)
    with Visitor(admin, "plain+older=true", language) as one:
        assert one.hh2().one("label", for_="user").text == hh2_words(look)["user"]
        offered = one.hh2().one("select", id="date-range").of("option")
        assert [each.text for each in offered] == list(ranges(look).values())
        assert ranges(look) != ranges(skin("plain", language))
        tab = one.tab()
        assert button_of(tab).text == tab_button(Tab.VENDORS, look)
        assert tab.of("h1")[-1].text == procore_words(look)["tool"]
