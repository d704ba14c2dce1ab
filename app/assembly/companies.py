"""The companies: their profiles as files, and those that are in use with secrets, lock and ledger."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from app.assembly import shelf
from app.assembly.account import who
from app.assembly.company import Company
from app.assembly.machine_policy import MachinePolicy
from app.assembly.practice import PRACTICE_NAME, is_practice
from app.assembly.remembered import Remembered
from app.assembly.sign_in_state import forget_sign_ins
from app.assembly.training_company import TrainingCompany
from app.domain.laid_down import LaidDown
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import FieldFault, Profile, faults, is_training, name_key
from app.storage import folders as storage_folders
from app.storage import policy, profiles
from app.storage.folders import Folders
from app.storage.keyring_thread import KeyringThread
from app.storage.ledger import Ledger
from app.storage.lock import Face, Lock, lock_profile
from app.storage.profile_secrets import ProfileSecrets

if TYPE_CHECKING:
    from app.assembly.connect import Services


class Companies:
    """Fulfils the part of `engine.faces.Workplace` that is about profiles, and is asked for a company by every other.

    `released` is told the data folder of a company that is let go of."""

    def __init__(
        self,
        folders: Folders,
        face: Face,
        keyring: KeyringThread,
        training: TrainingCompany,
        policy_here: MachinePolicy,
        remembered: Remembered,
    ) -> None:
        self._folders = folders
        self._face: Face = face
        self._keyring = keyring
        self._training = training
        self._policy = policy_here
        self._remembered = remembered
        self._in_use: dict[str, Company] = {}  # by `name_key`: a company is one however its name is typed
        self.opening = anyio.Lock()
        self.released: Callable[[Path], Awaitable[None]] = _nobody

    # ---------------------------------------------------------------- profiles

    async def profiles(self) -> list[str]:
        """The names, sorted; the training company first while it is served."""
        names = await to_thread.run_sync(shelf.names, self._folders)
        return [PRACTICE_NAME, *names] if self._training.profile else names

    async def spelt(self, name: str) -> str | None:
        """The company's name as its file spells it, however it was typed; None where there is none."""
        if is_practice(name):
            return PRACTICE_NAME
        return await to_thread.run_sync(shelf.spelt, self._folders, name)

    async def profile(self, name: str) -> Profile:
        """Raises Trouble(FILE_BROKEN, …) for one that cannot be read or is not there."""
        if is_practice(name) and self._training.profile is not None:
            return self._training.profile
        try:
            return await to_thread.run_sync(shelf.read, self._folders, name)
        except LookupError:
            raise Trouble(Problem(ProblemId.FILE_BROKEN, {"file": name, "missing": True})) from None

    async def save(self, profile: Profile, replaces: str = "", *, new: bool = False) -> list[FieldFault]:
        """Write it, unless there are faults. The training company's profile is kept in memory only."""
        if self._training.profile is not None and is_practice(replaces or profile.name):
            self._training.keep(profile)
            return []
        if is_practice(profile.name):
            return [FieldFault("name", profile.name, "profile-name-taken")]
        replaces = (await self.spelt(replaces) or replaces) if replaces else ""
        old = self._in_use.get(name_key(replaces or profile.name))
        if replaces and replaces != profile.name:
            there = await self.spelt(profile.name)
            if there is not None and name_key(there) != name_key(replaces):
                return [FieldFault("name", profile.name, "profile-name-taken")]
            if wrong := faults(profile):
                return wrong
            if (await self.laid_down(replaces)).is_deployed:
                return [FieldFault("name", profile.name, "laid-down")]
            await self.release(replaces)  # a folder with an open file cannot be moved on Windows
        wrong = await to_thread.run_sync(partial(shelf.save, self._folders, profile, replaces, new=new))
        if not wrong and old is not None:
            await self._has_changed(old, replaces or profile.name, await self.profile(profile.name))
        return wrong

    async def laid_down(self, name: str) -> LaidDown:
        """What IT has laid down for this company. Nothing of it holds for the training company."""
        if is_practice(name):
            return LaidDown()
        return await to_thread.run_sync(shelf.what_is_laid_down, self._folders, name)

    async def policy_files(self) -> tuple[str, str]:
        """Where the policy is read."""
        return policy.files(self._folders)

    async def _has_changed(self, company: Company, old: str, profile: Profile) -> None:
        kept_before, company.profile = company.profile.run.keep_sign_in, profile
        if profile.name != old:
            company.folder = self._folders.of_profile(profile.name)
            await company.secrets.renamed(profile, company.folder)
            self._in_use[name_key(profile.name)] = self._in_use.pop(name_key(old))
            await self._remembered.renamed(old, profile.name)
        company.secrets.use(profile)
        if not profile.run.keep_sign_in:
            try:
                await forget_sign_ins(company.secrets)
            except Trouble:
                if kept_before:  # else there is none to forget, and a missing keyring is in nobody's way
                    raise
        if company.services is not None:
            company.services.use(profile)

    async def delete(self, name: str) -> None:
        """The profile, its secrets, its folder. The training company stays; its history goes."""
        company = await self.use(name)
        if company.conductor is not None and company.conductor.busy:
            raise Trouble(Problem(ProblemId.IN_USE, {"who": who(), "face": self._face}))
        name = company.profile.name
        await self.release(name)
        lock = await self.lock(name)
        try:
            await company.secrets.forget_all()
            await to_thread.run_sync(profiles.delete, self._folders, name)
        finally:
            lock.release()
        self._in_use.pop(name_key(name), None)
        await self._remembered.forget_deleted()

    # ---------------------------------------------------------------- in use

    async def use(self, name: str) -> Company:
        """A profile in use; reads it anew, so that a hand-edited file counts from the next run on."""
        await self._policy.read()
        profile = await self.profile(name)
        company = self._in_use.get(name_key(name))
        if company is None:
            folder = self._folders.of_profile(profile.name)
            company = Company(profile, folder, ProfileSecrets(profile, folder, self._keyring))
            self._in_use[name_key(name)] = company
        company.profile = profile
        company.secrets.use(profile)
        company.secrets.saves_a_persons = is_practice(name) or self._policy.now.save_passwords
        if company.services is not None:
            company.services.use(profile)
        return company

    async def folder_of(self, name: str) -> Path:
        """The data folder of a company."""
        return (await self.use(name)).folder

    def services(self, company: Company) -> "Services":
        """The company's web services; their rooms are imported when they are first asked for."""
        if company.services is None:
            from app.assembly.connect import Services

            company.services = Services(company.profile, company.secrets, self._folders)
        return company.services

    async def ledger_key(self, company: Company) -> bytes | None:
        """What the end of its ledger is sealed with."""
        # Nothing of the training company is put into the person's keyring.
        return None if is_training(company.profile) else await company.secrets.ledger_key()

    async def reading(self, company: Company) -> Ledger:
        """Its ledger to read from."""
        return company.ledger or await Ledger.open_to_read(company.folder)

    async def ledger_to_read(self, name: str) -> Ledger:
        """The ledger of a company that need not be in use, nor have a profile that can be read."""
        company = self._in_use.get(name_key(name))
        if company is not None:
            return await self.reading(company)
        return await Ledger.open_to_read(self._folders.of_profile(await self.spelt(name) or name))

    async def take(self, company: Company) -> Ledger:
        """Take the company's lock where it is not ours yet, and open its ledger anew. Ask inside `opening`.

        Raises Trouble(IN_USE, DISK, FILE_BROKEN)."""
        if company.lock is None:
            folder = await to_thread.run_sync(self._folders.of_profile_ready, company.profile.name)
            await to_thread.run_sync(storage_folders.check_writable, folder)
            company.lock = await self.lock(company.profile.name)
        if company.ledger is not None:
            before, company.ledger, company.conductor = company.ledger, None, None
            await before.close()
        company.ledger = await Ledger.open(company.folder, await self.ledger_key(company))
        return company.ledger

    async def lock(self, name: str) -> Lock:
        """Raises Trouble(IN_USE)."""
        return await to_thread.run_sync(lock_profile, self._folders, name, self._face)

    async def release(self, name: str) -> None:
        """Let go of the profile's lock and ledger."""
        async with self.opening:
            company = self._in_use.get(name_key(name))
            if company is None:
                return
            company.conductor = None
            await self.released(company.folder)
            if company.ledger is not None:
                await company.ledger.close()
                company.ledger = None
            if company.lock is not None:
                lock, company.lock = company.lock, None
                await to_thread.run_sync(lock.release)

    async def release_all(self) -> None:
        """Let go of every one."""
        for name in list(self._in_use):
            await self.release(name)


async def _nobody(_folder: Path) -> None:
    """There is nobody to tell yet."""
