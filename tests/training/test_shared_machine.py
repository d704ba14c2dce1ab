"""The training servers on a machine that others use too: heard on loopback alone, and no stranger gets in."""

import ipaddress
from collections.abc import AsyncIterator

import httpx
import psutil
import pytest

from app.domain.tabs import Tab
from app.training import process
from tests.training.admin import Admin
from tests.training.servers import ALONE, environ

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stranger() -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else on this machine, who knows the ports and nothing more."""
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def test_every_socket_listens_on_loopback(admin: Admin) -> None:
    listening = [
        one.laddr.ip
        for one in psutil.Process(admin.served.pid).net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 3
    assert all(ipaddress.ip_address(ip).is_loopback for ip in listening)


async def test_a_stranger_presses_nothing_and_reads_nothing(
    stranger: httpx.AsyncClient, admin: Admin
) -> None:
    hh2, procore = admin.served.hh2.address, admin.served.procore.address
    press = f"/training/tabs/{Tab.VENDORS.value}/press"
    for address, path in ((hh2, "/training/sync/start"), (hh2, "/training/filters"), (procore, press)):
        answer = await stranger.post(address + path, json={})
        assert answer.status_code in (302, 401), path
    for address, path in (
        (hh2, "/training/sync"),
        (hh2, "/JobCosting/Api/V1/JobCost.svc/jobs"),
        (procore, "/training/jobs"),
        (procore, "/rest/v1.0/vendors"),
    ):
        answer = await stranger.get(address + path, headers={"Accept": "application/json"})
        assert answer.status_code in (302, 401), path
    assert admin.log()["presses"] == []


def test_no_secret_stands_in_the_arguments_or_the_environment_of_the_servers(admin: Admin) -> None:
    served = admin.served
    child = psutil.Process(served.pid)
    seen = " ".join([*child.cmdline(), *(f"{name}={value}" for name, value in child.environ().items())])
    secrets = [
        served.admin_token,
        served.hh2.password,
        served.hh2.api_key,
        served.hh2.api_secret,
        served.procore.password,
        served.procore.client_secret,
    ]
    assert not [secret for secret in secrets if secret in seen]


def test_two_starts_share_no_secret(admin: Admin) -> None:
    other = process.start("ok", pace=0.02, program=ALONE, environ=environ())
    try:
        one, two = admin.served, other.served
        assert one.admin_token != two.admin_token
        assert one.hh2.password != two.hh2.password
        assert one.procore.password != two.procore.password
        assert one.procore.client_secret != two.procore.client_secret
    finally:
        other.end()
