"""The questions that are asked in a dialog before something is done. None blocks the window, none closes itself."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.domain.filters import Filters
from app.ui.buttons import without_pictures
from app.words import keeping, sites
from app.words.language import _


def ask(
    parent: QWidget, title: str, text: str, yes: str, no: str, then: Callable[[], None], *, warn: bool = False
) -> QMessageBox:
    """Ask, and call `then` on the first answer. Enter and Escape mean the second, where something would be lost."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Warning if warn else QMessageBox.Icon.Question)
    go = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay if warn else go)
    box.setEscapeButton(stay)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def answered() -> None:
        if box.clickedButton() is go:
            then()

    box.finished.connect(answered)
    box.open()
    return box


def ask_long(parent: QWidget, filters: Filters, then: Callable[[], None]) -> QMessageBox:
    """Deep or All Changes: why one would, and what it costs."""
    text = _("{why}\n\nStart a sync with {filters}?").format(
        why=sites.why_longer(filters), filters=sites.filters(filters)
    )
    return ask(parent, _("A long sync"), text, _("&Start it"), _("&Choose again"), then)


def ask_exit(parent: QWidget, then: Callable[[], None]) -> QMessageBox:
    """Exit while a run is under way."""
    text = _(
        "A sync is under way. If you exit, the run is stopped: what was already started in hh2 or Procore goes on "
        "there by itself, and the next step does not begin. You can go on with the run the next time."
    )
    return ask(parent, _("Exit"), text, _("&Stop and exit"), _("&Keep running"), then, warn=True)


def ask_delete(parent: QWidget, name: str, then: Callable[[], None]) -> QMessageBox:
    """Delete a company."""
    text = _(
        "Delete {company} with its settings, its saved passwords and its history? hh2 and Procore keep everything."
    ).format(company=name)
    return ask(parent, _("Delete a company"), text, _("&Delete"), _("&Keep it"), then, warn=True)


def ask_forget(parent: QWidget, company: str, then: Callable[[], None]) -> QMessageBox:
    """Delete what was read of a company."""
    text = keeping.forget_readings(company)
    return ask(parent, _("Delete what was read"), text, _("&Delete"), _("&Keep it"), then, warn=True)


def ask_begin_anew(parent: QWidget, company: str, then: Callable[[], None]) -> QMessageBox:
    """Begin a new history in place of a ledger that cannot be used."""
    return ask(
        parent,
        _("A new history"),
        keeping.begin_anew(company),
        _("&Begin it"),
        _("&Leave it"),
        then,
        warn=True,
    )


def tell(parent: QWidget, title: str, text: str) -> QMessageBox:
    """Show some lines of text that can be selected."""
    box = QMessageBox(QMessageBox.Icon.Information, title, text, QMessageBox.StandardButton.Close, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    without_pictures(box)
    box.open()
    return box
