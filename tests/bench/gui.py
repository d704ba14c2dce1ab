"""gui: how long the window's thread leaves an event waiting: in a run, in a large match, scrolling a million rows."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer

from app.assembly.house import House
from app.domain.lists import Kind, Side
from app.domain.match_question import Options
from app.domain.match_report import EVERY, Node
from app.engine.faces import Practice
from app.engine.thread import EngineThread
from app.hh2 import lists as hh2
from app.match.compare import compare
from app.match.snapshot import List, put
from app.match.store import Store, open_store
from app.ui.frame import Frame
from app.ui.match_model import PAGE, Item
from app.ui.match_view import MatchView
from app.ui.opened import Opened
from app.ui.start import make_application
from app.ui.window import Window
from tests.bench import snapshots, wire
from tests.bench.environment import home
from tests.bench.figures import Aim, Figure, Told, of
from tests.bench.read import AT
from tests.ui.person import OURS, Desktop

EVERY_MS = 4
SHORT, LONG = 16.0, 50.0  # ms: the 99.9th percentile, the worst
SUSPECT = 0.016  # seconds after which it is looked at where the thread stands
PACE = 0.15
LINES = 1_000_000
BLOCKS = 60  # of 1,000 rows, read before it is compared
TURNS = 150


# A window that Python lets go of while Qt still speaks to it ends the process: they are kept to the end.
_kept: list[object] = []


@dataclass
class Heard:
    """Latencies in ms, and where the thread stood when it was ours that held it."""

    latencies: list[float] = field(default_factory=list)
    stalls: list[str] = field(default_factory=list)

    @property
    def nearly_all(self) -> float:
        """The 99.9th percentile."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.999))]


class _Bell(QObject):
    """Answers in the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.thread_id = threading.get_native_id()
        self.rung = threading.Event()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            self.rung.set()
            return True
        return super().event(event)

    def waited(self) -> float:
        """Seconds that the window's thread was ready and had no processor: the machine's doing, not ours."""
        return int(Path(f"/proc/self/task/{self.thread_id}/schedstat").read_text().split()[1]) / 1e9


@contextmanager
def listened() -> Iterator[Heard]:
    """Ring every few milliseconds from another thread, and note how long the answer takes, the machine's own aside."""
    heard, bell, over = Heard(), _Bell(), threading.Event()
    main = threading.get_ident()

    def ring() -> None:
        while not over.wait(EVERY_MS / 1000):
            bell.rung.clear()
            before, sent = bell.waited(), time.monotonic()
            QCoreApplication.postEvent(bell, QEvent(QEvent.Type.User))
            stood = ""
            while not bell.rung.wait(SUSPECT) and not over.is_set():
                frame = sys._current_frames().get(main)
                if frame is not None and frame.f_code.co_filename.startswith(OURS) and not stood:
                    stood = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
            if over.is_set():
                break  # nobody turns the loop any more
            late = time.monotonic() - sent - (bell.waited() - before)
            heard.latencies.append(max(0.0, late) * 1000)
            if stood and late > SUSPECT:
                heard.stalls.append(f"{stood} {late * 1000:.0f} ms")

    thread = threading.Thread(target=ring, name="bell")
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join()


def turn(until: Callable[[], object], patience: float = 300.0) -> None:
    """Let Qt's own loop go on until it is so; looked at five times a second."""
    loop, look, latest = QEventLoop(), QTimer(), time.monotonic() + patience

    def see() -> None:
        if until() or time.monotonic() > latest:
            loop.quit()

    look.timeout.connect(see)
    look.start(200)
    loop.exec()
    look.stop()
    assert until(), "it did not end"


def measure(rounds: int) -> Told:
    """The three in turns, on the tests' display; one window for each."""
    make_application()
    found: dict[str, list[Heard]] = {"a run": [], "a large match": [], "scrolling": []}
    with tempfile.TemporaryDirectory(prefix="ods-") as folder, home(Path(folder)):
        store = open_store(Path(folder))
        snapshots.fill(store, LINES)
        world = wire.large()
        costs = wire.some_costs(world, BLOCKS * wire.PAGE)
        pages = [
            wire.hh2_page(costs[first : first + wire.PAGE], first)
            for first in range(0, len(costs), wire.PAGE)
        ]
        for _ in range(rounds):
            found["a run"].append(_run())
            found["a large match"].append(_match(store, pages))
            found["scrolling"].append(_scroll())
        store.close()
    for what, heard in found.items():
        for one in heard:
            for stall in one.stalls:
                sys.stderr.write(f"  {what}: {stall}\n")
    nearly = [max(heard[n].nearly_all for heard in found.values()) for n in range(rounds)]
    worst = [max(max(heard[n].latencies) for heard in found.values()) for n in range(rounds)]
    stalls = [sum(len(heard[n].stalls) for heard in found.values()) for n in range(rounds)]
    return Told(
        "gui",
        (
            Aim("99.9th percentile, the worst of the three", Figure.of(nearly), SHORT, "ms"),
            Aim("worst", Figure.of(worst), LONG, "ms"),
            Aim("stalls in our own frames", Figure.of(stalls), 0.0, ""),
        ),
        {
            **{
                f"{what}, 99.9th percentile": of([one.nearly_all for one in heard], "ms")
                for what, heard in found.items()
            },
            **{
                f"{what}, worst": of([max(one.latencies) for one in heard], "ms")
                for what, heard in found.items()
            },
            "times rung in a round": of(
                [sum(len(heard[n].latencies) for heard in found.values()) for n in range(rounds)], ""
            ),
        },
        rounds,
    )


def _run() -> Heard:
    """A run of six tabs on the training company, from the press of Start Sync to its end."""
    engine = EngineThread()
    engine.start()
    house = House("window", person=60.0)
    frame = Frame()
    opened = Opened(Window(frame), engine, house)
    shown = Desktop(opened, engine, house)
    frame.fit()
    frame.show()
    opened.begin("", Practice(pace=PACE))
    turn(shown.is_open)
    shown.window.compare_action.setChecked(False)
    with listened() as heard:
        shown.press("Start Sync")
        turn(lambda: shown.run is not None and shown.run.ended is not None)
    opened.leaving.stop_and_leave()
    turn(lambda: shown.gone)
    engine.stop()
    for timer in frame.findChildren(QTimer):  # the program ends here; this process does not
        timer.stop()
    _kept.append((frame, opened, shown))
    return heard


def _match(store: Store, pages: list[wire.Answer]) -> Heard:
    """Blocks are decoded and laid and a million lines a side compared, on another thread, beside a standing window."""
    frame = Frame()
    window = Window(frame)
    frame.show()

    def work() -> None:
        for number, page in enumerate(pages):
            rows = hh2.rows_of(Kind.COSTS, page, "job").records
            put(store, List(Side.SAGE, Kind.COSTS, "job"), "hh2", _block(rows, number))
        compare(store, Options())

    thread = threading.Thread(target=work, name="large match")
    with listened() as heard:
        thread.start()
        turn(lambda: not thread.is_alive())
    frame.let_go()
    frame.close()
    _kept.append((frame, window))
    return heard


def _block(rows: tuple[wire.LedgerRecord, ...], number: int) -> wire.Block:
    return wire.Block(rows, str(number), False, True, AT, typed=True)


def _scroll() -> Heard:
    """To the bottom of what was fetched, again and again; each time the next 200 of a million jobs are given."""
    view = MatchView("Acme")
    view.resize(1000, 690)
    view.show()
    asked: list[Item] = []
    turns = iter(range(TURNS))

    def step() -> None:
        while asked:
            below = asked.pop()
            after = len(below.children)
            view.take_rows(below, [_job(n) for n in range(after, after + PAGE)])
        if next(turns, None) is None:
            timer.stop()
            return
        view.tree.scrollToBottom()

    view.money.wanted.connect(asked.append)
    view.money.show_report((1, 3, 4), EVERY)
    timer = QTimer()
    timer.timeout.connect(step)
    with listened() as heard:
        timer.start(20)
        turn(lambda: not timer.isActive())
    view.close()
    _kept.append(view)
    return heard


def _job(n: int) -> Node:
    amount = Decimal(n) / 100
    zero = Decimal(0)
    return Node(1, f"25-{n:06}", "", "", "", f"Job {n}", amount, amount, zero, zero, zero, 1, 0, "equal")
