"""What a check of the ledger found, in words."""

from app.domain.audit import Fault, FaultKind, Verified
from app.words.language import N_, _, ngettext

_FAULTS = {
    FaultKind.EDITED: N_("Event {seq} of run {run} is not as it was written."),
    FaultKind.CUT: N_("At event {seq} of run {run} something was taken out."),
    FaultKind.CUT_END: N_(
        "After event {seq} of run {run}, the last one that is there, something was taken out."
    ),
    FaultKind.MOVED: N_("Event {seq} of run {run} does not stand where it was written."),
    FaultKind.SUMMARY: N_("What the history says of run {run} is not what its events say."),
}


def fault(found: Fault) -> str:
    """One finding, at its place."""
    if found.kind is FaultKind.CUT_END and not found.run_id:
        return _("All events were taken out.")
    return _(_FAULTS[found.kind]).format(seq=found.seq, run=found.run_id)


def verdict(found: Verified) -> list[str]:
    """What was found and how far it reaches, a sentence a line."""
    said = [fault(one) for one in found.faults]
    if not said:
        said.append(
            ngettext(
                "{n} event stands as it was written.", "{n} events stand as they were written.", found.events
            ).format(n=found.events)
        )
    if found.unkeyed:
        said.append(
            _("{n} of them were written without a key: that shows accidents, not intent.").format(
                n=found.unkeyed
            )
        )
    if found.other_key:
        said.append(
            _(
                "{n} were written with a key that is no longer in the keyring: their order was checked, their content "
                "could not be."
            ).format(n=found.other_key)
        )
    said.append(
        _(
            "Whoever has this computer's account, or administers it, can read the key and write it all anew: the check "
            "does not defend against them."
        )
    )
    return said
