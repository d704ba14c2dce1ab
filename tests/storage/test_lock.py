"""One program at a time on a profile; who it is is told; a dead one holds nothing."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.problems import ProblemId, Trouble
from app.storage.folders import Folders
from app.storage.lock import lock_profile

HOLDER = """
import sys
from app.storage import folders, lock
where = folders.locate()
where.ready()
held = lock.lock_profile(where, "Acme", "command line")
print("held", flush=True)
sys.stdin.read()
held.release()
"""


@contextmanager
def another_program() -> Iterator["subprocess.Popen[str]"]:
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdin is not None
    try:
        assert program.stdout.readline() == "held\n"
        yield program
    finally:
        program.stdin.close()
        program.wait(10)
        program.stdout.close()


def test_the_second_program_is_told_who_has_the_profile(folders: Folders) -> None:
    with another_program() as other:
        for name in ("Acme", "ACME"):
            with pytest.raises(Trouble) as caught:
                lock_profile(folders, name, "window")
            facts = caught.value.problem.facts
            assert caught.value.problem.id is ProblemId.IN_USE
            assert (facts["pid"], facts["face"]) == (other.pid, "command line")
            assert facts["who"]
            assert facts["host"] == os.uname().nodename
            since = datetime.fromisoformat(str(facts["since"]))
            assert timedelta(seconds=-2) < datetime.now(UTC) - since < timedelta(minutes=1)
        with lock_profile(folders, "Other", "window"):
            pass
    with lock_profile(folders, "Acme", "window"):
        pass


def test_a_program_that_was_killed_holds_nothing(folders: Folders) -> None:
    with another_program() as other:
        other.send_signal(signal.SIGKILL)
        other.wait(10)
        with lock_profile(folders, "Acme", "window") as lock:
            assert lock.holder.pid == os.getpid()
            with pytest.raises(Trouble) as caught:
                lock_profile(folders, "Acme", "window")
            assert caught.value.problem.facts["pid"] == os.getpid(), "the card of the dead one is gone"


def test_a_lock_is_for_the_whole_program_whichever_thread_lets_go(folders: Folders) -> None:
    lock = lock_profile(folders, "Acme", "window")
    with pytest.raises(Trouble):
        lock_profile(folders, "Acme", "window")
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    with lock_profile(folders, "Acme", "window"):
        lock.release()  # a second time: nothing, above all not the other's
        with pytest.raises(Trouble):
            lock_profile(folders, "Acme", "window")
    with lock_profile(folders, "Acme", "window"):
        pass


def test_a_lock_whose_card_cannot_be_read_is_still_a_lock(folders: Folders) -> None:
    with lock_profile(folders, "Acme", "window"):
        (card,) = folders.locks.glob("*.json")
        assert stat.S_IMODE(card.stat().st_mode) == 0o600
        card.write_text("not a card")
        with pytest.raises(Trouble) as caught:
            lock_profile(folders, "Acme", "window")
        assert (caught.value.problem.id, caught.value.problem.facts["who"]) == (ProblemId.IN_USE, "")
