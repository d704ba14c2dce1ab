"""Reading Procore's public REST: the company's header, errors of four shapes, pages, limits. [C] procore-wire.md"""

from collections.abc import AsyncIterator, Mapping
from types import GenericAlias
from typing import Any, TypeVar, cast

import msgspec

from app.domain.decoding import BROKEN
from app.domain.problems import (
    AnswerLost,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    trouble,
)
from app.http import Answer, Client, decode, open_client, read, unreadable
from app.procore.oauth import SITE, Bearer
from app.procore.pace import Pace

T = TypeVar("T")

PAGE = 1000  # rows; pages of at most this many are decoded at a time
MOST_PAGES = 5000
TRIES = 3  # of a read that we were asked to make later
# These two are asked without a company. [C]
NO_COMPANY = ("/rest/v1.0/me", "/rest/v1.0/companies")


class Rest:
    """Reads for one company. `api` is the origin of Procore's API; with a `pace` it waits for what the rate headers
    tell, without one it raises SlowDown before it would ask too much."""

    def __init__(
        self,
        api: str,
        access: Bearer,
        company_id: int,
        *,
        timeout: float = 60.0,
        pace: Pace | None = None,
    ) -> None:
        self._client: Client = open_client(api, timeout=timeout, keep_alive=True)
        self._access = access
        self._company = str(company_id)
        self._pace = pace
        self._limits = pace or Pace()

    async def get(self, path: str, wanted: type[T], query: Mapping[str, str] | None = None) -> T:
        """One answer, typed. Raises SessionLost when a fresh token is refused too, Trouble(PRO-PERM, text=…) for 403,
        NotReadable for what may pass, SlowDown."""
        return decode(await self.answer(path, query), wanted, SITE)

    async def pages(
        self,
        path: str,
        wanted: type[T],
        query: Mapping[str, str] | None = None,
        size: int = PAGE,
        most: int = MOST_PAGES,
    ) -> AsyncIterator[list[T]]:
        """The rows of a list, a page at a time, until `Link` names no next one.

        Raises what `get` raises, and Trouble(PRO-ANSWER) after `most` pages."""
        for number in range(1, most + 1):
            asked = {**(query or {}), "page": str(number), "per_page": str(size)}
            answer = await self.answer(path, asked)
            rows = decode(answer, _list_of(wanted), SITE)
            if rows:
                yield rows
            if not rows or 'rel="next"' not in answer.headers.get("link", ""):
                return
        raise trouble(ProblemId.PRO_ANSWER, what="pages without an end")

    async def answer(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """One answer as it came, of status 200. Raises what `get` raises."""
        answer = await self._send(path, query)
        if answer.status == 401:  # the token may have been revoked elsewhere: one new one, once
            self._access.forget()
            answer = await self._send(path, query)
        match answer.status:
            case 200:
                return answer
            case 401:
                raise SessionLost(SITE)
            case 403:
                raise trouble(ProblemId.PRO_PERM, text=words(answer.body))
            case _:
                raise _failed(answer)

    async def _send(self, path: str, query: Mapping[str, str] | None) -> Answer:
        headers = {"Authorization": await self._bearer(), "Accept": "application/json"}
        if path not in NO_COMPANY:
            headers["Procore-Company-Id"] = self._company
        if self._pace is None:  # who asks waits; what is told to be used up is not asked for all the same
            seconds = self._limits.closed_for()
            if seconds > 0:
                raise SlowDown(SITE, seconds)
            answer = await read(self._client, SITE, path, query=query, headers=headers)
            self._limits.heard(answer.headers)
            return answer
        refused = SlowDown(SITE, 0.0)
        for _ in range(TRIES):
            async with self._pace.turn():
                try:
                    answer = await read(self._client, SITE, path, query=query, headers=headers)
                except SlowDown as slow:
                    self._pace.refused(slow.seconds)
                    refused = slow
                else:
                    self._pace.heard(answer.headers)
                    return answer
        raise refused

    async def _bearer(self) -> str:
        """A token for a read: where none could be fetched, the read failed in a way that may pass."""
        try:
            return await self._access.bearer()
        except NotSent as unsent:
            raise NotReadable(unsent.problem) from None
        except AnswerLost as lost:
            raise NotReadable(Problem(ProblemId.NET, {"site": SITE, "why": lost.cause})) from None

    async def close(self) -> None:
        """Ends the connections, the token's too."""
        await self._client.aclose()
        await self._access.close()


def _list_of(wanted: type[T]) -> type[list[T]]:
    return cast("type[list[T]]", GenericAlias(list, (wanted,)))


def _failed(answer: Answer) -> NotReadable:
    said = words(answer.body)
    return unreadable(SITE, f"status {answer.status}" + (f": {said}" if said else ""))


def words(body: bytes) -> str:
    """What an error says, from any of the four shapes; "" when it says nothing that we understand. Cut at 200."""
    try:
        found = msgspec.json.decode(body)
    except BROKEN:
        return ""
    return "; ".join(_texts(found))[:200] if isinstance(found, dict) else ""


def _texts(shape: dict[str, Any]) -> list[str]:
    match shape:
        case {"message": str(text)}:
            return [text]
        case {"error": {"message": str(text)}} | {"errors": str(text)}:
            return [text]
        case {"errors": dict(errors)}:
            base = errors.get("base", [])
            fields = errors.get("fields", {})
            texts = [str(text) for text in base] if isinstance(base, list) else []
            if isinstance(fields, dict):
                texts += [f"{name} {text}" for name, all_ in fields.items() for text in _listed(all_)]
            return texts
        case {"errors": list(errors)}:
            return [str(text) for text in errors]
        case _:
            return []


def _listed(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else [str(value)]
