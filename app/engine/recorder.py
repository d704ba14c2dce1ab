"""The one way an event comes to be: checked, durable, folded, told; in that order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import anyio

from app.domain.events import AnyEvent, Record, ReportAlone, RunPlanned
from app.domain.run import RunState, apply, check, fold, start
from app.engine.faces import Listener
from app.engine.ports import Clock, Ledger


def alone(event: ReportAlone, at: datetime) -> Record:
    """The record of what belongs to no run, under an id of its own."""
    return Record(1, at, f"report-{uuid4().hex}", event)


class Recorder:
    """Holds the state of one run. An event that cannot be made durable raises
    Trouble(DISK) and changes nothing."""

    def __init__(self, ledger: Ledger, clock: Clock, listener: Listener) -> None:
        self._ledger = ledger
        self._clock = clock
        self._listener = listener
        self._turn = anyio.Lock()
        self._state: RunState | None = None

    @property
    def state(self) -> RunState:
        """The run as it stands; an error before `plan` or `take_up`."""
        if self._state is None:
            raise RuntimeError("no run yet")
        return self._state

    @property
    def has_run(self) -> bool:
        return self._state is not None

    async def plan(self, run_id: str, planned: RunPlanned) -> None:
        """The first event of a new run."""
        record = Record(1, self._clock.now(), run_id, planned)
        state = start(record)
        await self._write(record, state)

    def take_up(self, records: Sequence[Record]) -> RunState:
        """A run from the ledger; its next event follows the last one that was kept."""
        state = fold(records)
        if state is None:
            raise LookupError("no such run")
        self._state = state
        return state

    async def add(self, event: AnyEvent) -> RunState:
        """One more event; returns the state with it. Raises NotAllowed if it would break a promise."""
        # Shielded: a stop between the disk and the state would leave the two apart.
        with anyio.CancelScope(shield=True):
            async with self._turn:
                state = self.state
                record = Record(state.seq + 1, self._clock.now(), state.run_id, event)
                check(state, record)
                await self._write(record, apply(state, record))
        return self.state

    async def _write(self, record: Record, state: RunState) -> None:
        await self._ledger.append(record)
        self._state = state
        self._listener(record, state)
