"""The companies as they are used: this user's own profiles, with what IT has deployed and laid down."""

from app.domain.laid_down import LaidDown, applied, breaches, laid_down, with_what_is_locked
from app.domain.profile import FieldFault, Profile, name_key
from app.storage import deployed, policy, profile_toml, profiles
from app.storage.folders import Folders


def names(folders: Folders) -> list[str]:
    """All companies, sorted as people sort; a deployed one is there for every user. Raises Trouble(DISK)."""
    own = profiles.names(folders)
    known = {name_key(name) for name in own}
    return sorted([*own, *(name for name in deployed.names() if name_key(name) not in known)], key=name_key)


def spelt(folders: Folders, name: str) -> str | None:
    """The name as the company's file spells it; a deployed one as IT spells it. Raises Trouble(DISK)."""
    laid = next((one for one in deployed.names() if name_key(one) == name_key(name)), None)
    return profiles.spelt(folders, name) or laid


def read(folders: Folders, name: str) -> Profile:
    """The profile as it is used. Raises as `profiles.read`."""
    laid = deployed.read(name)
    try:
        own = profiles.read(folders, name)
    except LookupError:
        if laid is None:
            raise
        own = laid.profile
    return applied(own, policy.load(folders), laid)


def what_is_laid_down(folders: Folders, name: str) -> LaidDown:
    """What is locked of a company, or of one that is still to be made. Raises Trouble(FILE_BROKEN)."""
    return laid_down(policy.load(folders), deployed.read(name))


def save(folders: Folders, profile: Profile, replaces: str = "", *, new: bool = False) -> list[FieldFault]:
    """As `profiles.save`; what is laid down cannot be changed. `new`: a default is no wish of anybody."""
    laid = deployed.read(replaces or profile.name)
    locked = laid_down(policy.load(folders), laid).locked
    stands = _stands(folders, profile, replaces)
    if new:
        profile = with_what_is_locked(stands, profile, locked)
    try:
        wanted = profile_toml.exact(profile)
    except ValueError:
        return profiles.save(folders, profile, replaces)  # it has faults, which are told
    wrong = list(breaches(stands, wanted, locked))
    return wrong or profiles.save(folders, profile, replaces)


def _stands(folders: Folders, profile: Profile, replaces: str) -> Profile:
    try:
        return read(folders, replaces or profile.name)
    except LookupError:
        return applied(profile, policy.load(folders))
