"""What a preflight sees of this computer: room on the disk, the keyring, the browser, and the session it runs in."""

import importlib.util
import sys
from collections.abc import Callable, Sequence

import anyio
import anyio.to_thread

from app.domain.problems import Fact, Problem, ProblemId, Trouble
from app.domain.profile import DriverName, Secret, SecretState
from app.domain.ready import Check, Level, Line
from app.storage import folders as storage_folders
from app.storage.folders import Folders
from app.storage.profile_secrets import ProfileSecrets

_KEYRING_SECONDS = 6.0  # a locked one may ask the person; the preflight does not wait for that
_SM_REMOTESESSION = 0x1000  # [C] Windows' own documentation of GetSystemMetrics


async def disk(folders: Folders, name: str) -> Sequence[Line]:
    """Can the company's folder be written to, and is there room?"""

    def work() -> Line:
        try:
            storage_folders.check_writable(folders.of_profile_ready(name))
        except Trouble as met:
            return Line(Check.DISK, Level.STOP, problem=met.problem)
        return Line(Check.DISK, Level.READY, said="room")

    # A folder on a network that hangs is left to itself.
    return (await anyio.to_thread.run_sync(work, abandon_on_cancel=True),)


async def keyring_and_passwords(secrets: ProfileSecrets, *, practice: bool, person: bool) -> Sequence[Line]:
    """Does the keyring answer, and is there a password for each site that was not refused? None is read to anyone.

    `practice`: the training company's are never put there. `person`: what is missing can be typed into the browser."""
    lines: list[Line] = []
    asked: Problem | None = None
    for secret in (Secret.HH2_PASSWORD, Secret.PROCORE_PASSWORD):
        try:
            with anyio.fail_after(_KEYRING_SECONDS):
                state = await secrets.state(secret)
        except TimeoutError:
            state, asked = SecretState.UNAVAILABLE, Problem(ProblemId.KEYRING, {"why": "timeout"})
        if state is SecretState.UNAVAILABLE:
            asked = asked or await _why(secrets)
            break
        lines.append(_password(secret, state, person=person))
    if asked is not None:
        keyring = Line(Check.KEYRING, Level.LOOK, problem=asked)
    elif practice:
        keyring = Line(Check.KEYRING, Level.UNCHECKED, said="practice")
    else:
        keyring = Line(Check.KEYRING, Level.READY, said="answers")
    return (keyring, *lines)


async def _why(secrets: ProfileSecrets) -> Problem:
    try:
        with anyio.fail_after(_KEYRING_SECONDS):
            await secrets.text(Secret.HH2_PASSWORD)
    except Trouble as met:
        if met.problem.id is ProblemId.KEYRING:
            return met.problem
    except TimeoutError:
        pass
    return Problem(ProblemId.KEYRING, {"why": "timeout"})


_SITES = {Secret.HH2_PASSWORD: "hh2", Secret.PROCORE_PASSWORD: "procore"}


def _password(secret: Secret, state: SecretState, *, person: bool) -> Line:
    site = _SITES[secret]
    if state is SecretState.REFUSED:
        facts: dict[str, Fact] = {"refused_before": True, "secret": secret.value}
        hh2 = secret is Secret.HH2_PASSWORD
        problem = Problem(ProblemId.HH2_LOGIN if hh2 else ProblemId.PRO_LOGIN, dict(facts))
        return Line(Check.PASSWORDS, Level.STOP, site, problem=problem)
    if state is SecretState.MISSING:
        problem = Problem(ProblemId.SECRET_MISSING, {"site": site, "secret": secret.value})
        return Line(Check.PASSWORDS, Level.LOOK if person else Level.STOP, site, problem=problem)
    return Line(Check.PASSWORDS, Level.READY, site, "there", {"site": site})


async def browser(driver: DriverName, absent: bool, chosen: Callable[[], str]) -> Sequence[Line]:
    """Is there a browser that may be driven? `absent`: the training company plays that there is none; `chosen` is the
    browser that IT has laid down, or ""."""
    if driver is DriverName.TRAINING:
        return (Line(Check.BROWSER, Level.UNCHECKED, said="not-needed"),)

    def work() -> Line:
        from app.portals.browser import has_display
        from app.portals.browser_policies import forbids_driving
        from app.portals.installed import installed_or_chosen

        if importlib.util.find_spec("playwright") is None:
            return _no_browser("not-installed")
        found = () if absent else installed_or_chosen(chosen())
        if not found:
            return _no_browser("none-found")
        policies = {one.name: forbids_driving(one.name) for one in found}
        allowed = next((one for one in found if not policies[one.name]), None)
        if allowed is None:
            name = found[0].name
            facts = {"why": "forbidden", "browser": name, "policy": policies[name][:200]}
            return Line(Check.BROWSER, Level.STOP, problem=Problem(ProblemId.BROWSER, dict(facts)))
        if not has_display():
            if driver is DriverName.ASSISTED:
                return _no_browser("no-display")
            return Line(Check.BROWSER, Level.READY, said="without-screen", facts={"browser": allowed.name})
        return Line(Check.BROWSER, Level.READY, said="there", facts={"browser": allowed.name})

    return (await anyio.to_thread.run_sync(work, abandon_on_cancel=True),)


def _no_browser(why: str) -> Line:
    return Line(Check.BROWSER, Level.STOP, problem=Problem(ProblemId.BROWSER, {"why": why}))


async def session(platform: str = sys.platform) -> Sequence[Line]:
    """Does it run in a Remote Desktop session? One that is disconnected goes on, one that is logged off ends.

    Never tried on Windows."""
    if platform != "win32":
        return (Line(Check.SESSION, Level.UNCHECKED, said="not-windows"),)
    return (Line(Check.SESSION, Level.READY, said="remote" if _is_remote() else "local"),)


def _is_remote() -> bool:
    if sys.platform == "win32":  # only on Windows
        import ctypes

        return bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION))
    return False
