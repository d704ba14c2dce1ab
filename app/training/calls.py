"""The names of the calls that a driver or a service makes, for faults and for the log."""

from fnmatch import fnmatchcase

# (method, pattern of the path, name of the call); the first that fits counts. The pages add theirs with `register`.
HH2: list[tuple[str, str, str]] = [
    ("POST", "/training/sign-in", "hh2.sign-in"),
    ("GET", "/training/who", "hh2.who"),
    ("GET", "/training/filters", "hh2.filters.read"),
    ("POST", "/training/filters", "hh2.filters.apply"),
    ("GET", "/training/sync", "hh2.sync.look"),
    ("POST", "/training/sync/start", "hh2.sync.start"),
    ("POST", "/Api/Security/V3/Session.svc/authenticate", "hh2.rest.sign-in"),
    ("POST", "/WebServices/Authentication.svc", "hh2.soap"),
    ("POST", "/Synchronization/RequestService.svc/status/*", "hh2.rest.status"),
    ("GET", "/Synchronization/EventService.svc/*", "hh2.rest.failures"),
    ("GET", "/*/Api/V1/*", "hh2.rest.read"),
]
PROCORE: list[tuple[str, str, str]] = [
    ("POST", "/training/sign-in", "procore.sign-in"),
    ("GET", "/training/who", "procore.who"),
    ("GET", "/training/rights", "procore.rights"),
    ("GET", "/training/jobs", "procore.jobs"),
    ("GET", "/training/tabs/*", "procore.tab.look"),
    ("POST", "/training/tabs/*/press", "procore.tab.press"),
    ("POST", "/oauth/token", "procore.oauth.token"),
    ("POST", "/oauth/authorize", "procore.oauth.answer"),
    ("POST", "/oauth/revoke", "procore.oauth.revoke"),
    ("*", "/oauth/*", "procore.oauth"),
    ("GET", "/rest/v1.0/settings/permissions", "procore.rest.permissions"),
    ("GET", "/rest/*", "procore.rest.read"),
]
_TABLES: dict[str, list[tuple[str, str, str]]] = {"hh2": HH2, "procore": PROCORE, "elsewhere": []}


def register(site: str, method: str, pattern: str, call: str) -> None:
    """Name a call of the pages of a site; asked before those named already."""
    table = _TABLES[site]
    if (method, pattern, call) not in table:
        table.insert(0, (method, pattern, call))


def name_of(site: str, method: str, path: str) -> str:
    """The name of a call; empty for one that has none."""
    for wanted, pattern, call in _TABLES[site]:
        if wanted in ("*", method) and fnmatchcase(path, pattern):
            return call
    return ""
