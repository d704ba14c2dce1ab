"""What a face may ask for a support bundle. `app.assembly` fulfils it."""

from typing import Protocol

from app.domain.support import Bundle


class Support(Protocol):
    """Coroutines run in the engine's loop."""

    async def gather(self, name: str) -> Bundle:
        """Versions, preflight, the last runs, page outlines and the log, without secrets; within some fifteen seconds.
        `name` "" tells of no company: versions and log alone. What cannot be had is told in its part.

        Raises Trouble(FILE_BROKEN) for a company that there is not, or whose profile cannot be read."""

    async def write(self, bundle: Bundle, path: str) -> None:
        """Write exactly what was shown, as a ZIP file for this user only. Raises Trouble(DISK): an old one stands."""
