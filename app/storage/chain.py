"""The chain through the ledger: every event holds to the one before it, so that edits, cuts and moves show.

It does not defend against the owner of the account, who can read the key from the keyring; and a chain without a key
(no keyring when it was written) shows accidents, not intent."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from app.domain.audit import Fault, FaultKind, Verified
from app.domain.decoding import BROKEN
from app.domain.events import Record, ReportAlone, ReportSaved, RunEnded, RunPlanned, decode
from app.domain.history import RunSummary, summary
from app.domain.run import RunState, apply, start

FIRST = bytes(32)
BROKEN_OFF = b"\xff" * 32  # held to by the first event after a head that was done away with: a gap that stays
UNKEYED = ""


class Row(NamedTuple):
    """An event as the ledger keeps it; `id` is its place among all runs, `key` the id of the key of its `mac`."""

    id: int
    run_id: str
    seq: int
    at: str
    payload: str
    prev: bytes
    mac: bytes
    key: str


def key_id(key: bytes | None) -> str:
    """A short name of a key that does not reveal it; "" for none."""
    return UNKEYED if key is None else hashlib.sha256(b"ledger key:" + key).hexdigest()[:8]


def keys_of(key: bytes | None) -> dict[str, bytes | None]:
    """The keys that are known, by their short names."""
    return {UNKEYED: None, key_id(key): key}


def link(key: bytes | None, prev: bytes, run_id: str, seq: int, at: str, payload: str) -> bytes:
    """The mac of an event: HMAC-SHA256, or plain SHA-256 where there is no key. 32 bytes."""
    message = prev + f"{run_id}\n{seq}\n{at}\n{payload}".encode()
    return hashlib.sha256(message).digest() if key is None else hmac.digest(key, message, "sha256")


def seal(key: bytes | None, mac: bytes, run_id: str, seq: int) -> bytes:
    """What is written beside a run when it ends: its last event cannot be taken away unseen."""
    return link(key, mac, run_id, seq, "seal", "")


def head_seal(key: bytes | None, mac: bytes, id: int) -> bytes:  # noqa: A002  # the column's name
    """What is written with every event: it is the last one, and none after it can be taken away unseen."""
    return link(key, mac, "head", id, "head", "")


class Head(NamedTuple):
    """The last event that was written: its place among all, its mac, and the seal over both."""

    id: int
    mac: bytes
    seal: bytes
    key: str

    def holds(self, keys: dict[str, bytes | None]) -> bool:
        """False where it is not as it was written; with a key that is not known nobody can say so."""
        return self.key not in keys or hmac.compare_digest(
            self.seal, head_seal(keys[self.key], self.mac, self.id)
        )


class Sealed(NamedTuple):
    """A line of the history as it stands in the ledger."""

    run_id: str
    summary: bytes
    last_seq: int
    seal: bytes | None
    key: str


def verify(rows: Iterable[Row], runs: Iterable[Sealed], head: Head | None, key: bytes | None) -> Verified:
    """Check all events in their order, then the head, the seals and the lines of the history against them."""
    check = _Check(key)
    for row in rows:
        check.event(row)
    check.head(head)
    for run in runs:
        check.run(run)
    return check.result()


class _Check:
    def __init__(self, key: bytes | None) -> None:
        self._keys = keys_of(key)
        self._before = FIRST
        self._newest: Row | None = None
        self._edited_before = False
        self._macs: dict[bytes, tuple[str, int]] = {}
        self._loose: list[tuple[bytes, Row]] = []
        self._states: dict[str, RunState | None] = {}
        self._last: dict[str, Row] = {}
        self._count = {"keyed": 0, "unkeyed": 0, "other_key": 0}
        self._faults: list[Fault] = []

    def event(self, row: Row) -> None:
        whole = self._is_whole(row)
        if not whole:
            self._fault(FaultKind.EDITED, row.run_id, row.seq)
        elif row.prev != self._before and not self._edited_before:
            self._loose.append((row.prev, row))
        self._before, self._edited_before = row.mac, not whole
        self._macs[row.mac] = (row.run_id, row.seq)
        self._last[row.run_id] = self._newest = row
        self._fold(row)

    def head(self, head: Head | None) -> None:
        newest = self._newest
        if newest is None:
            if head is not None:
                self._fault(FaultKind.CUT_END, "", 0)
        elif (
            head is None
            or (head.id, head.mac, head.key) != (newest.id, newest.mac, newest.key)
            or not head.holds(self._keys)
        ):
            self._fault(FaultKind.CUT_END, newest.run_id, newest.seq)

    def run(self, run: Sealed) -> None:
        last = self._last.pop(run.run_id, None)
        state = self._states.pop(run.run_id, None)
        if last is None or last.seq < run.last_seq:
            self._fault(FaultKind.CUT, run.run_id, run.last_seq)
            return
        if state is not None and _differs(run.summary, state):
            self._fault(FaultKind.SUMMARY, run.run_id, 0)
        if state is not None and state.ended is not None and run.key in self._keys:
            whole = seal(self._keys[run.key], last.mac, run.run_id, last.seq)
            if run.seal is None or not hmac.compare_digest(run.seal, whole):
                self._fault(FaultKind.SUMMARY, run.run_id, last.seq)

    def result(self) -> Verified:
        for prev, row in self._loose:
            kind = FaultKind.MOVED if prev in self._macs else FaultKind.CUT
            self._fault(kind, row.run_id, row.seq)
        for run_id, row in self._last.items():  # events of a run that has no line
            self._fault(FaultKind.SUMMARY, run_id, row.seq)
        return Verified(
            events=sum(self._count.values()),
            faults=tuple(self._faults),
            **self._count,
        )

    def _is_whole(self, row: Row) -> bool:
        if row.key not in self._keys:
            self._count["other_key"] += 1
            return True
        self._count["keyed" if row.key else "unkeyed"] += 1
        expected = link(self._keys[row.key], row.prev, row.run_id, row.seq, row.at, row.payload)
        return hmac.compare_digest(expected, row.mac)

    def _fold(self, row: Row) -> None:
        """The state that the line of the history is held against; None once an event cannot be read."""
        try:
            record = record_of(row)
            if stands_alone(record) and row.seq == 1 and row.run_id not in self._states:
                del self._last[row.run_id]  # no line of the history is to be expected
                return
            if isinstance(record.event, RunPlanned) and row.run_id not in self._states:
                self._states[row.run_id] = start(record)
                return
            state = self._states.get(row.run_id)
            self._states[row.run_id] = None if state is None else apply(state, record)
        except (*BROKEN, ValueError):
            self._states[row.run_id] = None

    def _fault(self, kind: FaultKind, run_id: str, seq: int) -> None:
        self._faults.append(Fault(kind, run_id, seq))


def _differs(kept: bytes, state: RunState) -> bool:
    try:
        return msgspec.json.decode(kept, type=RunSummary) != summary(state)
    except BROKEN:
        return True


def record_of(row: Row) -> Record:
    """The event back as it was appended. Raises msgspec.DecodeError or ValueError on what the program never wrote."""
    from datetime import datetime

    return Record(row.seq, datetime.fromisoformat(row.at), row.run_id, decode(row.payload.encode()))


def stands_alone(record: Record) -> bool:
    """True for what belongs to no run: it has no line in the history, and no other event under its id."""
    return isinstance(record.event, ReportAlone)


def ends_run(record: Record) -> bool:
    """True for the events at which a run is sealed: its end, and what was written down of it after that."""
    return isinstance(record.event, RunEnded | ReportSaved)


def rows_of(cursor: Iterable[tuple[object, ...]]) -> Iterator[Row]:
    """The rows of `SELECT id, run_id, seq, at, payload, prev, mac, key FROM events`."""
    return map(Row._make, cursor)
