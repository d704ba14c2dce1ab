"""Canaries: whatever is typed as a secret is found in no file, no output and no history, right or wrong."""

import json
import sys
from pathlib import Path

import pytest

from app.domain.profile import Secret
from tests.cli.commands import run
from tests.end_to_end.company import secrets_of
from tests.support.canaries import files_under, standing_in
from tests.training.admin import Admin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")

WRONG = "Kanarienvogel-4711-é"


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
    files = files_under(own_home)
    assert {"ledger.sqlite", f"{acme}.toml"} <= {Path(name).name for name in files}
    said = {f"output {place}": output.encode() for place, output in enumerate(outputs)}
    assert standing_in({**secrets, "wrong": WRONG}, files | said) == []


def test_a_refused_password_is_sent_once_and_is_known_as_refused(acme: str, admin: Admin) -> None:
    run("secret", "set", "hh2-password", "--profile", acme, given=WRONG + "\n")
    before = len([one for one in admin.log()["requests"] if one["path"] == "/training/sign-in"])
    for _ in range(2):
        assert run("sync", "--profile", acme).returncode == 30
    after = len([one for one in admin.log()["requests"] if one["path"] == "/training/sign-in"])
    assert after == before + 1
    shown = json.loads(run("profile", "show", acme, "--json").stdout)
    assert shown["secrets"]["hh2-password"] == "refused"
