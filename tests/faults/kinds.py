"""The kinds of requests that the program makes: which they are on the wire, what they do, and a way to make each."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from app.domain import lists
from app.domain.lists import PER_JOB, Side
from app.hh2 import check as hh2_check
from app.hh2 import reads
from app.hh2.lists import _LISTS as HH2_LISTS
from app.hh2.lists import Hh2Ledgers
from app.hh2.session import Hh2Session
from app.http import open_client
from app.procore import authorize, kept, permissions
from app.procore import check as procore_check
from app.procore.kept import Kept, PersonAccess
from app.procore.lists import ProcoreLedgers
from app.procore.oauth import Access, ClientCredentials
from app.procore.pace import Pace
from app.procore.rest import Rest
from tests.faults.front import Target
from tests.faults.place import REQUEST, Place
from tests.faults.store import MemoryStore
from tests.faults.wire import WireFault
from tests.hh2.test_session import Key
from tests.procore.test_rest import App


class Does(StrEnum):
    """What a request does, for what may be done about its failure."""

    READ = "read"  # may be asked again
    SIGN_IN = "sign-in"  # carries a password: sent once
    APPLY = "apply"  # sets filters: starts nothing, looked up where its answer was lost
    PRESS = "press"  # starts something: never sent twice
    ONCE = "once"  # a secret that is void as soon as it is sent: never sent twice
    TOKEN = "token"  # asks for a token; the old one stays as it is, so it may be asked again


class By(StrEnum):
    """Who makes the request."""

    RUN = "run"  # a whole run of the engine, with the training driver
    CALL = "call"  # the room's own call, such as a comparison or a connection test makes it


Call = Callable[[Place, WireFault], Awaitable[object]]


@dataclass(frozen=True)
class Kind:
    """One kind of request. `call` makes it (By.CALL); `patient`: a failure that may pass is tried again there.

    `jobs`: the run also refreshes job costs. `soap`: without an API key. `before`: only asked after a sign-in without
    an answer. `after`: so many requests of the kind are let through before the first is struck."""

    name: str
    target: Target
    does: Does
    by: By = By.RUN
    call: Call | None = None
    patient: bool = True
    jobs: bool = False
    soap: bool = False
    service: bool = False
    after_lost: Target | None = None
    after: int = 0


HH2, PRO = "hh2", "procore"
AUTHENTICATE = "/Api/Security/V3/Session.svc/authenticate"
SOAP = "/WebServices/Authentication.svc"


def _get(site: str, path: str) -> Target:
    return Target(site, "GET", path)


def _post(site: str, path: str, body: bytes = b"") -> Target:
    return Target(site, "POST", path, body)


def _portal(name: str, target: Target, does: Does, **more: Any) -> Kind:
    return Kind(name, target, does, By.RUN, **more)


PORTALS = (
    _portal("hh2.sign-in", _post(HH2, "/training/sign-in"), Does.SIGN_IN),
    _portal(
        "hh2.who",
        _get(HH2, "/training/who"),
        Does.READ,
        patient=False,
        after_lost=_post(HH2, "/training/sign-in"),
    ),
    _portal("hh2.filters.read", _get(HH2, "/training/filters"), Does.READ),
    _portal("hh2.filters.apply", _post(HH2, "/training/filters"), Does.APPLY),
    _portal("hh2.sync.look", _get(HH2, "/training/sync"), Does.READ),
    _portal("hh2.sync.start", _post(HH2, "/training/sync/start"), Does.PRESS),
    _portal("procore.sign-in", _post(PRO, "/training/sign-in"), Does.SIGN_IN),
    _portal(
        "procore.who",
        _get(PRO, "/training/who"),
        Does.READ,
        patient=False,
        after_lost=_post(PRO, "/training/sign-in"),
    ),
    _portal("procore.rights", _get(PRO, "/training/rights"), Does.READ),
    _portal("procore.jobs", _get(PRO, "/training/jobs"), Does.READ, jobs=True),
    _portal("procore.tab.look", _get(PRO, "/training/tabs/*"), Does.READ),
    _portal("procore.tab.press", _post(PRO, "/training/tabs/*/press"), Does.PRESS),
)
# The web services that a run signs in to before step 1, and asks.
IN_A_RUN = (
    _portal("run: hh2.rest.sign-in", _post(HH2, AUTHENTICATE), Does.SIGN_IN, service=True),
    _portal("run: hh2.soap", _post(HH2, SOAP), Does.SIGN_IN, service=True, soap=True),
    _portal("run: hh2 jobs", _get(HH2, reads.JOBS), Does.READ, service=True),
    _portal("run: hh2 vendors", _get(HH2, reads.VENDORS), Does.READ, service=True),
    _portal("run: procore.oauth.token", _post(PRO, "/oauth/token"), Does.TOKEN, service=True),
    _portal("run: procore me", _get(PRO, "/rest/v1.0/me"), Does.READ, service=True, patient=False),
    _portal("run: procore permissions", _get(PRO, permissions.PERMISSIONS), Does.READ, service=True),
)


# ---------------------------------------------------------------- hh2's services


@asynccontextmanager
async def _session(place: Place, fault: WireFault) -> AsyncIterator[Hh2Session]:
    session = Hh2Session(place.address(HH2, fault), timeout=REQUEST)
    try:
        yield session
    finally:
        await session.close()


def _key(place: Place) -> Key:
    return Key(place.served.hh2.api_key, place.served.hh2.api_secret)


async def _by_rest(place: Place, fault: WireFault) -> object:
    async with _session(place, fault) as session:
        return await session.sign_in(place.admin.hh2, _key(place))


async def _by_soap(place: Place, fault: WireFault) -> object:
    async with _session(place, fault) as session:
        return await session.sign_in(place.admin.hh2, None)


async def _hh2_look(place: Place, fault: WireFault) -> object:
    async with _session(place, fault) as session:
        who, may = await hh2_check.look(session, place.admin.hh2, _key(place))
        return who, tuple(may.items())


def _hh2_list(kind: lists.Kind) -> Call:
    async def call(place: Place, fault: WireFault) -> object:
        async with _session(place, fault) as session:

            async def sign_in() -> None:
                await session.sign_in(place.admin.hh2, _key(place))

            await sign_in()
            source = Hh2Ledgers(session, sign_in)
            scope = await place.a_job() if kind is lists.Kind.COSTS else ""
            return [block.rows async for block in source.read(kind, scope, "")]

    return call


# ---------------------------------------------------------------- Procore's services


def _app(place: Place) -> App:
    return App(place.served.procore.client_id, place.served.procore.client_secret)


@asynccontextmanager
async def _rest(place: Place, fault: WireFault, pace: Pace | None = None) -> AsyncIterator[Rest]:
    there = place.address(PRO, fault)
    access = Access(there, ClientCredentials(_app(place)), time.time, timeout=REQUEST)
    rest = Rest(there, access, place.served.procore.company_id, timeout=REQUEST, pace=pace)
    try:
        yield rest
    finally:
        await rest.close()


async def _token(place: Place, fault: WireFault) -> object:
    there = place.address(PRO, fault)
    access = Access(there, ClientCredentials(_app(place)), time.time, timeout=REQUEST)
    try:
        return await access.bearer()
    finally:
        await access.close()


async def _procore_look(place: Place, fault: WireFault) -> object:
    async with _rest(place, fault) as rest:
        return await procore_check.look(rest, place.served.procore.company_id)


def _procore_list(kind: lists.Kind) -> Call:
    async def call(place: Place, fault: WireFault) -> object:
        pace = Pace()
        async with _rest(place, fault, pace) as rest:
            source = ProcoreLedgers(rest, place.served.procore.company_id, pace)
            scope = ""
            if kind in PER_JOB[Side.PROCORE]:
                scope = str((await place.a_project())[0])
            return [block.rows async for block in source.read(kind, scope, "")]

    return call


# ---------------------------------------------------------------- secrets that work once


async def _refresh(place: Place, fault: WireFault) -> object:
    there = place.address(PRO, fault)
    app = _app(place)
    store = MemoryStore()
    code, attempt = await place.a_code()
    client = open_client(place.served.procore.address)
    tokens = await authorize.exchange(client, app, attempt, code)
    await client.aclose()
    await kept.connect(store, app, tokens, lambda: time.time() - 1e6)
    access = PersonAccess(there, app, store, time.time, timeout=REQUEST)
    try:
        return await access.bearer()
    finally:
        await access.close()
        place.kept = await store.load()


async def _exchange(place: Place, fault: WireFault) -> object:
    there = place.address(PRO, fault)
    code, attempt = await place.a_code()
    client = open_client(there, timeout=REQUEST)
    try:
        return await authorize.exchange(client, _app(place), attempt, code)
    finally:
        await client.aclose()


async def _revoke(place: Place, fault: WireFault) -> object:
    store = MemoryStore()
    await store.save(msgspec.json.encode(Kept(place.served.procore.client_id, "a", "r", 0.0)).decode())
    confirmed = await kept.disconnect(store, place.address(PRO, fault), _app(place), timeout=REQUEST)
    assert await store.load() is None
    return confirmed


def _call(name: str, target: Target, does: Does, call: Call, *, patient: bool = True) -> Kind:
    return Kind(name, target, does, By.CALL, call, patient, service=True)


_PROCORE_LISTS: dict[str, lists.Kind] = {
    "/rest/v1.1/projects": lists.Kind.JOBS,
    "/rest/v1.0/standard_cost_code_lists": lists.Kind.COST_CODES,
    "/rest/v1.0/standard_cost_codes": lists.Kind.COST_CODES,
    "/rest/v1.0/line_item_types": lists.Kind.COST_TYPES,
    "/rest/v1.0/vendors": lists.Kind.VENDORS,
    "/rest/v1.0/sub_jobs": lists.Kind.SUB_JOBS,
    "/rest/v1.0/cost_codes": lists.Kind.JOB_COST_CODES,
    "/rest/v1.0/prime_contracts": lists.Kind.PRIME_CONTRACTS,
    "/rest/v1.1/projects/*/direct_costs": lists.Kind.COSTS,
    "/rest/v1.0/projects/*/direct_costs/line_items": lists.Kind.COSTS,
    "/rest/v1.0/budget_views": lists.Kind.JOB_TO_DATE,
    "/rest/v1.0/budget_views/*/budget_detail_columns": lists.Kind.JOB_TO_DATE,
    "/rest/v1.0/budget_views/*/detail_rows": lists.Kind.JOB_TO_DATE,
}
SERVICES = (
    _call("hh2.rest.sign-in", _post(HH2, AUTHENTICATE), Does.SIGN_IN, _by_rest, patient=False),
    _call("hh2.soap", _post(HH2, SOAP), Does.SIGN_IN, _by_soap, patient=False),
    _call("hh2 failures", _get(HH2, reads.FAILURES), Does.READ, _hh2_look, patient=False),
    *(
        _call(f"hh2 {kind.value}", _get(HH2, HH2_LISTS[kind].path), Does.READ, _hh2_list(kind))
        for kind in sorted(Hh2Ledgers.kinds)
    ),
    _call(
        "procore.oauth.token",
        _post(PRO, "/oauth/token", b"client_credentials"),
        Does.TOKEN,
        _token,
        patient=False,
    ),
    _call(
        "procore.oauth.refresh",
        _post(PRO, "/oauth/token", b"refresh_token"),
        Does.ONCE,
        _refresh,
        patient=False,
    ),
    _call(
        "procore.oauth.code",
        _post(PRO, "/oauth/token", b"authorization_code"),
        Does.ONCE,
        _exchange,
        patient=False,
    ),
    _call("procore.oauth.revoke", _post(PRO, "/oauth/revoke"), Does.ONCE, _revoke, patient=False),
    _call("procore me", _get(PRO, "/rest/v1.0/me"), Does.READ, _procore_look, patient=False),
    _call("procore companies", _get(PRO, "/rest/v1.0/companies"), Does.READ, _procore_look, patient=False),
    _call("procore base url", _get(PRO, permissions.BASE_URL), Does.READ, _procore_look, patient=False),
    _call("procore permissions", _get(PRO, permissions.PERMISSIONS), Does.READ, _procore_look, patient=False),
    *(
        _call(f"procore {path.removeprefix('/rest/')}", _get(PRO, path), Does.READ, _procore_list(kind))
        for path, kind in _PROCORE_LISTS.items()
    ),
)
KINDS: tuple[Kind, ...] = (*PORTALS, *IN_A_RUN, *SERVICES)

# Routes of the training servers that the program never asks, each with the reason.
NEVER_ASKED: dict[tuple[str, str], str] = {
    ("GET", "/GeneralLedger/Api/V1/Account.svc/accounts"): "accounts are compared with nothing in Procore",
    ("GET", "/JobCosting/Api/V1/Commitment.svc/commitments/items"): "a commitment is compared by its total",
    ("GET", "/AccountsPayable/Api/V1/Vendor.svc/vendors/types"): "a vendor's type is not compared",
    (
        "POST",
        "/Synchronization/RequestService.svc/status/{operation}",
    ): "that it serves a sync is not public [?]",
    ("GET", "/rest/v1.0/projects/{id}"): "projects are read as a list",
    ("GET", "/oauth/authorize"): "a page: the person's browser asks it",
    ("POST", "/oauth/authorize"): "a page: the person's browser answers it",
    ("GET", "/oauth/token/info"): "who we are is asked of /me",
}
