"""Asks a vulnerability service about every locked package. What it was not asked about is never told as good."""

import argparse
import ipaddress
import json
import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import machine

SERVICE = "https://api.osv.dev"
ECOSYSTEM = "PyPI"
# A version with old, well-known faults. A service that knows none of them was not asked, whatever it answers.
KNOWN_BAD = ("jinja2", "2.4.1")
GOOD, FOUND, NOT_AUDITED = 0, 1, 2
_BATCH = 500
_PAGES = 50
_LARGEST = 20_000_000  # bytes of an answer
_TIMEOUT = 30.0

Package = tuple[str, str]  # name, version


class NotAudited(Exception):
    """The service could not be asked, or did not answer as it should; the sentence says how."""


@dataclass
class Audit:
    """What was found: the ids by package, what each says, and those that are accepted for now with their reasons."""

    packages: list[Package]
    found: dict[Package, list[str]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> list[tuple[Package, str]]:
        """What somebody has to act on."""
        return [(one, id_) for one, ids in self.found.items() for id_ in ids if id_ not in self.accepted]


def locked(lock: str) -> list[Package]:
    """Every package of a lock with its version."""
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*) *== *([^\s;\\]+)", lock, re.MULTILINE)


def all_locked() -> list[Package]:
    """Every package of all locks, each version once."""
    names = (*machine.LOCKS, *machine.APART)
    return sorted(
        {one for name in names for one in locked(machine.lock_file(name).read_text(encoding="utf-8"))}
    )


def accepted(text: str, today: date) -> dict[str, str]:
    """The ids that were accepted with their reasons; one whose day is past counts no more.

    Raises ValueError for an entry without id, reason or day."""
    found: dict[str, str] = {}
    for entry in tomllib.loads(text).get("accepted", []):
        id_, reason, until = entry.get("id"), entry.get("reason"), entry.get("until")
        if not id_ or not str(reason or "").strip() or not isinstance(until, date):
            raise ValueError(f"audit.toml: an entry needs id, reason and until: {entry}")
        if until >= today:
            found[id_] = reason
    return found


def ask_about(
    packages: Sequence[Package], ask: Callable[[str, object | None], Any], accepted_ids: dict[str, str]
) -> Audit:
    """Ask about each of them. Raises NotAudited where even one was not answered for."""
    if not packages:
        raise NotAudited("There is no locked package to ask about.")
    if not _ids(ask, [KNOWN_BAD])[KNOWN_BAD]:
        raise NotAudited(f"It knows nothing of {' '.join(KNOWN_BAD)}, which is known to be bad.")
    made = Audit(list(packages), accepted=accepted_ids)
    for at in range(0, len(packages), _BATCH):
        made.found |= {one: ids for one, ids in _ids(ask, packages[at : at + _BATCH]).items() if ids}
    for one, ids in list(made.found.items()):
        left = []
        for id_ in ids:
            told = ask(f"/v1/vulns/{quote(id_, safe='')}", None)
            if not isinstance(told, dict) or told.get("id") != id_:
                raise NotAudited(f"It tells nothing of {id_}.")
            if not told.get("withdrawn"):
                left.append(id_)
                made.said[id_] = str(told.get("summary") or "").strip()
        made.found[one] = left
    return made


def _ids(ask: Callable[[str, object | None], Any], packages: Sequence[Package]) -> dict[Package, list[str]]:
    """The ids that are known of each package; every page of the answer is read."""
    found: dict[Package, list[str]] = {one: [] for one in packages}
    left: list[tuple[Package, str]] = [(one, "") for one in packages]
    for _page in range(_PAGES):
        queries = []
        for (name, version), token in left:
            query: dict[str, Any] = {"package": {"name": name, "ecosystem": ECOSYSTEM}, "version": version}
            queries.append({**query, "page_token": token} if token else query)
        answer = ask("/v1/querybatch", {"queries": queries})
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(queries):
            raise NotAudited("It did not answer for every package.")
        more: list[tuple[Package, str]] = []
        for (one, _), result in zip(left, results, strict=True):
            ids, token = _result(result)
            found[one] += ids
            if token:
                more.append((one, token))
        if not more:
            return found
        left = more
    raise NotAudited("Its answer has no end.")


def _result(result: object) -> tuple[list[str], str]:
    if not isinstance(result, dict) or not set(result) <= {"vulns", "next_page_token"}:
        raise NotAudited("It answered in a way that is not known here.")
    vulns, token = result.get("vulns") or [], result.get("next_page_token") or ""
    if not isinstance(vulns, list) or not isinstance(token, str):
        raise NotAudited("It answered in a way that is not known here.")
    ids = [one.get("id") if isinstance(one, dict) else None for one in vulns]
    if not all(isinstance(id_, str) and id_ for id_ in ids):
        raise NotAudited("It answered in a way that is not known here.")
    return [str(id_) for id_ in ids], token


# ------------------------------------------------------------------ the wire


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Somebody else's answer is none."""


def over_http(service: str) -> Callable[[str, object | None], Any]:
    """Asks the service at this address. Raises ValueError for one that is neither https nor on this computer."""
    parts = urlsplit(service)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        raise ValueError("the service is asked by https")
    opener = build_opener(_NoRedirect)

    def ask(path: str, body: object | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(service.rstrip("/") + path, data, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with opener.open(request, timeout=_TIMEOUT) as answer:
                if answer.status != 200:
                    raise NotAudited(f"It answered {answer.status}.")
                text = answer.read(_LARGEST + 1)
            if len(text) > _LARGEST:
                raise NotAudited("Its answer is too large.")
            return json.loads(text)
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise NotAudited(f"{type(error).__name__}: {error}") from None

    return ask


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main(argv: list[str]) -> int:
    """0: asked about all, nothing is open; 1: something is; 2: not audited."""
    parser = argparse.ArgumentParser(prog="run.py audit", description=__doc__)
    parser.add_argument("--service", default=SERVICE, help="where to ask, in the protocol of osv.dev")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    given = parser.parse_args(argv)
    packages = all_locked()
    try:
        text = (Path(__file__).parent / "audit.toml").read_text(encoding="utf-8")
        made = ask_about(packages, over_http(given.service), accepted(text, datetime.now(UTC).date()))
    except (NotAudited, ValueError, OSError) as no:
        sys.stderr.write(f"NOT AUDITED: {urlsplit(given.service).netloc} could not be asked. {no}\n")
        if given.json:
            print(json.dumps({"type": "audit", "audited": False, "exit": NOT_AUDITED, "why": str(no)}))
        return NOT_AUDITED
    code = FOUND if made.open else GOOD
    if given.json:
        found = [
            {"package": name, "version": version, "id": id_, "summary": made.said.get(id_, ""),
             "accepted": made.accepted.get(id_)}
            for (name, version), ids in made.found.items() for id_ in ids
        ]  # fmt: skip
        print(
            json.dumps(
                {"type": "audit", "audited": True, "exit": code, "packages": len(packages), "found": found}
            )
        )
        return code
    for (name, version), ids in made.found.items():
        for id_ in ids:
            why = f" (accepted: {made.accepted[id_]})" if id_ in made.accepted else ""
            print(f"{name} {version}: {id_} {made.said.get(id_, '')}{why}")
    print(f"Audited: {len(packages)} locked packages, {len(made.open)} open findings.")
    return code
