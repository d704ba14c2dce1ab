"""What a check of the ledger finds: whether it stands as the program wrote it, and where it does not."""

from enum import StrEnum

import msgspec


class FaultKind(StrEnum):
    """What was done to the ledger behind the program's back."""

    EDITED = "edited"  # this event is not as it was written
    CUT = "cut"  # before this event (or after it, where it is the last one sealed) something was taken out
    CUT_END = "cut-end"  # after this event, the last one that is there, something was taken out
    MOVED = "moved"  # this event does not stand where it was written
    SUMMARY = "summary"  # the line in the history does not say what the events say


class Fault(msgspec.Struct, frozen=True):
    """One finding, at its place. `seq` 0 means the run as a whole."""

    kind: FaultKind
    run_id: str
    seq: int


class Verified(msgspec.Struct, frozen=True):
    """The answer of a check: how many events were checked by which key, and what was found.

    `other_key` events were written with a key that is no longer in the keyring: their order was checked, their content
    could not be."""

    events: int
    keyed: int
    unkeyed: int
    other_key: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """True when nothing was found, and everything could be checked."""
        return not self.faults and not self.other_key
