"""The bridge between the window's thread and the engine's: coroutines go over, answers and events come back.

It lives in the window's thread. What comes from the engine's thread is put into a queue, and a signal of this object
wakes a slot of this object: so everything is handed on in the window's thread, at most once a frame."""

import logging
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.domain.events import Record, Site
from app.domain.match_progress import Estimate, Progress
from app.domain.page_check import CheckStage
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.run import RunState

T = TypeVar("T")
FRAME_MS = 16
_LOG = logging.getLogger(__name__)


class Engine(Protocol):
    """The engine's thread, as far as the window knows it."""

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]": ...

    def stop(self) -> None: ...


class Bridge(QObject):
    """`told` carries the records of one frame, with the state after the last of them; `stage_came` how far a check of
    the pages is, as (site, stage); `match_told` how far a comparison is, the last word of each frame."""

    told = Signal(object, object)
    stage_came = Signal(object, object)
    match_told = Signal(object)
    _match_waits = Signal()
    _stage_waits = Signal()
    _event_came = Signal()
    _answer_came = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._events: deque[tuple[Record, RunState]] = deque()
        self._answers: deque[tuple[Future[Any], _Asked]] = deque()
        self._stages: deque[tuple[Site, CheckStage]] = deque()
        self._match: deque[Progress | Estimate] = deque()
        self._match_frame = QTimer(self)
        self._match_frame.setSingleShot(True)
        self._match_frame.setInterval(FRAME_MS)
        self._match_frame.timeout.connect(self._hand_on_match)
        self._match_waits.connect(self._wait_a_match_frame, Qt.ConnectionType.QueuedConnection)
        self._match_awake = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._hand_on)
        self._event_came.connect(self._wait_a_frame, Qt.ConnectionType.QueuedConnection)
        self._stage_waits.connect(self._hand_on_stages, Qt.ConnectionType.QueuedConnection)
        self._answer_came.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._awake = False
        self._closed = False

    def ask(
        self,
        owner: QObject,
        coroutine: Coroutine[Any, Any, T],
        done: Callable[[T], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Run the coroutine in the engine's loop; then call `done` or `failed` in the window's thread.

        Neither is called when `owner` is gone by then."""
        if self._closed:
            coroutine.close()
            return
        asked = _Asked(owner, done, failed)
        future = self._engine.submit(coroutine)
        future.add_done_callback(lambda ended: self._put_answer(ended, asked))

    def listen(self, record: Record, state: RunState) -> None:
        """Called in the engine's loop after each record; returns at once."""
        self._events.append((record, state))
        if not self._awake and not self._closed:
            self._awake = True
            self._event_came.emit()

    def listen_to_check(self, site: Site, stage: CheckStage) -> None:
        """Called in the engine's loop as a check of the pages goes on; returns at once."""
        if not self._closed:
            self._stages.append((site, stage))
            self._stage_waits.emit()

    def listen_to_match(self, told: Progress | Estimate) -> None:
        """Called in the engine's loop as a comparison goes on; returns at once."""
        self._match.append(told)
        if not self._match_awake and not self._closed:
            self._match_awake = True
            self._match_waits.emit()

    def close(self) -> None:
        """Nothing is handed on any more, and the engine's thread ends."""
        self._closed = True
        self._frame.stop()
        self._match_frame.stop()
        self._engine.stop()

    def _put_answer(self, ended: "Future[Any]", asked: "_Asked") -> None:
        """In the engine's thread: a plain call, nothing of Qt but the signal."""
        if self._closed or not shiboken6.isValid(self):
            return
        self._answers.append((ended, asked))
        self._answer_came.emit()

    @Slot()
    def _wait_a_frame(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _hand_on(self) -> None:
        self._awake = False  # first: what comes from here on wakes us again
        records: list[Record] = []
        state: RunState | None = None
        while self._events:
            record, state = self._events.popleft()
            records.append(record)
        if state is not None:
            self.told.emit(records, state)

    @Slot()
    def _hand_on_stages(self) -> None:
        while self._stages:
            self.stage_came.emit(*self._stages.popleft())

    @Slot()
    def _wait_a_match_frame(self) -> None:
        if not self._match_frame.isActive():
            self._match_frame.start()

    @Slot()
    def _hand_on_match(self) -> None:
        self._match_awake = False  # first: what comes from here on wakes us again
        last: Progress | Estimate | None = None
        while self._match:
            last = self._match.popleft()
        if last is not None:
            self.match_told.emit(last)

    @Slot()
    def _answer(self) -> None:
        while self._answers:
            ended, asked = self._answers.popleft()
            self._hand_on()  # the events that came before the answer are drawn before it
            if not shiboken6.isValid(asked.owner) or ended.cancelled():
                continue
            problem = _problem_of(ended)
            if problem is not None:
                asked.failed(problem)
            else:
                asked.done(ended.result())


class _Asked:
    """Who asked, and what to call with the answer."""

    __slots__ = ("done", "failed", "owner")

    def __init__(
        self, owner: QObject, done: Callable[[Any], None], failed: Callable[[Problem], None]
    ) -> None:
        self.owner, self.done, self.failed = owner, done, failed


def _problem_of(ended: "Future[Any]") -> Problem | None:
    error = ended.exception()
    if error is None:
        return None
    if isinstance(error, Trouble):
        return error.problem
    _LOG.error("a request of the window failed", exc_info=error)
    return Problem(ProblemId.INTERNAL, {"what": type(error).__name__})
