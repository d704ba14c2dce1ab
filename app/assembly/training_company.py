"""The training company while it is served: its process, its profile, and how it behaves."""

from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
import msgspec

from app.assembly.practice import practice_profile
from app.domain.profile import Profile
from app.domain.ready_services import Service
from app.engine.faces import Practice

if TYPE_CHECKING:
    from app.training.process import TrainingCompany as Process
    from app.training.served import Served


class TrainingCompany:
    """`profile` is None until it is served; `pace` scales its delays; `trouble` is that of its pages, or ""."""

    def __init__(self) -> None:
        self.profile: Profile | None = None
        self.pace = 1.0
        self.trouble = ""
        self._process: Process | None = None

    async def start(self, practice: Practice) -> "Served":
        """Serve it, as a process of its own; one that was served before ends."""
        from app.training import process

        await self.end()

        def begin() -> "Process":
            return process.start(
                practice.scenario,
                variant=practice.variant,
                seed=practice.seed,
                pace=practice.pace,
                skin=practice.skin,
                language=practice.language,
                trouble=practice.trouble,
                size=practice.size,
                hour=practice.hour,
            )

        with anyio.CancelScope(shield=True):  # a child that was begun must be known, to be ended
            begun = self._process = await anyio.to_thread.run_sync(begin)
        served = begun.served
        self.profile = practice_profile(served, practice.driver)
        self.pace = practice.pace
        self.trouble = practice.trouble
        return served

    def keep(self, profile: Profile) -> None:
        """What a person may change of its profile, in memory only: the settings of a run, and taught labels."""
        if self.profile is not None:
            self.profile = msgspec.structs.replace(self.profile, run=profile.run, labels=profile.labels)

    async def services(self) -> list[Service]:
        """The Windows services that its Sage server plays."""
        from app.training.server import ask

        if self._process is None:
            return []
        return await ask(self._process.served)

    async def end(self) -> None:
        """End its process, if there is one."""
        begun, self._process = self._process, None
        if begun is not None:
            await begun.aend()
