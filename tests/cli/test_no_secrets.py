"""Canaries: whatever is typed as a secret is found in no file, no output and no history, right or wrong."""

import json
import sys
from pathlib import Path

import pytest

from app.domain.profile import Secret
from tests.cli.commands import run
from tests.end_to_end.company import secrets_of
from tests.training.admin import Admin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")

WRONG = "Kanarienvogel-4711-é"


def _spellings(secret: str) -> list[bytes]:
    """The secret as it could have been written: plain, in JSON, in an address, in base64, in UTF-16."""
    from base64 import b64encode
    from urllib.parse import quote, quote_plus

    text = secret.encode()
    return [
        text,
        json.dumps(secret).strip('"').encode(),
        quote(secret).encode(),
        quote_plus(secret).encode(),
        b64encode(text).rstrip(b"=")[:-1],
        secret.encode("utf-16-le"),
        text.hex().encode(),
    ]


def _found(secrets: dict[str, str], home: Path, outputs: list[str]) -> list[str]:
    texts = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    texts |= {f"output {place}": output.encode() for place, output in enumerate(outputs)}
    return [
        f"{name} in {where}"
        for name, secret in secrets.items()
        for spelling in _spellings(secret)
        for where, text in texts.items()
        if spelling in text
    ]


def test_no_secret_is_in_any_file_or_output_after_runs_with_right_and_wrong_ones(
    acme: str, admin: Admin, own_home: Path
) -> None:
    outputs: list[str] = []

    def told(*arguments: str, given: str = "", code: int) -> None:
        ended = run(*arguments, given=given)
        assert ended.returncode == code, ended.stderr
        outputs.extend((ended.stdout, ended.stderr))

    sync = ("sync", "--profile", acme, "--tabs", "vendors")
    told(*sync, "--json", code=0)
    told("secret", "set", "hh2-password", "--profile", acme, given=WRONG + "\n", code=0)
    told(*sync, "--json", code=30)
    told(*sync, code=30)  # refused before: not sent again
    told("secret", "set", "hh2-password", "--profile", acme, given=admin.served.hh2.password + "\n", code=0)
    told("secret", "set", "procore-password", "--profile", acme, given=WRONG + "\n", code=0)
    told(*sync, code=30)
    told("profile", "show", acme, "--json", code=0)
    told("history", "--json", code=0)

    secrets = {secret.value: text for secret, text in secrets_of(admin.served).items()}
    assert set(secrets) >= {Secret.HH2_PASSWORD.value, Secret.PROCORE_PASSWORD.value}
    files = [path for path in own_home.rglob("*") if path.is_file()]
    assert {"ledger.sqlite", f"{acme}.toml"} <= {path.name for path in files}
    assert _found({**secrets, "wrong": WRONG}, own_home, outputs) == []


def test_the_canary_would_be_found(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "left.log").write_text(f"typed {WRONG}", encoding="utf-8")
    assert _found({"wrong": WRONG}, own_home, []) == ["wrong in left.log"]
    assert _found({"wrong": WRONG}, own_home / "none", [json.dumps(WRONG)]) == ["wrong in output 0"]


def test_a_refused_password_is_sent_once_and_is_known_as_refused(acme: str, admin: Admin) -> None:
    run("secret", "set", "hh2-password", "--profile", acme, given=WRONG + "\n")
    before = len([one for one in admin.log()["requests"] if one["path"] == "/training/sign-in"])
    for _ in range(2):
        assert run("sync", "--profile", acme).returncode == 30
    after = len([one for one in admin.log()["requests"] if one["path"] == "/training/sign-in"])
    assert after == before + 1
    shown = json.loads(run("profile", "show", acme, "--json").stdout)
    assert shown["secrets"]["hh2-password"] == "refused"
