"""Where the program keeps its files: one folder each for settings, data, log and what lives only while it runs."""

import os
import shutil
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from platformdirs import PlatformDirs

from app.disk import disk_trouble, sync_folder
from app.domain.problems import ProblemId, trouble

APP = "ondemand-sync"
HOME_VARIABLE = "ONDEMAND_SYNC_HOME"
_ROOM = 16 * 1024 * 1024  # bytes that must be free before a run is begun


@dataclass(frozen=True)
class Folders:
    """The program's folders. Nothing is created until `make` or `ready` is called."""

    config: Path
    data: Path
    log: Path
    runtime: Path

    @property
    def profiles(self) -> Path:
        """The profiles, one TOML file each."""
        return self.config / "profiles"

    @property
    def companies(self) -> Path:
        """The data of the profiles, one folder each."""
        return self.data / "companies"

    @property
    def locks(self) -> Path:
        """Beside the data, not in the runtime folder, which may differ between two sessions of one user."""
        return self.data / "locks"

    def of_profile(self, name: str) -> Path:
        """The data folder of a profile: its ledger, its sealed secrets, its last reading."""
        return self.companies / name

    def ready(self) -> None:
        """Create them all, for this user only. Raises Trouble(DISK)."""
        for folder in (
            self.config, self.profiles, self.data, self.companies, self.locks, self.log, self.runtime,
        ):  # fmt: skip
            make(folder)

    def of_profile_ready(self, name: str) -> Path:
        """The data folder of a profile, created. Raises Trouble(DISK)."""
        make(self.data)
        make(self.companies)
        return make(self.of_profile(name))


def locate(environment: Mapping[str, str] = os.environ) -> Folders:
    """The folders of this user; all under one where ONDEMAND_SYNC_HOME is set."""
    home = environment.get(HOME_VARIABLE, "")
    if home:
        root = Path(home).expanduser().absolute()
        return Folders(root / "config", root / "data", root / "log", root / "run")
    system = PlatformDirs(APP, appauthor=False)
    # Where nobody logged in (a container, cron) Linux has no folder for what lives only while the program runs.
    at_home = sys.platform == "linux" and not os.environ.get("XDG_RUNTIME_DIR")
    runtime = system.user_data_path / "run" if at_home else system.user_runtime_path
    return Folders(system.user_config_path, system.user_data_path, system.user_log_path, runtime)


def make(folder: Path) -> Path:
    """The folder, there and this user's only, like those above it that had to be made (0700, which on Windows Python
    3.12.4 and later turns into a list of rights for the user alone; before, as the user's own data says). What was made
    is still there after a power cut, and so is what is kept in it.

    Raises Trouble(DISK, file, why), also where it belongs to somebody else."""
    try:
        for one in (*reversed(folder.parents), folder):  # `parents=True` would make them for everybody
            _made(one)
        if sys.platform != "win32":
            seen = folder.stat()
            if seen.st_uid != os.geteuid():
                raise trouble(ProblemId.DISK, file=str(folder), why="not-ours")
            if stat.S_IMODE(seen.st_mode) & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise disk_trouble(error, folder) from None
    return folder


def _made(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except OSError:  # it is there, or the root of a drive, which may not be made anew
        if not folder.is_dir():
            raise
        return
    with suppress(PermissionError):  # who may write in the folder above may not always read it
        sync_folder(folder.parent)


def check_writable(folder: Path, room: int = _ROOM) -> None:
    """Write and sync a small file there and take it away again; see that `room` bytes are free. Raises Trouble(DISK).

    Called before a run, so that a full disk or a read-only folder is met before anything is pressed."""
    probe = folder / f".probe-{uuid4().hex}"
    try:
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, b"x" * 4096)
            os.fsync(handle)
        finally:
            os.close(handle)
            probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise disk_trouble(error, folder) from None
    if free < room:
        raise trouble(ProblemId.DISK, file=str(folder), why="full", free_mb=free // 1_000_000)
