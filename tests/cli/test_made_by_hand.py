"""A company made by hand from the lines of docs/command-line.md, on the pages of a training company started apart."""

import shlex

import pytest

from tests.cli.commands import run
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin
from tests.training.servers import ROOT

README = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def line_of(begins: str) -> list[str]:
    """The one line of that page that begins so, as words after the program's name."""
    (line,) = [one.strip() for one in README.splitlines() if one.startswith(f"    ondemand-sync {begins}")]
    return shlex.split(line)[1:]


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("skin", "language"), [("mixed-03", "en"), ("mixed-01", "fr")])
def test_a_company_made_from_the_readme_is_run_on_the_pages_of_a_server_started_apart(
    skin: str, language: str, admin: Admin, secret_service: SecretService
) -> None:
    admin.play("ok", pace=0.2, skin=skin, language=language)
    hh2, procore = admin.served.hh2, admin.served.procore
    given = {
        "HH2": hh2.address,
        "HH2-USER": hh2.user,
        "NUMBER": str(procore.company_id),
        "PROCORE": procore.address,
        "PROCORE-USER": procore.user,
    }
    made = run(*(given.get(word, word) for word in line_of("profile create Practice")))
    assert made.returncode == 0, made.stderr
    for name, password in (("hh2", hh2.password), ("procore", procore.password)):
        kept = run(*line_of(f"secret set {name}-password --profile Practice"), given=password + "\n")
        assert kept.returncode == 0, kept.stderr
    ended = run(*line_of("sync --profile Practice"), timeout=120.0)
    assert ended.returncode == 0, ended.stderr
    pressed = [(one["what"], one["tab"]) for one in admin.log()["presses"]]
    assert pressed == [("sync.start", ""), ("tab.refresh", "vendors"), ("tab.refresh", "jobs")]
