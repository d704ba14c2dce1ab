"""Trials of the packages as IT and a controller meet them: `python3 packaging/run.py try-installers`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))  # as pytest has it
