"""What is kept from one start to the next, and what is said of files, keyrings and runs that were left broken."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QSplitter
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import (
    Record,
    RunOutcome,
    RunPlanned,
    SignedIn,
    SignInRequested,
    Site,
    StepOneBaseline,
    SyncRequested,
)
from app.domain.filters import DateRange, Filters
from app.domain.looks import Phase, SyncLook
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Hh2Settings, Profile
from app.domain.tabs import Tab
from app.engine.faces import Preferences
from app.storage import folders, settings
from app.storage.ledger import Ledger
from tests.cli.commands import run as command
from tests.end_to_end.company import NAME, Told
from tests.support.keyring_service import SecretService, another_bus
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open, keep_passwords, plain_profile
from tests.ui.person import desktop


async def _three(house: House) -> None:
    for name in ("Alpha", "Beaulieu", "Cadieux"):
        assert await house.save(Profile(name, hh2=Hh2Settings(site="x"))) == []


def test_the_company_of_the_last_time_and_the_windows_place_come_back(qtbot: QtBot) -> None:
    with desktop(qtbot, prepare=_three) as shown:
        assert shown.window.companies.currentText() == "Alpha"
        shown.window.companies.setCurrentIndex(1)
        shown.window.companies.activated.emit(1)
        wait_until(
            lambda: shown.view.profile is not None and shown.view.profile.name == "Beaulieu", "it opens"
        )
        wait_until(lambda: shown.view.held, "it is ours")
        shown.frame.resize(900, 600)
        wait_until(lambda: shown.frame.size().width() == 900, "the size")
        where = shown.frame.geometry()
    with desktop(qtbot) as again:
        wait_until(lambda: again.view.held, "it is ours")
        assert again.window.companies.currentText() == "Beaulieu"
        wait_until(lambda: again.frame.size() == where.size(), "the size is back")
    with desktop(qtbot, profile="Cadieux") as named:
        assert named.window.companies.currentText() == "Cadieux"


def test_the_choices_of_the_last_run_come_back(acme: Open, admin: Admin, qtbot: QtBot) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        box = shown.window.step_one.date_box
        box.setCurrentIndex(box.findData(DateRange.TODAY))
        shown.press("Start Sync")
        shown.until_over()
    with desktop(qtbot) as again:
        wait_until(lambda: again.view.held, "it is ours")
        asked = again.window.step_one.asked()
        assert (asked.filters, asked.tabs, asked.go_on) == (Filters(DateRange.TODAY), (Tab.VENDORS,), True)


def test_a_broken_settings_file_is_said_and_kept_aside(qtbot: QtBot) -> None:
    place = folders.locate().config
    place.mkdir(parents=True)
    (place / "settings.json").write_text('{"last_profile": ', "utf-8")
    with desktop(qtbot, prepare=_three) as shown:
        shown.wait_for("settings.json cannot be read.")
        assert shown.reads("It was kept aside as settings.json.kept-")
        shown.press("OK")
        wait_until(lambda: not shown.reads("cannot be read"), "it was read")
        assert shown.window.companies.currentText() == "Alpha"
    kept = list(place.glob("settings.json.kept-*"))
    assert [one.read_text("utf-8") for one in kept] == ['{"last_profile": ']
    assert json.loads((place / "settings.json").read_text("utf-8"))["last_profile"] == "Alpha"


def test_what_else_stands_in_the_settings_stays(qtbot: QtBot) -> None:
    place = folders.locate()
    settings.save(place, settings.Settings(language="fr", choices={"Alpha": settings.Choices(go_on=True)}))
    with desktop(qtbot, prepare=_three) as shown:
        shown.ask(shown.house.remember(Preferences("Beaulieu", {"main": "x"}, ("y",), language="fr")))
        kept = settings.load(place).settings
        assert (kept.language, kept.last_profile, kept.geometry, kept.said) == (
            "fr", "Beaulieu", {"main": "x"}, ("y",)
        )  # fmt: skip
        assert kept.choices["Alpha"].go_on


def test_a_broken_profile_is_named_with_its_line_and_opens_once_it_is_mended(qtbot: QtBot) -> None:
    path = folders.locate().profiles / "Alpha.toml"

    async def broken(house: House) -> None:
        await _three(house)
        path.write_text(path.read_text("utf-8").replace('"past-week"', '"tomorow"'), "utf-8")

    with desktop(qtbot, prepare=broken) as shown:
        shown.wait_for("cannot be read.")
        assert shown.reads("tomorow")
        assert not shown.has("Start Sync")
        path.write_text(path.read_text("utf-8").replace("tomorow", "today"), "utf-8")
        shown.press("Try again")
        wait_until(lambda: shown.view.held, "the company opens")
        assert shown.window.step_one.filters() == Filters(DateRange.TODAY)


def test_a_company_that_another_program_works_with_is_not_touched(acme: Open, qtbot: QtBot) -> None:
    with acme() as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        with desktop(qtbot) as second:
            second.wait_for("is working with this company")
            assert not second.has("Start Sync")
            assert not second.view.held
            shown.ask(shown.house.release(NAME))
            second.press("Try again")
            wait_until(lambda: second.view.held, "now it is ours")


def test_however_a_company_is_typed_it_is_one_for_window_and_command_line(acme: Open, qtbot: QtBot) -> None:
    with acme() as shown:
        shown.ask(shown.house.save(Profile("Aaron", hh2=Hh2Settings(site="x"))))
        shown.ask(shown.house.release(NAME))
        with desktop(qtbot, profile="aCME") as second:
            wait_until(lambda: second.view.held, "it is opened as it is spelt in its file")
            assert second.window.companies.currentText() == NAME
            done = command("sync", "--profile", "ACME", "--tabs", "none", "--json")
            assert "IN-USE" in done.stdout
            assert '"run_id":null' in done.stdout
            with pytest.raises(Trouble) as met:
                shown.ask(shown.house.conductor(" acme", Told()))
            assert met.value.problem.id is ProblemId.IN_USE
            second.ask(second.house.conductor("ACME", Told()))
        assert [path.name for path in folders.locate().companies.iterdir()] == [NAME]


def test_a_company_that_is_asked_for_and_is_not_there_is_not_exchanged_for_another(qtbot: QtBot) -> None:
    with desktop(qtbot, prepare=_three, profile="Delta") as shown:
        shown.wait_for("There is no company of this name.")
        assert shown.view.profile is None
        assert not shown.has("Start Sync")


def _cut_off(admin: Admin) -> list[object]:
    return [
        RunPlanned(NAME, "training", True, "claire", "1", True, Filters(), (Tab.VENDORS,), None, True),
        SignInRequested(Site.HH2, "a"),
        SignedIn(Site.HH2, "c"),
        StepOneBaseline(SyncLook(Phase.NONE, "", "nothing")),
        SyncRequested(),
    ]


@pytest.fixture
def interrupted(acme: Open, admin: Admin, qtbot: QtBot) -> Iterator[None]:
    """Acme, whose last run was cut off after Start Sync was announced."""
    from datetime import UTC, datetime

    async def prepare(house: House) -> None:
        assert await house.save(plain_profile(admin.served, go_on=True, tabs=(Tab.VENDORS,))) == []
        place = folders.locate()
        ledger = await Ledger.open(place.of_profile_ready(NAME), None)
        for at, event in enumerate(_cut_off(admin), 1):
            await ledger.append(Record(at, datetime.now(UTC), "run-before", event))  # type: ignore[arg-type]
        await ledger.close()
        await keep_passwords(house, admin.served)

    with desktop(qtbot, prepare=prepare) as shown:
        wait_until(lambda: shown.view.interrupted, "the run that was cut off is known", 10)
        pytest.shown = shown  # type: ignore[attr-defined]
        yield


def test_a_run_that_was_cut_off_is_shown_and_can_be_closed(interrupted: None, admin: Admin) -> None:
    shown = pytest.shown  # type: ignore[attr-defined]
    assert shown.reads("The last run was cut off during step 1.")
    assert not shown.has("Start Sync")
    shown.press("Close it as it stands")
    wait_until(lambda: shown.has("Start Sync"), "a new run can begin", 10)
    assert admin.presses() == []
    [line] = shown.ask(shown.house.history(NAME))
    assert line.outcome is RunOutcome.PERSON


def test_a_run_that_was_cut_off_goes_on_and_presses_nothing_twice(interrupted: None, admin: Admin) -> None:
    shown = pytest.shown  # type: ignore[attr-defined]
    shown.press("Continue it (go on)")
    wait_until(lambda: shown.view.busy or shown.is_over(), "it goes on", 10)
    wait_until(lambda: shown.is_over() or shown.reads("What you saw"), "it comes to something", 40)
    assert len(admin.presses("sync.start")) == 0


# ------------------------------------------------------------------ keyrings


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        yield Path(folder)


@pytest.fixture
def locked_keyring(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A keyring that was never set up, and that can ask nobody."""
    with another_bus(short_folder, keyring=True, created=False) as env:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", env["DBUS_SESSION_BUS_ADDRESS"])
        yield


def _type_both(shown: object, admin: Admin) -> None:
    from tests.ui.person import Desktop

    assert isinstance(shown, Desktop)
    hh2, procore = shown.window.step_one.sign_in, shown.window.step_two.sign_in
    wait_until(lambda: hh2.password.edit.isVisible() and hh2.password.edit.isEnabled(), "the field")
    shown.type(hh2.password.edit, admin.served.hh2.password)
    shown.type(procore.password.edit, admin.served.procore.password)


def test_a_password_that_is_typed_is_kept_in_the_keyring_and_leaves_the_field(
    acme: Open, admin: Admin, secret_service: SecretService
) -> None:
    with acme(passwords=False, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        _type_both(shown, admin)
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert shown.window.step_one.sign_in.password.edit.text() == ""
        secrets = [kept.secret.decode() for kept in secret_service.items()]
        assert any(admin.served.hh2.password in secret for secret in secrets)
        shown.ask(shown.house.delete(NAME))


def test_without_a_keyring_the_run_goes_on_and_says_that_nothing_was_saved(
    acme: Open, admin: Admin, no_secret_service: Mapping[str, str]
) -> None:
    with acme(passwords=False, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        assert shown.reads("the password is used for this run only and not saved") or shown.reads(
            "cannot be opened"
        )
        _type_both(shown, admin)
        shown.press("Sign in to hh2 once, as a test")
        shown.wait_for("so nothing secret was saved.")
        assert shown.reads("sign in for this run only")
        shown.press("OK")
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK


def test_a_locked_keyring_has_words_of_its_own(acme: Open, admin: Admin, locked_keyring: None) -> None:
    with acme(passwords=False, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        _type_both(shown, admin)
        shown.press("Sign in to hh2 once, as a test")
        shown.wait_for("so nothing secret was saved.")
        assert shown.reads("it is locked, or was never set up")


def test_a_dialog_stands_where_it_stood_and_its_parts_are_divided_as_they_were(acme: Open) -> None:
    with acme() as shown:
        wait_until(shown.window.history_action.isEnabled, "the history can be opened")
        shown.window.history_action.trigger()
        first = shown.dialog()
        first.resize(820, 560)
        split = first.findChildren(QSplitter)[0]
        wait_until(lambda: first.width() == 820 and split.height() > 100, "its size")
        split.setSizes([100, 300])
        sizes = split.sizes()
        first.close()
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        shown.window.history_action.trigger()
        again = shown.dialog()
        wait_until(lambda: again.width() == 820, "the size is back")
        wait_until(lambda: again.findChildren(QSplitter)[0].sizes() == sizes, "and so is how it is divided")
        again.close()
    kept = settings.load(folders.locate()).settings.geometry
    assert {"main", "HistoryView", "HistoryView/0"} <= set(kept)
