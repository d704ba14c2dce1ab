"""Prints a report: a page of HTML becomes a PDF, in a process of its own that shows no window.

The project carries no font: Qt takes the system's, and another one of them for letters that the first does not have."""

import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QFile, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
    QTextTable,
)

from app.ui.frame import NAME

NO_FONTS = 3
NOT_WRITTEN = 4
_DPI = 600
_MARGIN_MM = 12.0
_FOOT_PT = 20.0
_SHORT_ROWS = 9
_PX = 96  # to the inch, in which a text's margins are said
_SHEET = (
    "h1 { font-size: 16pt } h2 { font-size: 11pt } body, td, p { font-size: 8pt } .dense { font-size: 7pt }"
)


class Printed(msgspec.Struct, frozen=True):
    """What is asked on standard input, as JSON. `foot` stands below each page, with {n} and {all} for its number."""

    html: str
    foot: str
    path: str


class _Page(QTextDocument):
    """A text that fetches nothing, whatever it names."""

    def loadResource(self, kind: int, name: QUrl | str) -> None:
        return None


def main() -> int:
    """Print what standard input asks for. 0, or why nothing was printed."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Printed)
    application = QGuiApplication(sys.argv[:1])
    application.setApplicationDisplayName(NAME)
    if not QFontDatabase.families():
        return NO_FONTS
    return 0 if print_pdf(asked.html, asked.foot, Path(asked.path)) else NOT_WRITTEN


def print_pdf(html: str, foot: str, path: Path) -> bool:
    """Print it on pages of the size Letter, landscape; False where the file cannot be written.

    Needs a QGuiApplication; takes seconds for some hundred pages."""
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    writer = QPdfWriter(file)
    writer.setResolution(_DPI)
    writer.setCreator(NAME)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.Letter),
            QPageLayout.Orientation.Landscape,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter()
    if not painter.begin(writer):
        return False
    whole = QSizeF(painter.viewport().size())
    foot_height = _FOOT_PT * _DPI / 72
    body = QSizeF(whole.width(), whole.height() - foot_height)
    document = _document(html, writer, body)
    pages = document.pageCount()
    font = QFont(document.defaultFont())
    font.setPointSizeF(7)
    for n in range(pages):
        if n:
            writer.newPage()
        _draw(painter, document, n, body)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.darkGray)
        room = QRectF(0, body.height(), body.width(), foot_height)
        bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(room, bottom, foot.format(n=n + 1, all=pages))
    ended = painter.end()
    # The writer does not tell of a disk that became full meanwhile; the file does.
    return ended and file.flush() and file.error() is QFile.FileError.NoError


def _document(html: str, writer: QPdfWriter, body: QSizeF) -> QTextDocument:
    document = _Page()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setDefaultFont(QFont("sans-serif", 8))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)  # no name is cut off, however long
    document.setDefaultTextOption(option)
    document.setDefaultStyleSheet(_SHEET)
    document.setHtml(html)
    document.setPageSize(body)
    _keep_together(document, body.height())
    return document


def _keep_together(document: QTextDocument, page: float) -> None:
    """No headings alone at the foot of a page, no row in two halves, no short table in two."""
    for table in document.rootFrame().childFrames():
        if not isinstance(table, QTextTable):
            continue
        first = min(table.format().headerRowCount(), table.rows() - 1)
        whole = table.rows() - 1 if table.rows() <= _SHORT_ROWS else first
        top, end = _row(document, table, 0)[0], _row(document, table, whole)[1]
        if top // page != (end - 1) // page and end - top < page:
            _begin_on_the_next(table)
        for row in range(first + 1, table.rows()):
            top, end = _row(document, table, row)
            if top // page != (end - 1) // page and end - top < page / 2:
                _push_down(document, table, row, _rest_of_page(top, page))


def _rest_of_page(top: float, page: float) -> float:
    return (top // page + 1) * page - top


def _row(document: QTextDocument, table: QTextTable, row: int) -> tuple[float, float]:
    """Where a row's text begins and ends."""
    layout = document.documentLayout()
    cells = [table.cellAt(row, column) for column in range(table.columns())]
    tops = [layout.blockBoundingRect(cell.firstCursorPosition().block()).top() for cell in cells]
    bottoms = [layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom() for cell in cells]
    return min(tops), max(bottoms)


def _begin_on_the_next(table: QTextTable) -> None:
    """The table begins on a page of its own."""
    broken = table.format()
    broken.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    table.setFormat(broken)


def _push_down(document: QTextDocument, table: QTextTable, row: int, by: float) -> None:
    """The row above grows to the foot of the page, so that this one begins on the next."""
    together = QTextCursor(document)
    together.beginEditBlock()
    for column in range(table.columns()):
        cell = table.cellAt(row - 1, column)
        grown = cell.format().toTableCellFormat()
        grown.setBottomPadding(by * _PX / _DPI)
        cell.setFormat(grown)
    together.endEditBlock()


def _draw(painter: QPainter, document: QTextDocument, page: int, body: QSizeF) -> None:
    """One page of the document, in the ink of paper whatever the desktop's colours are."""
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    context.palette = palette
    seen = QRectF(0, page * body.height(), body.width(), body.height())
    context.clip = seen
    painter.save()
    painter.translate(0, -seen.top())
    painter.setClipRect(seen)
    document.documentLayout().draw(painter, context)
    painter.restore()
