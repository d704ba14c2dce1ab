"""What the company's IT lays down for this computer, as last read: one holder for everybody who must obey it."""

from typing import TYPE_CHECKING

import anyio.to_thread
import msgspec

from app.domain.laid_down import Policy
from app.domain.profile import Profile
from app.storage import policy
from app.storage.folders import Folders

if TYPE_CHECKING:
    from app.portals.installed import Installed


class MachinePolicy:
    """`now` is what holds; before it was first read, teaching is forbidden."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self.now = Policy(teach=False)

    async def read(self) -> Policy:
        """Read it anew: the file may have changed since."""
        self.now = await anyio.to_thread.run_sync(policy.load, self._folders)
        return self.now

    async def may_teach(self) -> bool:
        """Reads the policy anew."""
        return (await self.read()).teach

    def allowed(self, profile: Profile) -> Profile:
        """The profile as its pages are walked: without taught labels where the company's IT forbids them."""
        return profile if self.now.teach else msgspec.structs.replace(profile, labels=())

    def browsers(self) -> "tuple[Installed, ...]":
        """Those of this computer that may be driven: the one that IT has laid down, or all."""
        from app.portals.installed import installed_or_chosen

        return installed_or_chosen(self.now.browser)
