"""One installed browser, driven: started without any profile on disk, and ended with us whatever happens."""

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from app.domain.problems import ProblemId, trouble
from app.portals import processes
from app.portals.browser_policies import forbids_driving
from app.portals.hearing import Hearing
from app.portals.installed import Installed, installed
from app.portals.job_object import Job, new_job
from app.portals.pointing import Pointing

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, StorageState

# Without these the browser talks to its maker, updates itself, or asks a first question.
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-search-engine-choice-screen",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--password-store=basic",
    "--disable-features=AutofillServerCommunication,OptimizationHints,MediaRouter,PasswordLeakDetection,Translate",
)
# They make the driver or the browser print, keep or share what passes between us and the pages.
_TELLTALE = frozenset({"DEBUG", "DEBUGP", "PWDEBUG", "DEBUG_FILE", "DEBUG_COLORS", "SSLKEYLOGFILE", "NODE_OPTIONS",
                       "NODE_DEBUG", "NODE_V8_COVERAGE", "CHROME_LOG_FILE", "CHROMIUM_FLAGS"})  # fmt: skip
_TELLTALE_BEGINNINGS = ("PW_", "PLAYWRIGHT_", "PWTEST", "CHROME_REMOTE_")
# The interpreter that a system's own package may bring instead of the one in the wheel.
_KEPT = frozenset({"PLAYWRIGHT_NODEJS_PATH"})
# A frozen program changes these for itself; its children must not inherit them.
_FROZEN = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")
_CLOSE_SECONDS = 5.0


def is_telltale(name: str) -> bool:
    """True for a variable that would make the driver or the browser log what passes, or load something foreign."""
    name = name.upper()
    return name not in _KEPT and (name in _TELLTALE or name.startswith(_TELLTALE_BEGINNINGS))


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for the browser: nothing that makes it log, and the system's own library paths."""
    clean = {name: value for name, value in environment.items() if not is_telltale(name)}
    if getattr(sys, "frozen", False):
        for name in _FROZEN:
            original = clean.pop(name + "_ORIG", None)
            clean.pop(name, None)
            if original is not None:
                clean[name] = original
    return clean


def has_display(platform: str = sys.platform, environment: Mapping[str, str] | None = None) -> bool:
    """True where a window can be shown."""
    environment = os.environ if environment is None else environment
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


class DrivenBrowser:
    """The browser of one run. `headless` None: visible and minimised where there is a display, headless otherwise.

    `browsers` finds those of this computer, the preferred one first, `forbids` the policy that forbids driving one by
    its name; `shown`: its windows are the person's to work in,
    and are not minimised."""

    def __init__(
        self,
        folder: Path,
        *,
        headless: bool | None,
        shown: bool = False,
        browsers: Callable[[], tuple[Installed, ...]] = installed,
        forbids: Callable[[str], str] = forbids_driving,
    ) -> None:
        self._forbids = forbids
        self._folder = folder
        self._browsers = browsers
        self.shown = shown
        self.headless = not has_display() if headless is None else headless
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._contexts: list[BrowserContext] = []
        self._noted: Path | None = None
        self._job: Job | None = None
        self.name = ""
        self.hearing = Hearing()
        self.pointing = Pointing(self.hearing)

    async def open(self) -> None:
        """Find and start the browser. Raises Trouble(BROWSER, why, …)."""
        # The driver's part in this process reads them once, when it is imported, and would print what is typed.
        for name in [name for name in os.environ if is_telltale(name)]:
            del os.environ[name]
        try:
            from playwright.async_api import Error, async_playwright
        except ModuleNotFoundError:  # it is an extra: who never drives a browser need not have it
            raise trouble(ProblemId.BROWSER, why="not-installed") from None

        await anyio.to_thread.run_sync(processes.sweep, self._folder)
        found = self._browsers()
        if not found:
            raise trouble(ProblemId.BROWSER, why="none-found")
        # A policy speaks of one browser: another that is installed too may be driven.
        policies = {one.name: self._forbids(one.name) for one in found}
        allowed = [one for one in found if not policies[one.name]]
        if not allowed:
            first = found[0].name
            raise trouble(ProblemId.BROWSER, why="forbidden", browser=first, policy=policies[first][:200])
        chosen = allowed[0]
        # What a press sends goes through the driver's client: it too judges certificates by the system's own store.
        os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
        marker = processes.new_marker()
        arguments = [*_ARGUMENTS, processes.marker_switch(marker)]
        if not self.headless and not self.shown:
            arguments.append("--start-minimized")
        if sys.platform == "linux" and processes.is_root():
            arguments.append("--no-sandbox")
        try:
            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(
                executable_path=chosen.path,
                headless=self.headless,
                args=arguments,
                env=dict(clean_environment(os.environ)),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            self._noted = await anyio.to_thread.run_sync(processes.note, self._folder, marker)
            self._job = new_job()
            self._job.hold(processes.noted_in(self._noted))
        except (Error, OSError) as error:
            await self.close()
            raise trouble(
                ProblemId.BROWSER, why="not-started", browser=chosen.name, text=_first_line(error)
            ) from None
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.close()
            raise
        self.name = chosen.name

    async def new_page(self, state: "StorageState | None" = None) -> "Page":
        """The page of a new window with cookies of its own, minimised where it would show.

        `state` is what it begins with, unless the browser does not take it.
        A page behind another in one window is drawn no more, and a press on it waits for seconds. Raises
        Trouble(BROWSER, why="closed")."""
        from playwright.async_api import Error

        try:
            context = await self._new_context(state)
            self._contexts.append(context)
            context.set_default_timeout(15_000)
            await self.hearing.listen(context)
            await self.pointing.listen(context)
            page = await context.new_page()
            if not self.shown:
                await self._window(page, "minimized")
        except Error:
            raise trouble(ProblemId.BROWSER, why="closed", browser=self.name) from None
        return page

    async def _new_context(self, state: "StorageState | None") -> "BrowserContext":
        from playwright.async_api import Error

        if self._browser is None:
            raise trouble(ProblemId.BROWSER, why="closed", browser=self.name)
        new = partial(self._browser.new_context, accept_downloads=False, no_viewport=not self.headless)
        try:
            return await new(storage_state=state)
        except Error:
            if state is None:
                raise
            return await new()

    async def to_front(self, page: "Page") -> None:
        """Show the window of a page to the person; does nothing without a display."""
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            await self._window(page, "normal")
            await page.bring_to_front()

    async def _window(self, page: "Page", state: str) -> None:
        if self.headless:
            return
        session = await page.context.new_cdp_session(page)
        window = await session.send("Browser.getWindowForTarget")
        if window["bounds"].get("windowState") != state:
            bounds = {"windowId": window["windowId"], "bounds": {"windowState": state}}
            await session.send("Browser.setWindowBounds", bounds)
        await session.detach()

    async def close(self) -> None:
        """End the browser and its driver; never raises. What does not end by itself is ended."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        self._contexts.clear()
        with anyio.CancelScope(shield=True):
            for stop in (browser.close if browser else None, playwright.stop if playwright else None):
                if stop is not None:
                    with anyio.move_on_after(_CLOSE_SECONDS), contextlib.suppress(Exception):
                        await stop()
            job, self._job = self._job, None
            if job is not None:
                job.let_go()
            noted, self._noted = self._noted, None
            if noted is not None:
                await anyio.to_thread.run_sync(processes.end_noted, noted)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
