"""What is called durable is on the disk before anything acts on it: the system's own trace says so."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WRITES = """
import sys
from pathlib import Path
from app import disk
path = Path(sys.argv[1])
disk.write(path, b"old")
print("BEGIN", flush=True)
disk.write(path, b"new")
print("END", flush=True)
"""

APPENDS = """
import anyio, sys
from pathlib import Path
from app.storage.ledger import Ledger
from tests.storage.test_kill import KEY, endless

async def main():
    ledger = await Ledger.open(Path(sys.argv[1]), KEY)
    first, second, *_ = endless(1)
    await ledger.append(first)
    print("BEGIN", flush=True)
    await ledger.append(second)
    print("END", flush=True)
    await ledger.close()

anyio.run(main)
"""


def calls(program: str, place: Path, trace: Path) -> list[str]:
    """The system calls on files between BEGIN and END, in their order over all threads."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    watched = "trace=write,pwrite64,rename,renameat,renameat2,fsync,fdatasync"
    words = ["strace", "-f", "-y", "-o", str(trace), "-e", watched, sys.executable, "-c", program, str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip("may not trace here")
    assert done.returncode == 0, done.stderr
    lines = trace.read_text().splitlines()
    begin = next(number for number, line in enumerate(lines) if '"BEGIN' in line)
    end = next(number for number, line in enumerate(lines) if '"END' in line)
    return [line for line in lines[begin + 1 : end] if str(place.parent) in line]


def kinds(lines: list[str], *, names: dict[str, str]) -> list[str]:
    found = []
    for line in lines:
        call = re.search(r"\b(write|pwrite64|rename\w*|fsync|fdatasync)\(", line)
        name = next((said for part, said in names.items() if part in line), "")
        if call and name:
            found.append(f"{call[1].replace('pwrite64', 'write').replace('renameat2', 'rename')} {name}")
    return found


def test_a_file_is_synced_then_renamed_then_its_folder_is_synced(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    seen = kinds(
        calls(WRITES, folder / "file", tmp_path / "trace"), names={".part": "aside", f"{folder}>": "folder"}
    )
    assert seen == ["write aside", "fsync aside", "rename aside", "fsync folder"]


def test_an_event_is_synced_before_its_append_returns(company: Path, tmp_path: Path) -> None:
    seen = kinds(calls(APPENDS, company, tmp_path / "trace"), names={"-wal>": "log"})
    assert seen[-1] in ("fdatasync log", "fsync log")
    assert seen[0] == "write log"
