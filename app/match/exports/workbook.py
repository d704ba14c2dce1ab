"""The workbook: one tab for each table, amounts as numbers, totals as formulas that a spreadsheet can add up anew.

A spreadsheet's number is a double: exact to 15 digits. What has more is written as text, and totals over it too. Rows
are written as they come, so that a million of them never lie in memory together."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from app.domain.match_report import Node, Report
from app.match.exports.report_columns import MONEY, Column, Form
from app.match.exports.sheets import LEVELS, Sheet, Value, facts, money_line, sheets
from app.match.report import Pages
from app.words import match as words

if TYPE_CHECKING:
    import xlsxwriter

MOST_ROWS = 1_048_576  # of one tab
MOST_TEXT = 32_767  # of one cell
LINE = 15  # points
WIDE = 90  # digits: the texts of the cover
TOO_LARGE = Decimal(10) ** 13
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COUNTED = {"sage", "procore", "difference", "plus", "minus"}


def write(report: Report, pages: Pages, path: Path, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook. `most_rows` of a tab; what does not fit goes on in the next. Raises OSError."""
    with path.open("wb") as file:
        laid = _Laid(file)
        try:
            _write(report, pages, path, most_rows, laid)
        except OSError as error:
            laid.failed = laid.failed or error
        if laid.failed is not None:
            raise laid.failed


def _write(report: Report, pages: Pages, path: Path, most_rows: int, laid: "_Laid") -> None:
    from xlsxwriter.exceptions import FileCreateError

    writing = begun(report, pages, path, most_rows, laid)
    try:
        first = writing.tab("report")
        for sheet in sheets(report, pages):
            if sheet.key == "money":
                writing.tree(pages, sheet)
            else:
                writing.table(sheet)
        writing.cover(first, report)
        _sign_off(writing.tab("sign-off"), writing)
        writing.book.close()
    except FileCreateError as error:  # around what the disk answered
        (cause, *_) = error.args or (None,)
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from None
    finally:
        for one in writing.book.worksheets():  # the rows that wait beside; of one that failed they stand open
            if one.row_data_fh is not None:
                with suppress(OSError):
                    one.row_data_fh.close()


class _Laid:
    """A file that the library writes to. What the disk answers is kept until the library is done: it would leave its
    archive half open, to be written on with when nobody expects it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failed: OSError | None = None

    def write(self, data: bytes) -> int:
        return self._tried(lambda: self._file.write(data), len(data))

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        return self._tried(lambda: self._file.seek(place, whence), place)

    def tell(self) -> int:
        return self._tried(self._file.tell, 0)

    def flush(self) -> None:
        def work() -> int:
            self._file.flush()
            return 0

        self._tried(work, 0)

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Its opener closes it."""

    def _tried(self, work: Callable[[], int], otherwise: int) -> int:
        if self.failed is None:
            try:
                return work()
            except OSError as error:
                self.failed = error
        return otherwise


def begun(
    report: Report, pages: Pages, path: Path, most_rows: int = MOST_ROWS, to: "_Laid | None" = None
) -> "_Workbook":
    """A workbook without a tab yet; its `book` is to be closed. Written to `to`, where given, instead of the path."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path) if to is None else to,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)},
    )  # fmt: skip
    book.set_properties({"title": words.heading("report"), "company": report.company, "comments": report.id})
    return _Workbook(book, pages.largest() >= TOO_LARGE, most_rows)


class _Workbook:
    """A workbook under way. `plain` writes totals as values: a formula could not add up amounts that are texts."""

    def __init__(self, book: "xlsxwriter.Workbook", plain: bool, most_rows: int) -> None:
        self.book = book
        self.plain = plain
        self.most_rows = most_rows
        self._kind = tab_class()
        self.totals: list[str] = []  # where the totals of the money's tabs stand
        self.notes: list[str] = []  # what a tab had no room for, and where it is
        money = "#,##0.00_);-#,##0.00_);0.00_)"  # what stands beside keeps away by the width of a bracket
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.head_of_numbers = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"}
        )
        self.quoted = book.add_format({"quote_prefix": True})
        self.forms = {
            Form.MONEY: book.add_format({"num_format": money}),
            Form.COUNT: book.add_format({"num_format": "#,##0_)"}),
            Form.SHARE: book.add_format({"num_format": "0.0_)"}),
            Form.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self.sums = {
            Form.MONEY: book.add_format({"num_format": money, "bold": True, "top": 1}),
            Form.COUNT: book.add_format({"num_format": "#,##0_)", "bold": True, "top": 1}),
            Form.TEXT: book.add_format({"bold": True, "top": 1}),
        }
        self.subtotal = book.add_format({"num_format": money, "bold": True})
        self.too_large = book.add_format({"align": "right", "quote_prefix": True})

    def tab(self, key: str, number: int = 1) -> Any:
        """A new tab, set up for paper too: landscape, as wide as the page."""
        name = words.sheet(key)[:27]
        tab = self.book.add_worksheet(name if number == 1 else f"{name} ({number})", self._kind)
        tab.set_landscape()
        tab.fit_to_pages(1, 0)
        tab.set_footer("&L&A&R&P / &N")
        return tab

    def _headed(self, sheet: Sheet, number: int = 1) -> Any:
        tab = self.tab(sheet.key, number)
        for place, column in enumerate(sheet.columns):
            tab.set_column(place, place, column.width)
        tab.set_row(0, 2 * LINE)  # not every spreadsheet makes room for a heading of two lines by itself
        for place, column in enumerate(sheet.columns):
            counted = column.form not in (Form.TEXT, Form.DAY)
            tab.write_string(0, place, column.heading, self.head_of_numbers if counted else self.head)
        tab.freeze_panes(1, 0)
        tab.repeat_rows(0)
        return tab

    def table(self, sheet: Sheet) -> None:
        """A table, with its totals below; it goes on in another tab where one is full."""
        number, tab, at = 1, self._headed(sheet), 1
        sums = [Decimal(0)] * len(sheet.columns)
        for line in sheet.rows():
            if at >= self.most_rows - 2:
                self._sums(tab, sheet.columns, 1, at, sums)
                number += 1
                tab, at, sums = self._headed(sheet, number), 1, [Decimal(0)] * len(sheet.columns)
                self._goes_on(sheet, number)
            for place, (column, value) in enumerate(zip(sheet.columns, line, strict=True)):
                self.cell(tab, at, place, value, column.form)
                if column.total and isinstance(value, int | Decimal):
                    sums[place] += value
            at += 1
        if at == 1:
            tab.write_string(1, 0, words.heading("none"))
        else:
            self._sums(tab, sheet.columns, 1, at, sums)

    def _sums(self, tab: Any, columns: tuple[Column, ...], first: int, at: int, sums: list[Decimal]) -> None:
        if not any(column.total for column in columns):
            return
        tab.write_string(at, 0, words.heading("total"), self.sums[Form.TEXT])
        for place, column in enumerate(columns[1:], 1):
            if not column.total:
                tab.write_blank(at, place, None, self.sums[Form.TEXT])
            elif column.form is Form.COUNT:
                formula = f"=SUM({_range(place, first, at - 1)})"
                tab.write_formula(at, place, formula, self.sums[Form.COUNT], int(sums[place]))
            else:
                self._sum(
                    tab, at, place, f"SUM({_range(place, first, at - 1)})", sums[place], self.sums[Form.MONEY]
                )

    def _sum(self, tab: Any, at: int, place: int, added: str, amount: Decimal, form: Any) -> None:
        """A total of money; doubles are rounded to the cent, so that it is the cent that the amounts add up to."""
        if abs(amount) >= TOO_LARGE:
            tab.write_string(at, place, f"{amount:f}", self.too_large)
        elif self.plain:
            tab.write_number(at, place, float(amount), form)
        else:
            tab.write_formula(at, place, f"=ROUND({added},2)", form, float(amount))

    def cell(self, tab: Any, at: int, place: int, value: Value, form: Form) -> None:
        """One cell. A text stays a text, whatever it begins with; a side that says nothing stays empty."""
        if value is None or value == "":
            return
        if isinstance(value, str):
            tab.write_string(
                at, place, value[:MOST_TEXT], self.quoted if value.startswith(_FORMULA) else None
            )
        elif isinstance(value, date):
            tab.write_datetime(at, place, value, self.forms[Form.DAY])
        elif isinstance(value, Decimal) and abs(value) >= TOO_LARGE:
            tab.write_string(at, place, f"{value:f}", self.too_large)
        else:
            tab.write_number(at, place, float(value), self.forms[form])

    # ---------------------------------------------------------------- the tree of money

    def tree(self, pages: Pages, sheet: Sheet) -> None:
        """The tree: a subtotal above its parts, added up from the lowest level within its own rows."""
        levels = pages.depths()
        number, tab, at = 1, self._headed(sheet), 1
        tab.outline_settings(True, False, True, False)
        totals = [Decimal(0)] * len(sheet.columns)
        left_out = 0
        for node, below in _with_parts(pages, levels):
            if left_out:
                left_out -= 1
                continue
            parts = below
            if below + 3 > self.most_rows:  # of one job alone
                self.notes.append(words.too_long_for_a_tab(node.job, below))
                self.plain, left_out, parts = True, below, 0  # no formula adds up what does not stand here
            if node.depth == levels[0] and at > 1 and at + parts + 3 > self.most_rows:
                self._tree_sums(tab, sheet.columns, at, levels, totals)
                number += 1
                tab, at = self._headed(sheet, number), 1
                self._goes_on(sheet, number)
                tab.outline_settings(True, False, True, False)
                totals = [Decimal(0)] * len(sheet.columns)
            self._node(tab, at, node, parts, levels, sheet.columns)
            if node.depth == levels[0]:
                for place, value in enumerate(money_line(node)):
                    if sheet.columns[place].total and isinstance(value, Decimal):
                        totals[place] += value
            at += 1
        if at == 1:
            tab.write_string(1, 0, words.heading("none"))
        else:
            self._tree_sums(tab, sheet.columns, at, levels, totals)

    def _node(
        self, tab: Any, at: int, node: Node, parts: int, levels: tuple[int, ...], columns: tuple[Column, ...]
    ) -> None:
        outline = levels.index(node.depth)
        if outline:
            tab.set_row(at, None, None, {"level": outline})
        place_of = {column.key: place for place, column in enumerate(columns)}
        lowest = words.entity(LEVELS[levels[-1]])
        for place, (column, value) in enumerate(zip(columns, money_line(node), strict=True)):
            counted = column.key in _COUNTED and isinstance(value, Decimal)
            if counted and parts and isinstance(value, Decimal):
                within = _range(place, at + 1, at + parts)
                level = _range(place_of["level"], at + 1, at + parts)
                # Right above the lowest level there are only amounts; further up their subtotals are left out.
                plain = node.depth == levels[-2]
                added = f"SUM({within})" if plain else f'SUMIF({level},"{lowest}",{within})'
                self._sum(tab, at, place, added, value, self.subtotal)
            elif column.key == "difference" and not self.plain:
                formula = f"=ROUND({_cell(place_of['sage'], at)}-{_cell(place_of['procore'], at)},2)"
                tab.write_formula(at, place, formula, self.forms[Form.MONEY], float(node.difference))
            else:
                self.cell(tab, at, place, value, column.form)

    def _tree_sums(
        self, tab: Any, columns: tuple[Column, ...], at: int, levels: tuple[int, ...], totals: list[Decimal]
    ) -> None:
        lowest = words.entity(LEVELS[levels[-1]])
        tab.write_string(at, 0, words.heading("total"), self.sums[Form.TEXT])
        for place, column in enumerate(columns[1:], 1):
            if not column.total:
                tab.write_blank(at, place, None, self.sums[Form.TEXT])
                continue
            added = f'SUMIF({_range(0, 1, at - 1)},"{lowest}",{_range(place, 1, at - 1)})'
            self._sum(tab, at, place, added, totals[place], self.sums[Form.MONEY])
        name = tab.get_name().replace("'", "''")
        self.totals.append(f"'{name}'!{{column}}{at + 1}")

    # ---------------------------------------------------------------- the cover

    def _goes_on(self, sheet: Sheet, number: int) -> None:
        if number > 2:
            self.notes.remove(words.goes_on(sheet.key, number - 1))
        self.notes.append(words.goes_on(sheet.key, number))

    def cover(self, tab: Any, report: Report) -> None:
        """The verdict, what was asked, and the company's money."""
        tab.set_column(0, 0, 26)
        tab.set_column(1, 1, WIDE)
        tab.write_string(0, 0, words.heading("report"), self.title)
        at = 1
        for heading, text in facts(report):
            tab.set_row(at, _height(text))
            tab.write_string(at, 0, heading, self.bold)
            tab.write_string(at, 1, text, self.bold if at <= 2 else self.wrapped)
            at += 1
        for note in self.notes:
            tab.set_row(at, _height(note))
            tab.write_string(at, 1, note, self.wrapped)
            at += 1
        at += 1
        tab.write_string(at, 0, words.heading("money"), self.title)
        columns = {column.key: place for place, column in enumerate(MONEY)}
        money = report.totals
        amounts = {key: getattr(money, key) for key in ("sage", "procore", "difference", "plus", "minus")}
        for key, amount in amounts.items():
            at += 1
            tab.write_string(at, 0, words.heading(key), self.bold)
            letter = _letter(columns[key])
            added = "SUM(" + ",".join(one.format(column=letter) for one in self.totals) + ")"
            if self.totals:
                self._sum(tab, at, 1, added, amount, self.subtotal)
            else:
                self.cell(tab, at, 1, amount, Form.MONEY)


def tab_class() -> Any:
    """A tab that takes formulas as they are: SUM, SUMIF and ROUND are in every spreadsheet, and looking for newer
    functions in each of a million formulas takes longer than all the rest."""
    from xlsxwriter.worksheet import Worksheet

    class Tab(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
            return formula.removeprefix("=")

    return Tab


def _with_parts(pages: Pages, levels: tuple[int, ...]) -> Iterator[tuple[Node, int]]:
    for block in pages.all_nodes_with_parts(levels):
        yield from block


def _sign_off(tab: Any, writing: _Workbook) -> None:
    tab.set_column(0, 3, 28)
    tab.write_string(0, 0, words.heading("sign-off"), writing.title)
    for place, key in enumerate(("name", "date", "signature"), 1):
        tab.write_string(2, place, words.heading(key), writing.head)
    for at, key in enumerate(("prepared", "reviewed"), 3):
        tab.set_row(at, 36)
        tab.write_string(at, 0, words.heading(key), writing.bold)
        for place in (1, 2, 3):
            tab.write_blank(at, place, None, writing.head)


def _height(text: str) -> int:
    """Room for a text of the cover, in points."""
    return LINE * (1 + len(text) // WIDE)


def _letter(place: int) -> str:
    return chr(ord("A") + place)  # no table has more than 26 columns


def _cell(place: int, at: int) -> str:
    return f"{_letter(place)}{at + 1}"


def _range(place: int, first: int, last: int) -> str:
    return f"{_cell(place, first)}:{_cell(place, last)}"
