"""What IT lays down holds for every user: deployed companies, no saved passwords, retention, the browser."""

import json
import sys
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.laid_down import Policy, laid_down
from app.domain.problems import ProblemId
from app.domain.profile import DriverName, MatchSettings, Profile, Secret, SecretState
from app.engine.faces import Wanted
from app.portals.installed import installed_or_chosen
from app.storage import folders, policy
from app.ui.profile_dialog import ProfileDialog
from tests.cli.commands import run
from tests.end_to_end.company import carry_out
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin

DEPLOYED = """
[hh2]
site = "beaulieu"
[procore]
company_id = 562949953425831
[run]
date_range = "past-month"
proof_minutes = 30
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The computer's own folder, which IT alone writes."""
    if sys.platform != "linux":
        pytest.skip("only there it can be another one")
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    folder = policy.machine_folder()
    assert folder == tmp_path / "etc" / "ondemand-sync"
    (folder / "profiles").mkdir(parents=True)
    return folder


@pytest.fixture
def at_work(machine: Path, own_home: Path) -> House:
    return House("command line", person=0.0)


def _lay_down(machine: Path, text: str) -> None:
    (machine / "policy.toml").write_text(text, encoding="utf-8")


def _deploy(machine: Path, name: str = "Beaulieu", text: str = DEPLOYED) -> None:
    (machine / "profiles" / f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.mark.anyio
async def test_what_is_ticked_for_a_deployed_company_is_remembered(machine: Path, at_work: House) -> None:
    _deploy(machine)
    ticked = {"Beaulieu/2026-11": ("post",)}
    await at_work.remember(msgspec.structs.replace(await at_work.preferences(), month_ends=ticked))
    assert (await at_work.preferences()).month_ends == ticked
    await at_work.close()


@pytest.mark.anyio
async def test_a_deployed_company_is_there_for_whoever_never_made_it(machine: Path, at_work: House) -> None:
    _deploy(machine)
    assert await at_work.profiles() == ["Beaulieu"]
    assert await at_work.spelt("BEAULIEU") == "Beaulieu"
    profile = await at_work.profile("beaulieu")
    assert (profile.hh2.site, profile.procore.company_id) == ("beaulieu", 562949953425831)
    laid = await at_work.laid_down("beaulieu")
    assert laid.is_deployed
    assert laid.locked == {"name", "hh2.site", "procore.company_id", "run.proof_minutes"}
    mine = msgspec.structs.replace(profile, hh2=msgspec.structs.replace(profile.hh2, user="dana"))
    assert await at_work.save(mine) == [], "the user name is each user's own"
    assert (await at_work.profile("Beaulieu")).hh2.user == "dana"
    await at_work.close()


@pytest.mark.anyio
async def test_what_is_laid_down_cannot_be_changed_and_wins_over_an_own_file(
    machine: Path, at_work: House
) -> None:
    other = Profile("Beaulieu")
    other = msgspec.structs.replace(
        other, hh2=msgspec.structs.replace(other.hh2, site="elsewhere", user="dana")
    )
    assert await at_work.save(other) == []
    _deploy(machine)
    stands = await at_work.profile("Beaulieu")
    assert (stands.hh2.site, stands.hh2.user) == ("beaulieu", "dana")
    wrong = await at_work.save(msgspec.structs.replace(stands, hh2=other.hh2))
    assert [(one.path, one.expected) for one in wrong] == [("hh2.site", "laid-down")]
    renamed = await at_work.save(msgspec.structs.replace(stands, name="Mine"), replaces="Beaulieu")
    assert [(one.path, one.expected) for one in renamed] == [("name", "laid-down")]
    assert await at_work.profiles() == ["Beaulieu"]
    await at_work.close()


@pytest.mark.anyio
async def test_no_password_of_a_person_is_saved_and_an_old_one_is_not_used(
    machine: Path, at_work: House, secret_service: SecretService
) -> None:
    _deploy(machine)
    profile = await at_work.profile("Beaulieu")
    await at_work.save(
        msgspec.structs.replace(profile, hh2=msgspec.structs.replace(profile.hh2, user="dana"))
    )
    assert await at_work.keep_secret("Beaulieu", Secret.HH2_PASSWORD, "one", True) is SecretState.KEPT
    assert await at_work.keep_secret("Beaulieu", Secret.HH2_API_KEY, "key", True) is SecretState.KEPT
    _lay_down(machine, "save_passwords = false\n")
    assert await at_work.secret_state("Beaulieu", Secret.HH2_PASSWORD) is SecretState.MISSING
    assert await at_work.secret_state("Beaulieu", Secret.HH2_API_KEY) is SecretState.KEPT
    before = len(secret_service.items())
    assert await at_work.keep_secret("Beaulieu", Secret.HH2_PASSWORD, "two", True) is SecretState.THIS_RUN
    assert len(secret_service.items()) == before
    assert (await at_work.laid_down("Beaulieu")).locked >= {"run.keep_sign_in"}
    await at_work.close()


@pytest.mark.anyio
@pytest.mark.parametrize(("own", "used"), [(0, 90), (400, 90), (30, 30)])
async def test_nothing_is_kept_longer_than_the_policy_says(
    machine: Path, at_work: House, own: int, used: int
) -> None:
    assert await at_work.save(Profile("Acme", match=MatchSettings(keep_days=own))) == []
    _lay_down(machine, "keep_days = 90\n")
    assert (await at_work.profile("Acme")).match.keep_days == used
    await at_work.close()


def test_the_browser_that_is_laid_down_is_the_only_one(tmp_path: Path) -> None:
    program = tmp_path / "msedge.exe"
    assert installed_or_chosen(str(program)) == ()
    program.write_bytes(b"")
    assert [one.path for one in installed_or_chosen(str(program))] == [program]


@pytest.mark.anyio
async def test_a_run_drives_no_other_browser_than_the_one_laid_down(
    house: House, admin: Admin, own_home: Path
) -> None:
    _lay_down(own_home / "config", "browser = '/nowhere/edge'\n")
    state, _ = await carry_out(house, Wanted(tabs=()), driver=DriverName.BROWSER)
    assert [met.problem.id for met in state.problems] == [ProblemId.BROWSER]
    assert admin.presses() == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Policy()),
        ("save_passwords = false\nkeep_days = 90\nbrowser = 'C:/edge.exe'", Policy(True, False, 90, "C:/edge.exe")),
        ("save_passwords = 'no'", Policy(True, False, wrong=("save_passwords",))),
        ("keep_days = 0", Policy(wrong=("keep_days",))),
        ("telemetry = true", Policy(wrong=("telemetry",))),
        ("keep_days", Policy(False, False, wrong=("",))),
    ],
)  # fmt: skip
def test_what_is_not_understood_forbids_where_it_can_and_is_named(
    tmp_path: Path, text: str, wanted: Policy
) -> None:
    at = folders.Folders(tmp_path / "mine", tmp_path, tmp_path, tmp_path)
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    read = policy.load(at, tmp_path)
    assert msgspec.structs.replace(read, wrong=()) == msgspec.structs.replace(wanted, wrong=())
    assert [one.endswith(end) for one, end in zip(read.wrong, wanted.wrong, strict=True)] == [True] * len(
        wanted.wrong
    )


def test_the_command_line_says_what_is_laid_down_and_refuses_it_in_words(
    machine: Path, own_home: Path
) -> None:
    _deploy(machine)
    _lay_down(machine, "save_passwords = false\nkeep_days = 90\nnonsense = 1\n")
    told = run("policy", "--profile", "beaulieu", "--json")
    assert told.returncode == 10, told.stderr
    found = json.loads(told.stdout)
    assert found["policy"]["keep_days"] == 90
    assert "hh2.site" in found["locked"]
    assert found["policy"]["wrong"][0].endswith("policy.toml: nonsense")
    assert "Passwords may be saved" not in run("policy").stdout
    secret = run("secret", "set", "hh2-password", "--profile", "Beaulieu", given="typed\n")
    assert secret.returncode == 64
    assert "does not allow passwords to be saved" in secret.stderr
    gone = run("profile", "delete", "Beaulieu", "--yes")
    assert gone.returncode == 64
    assert "was laid down by your company's IT" in gone.stderr
    made = run("profile", "create", "Acme", "--keep-days", "200")
    assert made.returncode == 64
    assert "Your company's IT has laid it down" in made.stderr
    assert run("profile", "create", "Acme").returncode == 0, "a default is no wish"
    assert json.loads(run("profile", "show", "Acme", "--json").stdout)["match"]["keep_days"] == 90


def test_the_settings_show_what_is_locked(qtbot: QtBot) -> None:
    laid = laid_down(Policy(save_passwords=False, keep_days=90))
    laid = msgspec.structs.replace(laid, locked=laid.locked | {"name", "hh2.site", "driver"})
    dialog = ProfileDialog(Profile("Beaulieu"), laid_down=laid)
    qtbot.addWidget(dialog)
    locked = (dialog.name, dialog.site, dialog.driver, dialog.sign_in, dialog.keep, dialog.delete)
    assert [part.isEnabled() for part in locked] == [False] * len(locked)
    assert dialog.number.isEnabled()
    assert "hh2 site" in dialog.locked.text()
    free = ProfileDialog(Profile("Acme"))
    qtbot.addWidget(free)
    assert free.locked.isHidden()
    assert free.delete.isEnabled()
