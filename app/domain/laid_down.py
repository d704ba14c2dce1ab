"""What a company's IT lays down for everybody on a computer, and which settings of a company it thereby locks."""

from collections.abc import Iterator

import msgspec

from app.domain.profile import FieldFault, Profile, Secret

LONGEST_KEPT = 3650  # days
# What a policy can forbid: each is a field of `Policy`, true unless something forbids it or cannot be understood.
FLAGS = ("teach", "save_passwords")
# Those that a person types, and what a browser holds of their sign-ins. IT's own keys are IT's affair.
OF_A_PERSON = frozenset(
    {Secret.HH2_PASSWORD, Secret.PROCORE_PASSWORD, Secret.HH2_SIGN_IN, Secret.PROCORE_SIGN_IN}
)

# What each run is asked for anew, and what a person taught: a deployed company says what a user begins with.
BEGUN_WITH = frozenset({"run.date_range", "run.depth", "run.tabs", "run.jobs", "run.go_on", "labels"})


class Policy(msgspec.Struct, frozen=True):
    """`keep_days`: what comparisons read, and reports, are kept no longer; None: as the company's settings say.
    `browser`: the program of the one browser that may be driven; "": whichever is installed. `wrong` names what could
    not be understood."""

    teach: bool = True
    save_passwords: bool = True
    keep_days: int | None = None
    browser: str = ""
    wrong: tuple[str, ...] = ()


class Deployed(msgspec.Struct, frozen=True):
    """A company that IT deployed: `keys` ("hh2.site") are laid down, the rest is what a user begins with."""

    profile: Profile
    keys: frozenset[str]


class LaidDown(msgspec.Struct, frozen=True):
    """What holds for one company: the policy, and the paths of the settings that are locked thereby ("name": the
    company is deployed, and can be neither renamed nor deleted)."""

    policy: Policy = Policy()
    locked: frozenset[str] = frozenset()

    @property
    def is_deployed(self) -> bool:
        """The company itself was laid down."""
        return "name" in self.locked


def laid_down(policy: Policy, deployed: Deployed | None = None) -> LaidDown:
    """What a policy and a deployed company lock."""
    locked = set() if deployed is None else {"name", *deployed.keys}
    if policy.keep_days is not None:
        locked.add("match.keep_days")
    if not policy.save_passwords:
        locked.add("run.keep_sign_in")
    return LaidDown(policy, frozenset(locked))


def applied(profile: Profile, policy: Policy, deployed: Deployed | None = None) -> Profile:
    """The profile as it is used: with what was deployed in place of its own, and within the policy."""
    if deployed is not None:
        for key in sorted(deployed.keys):
            profile = _with(profile, key, _value(deployed.profile, key))
    if policy.keep_days is not None and (
        profile.match.keep_days == 0 or profile.match.keep_days > policy.keep_days
    ):
        profile = _with(profile, "match.keep_days", policy.keep_days)
    if not policy.save_passwords:
        profile = _with(profile, "run.keep_sign_in", False)
    return profile


def breaches(stands: Profile, wanted: Profile, locked: frozenset[str]) -> Iterator[FieldFault]:
    """The locked settings that a person wants otherwise than they stand (`stands`, as `applied` gives it)."""
    for key in sorted(locked):
        value = _value(wanted, key)
        if value != _value(stands, key):
            yield FieldFault(key, str(value), "laid-down")


def with_what_is_locked(stands: Profile, made: Profile, locked: frozenset[str]) -> Profile:
    """A new profile with the locked settings as they are laid down, where whoever made it left their defaults."""
    usual = Profile(made.name)
    for key in sorted(locked - {"name"}):
        if _value(made, key) == _value(usual, key):
            made = _with(made, key, _value(stands, key))
    return made


def _value(profile: Profile, key: str) -> object:
    found: object = profile
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _with(profile: Profile, key: str, value: object) -> Profile:
    section, dot, name = key.partition(".")
    if not dot:
        return msgspec.structs.replace(profile, **{section: value})
    return msgspec.structs.replace(
        profile, **{section: msgspec.structs.replace(getattr(profile, section), **{name: value})}
    )
