"""A label that was taught: in the profile, in the plan of a run, and out again; and what IT laid down."""

from pathlib import Path

import msgspec
import pytest

from app.assembly.house import House
from app.domain.events import RunPlanned, Site
from app.domain.problems import Trouble
from app.domain.taught import Taught, Unfit
from app.engine.faces import Wanted
from app.storage import folders, policy, profile_toml, profile_writing
from tests.end_to_end.company import NAME, carry_out, profile_for
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
RENEW = Taught(Site.PROCORE, "refresh-vendors", "button", "Renew suppliers")
GO = Taught(Site.HH2, "start-sync", "link", "Go!")


async def test_a_taught_label_is_kept_listed_in_the_runs_plan_and_taken_out(
    house: House, admin: Admin
) -> None:
    assert await house.teach(NAME, RENEW) is None
    assert await house.teach(NAME, GO) is None
    assert (await house.profile(NAME)).labels == (RENEW, GO)
    state, told = await carry_out(house, Wanted(tabs=()))
    planned = told.records[0].event
    assert isinstance(planned, RunPlanned)
    assert planned.taught == ("procore:refresh-vendors: button Renew suppliers", "hh2:start-sync: link Go!")
    kept = (await house.records(NAME, state.run_id))[0].event
    assert isinstance(kept, RunPlanned)
    assert kept.taught == planned.taught
    assert await house.forget_taught(NAME, RENEW.key)
    assert not await house.forget_taught(NAME, RENEW.key)
    assert (await house.profile(NAME)).labels == (GO,)


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (Taught(Site.PROCORE, "refresh-vendors", "button", "Import"), Unfit.FORBIDDEN),
        (Taught(Site.PROCORE, "refresh-vendors", "textbox", "Renew"), Unfit.ROLE),
        (Taught(Site.HH2, "settings", "button", "Start Sync"), Unfit.ANOTHER),
        (Taught(Site.HH2, "password", "button", "Renew"), Unfit.NOT_TAUGHT),
    ],
    ids=str,
)
async def test_what_may_not_be_taught_is_not_kept(house: House, label: Taught, why: Unfit) -> None:
    assert await house.teach(NAME, label) is why
    assert (await house.profile(NAME)).labels == ()


async def test_it_can_forbid_it_and_what_was_taught_is_then_not_used(house: House, own_home: Path) -> None:
    assert await house.teach(NAME, RENEW) is None
    (own_home / "config" / "policy.toml").write_text("teach = false  # ask IT\n", encoding="utf-8")
    assert await house.teach(NAME, GO) is Unfit.POLICY
    pointed = await house.point_at(NAME, Site.HH2, "start-sync", 0.0, lambda *_: None)
    assert pointed is not None
    assert pointed.unfit is Unfit.POLICY
    _, told = await carry_out(house, Wanted(tabs=()))
    planned = told.records[0].event
    assert isinstance(planned, RunPlanned)
    assert planned.taught == ()
    assert await house.forget_taught(NAME, RENEW.key), "it can be taken out all the same"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("teach = true", True),
        ("teach = false", False),
        ("teach = 'no'", False),
        ("teach = ", False),
    ],
)
def test_a_policy_that_is_not_understood_forbids(tmp_path: Path, text: str, allowed: bool) -> None:
    at = folders.Folders(tmp_path / "mine", tmp_path, tmp_path, tmp_path)
    machine = tmp_path / "machine"
    machine.mkdir()
    assert policy.may_teach(at, machine)
    (machine / "policy.toml").write_text(text, encoding="utf-8")
    assert policy.may_teach(at, machine) is allowed


def test_the_file_of_a_profile_keeps_labels_and_the_comments_around_them(admin: Admin) -> None:
    profile = profile_for(admin.served)
    taught = msgspec.structs.replace(profile, labels=(RENEW, GO))
    text = profile_writing.write_new(taught)
    assert profile_toml.read(text.encode(), NAME, "") == taught
    assert "[[labels]]" in text
    mine = text + "\n# mine\n"
    for wanted in (msgspec.structs.replace(profile, labels=(GO,)), profile, taught):
        again = profile_writing.rewrite(mine, wanted)
        assert again is not None
        assert profile_toml.read(again.encode(), NAME, "") == wanted
    plain = profile_writing.write_new(profile)
    assert "labels" not in plain
    added = profile_writing.rewrite(plain + "# mine\n", taught)
    assert added is not None
    assert "# mine" in added
    assert profile_toml.read(added.encode(), NAME, "") == taught


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('site = "sage"', "labels[0].site"),
        ('role = "textbox"', "labels[0].role"),
        ('name = " "', "labels[0].name"),
        ('action = "A b"', "labels[0].action"),
    ],
)
def test_a_label_that_is_wrong_in_the_file_is_named_with_its_line(line: str, what: str) -> None:
    key = line.split(" ", maxsplit=1)[0]
    usual = {"site": "procore", "action": "tool", "role": "link", "name": "Renew"}
    lines = ["[[labels]]", *(line if one == key else f'{one} = "{text}"' for one, text in usual.items())]
    with pytest.raises(Trouble) as met:
        profile_toml.read("\n".join(lines).encode(), "Acme", "Acme.toml")
    facts = met.value.problem.facts
    assert (facts["what"], facts["line"]) == (what, lines.index(line) + 1)
