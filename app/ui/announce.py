"""What a screen reader is told when the state changes, wherever the keyboard is: the same sentences as in the log."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from app.domain.events import (
    GateOpened,
    NeedsPerson,
    ProblemMet,
    Record,
    RefreshRequested,
    RunEnded,
    StepOneFinished,
    SyncRequested,
    TabFinished,
)
from app.words import progress

# Those that a person waits for. What passes by many times a minute is read in the window by whoever wants it.
_TOLD = (SyncRequested, StepOneFinished, GateOpened, RefreshRequested, TabFinished, ProblemMet, RunEnded)


def announce(widget: QWidget, text: str, *, now: bool = False) -> None:
    """Have it said; `now`: before what is being said, for what cannot wait."""
    if not QAccessible.isActive() or not text:
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    urgent, polite = QAccessible.AnnouncementPoliteness.Assertive, QAccessible.AnnouncementPoliteness.Polite
    event.setPoliteness(urgent if now else polite)
    QAccessible.updateAccessibility(event)


def announce_records(widget: QWidget, records: list[Record]) -> None:
    """What has happened in a run, as far as a person waits for it; that somebody is needed cannot wait."""
    for record in records:
        if isinstance(record.event, NeedsPerson):
            announce(widget, progress.line(record.event), now=True)
        elif isinstance(record.event, _TOLD):
            announce(widget, progress.line(record.event))
