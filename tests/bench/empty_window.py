"""An empty window, to be frozen beside the program: `pyinstaller --onedir tests/bench/empty_window.py`."""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

application = QApplication(sys.argv)
window = QMainWindow()
window.resize(1000, 690)
window.show()
sys.exit(application.exec())
