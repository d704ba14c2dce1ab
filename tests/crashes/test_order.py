"""The system's own trace: the intent's sync returned before the first byte of the press left this computer."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.assembly.house import House
from tests.end_to_end.cut_off import Asked
from tests.end_to_end.test_cut_off import asked_for
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = pytest.mark.anyio

# What a press is on the wire, and the intent that has to be on the disk before it.
PRESSES = {
    "POST /training/sign-in": "SignInRequested",
    "POST /training/filters": "FiltersRequested",
    "POST /training/sync/start": "SyncRequested",
    "POST /training/tabs/": "RefreshRequested",
}
_BEGUN = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)")


def order(lines: list[str]) -> list[tuple[str, int]]:
    """Of a trace: each press that left, with how many intents of its kind were synced by then, less those used."""
    written: dict[str, int] = dict.fromkeys(PRESSES.values(), 0)  # in the log, not synced yet
    synced: dict[str, int] = dict.fromkeys(PRESSES.values(), 0)
    waiting: dict[
        str, dict[str, int]
    ] = {}  # by thread: what its sync, which has not returned, will make durable
    found = []
    for line in lines:
        begun = _BEGUN.match(line)
        if begun is None:
            continue
        thread, call = begun[1], begun[2]
        returned = "resumed>" in line
        if call in ("pwrite64", "write") and "-wal>" in line and not returned:
            for intent in written:
                written[intent] += line.count(f'\\"type\\":\\"{intent}\\"')
        elif call in ("fsync", "fdatasync") and ("-wal>" in line or returned):
            if not returned:
                waiting[thread], written = written, dict.fromkeys(written, 0)
            if "<unfinished" not in line and re.search(r"= 0\b", line):
                for intent, count in waiting.pop(thread, {}).items():
                    synced[intent] += count
        elif call in ("sendto", "sendmsg", "write", "writev") and not returned:
            for begins, intent in PRESSES.items():
                if f'"{begins}' in line:
                    found.append((begins, synced[intent]))
                    synced[intent] -= 1
    return found


async def test_what_is_announced_is_on_the_disk_before_its_first_byte_leaves(
    house: House, admin: Admin, tmp_path: Path
) -> None:
    asked = await asked_for("whole", house, admin)
    admin.play("ok")
    seen = order(traced(asked, tmp_path / "trace"))
    often = {begins: sum(one == begins for one, _ in seen) for begins in PRESSES}
    assert often == {
        "POST /training/sign-in": 2,
        "POST /training/filters": 1,
        "POST /training/sync/start": 1,
        "POST /training/tabs/": 4,
    }
    assert len(admin.presses("tab.refresh")) == 4
    early = [begins for begins, durable in seen if durable < 1]
    assert early == [], "left before its intent was on the disk"


def traced(asked: Asked, trace: Path) -> list[str]:
    """The system's calls of a whole run, in their order over all threads."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace, to see the system's calls")
    watched = "trace=pwrite64,write,writev,fsync,fdatasync,sendto,sendmsg"
    words = ["strace", "-f", "-y", "-s", "9000", "-o", str(trace), "-e", watched, "--seccomp-bpf"]
    words += [sys.executable, "-m", "tests.end_to_end.cut_off", "never", "nothing", "0"]
    ended = subprocess.run(
        words, input=msgspec.json.encode(asked), capture_output=True, env=environ(), cwd=ROOT, check=False
    )
    said = ended.stderr.decode()
    if ended.returncode and "ptrace" in said:
        pytest.skip("this machine lets nobody trace (ptrace), so the order cannot be seen")
    assert ended.returncode == 0, said[-2000:]
    return trace.read_text(errors="replace").splitlines()


TRACE = r"""
7 pwrite64(5</x/ledger.sqlite-wal>, "\"type\":\"SyncRequested\""..., 4096, 0) = 4096
7 fdatasync(5</x/ledger.sqlite-wal> <unfinished ...>
9 {early}
7 <... fdatasync resumed>) = 0
9 {late}
"""
PRESS = 'sendto(8<TCP:[1]>, "POST /training/sync/start HTTP/1.1"..., 90, 0, NULL, 0) = 90'
LOOK = 'sendto(8<TCP:[1]>, "GET /training/sync HTTP/1.1"..., 90, 0, NULL, 0) = 90'


@pytest.mark.parametrize(("early", "late", "durable"), [(PRESS, LOOK, 0), (LOOK, PRESS, 1)])
def test_a_press_that_left_while_its_intent_was_being_synced_is_seen(
    early: str, late: str, durable: int
) -> None:
    lines = TRACE.format(early=early, late=late).splitlines()
    assert order(lines) == [("POST /training/sync/start", durable)]
