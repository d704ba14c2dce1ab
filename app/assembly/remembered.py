"""What the window remembers from one time to the next, beside what others keep in the same file."""

import anyio
import anyio.to_thread
import msgspec

from app.assembly import shelf
from app.assembly.practice import PRACTICE_NAME
from app.domain.problems import Trouble
from app.engine.faces import Preferences
from app.storage import settings
from app.storage.folders import Folders


class Remembered:
    """Fulfils that part of `engine.faces.Workplace`."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._writing = anyio.Lock()

    async def preferences(self) -> Preferences:
        """What was remembered; the defaults, with `problem`, where it cannot be read."""
        try:
            loaded = await anyio.to_thread.run_sync(settings.load, self._folders)
        except Trouble as unreadable:
            return Preferences(problem=unreadable.problem)
        kept = loaded.settings
        return Preferences(
            kept.last_profile,
            kept.geometry,
            kept.said,
            loaded.problem,
            kept.language,
            kept.setup,
            kept.month_ends,
        )

    async def remember(self, preferences: Preferences) -> None:
        """Keep it for the next time; what else stands in the file stays. Raises Trouble(DISK)."""
        async with self._writing:
            kept = (await anyio.to_thread.run_sync(settings.load, self._folders)).settings
            names = await anyio.to_thread.run_sync(shelf.names, self._folders)
            changed = msgspec.structs.replace(
                kept,
                last_profile=preferences.last_profile,
                language=preferences.language,
                setup=preferences.setup,
                month_ends=settings.of_companies(
                    {**kept.month_ends, **preferences.month_ends}, [PRACTICE_NAME, *names]
                ),
                geometry=preferences.geometry,
                said=preferences.said,
            )
            if changed != kept:
                await anyio.to_thread.run_sync(settings.save, self._folders, changed)

    async def renamed(self, old: str, new: str) -> None:
        """A company has another name: what was ticked for it goes along."""
        kept = await self.preferences()
        await self.remember(
            msgspec.structs.replace(kept, month_ends=settings.renamed(kept.month_ends, old, new))
        )

    async def forget_deleted(self) -> None:
        """What was ticked for companies that are no more goes too."""
        await self.remember(await self.preferences())
