"""The engine's thread: one loop, work from any thread, an end that does not wait for ever."""

import threading
import time
from collections.abc import Iterator

import anyio
import pytest

from app.engine.thread import EngineThread


@pytest.fixture
def engine() -> Iterator[EngineThread]:
    """A thread that is started, and stopped at the end."""
    thread = EngineThread()
    thread.start()
    yield thread
    thread.stop()


async def _where() -> str:
    return threading.current_thread().name


def test_work_is_done_on_the_engines_thread_and_its_result_comes_back(engine: EngineThread) -> None:
    assert engine.submit(_where()).result(5) == "engine"


def test_what_work_raises_comes_back_too(engine: EngineThread) -> None:
    async def fails() -> None:
        raise LookupError("as it should")

    with pytest.raises(LookupError, match="as it should"):
        engine.submit(fails()).result(5)


def test_a_stop_cancels_what_is_left_and_joins(engine: EngineThread) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def long() -> None:
        try:
            begun.set()
            await anyio.sleep(60)
        finally:
            cancelled.set()

    engine.submit(long())
    assert begun.wait(5)
    before = time.monotonic()
    engine.stop()
    assert time.monotonic() - before < 2
    assert cancelled.wait(2)
    engine.stop()


def test_work_before_the_start_is_refused() -> None:
    thread = EngineThread()
    work = _where()
    with pytest.raises(RuntimeError, match="start first"):
        thread.submit(work)
    work.close()
    thread.stop()
