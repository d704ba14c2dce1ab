"""The program's log: five files of a megabyte, for this user only, without secrets, written off the loop."""

import logging
import os
import queue
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path

from app.disk import disk_trouble
from app.storage.folders import make
from app.storage.redact import redact
from app.storage.secret_text import live

NAME = "ondemand-sync.log"
_FILES = 5
_BYTES = 1_000_000
_WAITING = 10_000  # records that may wait for the disk; more are counted and dropped
_LONGEST = 16_000  # characters of one line
_LOOKED_AT = 200_000  # beyond that, nothing could come into the line
_ALIKE = 5  # of the same message within a minute
_MINUTE = 60.0
_FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"


class ProgramLog:
    """The log while it is open. `path` is the newest file."""

    def __init__(self, path: Path, handler: "_Hand", listener: QueueListener, file: "_File") -> None:
        self.path = path
        self._handler = handler
        self._listener = listener
        self._file = file

    def close(self) -> None:
        """Write what waits, and let go; a second time does nothing."""
        root = logging.getLogger()
        if self._handler not in root.handlers:
            return
        root.removeHandler(self._handler)
        self._listener.stop()
        self._handler.close()
        self._file.close()


def start(folder: Path, level: int = logging.INFO, known: Callable[[], Iterable[str]] = live) -> ProgramLog:
    """Log to `folder` from now on, from every logger of the program. Logging itself never blocks and never raises.

    `known` gives the secrets now in memory. Raises Trouble(DISK) where the folder cannot be made; a disk that fills up
    later costs lines, nothing else."""
    make(folder)
    path = folder / NAME
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(_WAITING)
    file = _File(path)
    formatter = logging.Formatter(_FORMAT)
    formatter.converter = time.gmtime
    formatter.default_msec_format = "%s.%03dZ"
    file.setFormatter(formatter)
    file.addFilter(_Redacting(known))
    handler = _Hand(waiting)
    handler.setLevel(level)
    handler.addFilter(
        _Repeats()
    )  # before the message is put together: alike are lines with other figures too
    listener = QueueListener(waiting, file)
    root = logging.getLogger()
    root.addHandler(handler)
    if root.level > level or root.level == logging.NOTSET:
        root.setLevel(level)
    # Theirs tell every request with its address; ours tell what matters.
    for chatty in ("httpx", "httpcore", "asyncio", "keyring", "filelock"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    listener.start()
    return ProgramLog(path, handler, listener, file)


class _Hand(QueueHandler):
    """Hands records over; when nobody takes them, they are counted instead of awaited."""

    def __init__(self, waiting: "queue.Queue[logging.LogRecord]") -> None:
        super().__init__(waiting)
        self._dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self._dropped:
                record.msg = f"{record.msg} ({self._dropped} earlier lines were dropped)"
            self.queue.put_nowait(record)
            self._dropped = 0
        except queue.Full:
            self._dropped += 1

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the name is logging's
        """A message that cannot be put together is not worth a failure."""


class _File(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True, errors="replace"
        )

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if sys.platform != "win32":
            os.fchmod(handle, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  # the name is logging's
        """A full disk costs lines; the program goes on, and what must be kept is in the ledger."""
        stream, self.stream = self.stream, None  # opened anew with the next line
        if stream is not None:
            with suppress(OSError):  # what could not be written is still in it
                stream.close()

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class _Repeats(logging.Filter):
    """The same message over and over is written a few times a minute, then counted."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        key = (record.name, record.levelno, str(record.msg)[:200])
        since, count = self._seen.get(key, (record.created, 0))
        if record.created - since > _MINUTE:
            if count > _ALIKE:
                record.left_out = count - _ALIKE
            since, count = record.created, 0
        if len(self._seen) > 1000:
            self._seen.clear()
        self._seen[key] = (since, count + 1)
        return count < _ALIKE


class _Redacting(logging.Filter):
    def __init__(self, known: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self._known = known

    def filter(self, record: logging.LogRecord) -> bool:
        # The queue's handler has put message, exception and stack into one text already.
        text = redact(str(record.msg)[:_LOOKED_AT], self._known())
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text)} characters)"
        left_out = getattr(record, "left_out", 0)
        record.msg = f"{text} ({left_out} more like it were left out)" if left_out else text
        return True


def tail(folder: Path, most: int) -> str:
    """The newest lines of the log in this folder, `most` bytes of them, whole; "" where there is none.

    Raises Trouble(DISK)."""
    files = [folder / NAME, *(folder / f"{NAME}.{count}" for count in range(1, _FILES))]
    pieces: list[bytes] = []
    for path in files:
        left = most - sum(map(len, pieces))
        if left <= 0:
            break
        try:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                start = max(0, size - left)
                file.seek(start)
                piece = file.read(left)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise disk_trouble(error, path) from None
        pieces.insert(0, piece.partition(b"\n")[2] if start else piece)
    return b"".join(pieces).decode("utf-8", "replace")
