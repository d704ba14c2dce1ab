"""The admin route of the training servers, for tests: scenarios, faults, and what the servers saw."""

from typing import Any

import httpx
import msgspec

from app.training.admin import HEADER
from app.training.faults import Fault
from app.training.served import Served


class Given:
    """A user name and a secret, as the drivers take them."""

    def __init__(self, user: str, secret: str) -> None:
        self.user = user
        self._secret = secret
        self.fingerprint = "given"

    def reveal(self) -> str:
        return self._secret


class Admin:
    """The servers' admin route, and the credentials that they gave out."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self._client = httpx.Client(
            # A connection that lay idle may be closed by the server in the moment in which it is used again.
            limits=httpx.Limits(max_keepalive_connections=0),
            base_url=served.hh2.address,
            headers={HEADER: served.admin_token},
            trust_env=False,
            timeout=20,
            verify=False,
        )

    @property
    def hh2(self) -> Given:
        return Given(self.served.hh2.user, self.served.hh2.password)

    @property
    def procore(self) -> Given:
        return Given(self.served.procore.user, self.served.procore.password)

    def play(
        self,
        scenario: str,
        variant: str = "",
        pace: float = 0.02,
        trouble: str = "",
        skin: str = "plain",
        language: str = "en",
    ) -> None:
        """Begin a scenario, with or without a page trouble: a fresh world, nobody signed in, an empty log."""
        asked = {"scenario": scenario, "variant": variant, "pace": pace, "trouble": trouble}
        self.post("scenario", {**asked, "skin": skin, "language": language})

    def fault(self, fault: Fault) -> None:
        self.post("fault", msgspec.to_builtins(fault))

    def settings(self, **values: float) -> None:
        self.post("settings", values)

    def log(self) -> dict[str, Any]:
        answer = self._client.get("/training/admin/log")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def presses(self, what: str = "") -> list[dict[str, Any]]:
        """The presses that were carried out."""
        return [p for p in self.log()["presses"] if p["carried_out"] and what in ("", p["what"])]

    def calls(self, name: str) -> list[dict[str, Any]]:
        """The requests of one name, in order."""
        return [seen for seen in self.log()["requests"] if seen["call"] == name]

    def post(self, what: str, body: object) -> Any:
        answer = self._client.post(f"/training/admin/{what}", json=body)
        answer.raise_for_status()
        return answer.json()

    def close(self) -> None:
        self._client.close()
