"""What a test leaves behind fails that test, and no other."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LEAKING = """
import subprocess, sys, threading
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

release = threading.Event()
kept = []

def test_good(qtbot):
    threading.Thread(target=lambda: None).start()
    subprocess.run([sys.executable, "-c", ""], check=True)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    timer = QTimer(widget)
    timer.start(10_000)

def test_thread():
    threading.Thread(target=release.wait, name="forgotten", daemon=True).start()

def test_process():
    kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))

def test_timer(qtbot):
    kept.append(QTimer(interval=60_000))
    kept[-1].start()

def test_window(qapp):
    kept.append(QWidget(objectName="forgotten window"))

def test_good_after():
    assert release is not None

@pytest.fixture(scope="module", autouse=True)
def end():
    yield
    release.set()
    for process in (x for x in kept if isinstance(x, subprocess.Popen)):
        process.communicate()
"""


def test_each_thing_left_behind_is_an_error_of_its_own_test(tmp_path: Path) -> None:
    (tmp_path / "test_leaking.py").write_text(LEAKING, encoding="utf-8")
    plugins = ["-p", "tests.support.leaks", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", *plugins, "--rootdir", str(tmp_path), "test_leaking.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "TESTS_PATIENCE": "0.2"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout
    assert "6 passed, 4 errors" in said, said + done.stderr
    for name, words in {
        "test_thread": "threads left behind: forgotten",
        "test_process": "processes left behind: ",
        "test_timer": "left behind: running timer of 60000 ms",
        "test_window": "left behind: window 'forgotten window' (QWidget)",
    }.items():
        assert f"ERROR test_leaking.py::{name} - Failed: {words}" in said, said
