"""The installed Qt for Python: it survives many signals (6.12.0 aborts on Python 3.11 after some 600), and it does not
look into every module that is imported beside it."""

import subprocess
import sys

EMITS = """
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
class Sender(QObject):
    said = Signal(bool)
class Receiver(QObject):
    count = 0
    @Slot(bool)
    def hear(self, yes):
        self.count += 1
app = QCoreApplication([])
sender, receiver = Sender(), Receiver()
sender.said.connect(receiver.hear)
sender.said.connect(receiver.hear, Qt.ConnectionType.QueuedConnection)
for _ in range(2000):
    sender.said.emit(True)
app.processEvents()
print(receiver.count)
"""


def test_thousands_of_signals_do_not_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "4000"), done.stderr


IMPORTS = """
import inspect
looked = []
source = inspect.getsource
inspect.getsource = lambda what: looked.append(what) or source(what)
import app.ui.frame
del looked[:]
import csv, wave, app.ui.window
print(len(looked))
"""


def test_an_import_beside_qt_reads_no_source() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "0"), done.stderr
