"""Every field of the window: what cannot be used is said beside it, what was typed stays, and the cursor is there."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import Site
from app.domain.profile import Hh2Settings, ProcoreSettings, Profile
from app.ui.field import Field
from app.ui.notices import Ask, Notice
from app.ui.notices import Field as Typed
from app.ui.sign_in_box import SignInBox
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, desktop
from tests.ui.test_fields import _settings

HUGE = "9" * 30
ADDRESS = "Type an address that begins with https://"
MINUTES = "Type minutes between 1 and 1440."
SECONDS = "Type seconds between 0 and 600."
NUMBER = "Type the number of your company in Procore"
NAME = "Use letters, digits, spaces"

# Field of the settings, what is typed into it, and how its sentence begins. "" stands for a field that takes anything.
SETTINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "name": (("", "con", "a/b", "x" * 61, "dot."), NAME),
    "site": (("https://??", "two words", "http://elsewhere.example"), "Paste the address of your hh2 site"),
    "number": (("abc", "-5", "1.5", HUGE, "4_281"), NUMBER),
    "company": ((), ""),
    "base": (("acme", "http://acme.example", "ftp://x", "https://"), ADDRESS),
    "login": (("", "login.procore.com", "http://login.procore.com"), ADDRESS),
    "api": (("", "javascript:x", "https://user:word@api.procore.com"), ADDRESS),
    "web": (("", "https:// x", "http://10.0.0.1"), ADDRESS),
    "proof": (("", "0", "1441", "half an hour", HUGE, "1.5"), MINUTES),
    "keep": (("", "-1", "3651", "a year", "1.5", HUGE), "Type days between 0 and 3650"),
    "percent": (("", "0", "91", "20 %", HUGE), "Type per cent between 1 and 90."),
    "records": (("", "0", "1001", "1.5"), "Type a number of records between 1 and 1000."),
    "small": (("", "-1", "10001", "few"), "Type a number of records between 0 and 10000."),
    "pause": (("", "-1", "601", "nan", "inf", "soon", HUGE), SECONDS),
}


def _said_beside(field: Field, typed: str, begins: str) -> None:
    wait_until(lambda: field.wrong.text().startswith(begins), f"“{typed}” is refused")
    assert field.wrong.isVisible(), typed
    assert field.edit.text() == typed, "nothing is lost"
    wait_until(field.edit.hasFocus, f"the cursor is at “{typed}”")
    assert field.edit.accessibleDescription() == field.wrong.text(), "a screen reader says it too"


def test_each_setting_of_a_company_says_what_is_wrong_with_it(qtbot: QtBot) -> None:
    good = Profile("Alpha", hh2=Hh2Settings(site="x"), procore=ProcoreSettings(company_id=7))

    async def one(house: House) -> None:
        assert await house.save(good) == []

    with desktop(qtbot, prepare=one) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Edit this company")
        dialog = _settings(shown)
        fields = {name: value for name, value in vars(dialog).items() if isinstance(value, Field)}
        assert set(fields) == set(SETTINGS), "every field is tried"
        for name, (texts, begins) in SETTINGS.items():
            field = fields[name]
            before = field.edit.text()
            for text in texts:
                if not field.isVisible():
                    shown.press("More settings")
                shown.type(field.edit, text)
                shown.press("Save")
                assert shown.has_dialog(), (name, text)
                _said_beside(field, text, begins)
            shown.type(field.edit, before)
            assert not field.wrong.isVisible(), "it goes when something else is typed"
        shown.type(dialog.company.edit, "Nordic")
        shown.press("Save")
        right = replace(good, procore=replace(good.procore, company_name="Nordic"))
        wait_until(lambda: shown.view.profile == right, "what is right is saved, and opened anew")


def _box(shown: Desktop, site: Site) -> SignInBox:
    return shown.window.step_one.sign_in if site is Site.HH2 else shown.window.step_two.sign_in


@pytest.mark.parametrize("press", ["Start Sync", "Sign in / Test"])
def test_each_field_of_a_sign_in_says_what_is_missing(acme: Open, admin: Admin, press: str) -> None:
    with acme(passwords=False) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        for site in Site:
            box = _box(shown, site)
            if not box.place.isVisible():
                box.change.click()
            fields = {name: value for name, value in vars(box).items() if isinstance(value, Field)}
            wrong = {
                # Its address is set in the profile, so that the site may be left out.
                "place": (("no site !",), "Paste the") if site is Site.HH2 else (("", "42x", HUGE), NUMBER),
                "user": (("",), "Type the user name"),
                "password": (("",), "Type the password."),
            }
            assert set(fields) == set(wrong), "every field is tried"
            for name, (texts, begins) in wrong.items():
                good = fields[name].edit.text() or "S3cret"
                for text in texts:
                    shown.type(fields[name].edit, text)
                    _press_in(shown, box, press)
                    _said_beside(fields[name], text, begins)
                shown.type(fields[name].edit, good)
        assert shown.run is None
        assert admin.presses() == []


def _press_in(shown: Desktop, box: SignInBox, name: str) -> None:
    if name == "Start Sync":
        shown.press(name)
    else:
        box.test.click()


def test_a_question_without_its_answer_says_so(acme: Open) -> None:
    with acme() as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        box = shown.window.notice
        answers: list[object] = []
        box.answered.disconnect()
        box.answered.connect(lambda *said: answers.append(said))
        box.show_notice(Notice(Ask.WORD, "Well?", "Say it.", "&Go on", field=Typed.WORDS, label="Here"))
        for text in ("", "   "):
            shown.type(box.field.edit, text)
            box.yes.click()
            _said_beside(box.field, text, "Say in your own words what you saw.")
        assert answers == []
        QApplication.processEvents()
