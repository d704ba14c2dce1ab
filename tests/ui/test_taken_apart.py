"""A window is taken apart in its own thread, also where Python's collector runs in another one meanwhile."""

import gc
import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.waiting import wait_until
from tests.ui.conftest import Open


def _opened_and_left(acme: Open, where: set[int]) -> None:
    with acme() as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.frame.destroyed.connect(
            lambda: where.add(threading.get_ident()), Qt.ConnectionType.DirectConnection
        )


def test_a_window_that_is_gone_is_not_taken_apart_by_another_thread(acme: Open) -> None:
    ours, where = threading.get_ident(), set[int]()
    for _ in range(2):
        _opened_and_left(acme, where)
        collects = threading.Thread(target=gc.collect)
        collects.start()
        while collects.is_alive():
            QApplication.processEvents()
        collects.join()
    assert where <= {ours}
