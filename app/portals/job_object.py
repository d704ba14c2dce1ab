"""On Windows the browser and its driver are held by a job object of the system, which ends them with this program.

Elsewhere the driver notices that its pipe has gone, and what is left is swept up at the next start (`processes`)."""

import logging
import sys
from collections.abc import Iterable
from typing import Protocol

_log = logging.getLogger(__name__)


class Job(Protocol):
    """Holds processes until it is let go, or this program ends in whatever way: then they end too."""

    def hold(self, pids: Iterable[int]) -> None: ...

    def let_go(self) -> None: ...


class NoJob:
    """Where the system has none, or refuses one."""

    def hold(self, pids: Iterable[int]) -> None:
        """Nothing holds them but the sweep at the next start."""

    def let_go(self) -> None:
        """Nothing is held."""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
    _KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
    _MAY_BE_HELD = 0x0100 | 0x0001  # PROCESS_SET_QUOTA | PROCESS_TERMINATE

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _Basic),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _kernel() -> ctypes.WinDLL:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            wintypes.LPVOID,
            wintypes.DWORD,
        )
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        return kernel

    class _WindowsJob:
        def __init__(self) -> None:
            self._kernel = _kernel()
            self._job = self._kernel.CreateJobObjectW(None, None)
            if not self._job:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _Extended()
            limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE
            done = self._kernel.SetInformationJobObject(
                self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            if not done:
                refused = ctypes.WinError(ctypes.get_last_error())
                self.let_go()
                raise refused

        def hold(self, pids: Iterable[int]) -> None:
            for pid in pids:
                process = self._kernel.OpenProcess(_MAY_BE_HELD, False, pid)
                if not process:
                    continue  # it has ended meanwhile
                if not self._kernel.AssignProcessToJobObject(self._job, process):
                    _log.info("process %s is not held: %s", pid, ctypes.WinError(ctypes.get_last_error()))
                self._kernel.CloseHandle(process)

        def let_go(self) -> None:
            """Its processes end with it: called when they have been asked to end by themselves."""
            if self._job:
                self._kernel.CloseHandle(self._job)
                self._job = None

    def new_job() -> Job:
        """A job of the system's; where it refuses one, one that holds nothing."""
        try:
            return _WindowsJob()
        except OSError as refused:  # in a session whose own job allows no other
            _log.info("no job object for the browser: %s", refused)
            return NoJob()

else:

    def new_job() -> Job:
        """This system has none: one that holds nothing."""
        return NoJob()
