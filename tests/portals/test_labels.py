"""The label tables: checked when they are read, and never at odds with the names that are not pressed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Site
from app.domain.filters import DateRange, Depth
from app.domain.looks import Phase
from app.domain.tabs import TABS, Tab
from app.portals.forbidden import is_forbidden
from app.portals.labels import LabelsBroken, labels, read_labels
from app.resources import resource
from app.training.pages.skins import skin
from app.training.pages.wording import depths, others, ranges, tab_button, tab_title

PROCORE, HH2 = labels(Site.PROCORE), labels(Site.HH2)
# The words of both editions, in both languages.
LOOKS = [skin(name, language) for name in ("plain", "plain+older=true") for language in ("en", "fr")]
NEVER = (
    *("Accept", "Import", "Export", "Reject", "Unlink", "Archive", "Delete", "Approve", "Send"),
    *(
        "Accepter",
        "Importer",
        "Exporter",
        "Rejeter",
        "Dissocier",
        "Archiver",
        "Supprimer",
        "Approuver",
        "Envoyer",
    ),
)


@pytest.mark.parametrize("tab", list(Tab))
def test_every_tab_and_its_button_bear_the_words_of_the_procedure(tab: Tab) -> None:
    assert PROCORE.controls[f"tab-{tab.value}"].bears(TABS[tab].title)
    assert PROCORE.controls[f"refresh-{tab.value}"].bears(TABS[tab].button)
    for look in LOOKS:
        assert PROCORE.controls[f"tab-{tab.value}"].bears(tab_title(tab, look))
        assert PROCORE.controls[f"refresh-{tab.value}"].bears(tab_button(tab, look))


def test_no_tab_is_taken_for_another_nor_for_one_without_an_on_demand_sync() -> None:
    for look in LOOKS:
        for tab in Tab:
            bearing = {one for one in Tab if PROCORE.controls[f"tab-{one.value}"].bears(tab_title(tab, look))}
            assert bearing == {tab}
        for title in others(look):
            assert not any(PROCORE.controls[f"tab-{one.value}"].bears(title) for one in Tab)


def test_every_range_and_depth_has_its_words() -> None:
    for look in LOOKS:
        for date_range, words in ranges(look).items():
            assert HH2.controls["date-range"].options.keys() == {one.value for one in DateRange}
            assert labels_of(HH2.controls["date-range"].options, words) == [date_range.value]
        for depth, words in depths(look).items():
            assert HH2.controls["depth"].options.keys() == {one.value for one in Depth}
            assert labels_of(HH2.controls["depth"].options, words) == [depth.value]


def labels_of(options: dict[str, frozenset[str]], words: str) -> list[str]:
    from app.portals.folding import fold

    return [key for key, names in options.items() if fold(words) in names]


@pytest.mark.parametrize("name", NEVER)
@pytest.mark.parametrize("table", [PROCORE, HH2], ids=["procore", "hh2"])
def test_the_names_that_are_never_pressed_are_known_in_both_languages(table: "object", name: str) -> None:
    from app.portals.labels import Table

    assert isinstance(table, Table)
    for shown in (name, name.upper(), f"{name} (3)", f" {name}… ", f"{name}\u00a012"):
        assert is_forbidden(table, [shown])
        assert is_forbidden(table, ["Refresh Vendor List", shown])


@pytest.mark.parametrize(
    "name", ["Ready to Import (3)", "Failed to Export", "Importance", "Refresh Vendor List", ""]
)
def test_a_filter_or_a_longer_name_is_not_one_of_them(name: str) -> None:
    assert not is_forbidden(PROCORE, [name])


@given(st.sampled_from(sorted(PROCORE.never)))
def test_no_control_that_may_be_pressed_bears_a_name_that_may_not(name: str) -> None:
    assert not any(control.bears(name) for control in PROCORE.controls.values() if control.press)


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        ("Job Costs Will Begin Syncing", Phase.QUEUED),
        ("Request 7 is in progress.", Phase.RUNNING),
        ("Request 7: success, 2026-11-24 02:20:23 UTC. 5 updated, 0 ready to import.", Phase.DONE),
        ("Request 7: failed. The ERP connector did not answer.", Phase.FAILED),
        ("Completed with 3 errors", Phase.FAILED),
        ("Completed with 0 errors", Phase.DONE),
        ("Request 7: stale.", Phase.STALE),
        ("This list is already being refreshed.", Phase.RUNNING),
        ("The last refresh was not completed", Phase.FAILED),
        ("When the refresh has finished, import the records", None),
        ("Importing begins once it is completed", None),
        ("It will be completed soon", None),
        ("Never refreshed", None),
        ("Failed to Export (3)", None),
        ("Ready to Import", None),
        ("La demande n'est pas terminée", None),
        ("Demande 7 : réussie", Phase.DONE),
        ("Demande 7 : échec", Phase.FAILED),
        ("Vendors", None),
        ("", None),
    ],
)
def test_what_procores_sentences_say_of_a_refresh(said: str, phase: Phase | None) -> None:
    assert PROCORE.phase_of(said) is phase


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        ("The sync has successfully completed.", Phase.DONE),
        ("Sync 42 was requested by C; waiting for the sync client on the Sage server.", None),
        ("Waiting for the sync client.", Phase.QUEUED),
        ("Sync 42 is waiting: the sync client on the Sage server is offline.", None),
        ("The sync client is offline.", Phase.OFFLINE),
        ("La synchronisation est en cours : 40 %", Phase.RUNNING),
        ("Synchronisation terminée avec succès", Phase.DONE),
    ],
)
def test_what_hh2s_sentences_say_of_a_sync(said: str, phase: Phase | None) -> None:
    if phase is not None:
        assert HH2.phase_of(said) is phase


def test_an_age_is_left_out_of_what_is_compared() -> None:
    assert HH2.without_ages("Completed 2 minutes ago") == HH2.without_ages("Completed 3 minutes ago")
    assert HH2.without_ages("Terminée il y a 2 heures") == HH2.without_ages("Terminée il y a 1 heure")
    assert HH2.without_ages("Sync 41 completed") != HH2.without_ages("Sync 42 completed")


SOUND = resource("portals", "procore.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["C", "en", "Refresh Vendor List"]', '["X", "en", "Refresh Vendor List"]', "X"),
        ('["C", "en", "Refresh Vendor List"]', '["C", "de", "Refresh Vendor List"]', "de"),
        ('["C", "en", "Refresh Vendor List"]', '["C", "en", ""]', "length"),
        ('["C", "en", "Refresh Vendor List"]', '["C", "en", "Import"]', "never pressed"),
        ('section = "vendors"', 'section = "venders"', "venders"),
        ("press = true", "press = 7", "bool"),
        ("press = true", "press = true\nclick = true", "click"),
        ('site = "procore"', 'site = "other"', "other"),
        ("[never]", "[never", "TOML|Expected|Invalid|expected"),
        ('names_of = "vendors"', "", "no names"),
    ],
)
def test_a_table_with_a_mistake_is_named_and_not_used(old: str, new: str, told: str) -> None:
    assert old in SOUND
    with pytest.raises(LabelsBroken, match=told):
        read_labels(SOUND.replace(old, new, 1).encode())
