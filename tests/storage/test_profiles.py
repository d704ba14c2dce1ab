"""A company's profile: a documented file that the person may edit, strictly read, never lost."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import disk
from app.domain.filters import DateRange, Depth
from app.domain.problems import Fact, ProblemId, Trouble
from app.domain.profile import (
    DriverName,
    FieldFault,
    Hh2Settings,
    MatchSettings,
    ProcoreSettings,
    Profile,
    RunSettings,
    faults,
)
from app.domain.tabs import Tab
from app.storage import profile_toml, profile_writing, profiles
from app.storage.folders import Folders
from tests.storage.conftest import fill, read_only

ACME = Profile(
    "Acme",
    hh2=Hh2Settings(site="acme", user="dana"),
    procore=ProcoreSettings(
        company_id=562949953421312, company_name="Acme & Söhne", user="dana@acme.example"
    ),
    run=RunSettings(date_range=DateRange.PAST_MONTH, tabs=(Tab.VENDORS, Tab.JOBS), jobs=("24-001", '24 "x"')),
)

BY_HAND = """\
# Dana's own notes
version = 1
driver = "assisted"          # until IT allows more

hh2.site = "acme"            # asked Marc
hh2.user = 'dana'

[procore]
# the number stands in the address
company_id = 7_000_000       # seven million
login = "https://login-sandbox.procore.com"

[run]
tabs = [
    "vendors",   # first
    "jobs",
]
job_pause = 15
"""


def file_of(folders: Folders, name: str = "Acme") -> Path:
    return folders.profiles / f"{name}.toml"


def put(folders: Folders, text: str | bytes, name: str = "Acme") -> Path:
    path = file_of(folders, name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folders: Folders, name: str = "Acme") -> dict[str, Fact]:
    with pytest.raises(Trouble) as caught:
        profiles.read(folders, name)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    return caught.value.problem.facts


def kept(folders: Folders) -> list[Path]:
    return sorted(folders.profiles.glob("*.kept-*"))


# ---------------------------------------------------------------- the file


def test_a_profile_is_read_back_as_it_was_saved(folders: Folders) -> None:
    assert profiles.names(folders) == []
    assert profiles.save(folders, ACME) == []
    assert profiles.read(folders, "Acme") == ACME
    assert profiles.names(folders) == ["Acme"]


def test_a_new_file_says_what_every_setting_means_and_its_default(folders: Folders) -> None:
    profiles.save(folders, Profile("Acme"))
    text = file_of(folders).read_text()
    lines = text.splitlines()
    settings_of = [line for line in lines if " = " in line and not line.startswith("#")]
    expected = (
        sum(len(type(part).__struct_fields__) for part in (ACME.hh2, ACME.procore, ACME.run, ACME.match)) + 2
    )
    assert len(settings_of) == expected
    for line in settings_of:
        above = lines[lines.index(line) - 1]
        assert above.startswith("# "), line
        assert above == f"# Default: {line.partition(' = ')[2]}" or line == "version = 1"
    assert "No password" in text
    assert max(len(line) for line in lines) <= 120


PROFILES = st.builds(
    Profile,
    st.just("Acme"),
    st.sampled_from([DriverName.BROWSER, DriverName.ASSISTED]),
    st.builds(
        Hh2Settings,
        st.sampled_from(["", "acme", "acme-2_x"]),
        st.sampled_from(["", "https://hh2.example:8443"]),
        st.text(max_size=20),
        st.booleans(),
    ),
    st.builds(
        ProcoreSettings,
        st.integers(0, 2**62),
        st.text(max_size=20),
        st.text(max_size=20),
        st.just("https://login-sandbox.procore.com"),
        st.just("http://127.0.0.1:8080"),
        st.just("https://app.procore.com"),
        st.text(max_size=20),
        st.booleans(),
    ),
    st.builds(
        RunSettings,
        st.sampled_from(DateRange),
        st.sampled_from(Depth),
        st.lists(st.sampled_from(Tab), unique=True).map(tuple),
        st.lists(st.text(max_size=9), max_size=4).map(tuple),
        st.booleans(),
        st.integers(1, 1440),
        st.floats(0, 600),
        st.floats(1, 60),
        st.booleans(),
    ),
    st.builds(
        MatchSettings, st.integers(0, 3650), st.integers(1, 90), st.integers(1, 1000), st.integers(0, 10_000)
    ),
)


@given(PROFILES)
def test_any_profile_comes_back_from_a_new_file(profile: Profile) -> None:
    assert faults(profile) == []
    assert profile_toml.read(profile_writing.write_new(profile).encode(), "Acme", "f") == profile


@given(
    PROFILES,
    st.sampled_from([BY_HAND, BY_HAND.replace("\n", "\r\n"), "", "hh2 = { site = 'a' }\n", "[run]\n"]),
)
def test_any_change_keeps_the_persons_comments(profile: Profile, old: str) -> None:
    text = profile_writing.rewrite(old, profile)
    assert text is not None
    assert profile_toml.read(text.encode(), "Acme", "f") == profile
    for comment in ("# Dana's own notes", "# until IT allows more", "# asked Marc", "# the number stands"):
        assert (comment in text) == (comment in old)


def test_only_what_was_changed_is_written_anew(folders: Folders) -> None:
    path = put(folders, BY_HAND)
    profile = profiles.read(folders, "Acme")
    assert profile.driver is DriverName.ASSISTED
    profiles.save(folders, profile)
    assert path.read_text() == BY_HAND
    changed = msgspec.structs.replace(profile, hh2=msgspec.structs.replace(profile.hh2, site="other"))
    profiles.save(folders, changed)
    assert path.read_text() == BY_HAND.replace('"acme"', '"other"')
    assert kept(folders) == []


def test_a_setting_that_was_not_in_the_file_comes_with_its_comment(folders: Folders) -> None:
    path = put(folders, "[run]\ndepth = 'deep'\n")
    profile = profiles.read(folders, "Acme")
    profiles.save(
        folders, msgspec.structs.replace(profile, run=msgspec.structs.replace(profile.run, poll=2.0))
    )
    text = path.read_text()
    assert text.startswith("[run]\ndepth = 'deep'\n")
    assert "# Seconds between two looks at a page" in text
    assert "driver" not in text, "what stands at its default needs no line"


def test_a_file_from_notepad_is_read(folders: Folders) -> None:
    put(folders, b"\xef\xbb\xbf" + BY_HAND.replace("\n", "\r\n").encode())
    assert profiles.read(folders, "Acme").procore.company_id == 7_000_000


def test_addresses_are_used_as_they_are_not_as_they_were_pasted(folders: Folders) -> None:
    put(
        folders,
        '[hh2]\nsite = "HTTPS://Acme.hh2.com/#login"\n[procore]\nlogin = "https://Login.Procore.com:443/x"\n',
    )
    profile = profiles.read(folders, "Acme")
    assert profile.hh2.address == "https://acme.hh2.com"
    assert profile.procore.login == "https://login.procore.com"


def test_a_profile_with_faults_is_not_written(folders: Folders) -> None:
    wrong = Profile("con", hh2=Hh2Settings(site="no!site"), run=RunSettings(poll=0.1))
    assert [fault.path for fault in profiles.save(folders, wrong)] == ["name", "hh2.site", "run.poll"]
    assert profiles.names(folders) == []


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "x" * 61, "a\nb"])
def test_a_name_that_is_no_name_reaches_no_file(folders: Folders, name: str) -> None:
    assert profiles.save(folders, Profile(name))[0].expected == "profile-name"
    with pytest.raises(LookupError):
        profiles.read(folders, name)
    profiles.delete(folders, name)
    assert profiles.names(folders) == []


# ---------------------------------------------------------------- what is wrong, and where


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "value", "expected"),
    [
        ('driver = "assisted"', 'driver = "chrome"', 3, "driver", "chrome", "one-of"),
        ('hh2.site = "acme" ', 'hh2.site = 5', 5, "hh2.site", "5", "text"),
        ('hh2.site = "acme" ', 'hh2.site = "no!site" ', 5, "hh2.site", "no!site", "hh2-site"),
        ("7_000_000", '"seven"', 10, "procore.company_id", "seven", "whole-number"),
        ("7_000_000", "true", 10, "procore.company_id", "True", "whole-number"),
        ("7_000_000", "-7", 10, "procore.company_id", "-7", "company-id"),
        ('"https://login-', '"http://login-', 11, "procore.login", "http://login-sandbox.procore.com", "address"),
        ('    "jobs",', '    "job",', 16, "run.tabs[1]", "job", "one-of"),
        ("tabs = [", "jobs = 'all'\ntabs = [", 14, "run.jobs", "all", "list"),
        ("job_pause = 15", "job_pause = nan", 18, "run.job_pause", "nan", "seconds-0-600"),
        ("job_pause = 15", "go_on = 1", 18, "run.go_on", "1", "true-or-false"),
        ("job_pause = 15", "pause = 15", 18, "run.pause", "", "known-setting"),
        ("[run]", "[runs]", 13, "runs", "", "known-setting"),
        ("version = 1", "version = 1\nname = 'Other'", 3, "name", "Other", "known-setting"),
        ("version = 1", "version = 'one'", 2, "version", "one", "whole-number"),
        ("job_pause = 15", "job_pause = ", 18, "", "job_pause", "toml"),
        ("\n]\n", "\n", 17, "", "job_pause", "toml"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_what_was_expected(
    folders: Folders, old: str, new: str, line: int, what: str, value: str, expected: str
) -> None:
    assert BY_HAND.count(old) == 1
    path = put(folders, BY_HAND.replace(old, new))
    facts = refused(folders)
    assert (facts["line"], facts["what"], facts["value"], facts["expected"]) == (line, what, value, expected)
    assert facts["file"] == str(path)
    if expected == "one-of":
        assert "vendors" in str(facts["choices"]) or "browser" in str(facts["choices"])


def test_a_password_typed_into_the_file_is_not_repeated(folders: Folders) -> None:
    for line in ('password = "canary-4711"', 'password = "canary-4711', "password canary-4711"):
        put(folders, BY_HAND + line + "\n")
        facts = refused(folders)
        assert facts["line"] == 19
        assert "canary-4711" not in str(facts) or "=" not in line


def test_other_faults_are_counted(folders: Folders) -> None:
    put(folders, "[run]\npoll = 0\njob_pause = -1\nproof_minutes = 0\n")
    assert (refused(folders)["what"], refused(folders)["more"]) == ("run.proof_minutes", 2)


def test_what_is_not_text_and_what_is_far_too_large_is_said(folders: Folders) -> None:
    put(folders, BY_HAND.encode() + b"# caf\xe9\n")
    assert (refused(folders)["expected"], refused(folders)["line"]) == ("utf-8", 19)
    put(folders, b"#" * 300_000)
    assert refused(folders)["expected"] == "small-file"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_whatever_leads_to_anything_but_a_profile_or_a_named_fault(data: bytes) -> None:
    try:
        assert isinstance(profile_toml.read(data, "Acme", "f"), Profile)
    except Trouble as trouble:
        if trouble.problem.id is not ProblemId.FILE_BROKEN:
            raise


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_value_in_any_place_is_taken_or_named_at_its_line(data: st.DataObject) -> None:
    document = tomllib.loads(BY_HAND)
    section = data.draw(st.sampled_from(["hh2", "procore", "run"]))
    name = data.draw(st.sampled_from(sorted(type(getattr(ACME, section)).__struct_fields__)))
    document[section] = {name: data.draw(ODD.filter(lambda value: value is not None))}
    try:
        import tomlkit

        text = tomlkit.dumps(document)
        tomllib.loads(text)
    except (ValueError, TypeError, AttributeError):
        return  # not a value that TOML has
    try:
        profile_toml.read(text.encode(), "Acme", "f")
    except Trouble as trouble:
        line = int(str(trouble.problem.facts["line"]))
        here = "\n".join(text.split("\n")[line - 1 : line + 40])
        assert name in here or f"[{section}" in here


# ---------------------------------------------------------------- never lost


@pytest.mark.parametrize(
    "text",
    ["driver = 'chrome'\n", "version = 2\nnew_thing = 1\n", "= nothing", "\x00\x01"],
    ids=["wrong", "newer", "no toml", "bytes"],
)
def test_a_save_over_a_file_that_cannot_be_used_keeps_it_aside(folders: Folders, text: str) -> None:
    path = put(folders, text)
    assert profiles.save(folders, ACME) == []
    assert profiles.read(folders, "Acme") == ACME
    assert [each.read_text() for each in kept(folders)] == [text]
    assert kept(folders)[0].name.startswith(f"{path.name}.kept-")
    assert profiles.names(folders) == ["Acme"], "a kept copy is no profile"


def test_a_file_of_a_newer_version_is_called_that(folders: Folders) -> None:
    put(folders, "\nversion = 2\ndriver = 'mind reading'\n")
    facts = refused(folders)
    assert (facts["newer"], facts["version"], facts["line"]) == (True, 2, 2)
    assert profiles.names(folders) == ["Acme"]


def test_a_full_disk_leaves_the_old_profile(tiny_disk: Path) -> None:
    folders = Folders(*(tiny_disk / name for name in ("config", "data", "log", "run")))
    profiles.save(folders, ACME)
    fill(tiny_disk)
    with pytest.raises(Trouble) as caught:
        profiles.save(folders, msgspec.structs.replace(ACME, driver=DriverName.ASSISTED))
    assert caught.value.problem.facts["why"] == "full"
    assert profiles.read(folders, "Acme") == ACME


def test_a_read_only_folder_is_said(folders: Folders) -> None:
    profiles.save(folders, ACME)
    with read_only(folders.profiles):
        for attempt in (
            lambda: profiles.save(folders, msgspec.structs.replace(ACME, driver=DriverName.ASSISTED)),
            lambda: profiles.save(folders, msgspec.structs.replace(ACME, name="New"), replaces="Acme"),
            lambda: profiles.delete(folders, "Acme"),
        ):
            with pytest.raises(Trouble) as caught:
                attempt()
            assert caught.value.problem.id is ProblemId.DISK
    assert profiles.read(folders, "Acme") == ACME


# ---------------------------------------------------------------- names


def test_two_profiles_cannot_differ_by_case_alone(folders: Folders) -> None:
    profiles.save(folders, Profile("École"))
    taken = [FieldFault("name", "éCOLE", "profile-name-taken")]
    assert profiles.save(folders, Profile("éCOLE")) == taken
    profiles.save(folders, ACME)
    assert profiles.save(folders, Profile("éCOLE"), replaces="Acme") == taken
    assert profiles.save(folders, Profile("E\u0301cole", DriverName.ASSISTED)) == [], (
        "the same name, composed otherwise"
    )
    assert profiles.names(folders) == ["Acme", "École"]
    assert profiles.read(folders, "ÉCOLE") == Profile("École", DriverName.ASSISTED)
    assert profiles.spelt(folders, " E\u0301COLE") == "École"
    assert profiles.spelt(folders, "Ecole") is None


def test_a_rename_takes_file_comments_and_data_along(folders: Folders) -> None:
    put(folders, BY_HAND)
    (folders.of_profile_ready("Acme") / "ledger.sqlite").write_bytes(b"history")
    profile = profiles.read(folders, "Acme")
    assert profiles.save(folders, msgspec.structs.replace(profile, name="New Acme"), replaces="Acme") == []
    assert profiles.names(folders) == ["New Acme"]
    assert file_of(folders, "New Acme").read_text() == BY_HAND
    assert (folders.of_profile("New Acme") / "ledger.sqlite").read_bytes() == b"history"
    assert not folders.of_profile("Acme").exists()


def test_a_rename_may_change_the_case_alone(folders: Folders) -> None:
    profiles.save(folders, ACME)
    assert profiles.save(folders, msgspec.structs.replace(ACME, name="ACME"), replaces="Acme") == []
    assert profiles.names(folders) == ["ACME"]


def test_a_rename_never_writes_over_another_companys_data(folders: Folders) -> None:
    profiles.save(folders, ACME)
    folders.of_profile_ready("Acme")
    (folders.of_profile_ready("Old") / "ledger.sqlite").write_bytes(b"of a profile whose file was lost")
    with pytest.raises(Trouble) as caught:
        profiles.save(folders, msgspec.structs.replace(ACME, name="Old"), replaces="Acme")
    assert caught.value.problem.facts["why"] == "in-the-way"
    assert profiles.names(folders) == ["Acme"]


def test_deleting_takes_the_data_along(folders: Folders) -> None:
    profiles.save(folders, ACME)
    disk.write(folders.of_profile_ready("Acme") / "x", b"x")
    profiles.delete(folders, "acme")
    assert profiles.names(folders) == []
    assert not folders.of_profile("Acme").exists()
    with pytest.raises(LookupError):
        profiles.read(folders, "Acme")
