"""Every test has a data and settings folder of its own, named by ONDEMAND_SYNC_HOME."""

from pathlib import Path

import pytest

VARIABLE = "ONDEMAND_SYNC_HOME"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder ONDEMAND_SYNC_HOME names in this test and the programs it starts. It does not exist yet."""
    home = tmp_path / "home of the program"
    monkeypatch.setenv(VARIABLE, str(home))
    return home
