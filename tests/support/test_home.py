"""Every test has a home of its own."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_home_is_new_and_named_for_this_process_and_its_children(own_home: Path) -> None:
    assert os.environ["ONDEMAND_SYNC_HOME"] == str(own_home)
    assert not own_home.exists()
    words = [sys.executable, "-c", "import os; print(os.environ['ONDEMAND_SYNC_HOME'])"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip() == str(own_home)


def test_another_test_has_another_home(own_home: Path, tmp_path: Path) -> None:
    assert own_home.parent == tmp_path
    own_home.mkdir()
