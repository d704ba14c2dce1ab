"""Who called a training server from this computer: the driven browser behind a connection, found to be killed."""

import contextlib

import psutil

# On the line of every browser that this program starts (`app.portals.processes`), and on no other's.
SWITCH = "--ondemand-sync-run="


def kill_browser(client: tuple[str, int]) -> int:
    """Kill the driven browser whose connection this is, or whose driver's; returns how many processes were killed.

    A browser without our switch is a person's own, and is left alone."""
    caller = _owner(client)
    if caller is None:
        return 0
    killed = 0
    with contextlib.suppress(psutil.Error):
        for process in (caller, *caller.parents(), *caller.children(recursive=True)):
            killed += _kill_if_driven(process)
    return killed


def _owner(client: tuple[str, int]) -> psutil.Process | None:
    """The process at the other end of a connection from this computer; None where the system does not tell."""
    with contextlib.suppress(psutil.Error, OSError):
        for one in psutil.net_connections("tcp4"):
            if one.laddr and (one.laddr.ip, one.laddr.port) == tuple(client) and one.pid:
                return psutil.Process(one.pid)
    return None


def _kill_if_driven(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        if any(part.startswith(SWITCH) for part in process.cmdline()):
            process.kill()
            return 1
    return 0
