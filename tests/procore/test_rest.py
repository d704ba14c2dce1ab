"""Procore's REST: its answers within the contract, the company's header, pages, errors of four shapes, limits."""

import json
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from openapi_schema_validator import OAS30Validator

from app.domain.problems import NotReadable, ProblemId, SessionLost, SlowDown, Trouble
from app.domain.tabs import Tab
from app.procore import permissions
from app.procore.oauth import Access, ClientCredentials
from app.procore.rest import Rest, words
from app.procore.service import ProcoreService
from app.training.client import TrainingDriver
from app.training.faults import Fault, FaultKind
from tests.training.admin import Admin
from tests.training.test_driver import permit, sync_until, tab_until

pytestmark = pytest.mark.anyio

CONTRACT = json.loads(
    (Path(__file__).parents[1] / "contracts" / "procore-rest.openapi.json").read_text("utf-8")
)
READS = [path for path, calls in CONTRACT["paths"].items() if "get" in calls and path.startswith("/rest/")]


class App:
    """The company's own app."""

    def __init__(self, client_id: str, secret: str) -> None:
        self.client_id = client_id
        self._secret = secret

    def reveal(self) -> str:
        return self._secret


def rest_of(admin: Admin, now: Callable[[], float] = time.time, company: int | None = None) -> Rest:
    procore = admin.served.procore
    app = App(procore.client_id, procore.client_secret)
    access = Access(procore.address, ClientCredentials(app), now)
    return Rest(procore.address, access, company or procore.company_id)


@pytest.fixture
async def rest(admin: Admin) -> AsyncIterator[Rest]:
    rest = rest_of(admin)
    yield rest
    await rest.close()


async def bearer(admin: Admin) -> dict[str, str]:
    procore = admin.served.procore
    access = Access(
        procore.address, ClientCredentials(App(procore.client_id, procore.client_secret)), time.time
    )
    value = await access.bearer()
    await access.close()
    return {"Authorization": value, "Procore-Company-Id": str(procore.company_id)}


async def ask(
    admin: Admin, path: str, query: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    given = await bearer(admin) if headers is None else headers
    address = admin.served.procore.address
    async with httpx.AsyncClient(base_url=address, trust_env=False, verify=False, headers=given) as client:
        return await client.get(path, params=query)


async def numbers(admin: Admin) -> dict[str, str]:
    """What the paths and queries of the contract ask for: the busiest job, the list, the view."""
    company = str(admin.served.procore.company_id)
    jobs = (await ask(admin, "/rest/v1.1/projects", {"company_id": company})).json()
    lists = (await ask(admin, "/rest/v1.0/standard_cost_code_lists", {"company_id": company})).json()
    views = (await ask(admin, "/rest/v1.0/budget_views", {"project_id": str(jobs[0]["id"])})).json()
    job = str(jobs[3]["id"])  # one with sub jobs
    return {
        "company_id": company,
        "id": job,
        "project_id": job,
        "standard_cost_code_list_id": str(lists[0]["id"]),
        "budget_view_id": str(views[0]["id"]),
    }


def filled(path: str, known: dict[str, str]) -> tuple[str, dict[str, str]]:
    asked = {
        one["name"]: known[one["name"]]
        for one in CONTRACT["paths"][path]["get"].get("parameters", [])
        if one["in"] == "query" and (one.get("required") or one["name"] == "project_id")
    }
    return re.sub(r"\{(\w+)\}", lambda match: known[match.group(1)], path), asked


# ---------------------------------------------------------------- the contract


@pytest.mark.parametrize("path", READS)
async def test_every_answer_keeps_the_contract(admin: Admin, path: str) -> None:
    address, query = filled(path, await numbers(admin))
    answer = await ask(admin, address, query)
    assert answer.status_code == 200, answer.text
    schema = CONTRACT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    errors = list(OAS30Validator(schema).iter_errors(answer.json()))
    assert errors == []
    assert answer.json()
    known = schema.get("items", schema).get("properties", {})
    extra = {name for row in rows(answer.json()) for name in row} - set(known)
    if known:  # a field that the contract does not have would be an invention; one stands in for a column [?]
        assert extra <= {"ERP Job Costs"}


def rows(body: Any) -> list[dict[str, Any]]:
    return body if isinstance(body, list) else [body]


async def test_the_token_endpoints_keep_the_contract(admin: Admin) -> None:
    procore = admin.served.procore
    app = {"client_id": procore.client_id, "client_secret": procore.client_secret}
    async with httpx.AsyncClient(base_url=procore.address, trust_env=False, verify=False) as client:
        granted = await client.post("/oauth/token", json={"grant_type": "client_credentials", **app})
        token = granted.json()["access_token"]
        info = await client.get("/oauth/token/info", headers={"Authorization": f"Bearer {token}"})
        revoked = await client.post("/oauth/revoke", data={"token": token, **app})
        after = await client.get("/oauth/token/info", headers={"Authorization": f"Bearer {token}"})
    for path, method, answer in (
        ("/oauth/token", "post", granted),
        ("/oauth/token/info", "get", info),
        ("/oauth/revoke", "post", revoked),
    ):
        schema = CONTRACT["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer.status_code == 200
        assert list(OAS30Validator(schema).iter_errors(answer.json())) == []
    assert granted.json()["expires_in"] == 5400
    assert "refresh_token" not in granted.json()
    assert after.status_code == 401


async def test_ids_exceed_32_bits_and_origins_lead_back_to_sage(admin: Admin) -> None:
    known = await numbers(admin)
    vendors = (
        await ask(admin, "/rest/v1.0/vendors", {"company_id": known["company_id"], "per_page": "500"})
    ).json()
    assert len(vendors) == 300
    assert all(vendor["id"] > 2**32 and vendor["origin_id"] and vendor["origin_code"] for vendor in vendors)


async def test_direct_costs_and_the_budget_view_tie_to_the_cent(admin: Admin) -> None:
    known = await numbers(admin)
    job = known["project_id"]
    lines = f"/rest/v1.0/projects/{job}/direct_costs/line_items"
    view = f"/rest/v1.0/budget_views/{known['budget_view_id']}/detail_rows"
    costs = (await ask(admin, lines, {"per_page": "1000"})).json()
    budget = (await ask(admin, view, {"project_id": job, "per_page": "1000"})).json()

    def cents(amount: str) -> int:
        whole, _, part = amount.partition(".")
        assert len(part) == 2
        return int(whole + part)

    assert sum(cents(line["amount"]) for line in costs) == sum(cents(row["ERP Job Costs"]) for row in budget)


# ---------------------------------------------------------------- pages, filters, staged


async def test_a_list_is_read_page_by_page_until_link_names_no_next(rest: Rest, admin: Admin) -> None:
    query = {"company_id": str(admin.served.procore.company_id)}
    pages = [page async for page in rest.pages("/rest/v1.0/vendors", dict[str, Any], query, size=140)]
    assert [len(page) for page in pages] == [140, 140, 20]
    assert len({row["id"] for page in pages for row in page}) == 300
    answer = await ask(admin, "/rest/v1.0/vendors", {**query, "page": "2", "per_page": "140"})
    assert (answer.headers["total"], answer.headers["per-page"]) == ("300", "140")
    for name in ("next", "last", "first", "prev"):
        assert f'rel="{name}"' in answer.headers["link"]


async def test_pages_that_never_end_end_the_reading(rest: Rest, admin: Admin) -> None:
    link = {"Link": '<http://x/?page=2>; rel="next"'}
    admin.fault(
        Fault(FaultKind.STATUS, call="procore.rest.read", nth=0, status=200, body="[{}]", headers=link)
    )
    with pytest.raises(Trouble) as endless:
        async for _ in rest.pages("/rest/v1.0/vendors", dict[str, Any], size=1, most=20):
            pass
    assert endless.value.problem.id is ProblemId.PRO_ANSWER


async def test_what_changed_between_two_moments_is_found(rest: Rest, admin: Admin) -> None:
    company = str(admin.served.procore.company_id)
    query = {"company_id": company, "filters[updated_at]": "2020-01-01T00:00:00Z...2020-12-31T00:00:00Z"}
    assert [page async for page in rest.pages("/rest/v1.0/vendors", dict[str, Any], query)] == []
    query["filters[updated_at]"] = "2020-01-01T00:00:00Z...2099-12-31"
    assert sum([len(p) async for p in rest.pages("/rest/v1.0/vendors", dict[str, Any], query)]) == 300


async def test_direct_costs_that_a_refresh_brought_are_found_by_when_they_came(admin: Admin) -> None:
    before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    await driver.procore.sign_in(admin.procore)
    mark = (await driver.hh2.look()).mark
    await driver.hh2.start()
    with anyio.fail_after(10):
        await sync_until(driver, lambda look: look.mark != mark and look.phase == "done")
        await driver.procore.press(permit(Tab.JOB_COSTS))
        await tab_until(driver, Tab.JOB_COSTS, lambda look: look.phase == "done")
    await driver.close()
    query = {"company_id": str(admin.served.procore.company_id), "per_page": "100"}
    jobs = (await ask(admin, "/rest/v1.1/projects", query)).json()
    since = {"per_page": "1000", "filters[updated_at]": f"{before}...2099-12-31"}
    found: list[tuple[set[str], set[str]]] = []
    for job in jobs:
        costs = (await ask(admin, f"/rest/v1.1/projects/{job['id']}/direct_costs", since)).json()
        lines = (await ask(admin, f"/rest/v1.0/projects/{job['id']}/direct_costs/line_items", since)).json()
        found.append(({one["origin_id"] for one in costs}, {one["origin_id"] for one in lines}))
    assert all(costs == lines for costs, lines in found)
    moved = [costs for costs, _ in found if costs]
    assert len(moved) == 12
    assert max(len(costs) for costs in moved) <= 6  # of the week, not the hundreds that lay there before


async def test_a_line_lies_on_the_cost_code_of_its_sub_job(admin: Admin) -> None:
    known = await numbers(admin)
    job = {"project_id": known["project_id"], "per_page": "1000"}
    sub_jobs = (await ask(admin, "/rest/v1.0/sub_jobs", job)).json()
    codes = {one["id"]: one for one in (await ask(admin, "/rest/v1.0/cost_codes", job)).json()}
    lines = (
        await ask(admin, f"/rest/v1.0/projects/{known['project_id']}/direct_costs/line_items", job)
    ).json()
    billers = {codes[line["cost_code"]["id"]]["biller_id"] for line in lines}
    assert billers == {int(known["project_id"]), *(one["id"] for one in sub_jobs)}
    one_of_them = {**job, "sub_job_id": str(sub_jobs[0]["id"])}
    of_sub_job = (await ask(admin, "/rest/v1.0/cost_codes", one_of_them)).json()
    assert {one["id"] for one in of_sub_job} == {
        key for key, one in codes.items() if one["biller_id"] == sub_jobs[0]["id"]
    }
    assert (await ask(admin, "/rest/v1.0/cost_codes", {**job, "sub_job_id": "17"})).status_code == 404


async def test_staged_records_are_not_visible_until_an_approver_imports_them(
    rest: Rest, admin: Admin
) -> None:
    admin.play("staged")
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    await driver.procore.sign_in(admin.procore)
    before = await driver.hh2.look()
    await driver.hh2.start()
    with anyio.fail_after(10):
        await sync_until(driver, lambda look: look.mark != before.mark and look.phase == "done")
        await driver.procore.press(permit(Tab.VENDORS))
        await tab_until(driver, Tab.VENDORS, lambda look: bool(look.waiting.ready_to_import))
    await driver.close()
    assert await count(rest, admin) == 300
    assert admin.post("import", {"tab": "vendors"}) == {"imported": 12}
    assert await count(rest, admin) == 312


async def count(rest: Rest, admin: Admin) -> int:
    query = {"company_id": str(admin.served.procore.company_id)}
    return sum([len(page) async for page in rest.pages("/rest/v1.0/vendors", dict[str, Any], query)])


# ---------------------------------------------------------------- errors


async def test_the_four_shapes_of_an_error_are_all_there_and_all_read(admin: Admin) -> None:
    known = await numbers(admin)
    headers = await bearer(admin)
    without_company = {"Authorization": headers["Authorization"]}
    wrong_company = {**headers, "Procore-Company-Id": "17"}
    query = {"company_id": known["company_id"]}
    errors = [
        await ask(admin, "/rest/v1.0/vendors", query, {}),
        await ask(admin, "/rest/v1.0/vendors", query, without_company),
        await ask(admin, "/rest/v1.0/vendors", query, wrong_company),
        await ask(admin, "/rest/v1.0/sub_jobs", {"project_id": "17"}, headers),
        await ask(admin, "/rest/v1.0/sub_jobs", {}, headers),
        await ask(admin, "/rest/v1.0/vendors", {**query, "page": "0"}, headers),
        await ask(admin, "/rest/v1.0/vendors", {**query, "per_page": "many"}, headers),
        await ask(admin, "/rest/v1.0/vendors", {**query, "filters[updated_at]": "today"}, headers),
    ]
    assert [answer.status_code for answer in errors] == [401, 400, 403, 404, 400, 400, 400, 400]
    shapes = {frozenset(answer.json()) for answer in errors}
    assert shapes == {frozenset({"errors"}), frozenset({"message"}), frozenset({"error"})}
    assert all(words(answer.content) for answer in errors)
    assert all(answer.headers["x-request-id"] for answer in errors)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message": "no"}', "no"),
        (b'{"errors": "no"}', "no"),
        (b'{"errors": ["one", "two"]}', "one; two"),
        (b'{"errors": {"base": ["no"], "fields": {"id": ["bad", "worse"]}}}', "no; id bad; id worse"),
        (b'{"errors": {"fields": {"id": "bad"}}}', "id bad"),
        (b'{"errors": {"base": 4, "fields": 4}}', ""),
        (b'{"error": {"code": "X", "message": "no", "details": []}}', "no"),
        (b'{"else": 1}', ""),
        (b"[]", ""),
        (b"<p>", ""),
        (b"\xff", ""),
    ],
)
def test_what_an_error_says(body: bytes, said: str) -> None:
    assert words(body) == said


async def test_a_read_of_another_company_is_a_missing_right(admin: Admin) -> None:
    rest = rest_of(admin, company=17)
    with pytest.raises(Trouble) as refused:
        await rest.get("/rest/v1.0/company_base_url", dict[str, str])
    assert refused.value.problem.id is ProblemId.PRO_PERM
    assert "company" in str(refused.value.problem.facts["text"])
    await rest.close()


async def test_a_revoked_token_is_fetched_anew_once_and_then_the_session_is_lost(
    rest: Rest, admin: Admin
) -> None:
    me = await rest.get("/rest/v1.0/me", dict[str, Any])
    admin.post("sign-everybody-out", {})
    assert await rest.get("/rest/v1.0/me", dict[str, Any]) == me
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.read", nth=0, status=401, body="{}"))
    with pytest.raises(SessionLost):
        await rest.get("/rest/v1.0/me", dict[str, Any])
    assert len(admin.calls("procore.oauth.token")) == 3


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML, FaultKind.TRUNCATE, FaultKind.WRONG_TYPES, FaultKind.ERROR_200]
)
@pytest.mark.parametrize("call", ["procore.rest.permissions", "procore.oauth.token"])
async def test_garbage_is_not_readable(rest: Rest, admin: Admin, kind: FaultKind, call: str) -> None:
    admin.fault(Fault(kind, call=call, nth=0))
    with pytest.raises(NotReadable) as garbage:
        await permissions.erp_level(rest, admin.served.procore.company_id)
    assert garbage.value.problem.id is ProblemId.PRO_ANSWER


async def test_a_token_whose_answer_is_lost_is_a_read_that_failed(rest: Rest, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.RESET_AFTER, call="procore.oauth.token"))
    with pytest.raises(NotReadable) as lost:
        await rest.get("/rest/v1.0/me", dict[str, Any])
    assert lost.value.problem.id is ProblemId.NET
    assert await rest.get("/rest/v1.0/me", dict[str, Any])


async def test_procore_down_is_said(rest: Rest, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.STATUS, call="procore.oauth.token", status=502, body="<html>"))
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.read", status=504, body="<html>"))
    admin.fault(
        Fault(FaultKind.STATUS, call="procore.rest.read", nth=2, status=500, body='{"message": "oops"}')
    )
    for _ in range(2):
        with pytest.raises(NotReadable) as down:
            await rest.get("/rest/v1.0/me", dict[str, Any])
        assert down.value.problem.id is ProblemId.PRO_DOWN
    with pytest.raises(NotReadable) as strange:
        await rest.get("/rest/v1.0/me", dict[str, Any])
    assert strange.value.problem.facts == {"what": "status 500: oops"}


# ---------------------------------------------------------------- limits


async def test_the_headers_describe_the_nearer_window_and_a_429_says_how_long(
    rest: Rest, admin: Admin
) -> None:
    admin.settings(hour=600, burst=25)
    headers = await bearer(admin)
    answer = await ask(admin, "/rest/v1.0/me", None, headers)
    assert (answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"]) == ("25", "24")
    assert float(answer.headers["x-rate-limit-reset"]) <= time.time() + 11
    admin.settings(hour=3, burst=25)
    await ask(admin, "/rest/v1.0/me", None, headers)
    answer = await ask(admin, "/rest/v1.0/me", None, headers)
    assert (answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"]) == ("3", "0")
    with pytest.raises(SlowDown) as slow:
        await rest.get("/rest/v1.0/me", dict[str, Any])
    assert slow.value.site == "procore"
    assert 0 < slow.value.seconds <= 3600


# ---------------------------------------------------------------- service and rights


async def test_as_a_service_it_says_who_we_are_and_checks_rights(rest: Rest, admin: Admin) -> None:
    service = ProcoreService(rest, admin.served.procore.company_id)
    assert "service account" in await service.sign_in()
    await service.check_rights(tuple(Tab))


async def test_a_level_that_does_not_suffice_is_named_with_its_tab(rest: Rest, admin: Admin) -> None:
    admin.play("no-permission")
    service = ProcoreService(rest, admin.served.procore.company_id)
    with pytest.raises(Trouble) as lacking:
        await service.check_rights((Tab.VENDORS, Tab.JOBS))
    facts = lacking.value.problem.facts
    assert lacking.value.problem.id is ProblemId.PRO_PERM
    assert (facts["tab"], facts["level"]) == ("vendors", "Read Only")


async def test_where_the_tool_lies_is_told_once_its_rights_were_read(rest: Rest, admin: Admin) -> None:
    service = ProcoreService(rest, admin.served.procore.company_id)
    assert await service.tool_page() == ""
    await service.check_rights((Tab.VENDORS,))
    where = f"/{admin.served.procore.company_id}/company/erp_integrations"
    assert await service.tool_page() == admin.served.procore.address.rstrip("/") + where


@pytest.mark.parametrize(
    ("answer", "page"),
    [
        ('{"zone": "z", "web_base_url": "https://z.example"}', "https://z.example/1/erp"),
        ('{"web_base_url": null}', "/1/erp"),  # of no origin: nobody goes there
    ],
)
async def test_the_tools_address_is_put_together_from_both_answers(
    rest: Rest, admin: Admin, answer: str, page: str
) -> None:
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.read", status=200, body=answer))
    assert await permissions.tool_page(rest, permissions.Tool(name="erp", url="/1/erp")) == page
    assert await permissions.tool_page(rest, permissions.Tool(name="erp")) == ""


@pytest.mark.parametrize(
    ("tools", "tab", "lacking"),
    [
        ('[{"name": "erp", "user_access_level": {"name": "Standard"}}]', Tab.VENDORS, False),
        ('[{"name": "erp", "user_access_level": {"name": "Standard"}}]', Tab.PRIME_CONTRACTS, True),
        ('[{"friendly_name": "ERP", "user_access_level": {"name": " ADMIN "}}]', Tab.PRIME_CONTRACTS, False),
        ('[{"url": "/1/company/erp_integrations"}]', Tab.VENDORS, True),
        ('[{"name": "home"}]', Tab.VENDORS, False),
    ],
)
async def test_the_erp_tool_is_recognised_and_its_level_read(
    rest: Rest, admin: Admin, tools: str, tab: Tab, lacking: bool
) -> None:
    body = f'{{"tools": {tools}}}'
    admin.fault(Fault(FaultKind.STATUS, call="procore.rest.permissions", status=200, body=body))
    if lacking:
        with pytest.raises(Trouble):
            await permissions.check_rights(rest, 1, (tab,))
    else:
        await permissions.check_rights(rest, 1, (tab,))
