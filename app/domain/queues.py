"""For how long records have waited in ERP Integrations, as far as our own looks tell: its tabs show no time."""

from datetime import datetime

import msgspec

from app.domain.looks import Since, Waiting
from app.domain.run import RunState
from app.domain.tabs import Tab

READY, FAILED = "ready_to_import", "failed_to_export"  # the queues of a tab, as `Waiting` names them
Queue = tuple[Tab, str]


class Looks(msgspec.Struct, frozen=True):
    """What the runs saw, from the last one back. `open` are the queues that an older run may have seen records in too;
    once it is empty, older runs tell nothing more."""

    since: dict[Queue, datetime] = {}
    open: frozenset[Queue] = frozenset()

    def before(self, run: RunState) -> "Looks":
        """With the run before. One that did not look at a queue says nothing of it."""
        since, still = dict(self.since), set(self.open)
        for queue in self.open:
            at, count = _look(run, queue)
            if at is None or count is None:
                continue
            if count:
                since[queue] = min(at, since[queue])
            else:
                still.discard(queue)
        return Looks(since, frozenset(still))

    def by_tab(self) -> dict[Tab, Since]:
        """What is told of each tab in which anything waits."""
        tabs = {tab for tab, _queue in self.since}
        return {
            tab: Since(self.since.get((tab, READY)), self.since.get((tab, FAILED)))
            for tab in Tab
            if tab in tabs
        }


def looks(last: RunState) -> Looks:
    """What waits by the last run."""
    since: dict[Queue, datetime] = {}
    for tab in last.chosen:
        for queue in (READY, FAILED):
            at, count = _look(last, (tab, queue))
            if at is not None and count:
                since[tab, queue] = at
    return Looks(since, frozenset(since))


def _look(run: RunState, queue: Queue) -> tuple[datetime | None, int | None]:
    tab, name = queue
    state = run.tabs[tab]
    return state.refresh.finished_at, _count(state.waiting, name)


def _count(waiting: Waiting, name: str) -> int | None:
    return waiting.ready_to_import if name == READY else waiting.failed_to_export
