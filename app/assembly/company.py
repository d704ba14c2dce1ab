"""A profile in use: what the house holds of it while the program runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.assembly.pages import Held
from app.domain.profile import Profile
from app.engine.conductor import RunConductor
from app.storage.ledger import Ledger
from app.storage.lock import Lock
from app.storage.profile_secrets import ProfileSecrets

if TYPE_CHECKING:
    from app.assembly.connect import Services


@dataclass
class Company:
    """A profile in use: its secrets for as long as the program runs; lock, ledger and conductor while it is open."""

    profile: Profile
    folder: Path
    secrets: ProfileSecrets
    services: "Services | None" = None
    lock: Lock | None = None
    ledger: Ledger | None = None
    conductor: RunConductor | None = None

    def holds(self) -> Held:
        """What stands in the way of a walk over its pages, or is there for it already."""
        return Held(self.lock is not None, self.conductor is not None and self.conductor.busy)
