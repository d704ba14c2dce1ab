"""A window in a process of its own, on a desktop without a tray: closed during a run, it says what became of it."""

import sys

import msgspec
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from Xlib import X, display

from app.training.served import Served
from tests.support.waiting import wait_until
from tests.ui.person import Desktop


def main() -> int:
    """Print `minimised`, `shown` and `attention` as each is seen."""
    from app.assembly.house import House
    from app.engine.thread import EngineThread
    from app.ui.frame import Frame
    from app.ui.opened import Opened
    from app.ui.window import Window
    from tests.ui.conftest import keep_passwords, plain_profile

    served = msgspec.json.decode(sys.stdin.readline(), type=Served)
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    engine = EngineThread()
    engine.start()
    house = House("window", person=60.0)

    async def prepare() -> None:
        assert await house.save(plain_profile(served, go_on=True, poll=0.075)) == []
        await keep_passwords(house, served)

    engine.submit(prepare()).result(30)
    frame = Frame()
    opened = Opened(Window(frame), engine, house)
    shown = Desktop(opened, engine, house)
    frame.fit()
    frame.show()
    assert QTest.qWaitForWindowExposed(frame)
    opened.begin("", None)
    wait_until(lambda: shown.has("Start Sync"), "the window is ready", 20)
    wait_until(lambda: shown.view.held, "the company is open", 20)
    shown.press("Start Sync")
    wait_until(lambda: shown.has("Stop"), "the run is under way", 10)
    frame.close()
    wait_until(frame.isMinimized, "the window is small")
    print("minimised", flush=True)
    if frame.isVisible():
        print("shown", flush=True)
    wait_until(lambda: _asks_for_attention(int(frame.winId())), "the task bar asks for attention", 40)
    print("attention", flush=True)
    opened.leaving.stop_and_leave()
    wait_until(lambda: shown.gone, "the program has ended", 25)
    engine.stop()
    return 0


def _asks_for_attention(window: int) -> bool:
    """What the window manager knows: the window's urgency hint, or the state it keeps for it."""
    screen = display.Display()
    try:
        seen = screen.create_resource_object("window", window)
        state = seen.get_full_property(screen.intern_atom("_NET_WM_STATE"), X.AnyPropertyType)
        demands = screen.intern_atom("_NET_WM_STATE_DEMANDS_ATTENTION")
        hints = seen.get_wm_hints()
        urgent = hints is not None and bool(hints.flags & (1 << 8))
        return urgent or (state is not None and demands in state.value)
    finally:
        screen.close()


if __name__ == "__main__":
    sys.exit(main())
