"""What a face may ask about a company before a run. `app.assembly` fulfils it."""

from typing import Protocol

from app.domain.ready import Line, Readiness


class Ready(Protocol):
    """Coroutines run in the engine's loop."""

    async def check(self, name: str) -> Readiness:
        """Look at everything a run needs, within ten seconds. Sends no password, changes nothing at a site.

        Raises Trouble(FILE_BROKEN) for a profile that cannot be read."""

    async def before_a_run(self, name: str) -> Line | None:
        """What a run would meet only after its press, or never: a service on this computer that is stopped (STOP), or
        that was started in the wrong order (LOOK). None where there is nothing of the kind, and where this computer
        does not tell in time. Sends nothing to a site. Raises Trouble(FILE_BROKEN)."""
