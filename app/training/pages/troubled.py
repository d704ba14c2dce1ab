"""Where the pages of a site are not what they should be: the few places at which a page trouble shows."""

import msgspec

from app.domain.looks import Phase, SyncLook
from app.domain.tabs import Tab
from app.training import texts
from app.training.operations import Refresh
from app.training.pages.wording import Words, refresh_text
from app.training.stage import Stage
from app.training.troubles import STRUCK, PageTrait

_OTHER_START = {"en": "Run Now", "fr": "Lancer maintenant"}
_OTHER_BUTTON = {"en": "Refresh Vendor Directory", "fr": "Actualiser le répertoire des fournisseurs"}
_OTHER_END = {"en": "Wrapped up and tidied away, {at}", "fr": "Tout est rangé et bouclé, {at}"}
_FOR_EVER = {"en": "Sync {number} is running: 99 %.", "fr": "Synchronisation {number} en cours : 99 %."}


# ---------------------------------------------------------------- hh2


def hh2_words(stage: Stage, words: Words, language: str) -> Words:
    """The words of hh2's page; Start Sync may be called something else."""
    if stage.trouble.shows(PageTrait.LABEL_GONE, "hh2"):
        return {**words, "start": _OTHER_START[language]}
    return words


def sync(stage: Stage, seen: SyncLook, said: dict[int, str], language: str) -> tuple[SyncLook, str]:
    """What hh2's page shows of the latest sync, and its sentence."""
    latest = stage.world.syncs[-1]
    text = said[latest.number]
    under_way = seen.phase in (Phase.QUEUED, Phase.RUNNING)
    if stage.trouble.shows(PageTrait.NO_END, "hh2") and len(stage.world.syncs) > 1:
        seen = SyncLook(Phase.RUNNING, seen.mark, "", 0.99)
        return seen, _FOR_EVER[language].format(number=latest.number)
    if stage.trouble.shows(PageTrait.OLD_END, "hh2") and under_way and latest.number - 1 in said:
        return msgspec.structs.replace(seen, phase=Phase.DONE, progress=None), said[latest.number - 1]
    ours = latest if len(stage.world.syncs) > 1 and seen.phase is Phase.DONE else None
    if ours and ours.ends is not None and stage.trouble.shows(PageTrait.OTHER_END, "hh2"):
        return seen, _OTHER_END[language].format(at=texts.stamp(stage.world.at(ours.ends)))
    return seen, text


# ---------------------------------------------------------------- Procore


def links(stage: Stage, shown: list[tuple[str, str]], tool: str) -> list[tuple[str, str]]:
    """The company's navigation, as (address, name); `tool` is what ERP Integrations is called."""
    if stage.trouble.shows(PageTrait.TOOL_ABSENT, "procore"):
        return [link for link in shown if link[1] != tool]
    return shown


def tab_button(stage: Stage, tab: Tab, name: str, language: str) -> str | None:
    """What a tab's own button is called; None where it has none."""
    if tab is STRUCK and stage.trouble.shows(PageTrait.BUTTON_ABSENT, "procore"):
        return None
    if tab is STRUCK and stage.trouble.shows(PageTrait.LABEL_GONE, "procore"):
        return _OTHER_BUTTON[language]
    return name


def old_end(stage: Stage) -> bool:
    """True where a tab shows nothing of a refresh that is under way."""
    return stage.trouble.shows(PageTrait.OLD_END, "procore")


def refresh_said(stage: Stage, refresh: Refresh, phase: Phase, language: str) -> str:
    """What a tab says of a refresh."""
    if phase is Phase.DONE and stage.trouble.shows(PageTrait.OTHER_END, "procore"):
        return _OTHER_END[language].format(at=texts.stamp(stage.world.at(refresh.ends)))
    return refresh_text(language, refresh, phase, stage.world.at)


def is_hidden(stage: Stage, refresh: Refresh, now: float) -> bool:
    """True for a request that its tab does not show: one that is under way, or every one."""
    if stage.trouble.shows(PageTrait.NO_END, "procore"):
        return True
    earlier = any(
        other.number < refresh.number and (other.tab, other.job) == (refresh.tab, refresh.job)
        for other in stage.world.refreshes
    )
    return old_end(stage) and earlier and refresh.under_way(now)
