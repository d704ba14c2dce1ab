"""Somebody who presses in the driven browser what the program asks for, standing in for the person: with the mouse,
on what a page shows."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio

from app.domain.events import ByHand, NeedKind, NeedsPerson, Record, Site
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.clock import SystemClock
from app.engine.conductor import RunConductor, Setting
from app.engine.faces import Message, Wanted
from app.engine.patience import Patience, for_pages, training_patience
from app.engine.ports import Credentials, Sources
from app.portals.driver import BrowserDriver
from app.storage.ledger import Ledger
from app.training.pages.skins import PLAIN, skin
from app.training.pages.wording import depths, ranges, tab_button
from tests.end_to_end.company import NAME, Told
from tests.training.admin import Admin

Does = Callable[["StandIn", ByHand], Awaitable[Message | None]]


class Keys:
    """The kept passwords; none where the person signs in by hand."""

    def __init__(self, admin: Admin | None) -> None:
        self._admin = admin

    async def credentials(self, site: Site) -> Credentials | None:
        if self._admin is None:
            return None
        return self._admin.hh2 if site is Site.HH2 else self._admin.procore

    async def mark_refused(self, _site: Site, _fingerprint: str) -> None:
        """Nothing is refused here."""


async def as_asked(person: "StandIn", by_hand: ByHand) -> None:
    """Do what is asked, once."""
    page = await person.page(by_hand.site)
    action, _colon, value = by_hand.action.partition(":")
    match action:
        case "date-range":
            offered = {key.value: shown for key, shown in ranges(skin(PLAIN)).items()}
            await page.get_by_label("Date Range").select_option(label=offered[value])
        case "depth":
            offered = {key.value: shown for key, shown in depths(skin(PLAIN)).items()}
            await page.get_by_label("Sync Depth").select_option(label=offered[value])
        case "apply":
            await page.get_by_role("button", name="Apply Settings").click()
        case "start-sync":
            await page.get_by_role("button", name="Start Sync").click()
        case "job":
            number, _space, name = by_hand.what.partition(" ")
            await page.locator("#active_synced_projects").select_option(label=f"{number} - {name}")
        case _:
            tab = Tab(action.removeprefix("refresh-"))
            await page.get_by_role("button", name=tab_button(tab, skin(PLAIN)), exact=True).click()


class StandIn:
    """A run in assisted mode, and who presses. `does` is done at each question; what it returns is said.

    `rest` is what the person does at the questions that `does` says nothing of."""

    def __init__(
        self,
        driver: BrowserDriver,
        folder: Path,
        admin: Admin,
        *,
        person: float = 20.0,
        signs_in: bool = False,
        does: dict[str, Does] | None = None,
        rest: Does = as_asked,
    ) -> None:
        self.driver = driver
        self.told = Told(react=self._react)
        self.asked: list[ByHand] = []
        self.needs: list[NeedsPerson] = []
        self._admin = admin
        self._folder, self._keys = folder, Keys(None if signs_in else admin)
        self._patience: Patience = for_pages(training_patience(0.08, person))
        self._does, self._rest = dict(does or {}), rest
        self._conductor: RunConductor | None = None

    async def page(self, site: Site) -> Any:
        """The page of a site in the driven browser."""
        return await (self.driver.hh2 if site is Site.HH2 else self.driver.procore).page.page()

    def _react(self, record: Record, _state: RunState) -> None:
        if isinstance(record.event, NeedsPerson):
            self._questions.send_nowait(record.event)

    async def _press(self) -> None:
        async for need in self._to_do:
            self.needs.append(need)
            if need.need is NeedKind.SIGN_IN and need.site is not None:
                await self._sign_in(need.site)
            if need.by_hand is None:
                continue
            self.asked.append(need.by_hand)
            does = self._does.pop(need.by_hand.action, self._rest)
            message = await does(self, need.by_hand)
            if message is not None:
                self.tell(message)

    async def _sign_in(self, site: Site) -> None:
        page, given = await self.page(site), self._admin.hh2 if site is Site.HH2 else self._admin.procore
        await page.locator("input[type=text], input[type=email]").first.fill(given.user)
        await page.locator("input[type=password]").fill(given.reveal())
        await page.get_by_role("button", name="Log In").click()

    def tell(self, message: Message) -> None:
        """Say something to the run."""
        assert self._conductor is not None
        self._conductor.tell(message)

    async def run(self, wanted: Wanted | None, goes_on: str = "") -> RunState:
        """A new run, or (`goes_on`) one that goes on, to its end."""
        ledger = await Ledger.open(self._folder, None)
        self._questions, self._to_do = anyio.create_memory_object_stream[NeedsPerson](100)

        async def sources() -> Sources:
            return Sources()

        self._conductor = RunConductor(
            Setting(NAME, "assisted", True, "dana", "0.1.0", 60),
            drivers=lambda: self.driver,
            sources=sources,
            secrets=self._keys,
            ledger=ledger,
            clock=SystemClock(),
            patience=self._patience,
            listener=self.told,
        )
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._press)
                if wanted is not None:
                    state = await self._conductor.run(wanted)
                else:
                    state = await self._conductor.go_on(goes_on)
                group.cancel_scope.cancel()
        finally:
            self._questions.close()
            self._to_do.close()
            await ledger.close()
        return state
