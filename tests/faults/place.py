"""Where cells are carried out: a training company, a front before each of its sites, and a house of the program."""

import asyncio
import os
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from stamina import set_testing

from app import http
from app.assembly.house import House
from app.assembly.parts import Parts
from app.domain.profile import DriverName, Profile, Secret
from app.engine.patience import Patience
from app.hh2 import reads
from app.hh2.session import Hh2Session
from app.procore.authorize import REDIRECT, Attempt
from app.procore.oauth import Access, ClientCredentials
from app.procore.rest import Rest
from app.training import process
from app.training.served import Served
from tests.end_to_end.company import NAME, profile_for, secrets_of
from tests.faults.front import Front, Struck
from tests.faults.steering import DOMAIN, Elsewhere
from tests.faults.wire import WireFault
from tests.procore.test_oauth import code_for, person
from tests.procore.test_rest import App
from tests.training.admin import Admin
from tests.training.servers import ALONE, environ

SITES = ("hh2", "procore")
REQUEST = 1.0  # seconds for one request, where the program takes a minute
PAUSE = 0.3  # seconds for which a site is left alone that asks for it and names no time
# A run that waits as long as it must, in seconds instead of minutes.
HURRIED = Patience(
    poll=0.02,
    request=REQUEST,
    appear=0.6,
    pick_up=3.0,
    step_one=8.0,
    tab=6.0,
    busy=1.5,
    person=0.0,
    blind=0.5,
    long=60.0,
    first_retry=0.01,
    last_retry=0.05,
    closing=2.0,
    still_tab=2.0,
)


class _Project(msgspec.Struct):
    id: int
    project_number: str


class _Hurried(Parts):
    """The parts of a run, and its patience scaled."""

    def patience(self, profile: Profile, driver: DriverName) -> Patience:  # noqa: ARG002
        return HURRIED


class HurriedHouse(House):
    """The command line's house, whose runs do not wait long."""

    def __init__(self) -> None:
        super().__init__("command line", person=0.0)
        self._parts = _Hurried(self._folders, self._policy, self._training, person=0.0, presses=None)


class Place:
    """One training company with its fronts. `number` tells it from the others of this matrix."""

    def __init__(self, number: int, elsewhere: Elsewhere) -> None:
        self.number = number
        self._elsewhere = elsewhere
        self.name = f"{NAME} {number}"
        self.house = HurriedHouse()
        self.fronts: dict[str, Front] = {}
        self._job = ""
        self._made: set[str] = set()
        self._project: tuple[int, str] | None = None
        self.kept: str | None = None  # what stood in a cell's store of the grant at its end

    async def open(self) -> None:
        self._company = await asyncio.to_thread(
            process.start, "ok", pace=0.02, program=ALONE, environ=environ()
        )
        self.served: Served = self._company.served
        self.admin = Admin(self.served)
        addresses = {"hh2": self.served.hh2.address, "procore": self.served.procore.address}
        for site, address in addresses.items():
            front = Front(site, address, self.served.pid)
            front.elsewhere = f"{self.served.elsewhere}/login"
            await front.open(self._elsewhere.context())
            self.fronts[site] = front
            self._elsewhere.fronts[self._proxied(site)] = front

    async def close(self) -> None:
        await self.house.close()
        for front in self.fronts.values():
            await front.close()
        self.admin.close()
        await asyncio.to_thread(self._company.end)

    def _proxied(self, site: str) -> str:
        return f"{site}-{self.number}.{DOMAIN}"

    def address(self, site: str, fault: WireFault) -> str:
        """Where the program is told that the site is."""
        if fault.proxy:
            return f"https://{self._proxied(site)}"
        return self.fronts[site].address(tls=fault.tls)

    async def begin(self, jump: Callable[[float], None], *strikes: Struck) -> None:
        """A fresh start of the training company, with these faults before it."""
        await asyncio.to_thread(self.admin.play, "ok", pace=0.02)
        for front in self.fronts.values():
            front.jump = jump
            front.begin(*strikes)

    async def profile(self, fault: WireFault, *, soap: bool, services: bool) -> None:
        """The company as this cell needs it: its addresses are those of the fronts. Each way to them is a company of
        its own, made once: a secret is bound to the address it was given for."""
        ways = ("tls" if fault.tls else "", "no key" if soap else "", "services" if services else "")
        self.name = " ".join((NAME, str(self.number), *(way for way in ways if way)))
        if self.name in self._made:
            return
        made = profile_for(self.served)
        hh2 = msgspec.structs.replace(made.hh2, base=self.address("hh2", fault), services=services)
        there = self.address("procore", fault)
        client_id = made.procore.client_id if services else ""
        procore = msgspec.structs.replace(
            made.procore, login=there, api=there, web=there, client_id=client_id
        )
        profile = msgspec.structs.replace(made, name=self.name, hh2=hh2, procore=procore)
        assert await self.house.save(profile) == []
        for secret, text in secrets_of(self.served).items():
            if not (soap and secret in (Secret.HH2_API_KEY, Secret.HH2_API_SECRET)):
                await self.house.keep_secret(self.name, secret, text, remember=False)
        self._made.add(self.name)

    def anew(self) -> None:
        """A secret was refused: the company is told it again before the next cell."""
        self._made.discard(self.name)

    async def a_project(self) -> tuple[int, str]:
        """Number and code of a job that Procore holds, asked by no way of the matrix."""
        if self._project is None:
            procore = self.served.procore
            app = App(procore.client_id, procore.client_secret)
            rest = Rest(
                procore.address,
                Access(procore.address, ClientCredentials(app), time.time),
                procore.company_id,
            )
            rows = await rest.get(
                "/rest/v1.1/projects", list[_Project], {"company_id": str(procore.company_id)}
            )
            await rest.close()
            self._project = rows[3].id, rows[3].project_number  # one with sub jobs
        return self._project

    async def a_job(self) -> str:
        """The id of the job with the most costs in hh2, asked by no way of the matrix."""
        if not self._job:
            session = Hh2Session(self.served.hh2.address)
            await session.sign_in(self.admin.hh2, None)
            found = await reads.jobs(session)
            await session.close()
            self._job = max(found, key=lambda job: job.job_to_date_cost_amount or Decimal(0)).id
        return self._job

    async def a_code(self) -> tuple[str, Attempt]:
        """A code that the person just allowed, and the question it answers."""
        async with person(self.admin) as client:
            sent = await code_for(client, self.admin, REDIRECT)
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        return code, Attempt(self.served.procore.address, REDIRECT, "s-1")

    async def log(self) -> dict[str, Any]:
        """What the training servers saw."""
        return await asyncio.to_thread(self.admin.log)


def hurry(trusted: Path, proxy: str) -> None:
    """Scale what the program waits for by itself; trust the tests' authority, and ask by the tests' proxy."""
    http.PAUSE = PAUSE
    set_testing(True, attempts=2, cap=True)
    os.environ["SSL_CERT_FILE"] = str(trusted)
    for name in ("HTTPS_PROXY", "https_proxy"):
        os.environ[name] = proxy


def unhurry() -> None:
    """As it was before."""
    http.PAUSE = 60.0
    set_testing(False)
    for name in ("SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy"):
        os.environ.pop(name, None)
