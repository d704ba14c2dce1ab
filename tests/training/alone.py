"""The training company without the rest of the program: `python -m tests.training.alone training serve …`.

With ONDEMAND_SYNC_TEST_GIVEN it writes down there what it gives to somebody that opens something: a line of JSON with
its kind and its text. Its log then names the cookies too that a request carried."""

import argparse
import json
import os
import sys
from pathlib import Path

from starlette.responses import Response

from app.training.grants import Grants
from app.training.serve import serve
from app.training.sessions import Sessions
from app.training.stage import Stage

GIVEN = "ONDEMAND_SYNC_TEST_GIVEN"
_OF_COOKIES = {
    ".ASPXAUTH": "hh2-cookie",
    "_training_procore": "procore-cookie",
    "_training_pending": "procore-cookie",
}


def write_down(path: Path) -> None:
    """From now on what is given is written down."""
    opened, issued, coded, known = Sessions.open, Grants._issue, Grants.give_code, Stage.secrets

    def tell(kind: str, text: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([kind, text]) + "\n")

    def open_and_tell(self: Sessions, user: str, response: Response) -> None:
        before = set(self._users)
        opened(self, user, response)
        for text in self._users.keys() - before:
            tell(_OF_COOKIES[self.cookie], text)

    def issue_and_tell(self: Grants, user: str, *, person: bool) -> dict[str, object]:
        answer = issued(self, user, person=person)
        for kind in ("access", "refresh"):
            if f"{kind}_token" in answer:
                tell(f"procore-{kind}-token", str(answer[f"{kind}_token"]))
        return answer

    def code_and_tell(self: Grants, user: str, redirect_uri: str) -> str:
        code = coded(self, user, redirect_uri)
        tell("procore-code", code)
        return code

    def with_cookies(self: Stage) -> dict[str, str]:
        sessions = (self.hh2_sessions, self.procore_sessions, self.pending)
        cookies = [(_OF_COOKIES[one.cookie], text) for one in sessions for text in one._users]
        return known(self) | {f"{kind} {at}": text for at, (kind, text) in enumerate(cookies)}

    Sessions.open = open_and_tell  # type: ignore[method-assign]
    Grants._issue = issue_and_tell  # type: ignore[method-assign]
    Grants.give_code = code_and_tell  # type: ignore[method-assign]
    Stage.secrets = with_cookies  # type: ignore[method-assign]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", default="ok")
    parser.add_argument("--variant", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--size", default="small")
    parser.add_argument("--hour", type=float, default=3600.0)
    parser.add_argument("--skin", default="plain")
    parser.add_argument("--language", default="en")
    parser.add_argument("--trouble", default="")
    parser.add_argument("--until-stdin-closes", action="store_true")
    asked = parser.parse_args(sys.argv[3:])
    if GIVEN in os.environ:
        write_down(Path(os.environ[GIVEN]))
    return serve(
        asked.scenario,
        variant=asked.variant,
        seed=asked.seed,
        pace=asked.pace,
        size=asked.size,
        hour=asked.hour,
        skin=asked.skin,
        language=asked.language,
        trouble=asked.trouble,
        until_stdin_closes=asked.until_stdin_closes,
    )


if __name__ == "__main__":
    raise SystemExit(main())
