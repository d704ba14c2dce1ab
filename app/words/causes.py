"""What the disk, the keyring or a file answered, in words: the ids that come as facts become phrases of a card."""

from app.domain.problems import Fact, Problem, ProblemId
from app.domain.tabs import Tab
from app.words.language import N_, _
from app.words.sites import Who
from app.words.tabs import button as tab_button
from app.words.tabs import title as tab_title

_DISK = {
    "full": N_("the disk is full"),
    "read-only": N_("it can only be read"),
    "not-allowed": N_("this account may not write there"),
    "missing": N_("the folder is not there"),
    "too-long": N_("the path is too long"),
    "in-use": N_("another program holds it open"),
    "not-ours": N_("the folder belongs to another account"),
    "in-the-way": N_("there is already one of that name"),
}

_KEYRING = {
    "no-service": N_("there is none on this computer, or it does not run"),
    "locked": N_("it is locked, or was never set up"),
    "timeout": N_("it did not answer in time"),
    "error": N_("it answered with an error"),
}

_BROWSER = {
    "none-found": N_("None is installed, or a policy of your company forbids driving it"),
    "not-installed": N_("The part of this program that drives a browser is not installed here"),
    "forbidden": N_("A policy of your company forbids driving it"),
    "not-started": N_("It could not be started"),
    "closed": N_("Its window was closed while it was needed"),
    "no-display": N_("There is no screen here to show it on"),
}

_CONNECT = {
    "not-connected": N_("Nobody has signed in for them yet, or the app is another one now"),
    "lost-refresh": N_(
        "The kept sign-in was sent to be renewed and no answer came; it works once, so it is not sent again"
    ),
    "refused": N_("Procore no longer accepts the kept sign-in"),
    "lost-code": N_("The code was sent and no answer came; it works once, so it is not sent again"),
    "code-refused": N_("Procore did not accept the code: it was used before, or is older than ten minutes"),
    "wrong-state": N_(
        "What came back is no answer to the question that was asked (its state is wrong or missing), and was not used"
    ),
    "no-code": N_("What came back holds no code"),
    "denied": N_("It was not allowed on Procore's page"),
    "given-up": N_("Nobody allowed it in time, or the window was closed"),
}

_RIGHTS = {
    "button": N_("the tab's button, or it is greyed"),
    "tab": N_("the tab itself"),
    "tool": N_("the ERP Integrations tool"),
    "level": N_("more than {level} on ERP Integrations"),
}

_LABELS = {
    "not-reachable": N_("it is greyed or covered"),
    "not-shown": N_("its page did not come"),
    "not-offered": N_("it is not offered there"),
    "forbidden": N_("it bears a name that this program never presses"),
    "elsewhere": N_("it belongs to another site's page"),
}

_UNPRESSED = {
    "nobody": N_("nobody pressed it in time"),
    "left-out": N_("you left it out"),
    "other": N_("it was pressed for another job"),
    "stopped": N_("the run was stopped before"),
}

_WHY: dict[ProblemId, dict[str, str]] = {
    ProblemId.DISK: _DISK,
    ProblemId.KEYRING: _KEYRING,
    ProblemId.BROWSER: _BROWSER,
    ProblemId.PRO_CONNECT: _CONNECT,
    ProblemId.PRO_PERM: _RIGHTS,
    ProblemId.PRO_LABEL: _LABELS,
    ProblemId.HH2_LABEL: _LABELS,
    ProblemId.NOT_PRESSED: _UNPRESSED,
}

_ACTIONS = {
    "user": N_("User name"),
    "password": N_("Password"),
    "sign-in": N_("Sign in"),
    "log-in": N_("Log in"),
    "quick-menu": N_("Quick Menu"),
    "settings": N_("Settings"),
    "accounting-sync": N_("Accounting Sync"),
    "date-range": N_("Date range"),
    "depth": N_("Depth"),
    "apply": N_("Apply Settings"),
    "start-sync": N_("Start Sync"),
    "tool": N_("ERP Integrations"),
    "job": N_("Select a Job"),
}

_TABLE = {
    "empty": N_("It is empty"),
    "too-large": N_("It is larger than this program reads, or would be once it is unpacked"),
    "not-text": N_("It holds bytes that no text has"),
    "columns": N_("Its headings were not recognised: a column that is needed has none"),
    "missing": N_("There is no such file"),
}

_EXPECTED: dict[str, str] = {
    "one-of": N_("one of {choices}"),
    "whole-number": N_("a whole number"),
    "number": N_("a number"),
    "text": N_("a text in quotation marks"),
    "true-or-false": N_("true or false"),
    "list": N_("a list in square brackets"),
    "section": N_("a section with settings of its own"),
    "known-setting": N_("a setting that this program knows"),
    "toml": N_("a setting as name = value"),
    "utf-8": N_("text saved as UTF-8"),
    "small-file": N_("a file of some thousand characters"),
    "json": N_("a file as this program wrote it"),
    "ledger": N_("a ledger as this program wrote it"),
    "profile-name": N_("the name of a company"),
    "hh2-site": N_("the name of an hh2 site, such as yourcompany"),
    "address": N_("an address that begins with https://"),
    "company-id": N_("the number of your company in Procore"),
    "minutes-1-1440": N_("minutes between 1 and 1440"),
    "seconds-0-600": N_("seconds between 0 and 600"),
    "seconds-1-60": N_("seconds between 1 and 60"),
    "days-0-3650": N_("days between 0 and 3650"),
    "percent-1-90": N_("per cent between 1 and 90"),
    "records-1-1000": N_("a number of records between 1 and 1000"),
    "records-0-10000": N_("a number of records between 0 and 10000"),
    "driver-real": N_("the browser driver, or assisted"),
}


def who(problem: Problem, usually: Who) -> Who:
    """Who can put it right; a file that was chosen to be read is the affair of whoever chose it."""
    chosen = problem.id is ProblemId.FILE_BROKEN and problem.facts.get("expected") == "table"
    return Who.CONTROLLER if chosen else usually


def in_words(problem: Problem) -> dict[str, Fact]:
    """The facts of a problem (`app.domain.problem_facts`) with ids as phrases: cause, label, what is wrong with a file.

    An id that has no phrase is left out, so that the card says the sentence without it."""
    facts = dict(problem.facts)
    known = _WHY.get(problem.id)
    if known is not None and "why" in facts:
        facts["why"] = _why(known, str(facts["why"]), facts.get("level"))
    if "action" in facts:
        facts["action"] = label(str(facts["action"]))
    if problem.id is ProblemId.FILE_BROKEN:
        facts |= _broken(facts)
    return facts


def _why(known: dict[str, str], why: str, level: Fact) -> str | None:
    phrase = known.get(why)
    if phrase is None or (why == "level" and not level):
        return None
    return _(phrase).format(level=level)


def label(action: str) -> str | None:
    """What a page calls the control of this action."""
    for prefix, name_of in (("tab-", tab_title), ("refresh-", tab_button)):
        name = action.removeprefix(prefix)
        if name != action and name in {tab.value for tab in Tab}:
            return name_of(Tab(name))
    known = _ACTIONS.get(action.partition(":")[0])
    return _(known) if known else None


def _broken(facts: dict[str, Fact]) -> dict[str, Fact]:
    anew: dict[str, Fact] = {"ledger": _("new history")} if facts.get("ledger") else {}
    return _what_is_broken(facts) | anew


def _what_is_broken(facts: dict[str, Fact]) -> dict[str, Fact]:
    if facts.get("newer"):
        return {"what": _("It was written by a newer version of this program"), "expected": None}
    if facts.get("missing"):
        return {"what": _("There is no company of this name"), "expected": None}
    if facts.get("expected") == "table":
        what = _(_TABLE.get(str(facts.get("what")), N_("It is not what its name says, or it is damaged")))
        return {"what": what, "expected": None, "table": facts.get("file")}
    known = _EXPECTED.get(str(facts.get("expected")))
    if known is None:
        return {}
    setting, value = facts.get("what") or "", facts.get("value") or ""
    if setting and value:
        what = _("{setting} is “{value}”").format(setting=setting, value=value)
    elif setting:
        what = _("{setting} cannot be used").format(setting=setting)
    elif value:
        what = _("“{value}” cannot be read").format(value=value)
    else:
        what = _("it cannot be read") if facts.get("line") else _("It cannot be read")
    return {"what": what, "expected": _(known).format(choices=facts.get("choices") or "")}
