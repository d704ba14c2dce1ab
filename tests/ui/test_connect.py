"""Web services, from the Tools menu: tested in words, connected by a code or in the browser, and disconnected."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.connections import Connection, Lack, Standing, Way
from app.domain.events import Site
from app.ui.connect_dialog import At, ConnectDialog
from app.ui.profile_dialog import ProfileDialog
from tests.end_to_end.company import NAME, profile_for, secrets_of
from tests.end_to_end.test_connect import answers, page_of
from tests.procore.test_oauth import OOB, code_for, person
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.person import Desktop, desktop

OpenServices = Callable[..., AbstractContextManager[Desktop]]
TOKEN = "procore.oauth.token"


@pytest.fixture
def services(qtbot: QtBot, admin: Admin) -> OpenServices:
    """`with services() as shown:` — the window of Acme, whose app acts in a person's name."""

    @contextmanager
    def opened(*, service_account: bool = False, person: float = 60.0) -> Iterator[Desktop]:
        admin.play("ok")

        async def prepare(house: House) -> None:
            made = profile_for(admin.served)
            procore = msgspec.structs.replace(made.procore, service_account=service_account)
            assert await house.save(msgspec.structs.replace(made, procore=procore)) == []
            for secret, text in secrets_of(admin.served).items():
                await house.keep_secret(NAME, secret, text, False)

        with desktop(qtbot, prepare=prepare, person=person) as shown:
            yield shown

    return opened


def opened(shown: Desktop) -> ConnectDialog:
    """From the Tools menu, and tested."""
    wait_until(shown.window.connect_action.isEnabled, "it can be asked")
    shown.window.connect_action.trigger()
    wait_until(shown.has_dialog, "the dialog is open")
    return until_tested(shown)


def until_tested(shown: Desktop) -> ConnectDialog:
    dialog = shown.dialog()
    assert isinstance(dialog, ConnectDialog)
    wait_until(lambda: dialog.at is At.IDLE, "both were asked", 30)
    return dialog


async def code_of(admin: Admin) -> str:
    """A person allows it in a browser of their own, and copies the code that is shown."""
    async with person(admin) as client:
        shown = (await code_for(client, admin, OOB)).text
    return shown.partition("<code>")[2].partition("</code>")[0]


def is_on_top(button: QPushButton) -> bool:
    """True where a click in the middle of the button meets the button, nothing that lies over it."""
    window: QWidget = button.window()
    return window.childAt(button.mapTo(window, button.rect().center())) is button


def test_the_app_s_own_account_is_told_in_words(services: OpenServices, admin: Admin) -> None:
    with services(service_account=True) as shown:
        dialog = opened(shown)
        shown.wait_for("Procore's web services: all good")
        shown.wait_for(f"(number {admin.served.procore.company_id})")
        shown.wait_for("Vendors: may be refreshed.")
        shown.wait_for("hh2's web services: all good")
        assert not shown.has("Sign in to Procore…")
        shown.press("Test again")
        wait_until(lambda: dialog.at is At.IDLE, "both were asked again", 30)
        assert len([one for one in dialog.found if one.standing is Standing.GOOD]) == 2
    assert admin.log()["presses"] == []


def test_a_code_connects_by_a_click_and_disconnect_revokes_it(services: OpenServices, admin: Admin) -> None:
    with services() as shown:
        dialog = opened(shown)
        shown.wait_for("Procore's web services: a person is needed")
        shown.wait_for("Your sign-in: sign in to Procore here, and allow this program.")
        shown.press("Sign in with a code…")
        wait_until(lambda: dialog.at is At.CODE, "the code is asked for")
        assert not shown.has("Connect with this code")
        shown.press("Copy the address")
        assert QApplication.clipboard().text().startswith(admin.served.procore.address + "/oauth/authorize?")
        shown.type(dialog.code.edit, "no code")
        assert is_on_top(dialog.give)
        shown.press("Connect with this code")
        wait_until(lambda: bool(dialog.code.wrong.text()), "a slip is said beside the field")
        assert admin.calls(TOKEN) == []
        shown.type(dialog.code.edit, shown.ask(code_of(admin)))
        shown.press("Connect with this code")
        until_tested(shown)
        shown.wait_for("Procore's web services are connected")
        shown.wait_for("Signed in in the name of Carole Tremblay.")
        assert len(admin.calls(TOKEN)) == 1
        assert dialog.code.edit.text() == ""
        shown.press("Disconnect…")
        wait_until(lambda: shown.reads("Revoke the sign-in at Procore"), "it is asked")
        shown.press("Disconnect")
        wait_until(lambda: shown.reads("Disconnected: Procore has revoked"), "it is told", 20)
        wait_until(lambda: dialog.at is At.IDLE, "both were asked", 30)
        assert not shown.has("Disconnect…")
        assert len(admin.calls("procore.oauth.revoke")) == 1


def test_a_code_by_the_keyboard_is_sent_once(services: OpenServices, admin: Admin) -> None:
    with services() as shown:
        dialog = opened(shown)
        QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
        wait_until(dialog.code.edit.hasFocus, "the code is asked for, and the cursor stands there")
        QTest.keyClicks(dialog.code.edit, shown.ask(code_of(admin)))
        QTest.keyClick(dialog.code.edit, Qt.Key.Key_Return)
        until_tested(shown)
        shown.wait_for("Procore's web services are connected")
        assert len(admin.calls(TOKEN)) == 1
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        wait_until(lambda: not shown.has_dialog(), "it is closed")


def test_a_code_that_was_used_is_refused_in_words(services: OpenServices, admin: Admin) -> None:
    with services() as shown:
        dialog = opened(shown)
        shown.press("Sign in with a code…")
        wait_until(lambda: dialog.at is At.CODE, "the code is asked for")
        shown.type(dialog.code.edit, "abcdef123456")
        shown.press("Connect with this code")
        wait_until(lambda: shown.reads("Procore did not accept the code"), "it is told", 20)
        assert shown.has("Sign in with a code…")
        assert shown.has("Sign in to Procore…")


@pytest.mark.slow
def test_a_person_signs_in_in_the_browser_that_opens(services: OpenServices, admin: Admin) -> None:
    with services() as shown:
        dialog = opened(shown)
        shown.press("Sign in to Procore…")
        shown.wait_for("A browser window opens")
        shown.ask(answers("Allow", admin)(shown.house), 60)  # type: ignore[arg-type]
        wait_until(lambda: dialog.at in (At.TESTING, At.IDLE), "the answer was read", 30)
        until_tested(shown)
        shown.wait_for("Signed in in the name of Carole Tremblay.")
        assert shown.house.web.asking is None


@pytest.mark.slow
def test_stop_closes_the_browser_and_nothing_is_connected(services: OpenServices, admin: Admin) -> None:
    with services() as shown:
        dialog = opened(shown)
        shown.press("Sign in to Procore…")
        shown.ask(page_of(shown.house), 60)
        shown.press("Stop waiting")
        wait_until(lambda: dialog.at is At.IDLE, "nobody waits any more", 20)
        assert shown.house.web.asking is None
        assert admin.calls(TOKEN) == []


def test_from_the_company_s_settings(services: OpenServices, admin: Admin) -> None:
    with services(service_account=True) as shown:
        wait_until(lambda: shown.has("Edit this company"), "the company is open")
        shown.press("Edit this company")
        wait_until(shown.has_dialog, "the settings")
        settings = shown.dialog()
        assert isinstance(settings, ProfileDialog)
        shown.type(settings.company.edit, "Acme of the North")
        shown.press("Web services…")
        shown.wait_for("Save what you changed first")
        shown.type(settings.company.edit, admin.served.procore.company_name)
        shown.press("Web services…")
        wait_until(lambda: shown.reads("Procore's web services: all good"), "they were tested", 30)
        assert isinstance(shown.dialog(), ConnectDialog)


@pytest.mark.parametrize("size", [(720, 560), (480, 400), (1016, 708)])
def test_what_is_pressed_next_is_never_covered_or_out_of_sight(size: tuple[int, int], qtbot: QtBot) -> None:
    dialog = ConnectDialog("Beaulieu")
    qtbot.addWidget(dialog)
    dialog.show_found(
        [Connection(Site.PROCORE, Standing.PERSON, Way.PERSON, lacks=(Lack.SIGN_IN, Lack.COMPANY_NUMBER))]
    )
    dialog.show_address("https://login.procore.com/oauth/authorize?" + "x" * 160)
    dialog.resize(*size)
    dialog.show()
    qtbot.waitExposed(dialog)
    QTest.keyClicks(dialog.code.edit, "abcdef12")
    given: list[str] = []
    dialog.code_given.connect(given.append)
    wait_until(lambda: is_on_top(dialog.give), "the button can be met")
    QTest.mouseClick(dialog.give, Qt.MouseButton.LeftButton)
    assert given == ["abcdef12"]
