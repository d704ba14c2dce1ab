"""What the match view wants, asked of the engine's thread: a comparison, rows of its report, the files."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Slot

from app.domain.match_progress import Compared, Estimate, Progress
from app.domain.match_question import Asked
from app.domain.match_report import Difference, Line, Narrowed, Report, Saved
from app.domain.problems import Problem
from app.engine.faces import Workplace
from app.engine.match_rows import MatchRows
from app.ui import questions
from app.ui.accept_dialog import AcceptDialog
from app.ui.bridge import Bridge
from app.ui.match_model import PAGE, Item, Value
from app.ui.match_view import MatchView
from app.ui.stoppable import Stoppable

T = TypeVar("T")
KINDS = ("xlsx", "pdf", "csv", "json")


class MatchDesk(QObject):
    """Serves one view for as long as it is open; then the report is closed. `asked` tells what the next comparison is
    asked for."""

    def __init__(
        self, bridge: Bridge, workplace: Workplace, name: str, view: MatchView, asked: Callable[[], Asked]
    ) -> None:
        super().__init__(view)
        self._bridge, self._workplace, self._name, self._view = bridge, workplace, name, view
        self._asked = asked
        self._rows: MatchRows | None = None
        self._comparing: Stoppable[Compared] | None = None
        view.compare_pressed.connect(self.compare)
        view.stop_pressed.connect(self.stop)
        view.rows_wanted.connect(self._fetch)
        view.differences_wanted.connect(self._fetch_differences)
        view.accept_pressed.connect(self.accept)
        view.count_pressed.connect(self.count_again)
        view.forget_pressed.connect(self.forget)
        view.finished.connect(self._close)
        bridge.match_told.connect(self._progress)
        self._read()

    # ---------------------------------------------------------------- the report

    def _read(self) -> None:
        """Lay the last report open; what lay open before is closed."""
        before, self._rows = self._rows, None
        self._ask(self._open(before), self._take_report)

    async def _open(self, before: MatchRows | None) -> MatchRows | None:
        if before is not None:
            await before.close()
        return await self._workplace.match_reports.open(self._name)

    def _take_report(self, rows: MatchRows | None) -> None:
        self._rows = rows
        self._view.take_report(rows.report if rows else None, rows.depths if rows else ())

    @Slot(object)
    def _fetch(self, below: Item) -> None:
        rows = self._rows
        if rows is None:
            self._view.money.failed(below)
            return
        answer = _Rows(self._view, below)
        fetch = _fetch(rows, self._view.money.depths, self._view.money.narrowed, below)
        self._bridge.ask(self, fetch, answer.take, answer.fail)

    @Slot(object, int)
    def _fetch_differences(self, narrowed: Narrowed, after: int) -> None:
        if self._rows is not None:
            answer = _Differences(self._view, narrowed, after)
            self._ask(self._rows.differences(narrowed, after, PAGE), answer.take)

    # ---------------------------------------------------------------- a comparison

    @Slot()
    def compare(self) -> None:
        """Read both sides and compare them."""
        if self._comparing is None:
            tell, matching = self._bridge.listen_to_match, self._workplace.matching
            asked = self._asked()
            self._comparing = Stoppable(lambda: matching.match(self._name, asked, tell))
            self._view.begin()
            self._bridge.ask(self, self._comparing.run(), self._compared, self._not_compared)

    @Slot()
    def stop(self) -> None:
        """Stop it: what was read in complete blocks stays, and the next one goes on from there."""
        if self._comparing is not None:
            self._bridge.ask(self, self._comparing.stop(), _nothing, _nothing)

    def _compared(self, compared: Compared | None) -> None:
        self._comparing = None
        self._view.end()
        if compared is not None:
            self._read()

    def _not_compared(self, problem: Problem) -> None:
        self._comparing = None
        self._view.end(problem)

    @Slot(object)
    def _progress(self, told: Progress | Estimate) -> None:
        self._view.show_progress(told)

    # ---------------------------------------------------------------- what a person accepts

    @Slot(object)
    def accept(self, found: list[Difference]) -> None:
        """Ask why, who and until when; then accept them as they are now."""
        if self._rows is not None and found:
            dialog = AcceptDialog(len(found), self._rows.who, datetime.now().astimezone().date(), self._view)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.agreed.connect(_Agreed(dialog, self, found).take)
            dialog.open()

    def agreed(self, found: list[Difference], note: str, who: str, expires: date | None) -> None:
        """A person accepted them."""
        if self._rows is not None:
            self._ask(self._rows.accept(found, note, who, expires), self._judged)

    @Slot(object)
    def count_again(self, found: list[Difference]) -> None:
        """They count again."""
        if self._rows is not None and found:
            self._ask(self._rows.count_again(found), self._judged)

    def _judged(self, report: Report) -> None:
        self._view.take_report(report, self._view.money.depths)

    # ---------------------------------------------------------------- what was read

    @Slot()
    def forget(self) -> None:
        """Ask whether all that was read of the company may go; the report that lies open is let go of first."""
        questions.ask_forget(self._view, self._name, self._forget)

    def _forget(self) -> None:
        if self._comparing is None:
            self._ask(self._workplace.matching.forget(self._name), self._forgotten)

    def _forgotten(self, files: int) -> None:
        self._rows = None
        self._view.forgotten(files)

    # ---------------------------------------------------------------- the files

    @Slot(str)
    def write(self, folder: str) -> None:
        """Write the report in all its forms into a folder."""
        if self._rows is not None:
            self._view.writing()
            self._bridge.ask(
                self, self._rows.write(folder, KINDS), _Saved(self._view, folder).take, self._not_compared
            )

    @Slot()
    def _close(self) -> None:
        """The view is closed: what is under way stops, and the report is let go of."""
        if self._comparing is not None:
            self._bridge.ask(self.parent() or self, self._comparing.stop(), _nothing, _nothing)
        if self._rows is not None:
            self._bridge.ask(self, self._rows.close(), _nothing, _nothing)

    def _ask(self, coroutine: Coroutine[Any, Any, T], done: Callable[[T], None]) -> None:
        self._bridge.ask(self, coroutine, done, self._view.show_problem)


class _Agreed(QObject):
    """Which differences a dialog speaks of."""

    def __init__(self, dialog: AcceptDialog, desk: MatchDesk, found: list[Difference]) -> None:
        super().__init__(dialog)
        self._desk, self._found = desk, found

    @Slot(str, str, object)
    def take(self, note: str, who: str, expires: date | None) -> None:
        self._desk.agreed(self._found, note, who, expires)


class _Rows:
    """Where fetched rows belong."""

    def __init__(self, view: MatchView, below: Item) -> None:
        self._view, self._below = view, below

    def take(self, rows: list[Value]) -> None:
        self._view.take_rows(self._below, rows)

    def fail(self, problem: Problem) -> None:
        self._view.money.failed(self._below)
        self._view.show_problem(problem)


class _Differences:
    """Where fetched differences belong."""

    def __init__(self, view: MatchView, narrowed: Narrowed, after: int) -> None:
        self._view, self._narrowed, self._after = view, narrowed, after

    def take(self, rows: list[Difference]) -> None:
        self._view.take_differences(self._narrowed, self._after, rows)


class _Saved:
    """Where the files were written to."""

    def __init__(self, view: MatchView, folder: str) -> None:
        self._view, self._folder = view, folder

    def take(self, saved: Saved) -> None:
        self._view.saved(saved, self._folder)


async def _fetch(rows: MatchRows, depths: tuple[int, ...], narrowed: Narrowed, below: Item) -> list[Value]:
    """The next rows below a line: its parts, or the transactions of the lowest level."""
    value, after = below.value, len(below.children)
    if isinstance(value, Line):
        return []
    if value is not None and value.depth == depths[-1]:
        return list[Value](await rows.lines(value, after, PAGE))
    return list[Value](await rows.nodes(value, narrowed, after, PAGE))


def _nothing(_answer: object) -> None:
    """Nobody waits for it."""
