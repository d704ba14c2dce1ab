"""The support file in the window: shown part by part with its whole text, then written as it was shown."""

import zipfile
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.ui.support_desk import SupportDesk
from app.ui.support_dialog import PartPage, SupportDialog
from tests.support.waiting import wait_until
from tests.ui.conftest import Open


def test_everything_is_shown_before_it_is_written(acme: Open, tmp_path: Path) -> None:
    with acme() as window:
        window.window.support_action.trigger()
        dialog = window.dialog()
        assert isinstance(dialog, SupportDialog)
        assert not window.has("Save as a file…")  # nothing is gathered yet
        wait_until(lambda: dialog.parts.count() == 5, "it is gathered", 30)
        shown = {}
        for at in range(dialog.parts.count()):
            page = dialog.parts.widget(at)
            assert isinstance(page, PartPage)
            shown[dialog.parts.tabText(at)] = page.text.toPlainText()
        assert list(shown) == ["Versions", "Ready?", "The last runs", "Outlines of pages", "Log"]
        assert "Passwords, keys and tokens were taken out." in dialog.taken_out.text()
        window.press("Save as a file…")
        (chooser,) = dialog.findChildren(QFileDialog)
        chooser.close()
        (desk,) = dialog.findChildren(SupportDesk)
        desk.write(str(tmp_path / "no" / "bundle.zip"))
        wait_until(lambda: "bundle.zip" in dialog.said.text(), "why not")
        desk.write(str(tmp_path / "bundle.zip"))
        wait_until(lambda: "was written to" in dialog.said.text(), "it is written")
        window.press("Close")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as packed:
        assert [packed.read(name).decode() for name in packed.namelist()] == list(shown.values())
