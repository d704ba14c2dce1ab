"""What one tab of Procore's tool shows: its button, its filters with counts, and what waits for an approver."""

from html import escape

from app.domain.looks import Phase
from app.domain.tabs import Tab
from app.training.pages import controls, dress, fields, layout, procore_ends, troubled
from app.training.pages.layout import CONTENT, PART, Site
from app.training.pages.markup import attributes, tag, text
from app.training.pages.wording import others, tab_button, tab_title
from app.training.stage import Stage

JOB_COSTS = (
    "/{company}/company/erp_integrations/job_costs"  # [C3] procore-wire.md, "One page seen on the wire"
)
TOOL = "/{company}/company/erp_integrations"  # [I]: what stands before the tab in the address above
TABS = "/{company}/training/erp/{tab}"
TEMPTATIONS = ("accept", "import", "reject", "archive")
_FILTERS = ("ready-to-import", "ready-to-export", "ready-to-update", "failed-to-export", "synced", "archived")
_MOST_ROWS = 25


def tab_address(stage: Stage, tab: Tab) -> str:
    """Where a tab's page lies."""
    pattern = JOB_COSTS if tab is Tab.JOB_COSTS else TABS
    return pattern.format(company=stage.papers.company_id, tab=tab.value)


def tabs(stage: Stage, site: Site, chosen: str) -> str:
    """The tool's name and its tabs; `chosen` is a tab's value, or "other-0" and so on."""
    look, company = site.look, stage.papers.company_id
    # Cost codes first and job costs last, the four that wait for an approver between [I].
    links: list[tuple[str, str, str, int | None]] = [
        (tab_address(stage, tab), tab_title(tab, look), tab.value, _staged(stage, tab)) for tab in Tab
    ]
    links[-1:-1] = [
        (f"/{company}/training/erp/other/{number}", shown, f"other-{number}", None)
        for number, shown in enumerate(others(look))
    ]
    target = None if look.frame == "none" else "_top"
    items = [
        tag(
            "li",
            tag(
                "a",
                dress.led(look, shown, count),
                href=address,
                target=target,
                aria_current="page" if key == chosen else None,
            ),
        )
        for address, shown, key, count in links
    ]
    named = site.words["tool"]
    inner = tag("nav", tag("ul", *items), aria_label=dress.spaced(look, named), class_="tabs")
    return tag("h1", dress.plain(look, named)) + inner


def _staged(stage: Stage, tab: Tab) -> int:
    return stage.world.waiting(tab).ready_to_import or 0


def content(stage: Stage, site: Site, tab: Tab, flash: str) -> list[str]:
    """Everything of a tab; `flash` is what the press before this page came to."""
    look = site.look
    section = tag(
        "section",
        tag("h2", dress.plain(look, tab_title(tab, look)), id="tab-title"),
        _tools(stage, site, tab),
        _filters(stage, site, tab),
        procore_ends.shown(stage, site, tab),
        _records(stage, site, tab),
        aria_labelledby="tab-title",
    )
    return [tabs(stage, site, tab.value), procore_ends.said(site, flash), section, _other(stage, site, tab)]


def _name(stage: Stage, site: Site, tab: Tab) -> str | None:
    return troubled.tab_button(stage, tab, tab_button(tab, site.look), site.look.language)


def _other(stage: Stage, site: Site, tab: Tab) -> str:
    words, named = site.words, _name(stage, site, tab)
    if named is None:
        return ""
    return controls.same_name(
        site.look, words["other"], named, words["other-about"], f"{site.never}/same-name?tab={tab.value}"
    )


def _tools(stage: Stage, site: Site, tab: Tab) -> str:
    look, words, world = site.look, site.words, stage.world
    if world.rights()[tab]:
        return text("p", words["read-only"].format(level=world.rights()[tab]))
    name = _name(stage, site, tab)
    if name is None:
        return ""
    within = look.frame != "none" and not look.new_tab
    address = tab_address(stage, tab) + "/refresh"
    target = "_blank" if look.new_tab else None
    press = _press(stage, site, tab, name)
    if tab is not Tab.JOB_COSTS:
        action = f"{address}?{PART}={CONTENT}" if within else address
        return tag("form", press, method="post", action=action, target=target, class_="tools")
    options = [(job.key, f"{job.code} - {job.name}") for job in world.jobs()]
    jobs = fields.choice(look, words["job"], "active_synced_projects", [("", words["job"]), *options], "")
    kept = f"<input{attributes(type='hidden', name=PART, value=CONTENT)}>" if within else ""
    return tag("form", jobs, press, kept, method="get", action=address, target=target, class_="tools")


def _press(stage: Stage, site: Site, tab: Tab, name: str) -> str:
    """The tab's own button, alone or in the menu of a row."""
    look, words = site.look, site.words
    busy = procore_ends.button_is_busy(stage, site, tab)
    off = busy or _is_off(stage, site, tab)
    asked = words.get(f"asks-{tab.value}", words["asks"])
    shown = controls.button(
        look,
        name,
        off=off,
        busy=busy,
        count=_staged(stage, tab),
        asks=asked if look.asks else "",
        role="menuitem" if look.row_menu else "",
    )
    placed = controls.with_twins(look, name, shown, f"{site.never}/hidden-twin?tab={tab.value}")
    never = f"{site.never}/archive?tab={tab.value}"
    return controls.in_row(look, tab_title(tab, look), placed, "tab", words, never, busy=busy)


def _is_off(stage: Stage, site: Site, tab: Tab) -> bool:
    if site.look.end != "row" or tab is Tab.JOB_COSTS or troubled.old_end(stage):
        return False
    return procore_ends.stirs(stage) and stage.world.tab_look(tab).phase in (Phase.QUEUED, Phase.RUNNING)


def _filters(stage: Stage, site: Site, tab: Tab) -> str:
    words, waiting = site.words, stage.world.waiting(tab)
    counts = {
        "ready-to-import": waiting.ready_to_import or 0,
        "failed-to-export": waiting.failed_to_export or 0,
    }
    here = tab_address(stage, tab)
    part = f"&{layout.PART}={CONTENT}" if site.look.frame != "none" else ""
    items = [
        tag(
            "li",
            tag(
                "a",
                dress.plain(site.look, f"{words[key]} ({counts.get(key, 0)})"),
                href=f"{here}?view={key}{part}",
            ),
        )
        for key in _FILTERS
    ]
    reason = text("p", waiting.first_failure, class_="error") if waiting.failed_to_export else ""
    return tag("div", tag("ul", *items), class_="filters") + reason


def _records(stage: Stage, site: Site, tab: Tab) -> str:
    """What waits to be imported, with the buttons of an accounting approver, which this program never presses."""
    words = site.words
    presses = _approvers(stage, site, tab)
    rows = []
    for record in list(stage.world.staged[tab].values())[:_MOST_ROWS]:
        code, name = escape(getattr(record, "code", "")), escape(getattr(record, "name", ""))
        rows.append(f"<tr><td>{code}</td><td>{name}</td><td>{presses}</td></tr>")
    head = "".join(f"<th>{escape(words[key])}</th>" for key in ("number", "name", "actions"))
    table = tag("table", f"<thead><tr>{head}</tr></thead>", tag("tbody", *rows))
    above = tag("div", presses, class_="tools")
    return tag("section", tag("h3", dress.plain(site.look, words["records"])), above, table)


def _approvers(stage: Stage, site: Site, tab: Tab) -> str:
    here = TABS.format(company=stage.papers.company_id, tab=tab.value)
    return "".join(
        tag(
            "form",
            tag("button", dress.plain(site.look, site.words[control])),
            method="post",
            action=f"{here}/never/{control}",
            style="display:inline",
        )
        for control in TEMPTATIONS
    )
