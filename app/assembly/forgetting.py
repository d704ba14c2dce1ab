"""What was read of a company, and what comparisons made of it, deleted from this computer."""

from pathlib import Path

from app import disk
from app.storage import census, job_list, movement


def delete_readings(folder: Path) -> int:
    """Delete snapshots, reports, accepted differences and columns, and what runs read: counts, costs, the job list.

    `folder` is the company's data folder; nothing of it may be open. Its ledger and sealed secrets stay. Returns how
    many files there were. Raises Trouble(DISK)."""
    from app.match.store import delete_all

    gone = sum(not path.is_dir() for path in delete_all(folder))
    for name in (census.NAME, movement.NAME, job_list.NAME):
        # With the copies that were kept of one that could not be read.
        for path in [folder / name, *folder.glob(f"{name}.kept-*")]:
            if path.is_file():
                disk.remove(path)
                gone += 1
    return gone
