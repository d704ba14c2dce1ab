"""What hh2's one page shows: its sign-in, its home, Accounting Sync with its start, and Sync Filters."""

from app.training.pages import controls, dress, fields
from app.training.pages.layout import Site
from app.training.pages.markup import tag, text
from app.training.pages.wording import depths, ranges

_COUNTS = {"accounting-sync": 1, "settings": 2, "start": 3}


def menu_count(key: str) -> int | None:
    """The count behind a name of the navigation, where skins show counts."""
    return _COUNTS.get(key)


def views(site: Site) -> list[str]:
    """All views; the page's script shows the one of its hash."""
    return [_login(site), _home(site), _sync(site), _other(site)]


def _login(site: Site) -> str:
    look, words = site.look, site.words
    form = tag(
        "form",
        text("div", "", id="login-error", role="alert", class_="error", hidden=True),
        fields.field(look, words["user"], "user", hint="username"),
        fields.field(look, words["password"], "password", kind="password", hint="current-password"),
        controls.button(look, words["log-in"], id_="log-in"),
        id="login-form",
    )
    return tag("section", tag("h2", dress.plain(look, words["log-in"])), form, data_view="login", hidden=True)


def _home(site: Site) -> str:
    title = tag("h2", dress.plain(site.look, site.words["home"]))
    return tag("section", title, text("p", site.words["welcome"]), data_view="home", hidden=True)


def _sync(site: Site) -> str:
    look, words = site.look, site.words
    failures = tag(
        "section",
        tag("h3", dress.plain(look, words["failures"])),
        tag("ul", id="failure-list"),
        id="failures",
        hidden=True,
    )
    return tag(
        "section",
        tag("h2", dress.plain(look, words["accounting-sync"])),
        tag(
            "div",
            _settings(site),
            " ",
            _start(site),
            class_="tools",
        ),
        *_said(site),
        text("div", "", id="unreadable", role="alert", class_="error", hidden=True),
        failures,
        _filters(site),
        _rows(site),
        data_view="sync settings",
        hidden=True,
    )


def _settings(site: Site) -> str:
    framed = site.look.frame != "none"
    shown = dress.led(site.look, site.words["settings"], _COUNTS["settings"])
    return tag("a", shown, href="/#settings" if framed else "#settings", target="_top" if framed else None)


def _start(site: Site) -> str:
    look, words = site.look, site.words
    shown = controls.button(
        look,
        words["start"],
        id_="start",
        submit=False,
        count=_COUNTS["start"],
        asks=words["start-asks"] if look.asks else "",
        role="menuitem" if look.row_menu else "",
    )
    placed = controls.with_twins(look, words["start"], shown, f"{site.never}/hidden-twin")
    return controls.in_row(
        look, words["accounting-sync"], placed, "start", words, f"{site.never}/archive", busy=False
    )


def _said(site: Site) -> list[str]:
    """Where the page tells of the latest sync."""
    named = site.words["accounting-sync"]
    bar = tag("progress", id="progress", max="1", value="0", hidden=True, aria_label=named)
    return [
        text("div", "", id="answer", role="status", hidden=True),
        text("div", "", id="banner", role="status", class_="banner", hidden=True),
        text("div", "", id="status", role="status", hidden=True),
        bar,
    ]


def _rows(site: Site) -> str:
    """The earlier syncs, or the log, or the cell "last synced": as the skin has it."""
    look, words = site.look, site.words
    if look.end == "synced":
        row = tag("tr", tag("th", dress.plain(look, words["last-synced"])), text("td", "", id="synced"))
        return tag("table", tag("tbody", row), class_="synced")
    if look.end not in ("row", "toast"):
        return ""
    named = words["history" if look.end == "row" else "log"]
    table = tag("table", tag("tbody", id="history"))
    return tag("section", tag("h3", dress.plain(look, named)), table)


def _filters(site: Site) -> str:
    look, words = site.look, site.words
    offered = [(key.value, shown) for key, shown in ranges(look).items()]
    deep = [(key.value, shown) for key, shown in depths(look).items()]
    apply = controls.button(look, words["apply"], id_="apply", submit=False, count=1)
    inner = tag(
        "div",
        fields.choice(look, words["date-range"], "date-range", offered, ""),
        fields.choice(look, words["depth"], "depth", deep, ""),
        text("p", "", id="about"),
        controls.with_twins(look, words["apply"], apply, f"{site.never}/hidden-twin"),
        id="filters",
        hidden=True,
    )
    return tag(
        "section",
        tag("h3", dress.plain(look, words["sync-filters"])),
        inner,
        text("div", "", id="applied", role="status", class_="flash", hidden=True),
        data_view="settings",
        hidden=True,
    )


def _other(site: Site) -> str:
    words = site.words
    return controls.same_name(
        site.look,
        words["other"],
        words["start"],
        words["other-about"],
        f"{site.never}/same-name",
        view="sync settings",
    )
