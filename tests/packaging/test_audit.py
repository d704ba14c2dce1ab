"""`run.py audit` against a stand-in for the vulnerability service, over a real socket: never good without an answer."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import audit
import pytest

ROOT = Path(__file__).parents[2]
BAD = {"vulns": [{"id": "GHSA-old", "modified": "2026-01-01T00:00:00Z"}]}
Answers = Callable[[str, Any], tuple[int, object]]


def service(found: dict[str, object] | None = None) -> Answers:
    """The service as it answers when it is well: the one known-bad package, and these by name."""

    def answer(path: str, body: Any) -> tuple[int, object]:
        if path.startswith("/v1/vulns/"):
            id_ = path.removeprefix("/v1/vulns/")
            told: dict[str, object] = {"id": id_, "summary": f"about {id_}"}
            return 200, {**told, "withdrawn": "2026-02-01T00:00:00Z"} if id_ == "PYSEC-gone" else told
        results = []
        for query in body["queries"]:
            name, token = query["package"]["name"], query.get("page_token", "")
            assert query["package"]["ecosystem"] == "PyPI"
            assert query["version"]
            result = BAD if name == "jinja2" else (found or {}).get(name + token, {})
            results.append(result)
        return 200, {"results": results}

    return answer


def always(status: int, told: object) -> Answers:
    """The same, whatever is asked."""
    return lambda _path, _body: (status, told)


def to_each(result: object) -> Answers:
    """The same for each package."""
    return lambda _path, body: (200, {"results": [result for _ in body["queries"]]})


def without_details(status: int, told: object) -> Answers:
    """Something is known of a package, and not what."""
    return lambda path, body: (status, told) if body is None else service({"anyio": BAD})(path, body)


@contextmanager
def served(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, body: Any) -> None:
            status, told = answers(self.path, body)
            data = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/v1/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def audited(address: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = audit.main(["--service", address, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_when_nothing_is_known_of_any_locked_package_it_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def answer(path: str, body: Any) -> tuple[int, object]:
        asked.extend(query["package"]["name"] for query in body["queries"])
        return service()(path, body)

    with served(answer) as address:
        code, told = audited(address, capsys)
    assert (code, told["audited"], told["found"]) == (0, True, [])
    assert told["packages"] == len(audit.all_locked()) == len(asked) - 1
    assert {"pyside6-essentials", "pytest", "pandas", "atheris", "jinja2"} <= set(asked)


def test_what_is_known_of_a_package_is_told_from_every_page_but_not_what_was_withdrawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: dict[str, object] = {
        "httpx": {"vulns": [{"id": "GHSA-one"}, {"id": "PYSEC-gone"}], "next_page_token": "-more"},
        "httpx-more": {"vulns": [{"id": "GHSA-two"}]},
        "anyio": {"vulns": [{"id": "PYSEC-gone"}]},
    }
    with served(service(found)) as address:
        code, told = audited(address, capsys)
    assert code == 1
    assert [(one["package"], one["id"], one["summary"]) for one in told["found"]] == [
        ("httpx", "GHSA-one", "about GHSA-one"),
        ("httpx", "GHSA-two", "about GHSA-two"),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        always(500, {"results": []}),
        always(302, {}),
        always(204, b""),
        always(200, b"<html>please sign in to this network</html>"),
        always(200, {}),
        always(200, []),
        to_each({}),
        always(200, {"results": [BAD]}),
        to_each({**BAD, "error": "busy"}),
        to_each({"vulns": [{}]}),
        to_each({**BAD, "next_page_token": "x"}),
        without_details(404, {}),
        without_details(200, {"id": "other"}),
    ],
    ids=[
        "500", "redirect", "no content", "a page", "nothing", "a list", "knows nothing", "one for all", "unknown field",
        "without id", "no end", "no details", "other details",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_never_good(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    with served(answers) as address:
        code, told = audited(address, capsys)
    assert (code, told["audited"]) == (2, False)


def test_a_service_that_is_not_there_is_said_by_the_command_itself() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "packaging/run.py", "audit", "--service", address]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("NOT AUDITED: 127.0.0.1")
    assert "Audited" not in done.stdout


def test_an_answer_too_large_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_LARGEST", 100)
    with served(service()) as address:
        assert audited(address, capsys)[0] == 2


def test_it_is_asked_by_https_or_on_this_computer() -> None:
    for address in ("http://osv.example", "ftp://127.0.0.1", "http://10.0.0.1"):
        with pytest.raises(ValueError, match="https"):
            audit.over_http(address)


def test_what_is_accepted_has_a_reason_and_an_end() -> None:
    text = '[[accepted]]\nid = "X"\nreason = "not used here"\nuntil = 2026-12-01\n'
    assert audit.accepted(text, date(2026, 12, 1)) == {"X": "not used here"}
    assert audit.accepted(text, date(2026, 12, 2)) == {}
    for line in ('id = "X"\n', 'reason = "not used here"\n', "until = 2026-12-01\n"):
        with pytest.raises(ValueError, match=r"audit\.toml"):
            audit.accepted(text.replace(line, ""), date(2026, 12, 1))
    made = audit.Audit([("a", "1")], {("a", "1"): ["X", "Y"]}, accepted={"X": "not used here"})
    assert made.open == [(("a", "1"), "Y")]
    assert audit.accepted((ROOT / "packaging" / "audit.toml").read_text(encoding="utf-8"), date.min) == {}
