"""The first time: an assistant with few fields, that can be left, resumed, and turned down for the training company."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.profile import Hh2Settings, Profile, Secret, SecretState, procore_company
from app.storage import folders
from app.ui.dialogs import SET_UP
from app.ui.setup_wizard import SetupWizard
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import plain_profile
from tests.ui.person import Desktop, desktop

ADDRESS = "https://app.procore.com/{}/company/home"


@contextmanager
def _first_time(qtbot: QtBot, admin: Admin | None = None) -> Iterator[Desktop]:
    with desktop(qtbot) as shown:
        opened = shown.opened
        if admin is not None:
            # The sites of the training company in place of hh2.com's and procore.com's; what is typed is typed.
            opened.presses.dialogs.start = msgspec.structs.replace(plain_profile(admin.served), name="")
        opened.begin("", None, first_time=True)
        wait_until(shown.is_open, "the window is ready")
        yield shown


def _assistant(shown: Desktop) -> SetupWizard:
    wait_until(shown.has_dialog, "the assistant")
    found = shown.dialog()
    assert isinstance(found, SetupWizard)
    return found


def _type_all(shown: Desktop, wizard: SetupWizard, admin: Admin) -> None:
    """Six fields, four presses: what the README counts."""
    shown.press("Next >")
    shown.type(wizard.hh2.site.edit, "https://beaulieu.hh2.com/login?x=1")
    shown.type(wizard.hh2.user.edit, admin.served.hh2.user)
    shown.type(wizard.hh2.password.edit, admin.served.hh2.password)
    shown.press("Next >")
    shown.type(wizard.procore.number.edit, ADDRESS.format(admin.served.procore.company_id))
    shown.type(wizard.procore.user.edit, admin.served.procore.user)
    shown.type(wizard.procore.password.edit, admin.served.procore.password)
    shown.press("Test both")


def test_six_fields_and_four_presses_make_a_company_that_is_signed_in_to_both(
    qtbot: QtBot, admin: Admin
) -> None:
    with _first_time(qtbot, admin) as shown:
        wizard = _assistant(shown)
        _type_all(shown, wizard, admin)
        wait_until(lambda: shown.has("Finish"), "both were tested", 30)
        assert wizard.test.lines[next(iter(wizard.test.lines))].text().startswith("hh2: signed in as")
        assert shown.reads("Procore: signed in as")
        shown.press("Finish")
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        profile = shown.view.profile
        assert profile is not None
        assert profile.name == "Beaulieu"  # proposed from the site, nobody typed it
        assert profile.procore.company_id == admin.served.procore.company_id
        assert shown.view.secrets[Secret.HH2_PASSWORD] is SecretState.KEPT
        assert shown.has("Start Sync")
        assert admin.presses() == []
    kept = (folders.locate().config / "settings.json").read_text("utf-8")
    assert json.loads(kept)["setup"] == {}
    assert admin.served.hh2.password not in kept


def test_what_was_typed_is_there_again_and_a_password_is_not(qtbot: QtBot, admin: Admin) -> None:
    with _first_time(qtbot) as shown:
        wizard = _assistant(shown)
        wizard.needs.boxes["client"].setChecked(True)
        shown.press("Next >")
        shown.type(wizard.hh2.site.edit, "beaulieu")
        shown.type(wizard.hh2.password.edit, "a secret of hh2")
        shown.press("Later")
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        wait_until(lambda: SET_UP in shown.opened.desk.preferences.said, "it is remembered")
    assert "a secret of hh2" not in (folders.locate().config / "settings.json").read_text("utf-8")
    with _first_time(qtbot) as again:
        assert not again.has_dialog()  # it was turned down once, and does not come by itself
        again.press("New company")
        wizard = _assistant(again)
        assert (wizard.hh2.site.text, wizard.hh2.name.text) == ("beaulieu", "Beaulieu")
        assert wizard.hh2.password.edit.text() == ""
        assert wizard.currentPage() is wizard.hh2
        assert wizard.needs.boxes["client"].isChecked()
        again.press("Later")
        wait_until(lambda: not again.has_dialog(), "it is closed")


def test_a_field_that_cannot_be_used_is_said_beside_it_and_nothing_is_saved(
    qtbot: QtBot, admin: Admin
) -> None:
    with _first_time(qtbot, admin) as shown:
        wizard = _assistant(shown)
        shown.press("Next >")
        shown.press("Next >")
        assert shown.reads("Paste the address of your hh2 site, such as https://yourcompany.hh2.com")
        shown.type(wizard.hh2.site.edit, "acme")
        shown.press("Next >")
        assert shown.reads("Type the user name you sign in with.")
        shown.type(wizard.hh2.user.edit, "dana")
        shown.type(wizard.hh2.password.edit, "x")
        shown.type(wizard.hh2.name.edit, "con")
        shown.press("Next >")
        shown.press("Test both")
        assert shown.reads("Type the number of your company in Procore")
        shown.type(wizard.procore.number.edit, "7")
        shown.press("Test both")
        wait_until(lambda: shown.reads("Use letters, digits, spaces"), "the name cannot be used")
        assert wizard.currentPage() is wizard.hh2
        assert shown.ask(shown.house.profiles()) == []
        shown.press("Later")


def test_a_refused_password_is_said_and_the_company_is_kept(qtbot: QtBot, admin: Admin) -> None:
    with _first_time(qtbot, admin) as shown:
        admin.play("wrong-password")
        wizard = _assistant(shown)
        _type_all(shown, wizard, admin)
        wait_until(lambda: shown.has("Finish"), "both were tested", 30)
        assert shown.reads("hh2: hh2 did not accept")
        shown.press("Finish")
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        assert shown.view.profiles == ("Beaulieu",)


def test_one_may_practise_instead(qtbot: QtBot) -> None:
    with _first_time(qtbot) as shown:
        _assistant(shown)
        shown.press("Practise with the training company")
        wait_until(lambda: shown.view.training and shown.view.held, "the training company is open", 20)
        assert not shown.has_dialog()
        assert shown.window.banner.isVisible()


def test_the_assistant_stands_in_the_menu_beside_other_companies(qtbot: QtBot) -> None:
    async def one(house: House) -> None:
        assert await house.save(Profile("Beaulieu", hh2=Hh2Settings(site="beaulieu"))) == []

    with desktop(qtbot, prepare=one) as shown:
        wait_until(lambda: shown.view.held, "it is open")
        assert not shown.has_dialog()
        shown.window.setup_action.trigger()
        wizard = _assistant(shown)
        shown.press("Next >")
        shown.type(wizard.hh2.site.edit, "beaulieu")
        shown.press("Next >")
        assert shown.reads("Another company already has this name.")
        assert wizard.button(QWizard.WizardButton.CancelButton).isVisible()
        shown.press("Later")


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("4410233", 4410233),
        (" https://app.procore.com/4410233/company/home ", 4410233),
        ("app.procore.com/4410233/company/home/list?x=9", 4410233),
        ("https://us02.procore.com/webclients/host/companies/562949953421312/tools/erp", 562949953421312),
        ("https://app.procore.com/12/projects/companies/4410233", 4410233),
    ],
)
def test_the_number_is_read_from_the_address_of_a_page(pasted: str, number: int) -> None:
    assert procore_company(pasted) == number


@pytest.mark.parametrize(
    "pasted", ["", "0", "abc", "https://app.procore.com/", "https://app.procore.com/x/y", "-5"]
)
def test_where_there_is_no_number_it_is_said(pasted: str) -> None:
    with pytest.raises(ValueError, match="company-id"):
        procore_company(pasted)


def test_nothing_of_one_company_is_left_when_another_is_shown(qtbot: QtBot, admin: Admin) -> None:
    made = plain_profile(admin.served)

    async def two(house: House) -> None:
        assert await house.save(msgspec.structs.replace(made, name="Alpha")) == []
        hh2 = msgspec.structs.replace(made.hh2, user="another")
        assert await house.save(msgspec.structs.replace(made, name="Beaulieu", hh2=hh2)) == []

    with desktop(qtbot, prepare=two) as shown:
        wait_until(lambda: shown.view.held, "Alpha is open")
        one, two_ = shown.window.step_one.sign_in, shown.window.step_two.sign_in
        shown.type(one.password.edit, "of Alpha")
        shown.type(two_.password.edit, "of Alpha too")
        shown.window.step_one.take_tabs((), ("25-001",))
        shown.window.companies.setCurrentIndex(1)
        shown.window.companies.activated.emit(1)
        wait_until(
            lambda: (
                shown.view.held and shown.view.profile is not None and shown.view.profile.name == "Beaulieu"
            ),
            "Beaulieu is open",
        )
        assert (one.password.edit.text(), two_.password.edit.text()) == ("", "")
        assert one.user.text == "another"
        asked = shown.window.step_one.asked()
        assert (asked.tabs, asked.jobs) != ((), ("25-001",))
        assert shown.view.run is None
        assert shown.view.secrets[Secret.HH2_PASSWORD] is SecretState.MISSING
