"""The Windows services of this computer that matter to a sync, asked of Windows. Never tried on Windows."""

import sys
from datetime import UTC, datetime

import msgspec

from app.domain.ready_services import Service


def services_here() -> list[Service] | None:
    """The services of this computer that matter; None where it has none such as Windows has."""
    if sys.platform == "win32":  # only on Windows
        import psutil

        found: list[Service] = []
        for one in psutil.win_service_iter():
            try:
                seen = Service(one.name(), one.display_name(), one.status() == "running")
                if not (seen.is_hh2 or seen.is_database):
                    continue
                pid = one.pid()
            except (psutil.Error, OSError):  # a service that goes, or that this account may not see
                continue
            found.append(msgspec.structs.replace(seen, started=_started(pid) if pid else None))
        return found
    return None


def _started(pid: int) -> datetime | None:
    import psutil

    try:
        return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)
    except (psutil.Error, OSError):
        return None
