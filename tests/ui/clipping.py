"""What does not fit: texts wider or higher than the place they have, and widgets that lie over each other."""

from itertools import combinations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

ROUNDING = 1
_WITH_WORDS = (QLabel, QAbstractButton, QComboBox, QLineEdit, QTabBar)


def clipped(window: QWidget) -> list[str]:
    """Every text of a window that is shown, and is cut off or covered: what it is, and by how much, in points."""
    for _ in range(10):  # a sentence that wraps moves what stands around it, and that what stands around that
        QApplication.processEvents()
    found: list[str] = []
    shown = [one for one in window.findChildren(QWidget) if one.isVisible() and one.width() > 0]
    for one in shown:
        found += _too_small(one) + _outside(one)
    found += _over_each_other(shown)
    return found


def _too_small(one: QWidget) -> list[str]:
    lacks = 0
    words = ""
    if isinstance(one, QLabel) and one.text():
        words = one.text()
        lacks = _label_lacks(one)
    elif isinstance(one, QAbstractButton) and one.text():
        words = one.text()
        # It keeps the size that it wanted while it could not be used, until something else of it changes.
        QApplication.sendEvent(one, QEvent(QEvent.Type.PaletteChange))
        lacks = max(
            one.minimumSizeHint().width() - one.width(), one.minimumSizeHint().height() - one.height()
        )
    elif isinstance(one, QComboBox) and one.currentText():
        words = one.currentText()
        frame = one.minimumSizeHint().width() - max(
            (one.fontMetrics().horizontalAdvance(one.itemText(at)) for at in range(one.count())), default=0
        )
        lacks = one.fontMetrics().horizontalAdvance(words) + min(frame, 30) - one.width()
    elif isinstance(one, QLineEdit) and one.placeholderText():
        words = one.placeholderText()
        lacks = one.fontMetrics().horizontalAdvance(words) + 4 - one.contentsRect().width()
    elif isinstance(one, QGroupBox) and one.title():
        words = one.title()
        lacks = one.fontMetrics().horizontalAdvance(words.replace("&", "")) - one.width()
    elif isinstance(one, QTabBar):
        words = ", ".join(one.tabText(at) for at in range(one.count()))
        lacks = sum(one.tabRect(at).width() for at in range(one.count())) - one.width()
    elif isinstance(one, QHeaderView):
        return _headings(one)
    return [f"{type(one).__name__} “{words}” lacks {lacks}"] if lacks > ROUNDING else []


def _label_lacks(label: QLabel) -> int:
    room = label.contentsRect()
    metrics = label.fontMetrics()
    text = label.text()
    text = text.replace("&", "") if label.buddy() is not None else text
    if not label.wordWrap():
        wide = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
        return max(
            wide - room.width(), metrics.height() * (text.count("\n") + 1) - metrics.leading() - room.height()
        )
    word = max((metrics.horizontalAdvance(part) for part in text.split()), default=0)
    return max(word - room.width(), label.heightForWidth(label.width()) - label.height())


def _headings(header: QHeaderView) -> list[str]:
    model = header.model()
    if header.orientation() is not Qt.Orientation.Horizontal or model is None:
        return []
    found = []
    for at in range(header.count()):
        words = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
        lacks = header.fontMetrics().horizontalAdvance(words) - header.sectionSize(at)
        if words and not header.isSectionHidden(at) and lacks > ROUNDING:
            found.append(f"heading “{words}” lacks {lacks}")
    return found


def _outside(one: QWidget) -> list[str]:
    """A widget with words that reaches out of the one it stands in, where nothing scrolls."""
    above = one.parentWidget()
    if not isinstance(one, _WITH_WORDS) or above is None or one.isWindow() or _scrolls(above):
        return []
    out = one.geometry()
    room = above.rect()
    beyond = max(out.right() - room.right(), out.bottom() - room.bottom(), -out.left(), -out.top())
    return [f"{_name(one)} reaches {beyond} out of its place"] if beyond > ROUNDING else []


def _scrolls(above: QWidget) -> bool:
    return isinstance(above.parentWidget(), QAbstractScrollArea) or isinstance(above, QAbstractScrollArea)


def _over_each_other(shown: list[QWidget]) -> list[str]:
    found = []
    places: dict[int, list[QWidget]] = {}
    for one in shown:
        above = one.parentWidget()
        if (
            isinstance(one, _WITH_WORDS)
            and above is not None
            and above.layout() is not None
            and not one.isWindow()
        ):
            places.setdefault(id(above), []).append(one)
    for together in places.values():
        for one, other in combinations(together, 2):
            common: QRect = one.geometry().intersected(other.geometry())
            if common.width() > ROUNDING and common.height() > ROUNDING:
                found.append(f"{_name(one)} lies over {_name(other)}")
    return found


def _name(one: QWidget) -> str:
    text = getattr(one, "text", None)
    return f"{type(one).__name__} “{text() if callable(text) else one.accessibleName()}”"
