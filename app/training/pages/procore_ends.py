"""What Procore's tabs tell of their refreshes, as the skin has it: rows, a toast, a banner, the button, or a cell."""

from app.domain.looks import UNDER_WAY, Phase
from app.domain.tabs import Tab
from app.training import texts
from app.training.operations import Refresh
from app.training.pages import dress, ends, troubled
from app.training.pages.layout import Site
from app.training.pages.markup import tag, text
from app.training.pages.wording import tab_title
from app.training.records import SageJob
from app.training.stage import Stage

_RECENT = 8


def said(site: Site, flash: str) -> str:
    """What the press before this page came to: a tab's name that it begins, "busy", "no-right"."""
    look, words = site.look, site.words
    if flash not in {tab.value for tab in Tab}:
        shown = {"busy": texts.TAB_BUSY, "no-right": texts.NO_RIGHT}.get(flash, "")
        return text("div", shown, role="alert", class_="error") if shown else ""
    if look.end in ("banner", "button"):
        return ""
    tab = Tab(flash)
    key = "flash-job-costs" if tab is Tab.JOB_COSTS else "flash"
    told = words[key].format(title=tab_title(tab, look))
    return _toast(told) if look.end == "toast" else text("div", told, role="status", class_="flash")


def _toast(told: str) -> str:
    return text("div", told, role="status", class_="toast", data_stays=str(ends.TOAST_MS))


def stirs(stage: Stage) -> bool:
    """What other people do in a tab they begin after step 1: somebody who only looks around before it meets nobody."""
    return len(stage.world.syncs) > 1


def button_is_busy(stage: Stage, site: Site, tab: Tab) -> bool:
    """True where the button itself shows that a refresh is under way."""
    latest = _latest(stage, site, tab)[:1]
    return site.look.end == "button" and any(phase in UNDER_WAY for _, phase in latest)


def shown(stage: Stage, site: Site, tab: Tab) -> str:
    """What stands in the tab of its requests."""
    found = _latest(stage, site, tab)
    match site.look.end:
        case "row":
            return _rows(stage, site, found, "requests")
        case "toast":
            ended = [(one, phase) for one, phase in found if phase not in UNDER_WAY]
            return _news(stage, site, ended) + _rows(stage, site, ended, "log")
        case "banner":
            running = [_told(stage, site, *one) for one in found if one[1] in UNDER_WAY]
            over = text("div", running[0], role="status", class_="banner") if running else ""
            return over + _went_wrong(stage, site, found)
        case "synced":
            return _cells(stage, site, found) + _went_wrong(stage, site, found)
        case _:
            return _went_wrong(stage, site, found)


def _latest(stage: Stage, site: Site, tab: Tab) -> list[tuple[Refresh, Phase]]:
    """The latest requests of the tab with their phases, the newest first; of Job Costs the latest of each job."""
    world = stage.world
    if stirs(stage):
        world.tab_look(tab)
    now = world.settle()
    latest: dict[str | None, Refresh] = {}
    for one in reversed(world.refreshes):
        if one.tab is not tab or troubled.is_hidden(stage, one, now):
            continue
        latest.setdefault(one.job if tab is Tab.JOB_COSTS else str(one.number), one)
    return [
        (one, ends.phase_shown(site.look, one, one.phase(now), now))
        for one in list(latest.values())[:_RECENT]
    ]


def _code(stage: Stage, one: Refresh) -> str:
    job = stage.world.procore[SageJob].get(one.job) if one.job else None
    return job.code if job is not None else ""


def _told(stage: Stage, site: Site, one: Refresh, phase: Phase) -> str:
    told, code = troubled.refresh_said(stage, one, phase, site.look.language), _code(stage, one)
    return f"{code} - {told}" if code else told


def _rows(stage: Stage, site: Site, found: list[tuple[Refresh, Phase]], title: str) -> str:
    rows = []
    for one, phase in found:
        code = _code(stage, one)
        named = [text("td", code)] if code else []
        cell = text("td", troubled.refresh_said(stage, one, phase, site.look.language))
        rows.append(tag("tr", *named, cell))
    if not rows:
        rows = [tag("tr", text("td", site.words["no-requests"]))]
    return tag(
        "section", tag("h3", dress.plain(site.look, site.words[title])), tag("table", tag("tbody", *rows))
    )


def _news(stage: Stage, site: Site, ended: list[tuple[Refresh, Phase]]) -> str:
    """A toast for what ended since this tab was last shown."""
    news = [one for one in ended if one[0].number not in stage.toasted]
    stage.toasted.update(one.number for one, _ in news)
    return _toast(_told(stage, site, *news[0])) if news else ""


def _cells(stage: Stage, site: Site, found: list[tuple[Refresh, Phase]]) -> str:
    """When the tab, or each job of it, was last synced."""
    done = [(one, texts.stamp(stage.world.at(one.ends))) for one, phase in found if phase is Phase.DONE]
    title = site.words["last-synced"]
    rows = []
    for one, at in done if done and done[0][0].job else done[:1]:
        code = _code(stage, one)
        rows.append(tag("tr", *([text("td", code)] if code else []), text("th", title), text("td", at)))
    if not rows:
        rows = [tag("tr", text("th", title), text("td", "—"))]
    return tag("table", tag("tbody", *rows), class_="synced")


def _went_wrong(stage: Stage, site: Site, found: list[tuple[Refresh, Phase]]) -> str:
    """What did not end well is said in words, whatever the skin."""
    wrong = [one for one in found[:1] if one[1] in (Phase.FAILED, Phase.STALE)]
    return "".join(text("div", _told(stage, site, *one), role="alert", class_="error") for one in wrong)
