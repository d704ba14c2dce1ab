"""What the disk, the keyring or a file answered, in words: the ids that come as facts become phrases of a card."""

from app.domain.problems import Fact, Problem, ProblemId
from app.domain.tabs import Tab
from app.words.language import N_, _
from app.words.tabs import title as tab_title

_DISK: dict[str, str] = {
    "full": N_("the disk is full"),
    "read-only": N_("it can only be read"),
    "not-allowed": N_("this account may not write there"),
    "missing": N_("the folder is not there"),
    "too-long": N_("the path is too long"),
    "in-use": N_("another program holds it open"),
    "not-ours": N_("the folder belongs to another account"),
    "in-the-way": N_("there is already one of that name"),
}

_KEYRING: dict[str, str] = {
    "no-service": N_("there is none on this computer, or it does not run"),
    "locked": N_("it is locked, or was never set up"),
    "timeout": N_("it did not answer in time"),
    "error": N_("it answered with an error"),
}

_BROWSER: dict[str, str] = {
    "none-found": N_("None is installed, or a policy of your company forbids driving it"),
    "not-started": N_("It could not be started"),
    "closed": N_("Its window was closed while it was needed"),
}

_RIGHTS: dict[str, str] = {
    "button": N_("the tab's button is not there, or is greyed"),
    "tab": N_("the tab is not there"),
    "tool": N_("ERP Integrations is not there"),
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
    "driver-real": N_("the browser driver, or assisted"),
}


def in_words(problem: Problem) -> dict[str, Fact]:
    """The facts of a problem with what a card of DISK, KEYRING or FILE_BROKEN asks for: file, cause, what, expected,
    copy."""
    facts = dict(problem.facts)
    if problem.id is ProblemId.DISK:
        facts.setdefault("file", facts.get("path"))
        known = _DISK.get(str(facts.get("reason")))
        facts.setdefault("cause", _(known) if known else facts.get("detail"))
    elif problem.id is ProblemId.KEYRING:
        known = _KEYRING.get(str(facts.get("why")))
        facts.setdefault("cause", _(known) if known else None)
    elif problem.id is ProblemId.FILE_BROKEN:
        facts.setdefault("copy", facts.get("kept"))
        facts |= _broken(facts)
    elif problem.id is ProblemId.BROWSER:
        known = _BROWSER.get(str(facts.get("why")))
        facts.setdefault("cause", _(known) if known else None)
    elif problem.id is ProblemId.PRO_PERM:
        known = _RIGHTS.get(str(facts.get("what")))
        facts.setdefault("missing", _(known) if known else None)
    elif problem.id in (ProblemId.PRO_LABEL, ProblemId.HH2_LABEL):
        action = str(facts.get("action") or "")
        name = action.removeprefix("tab-")
        if action != name and name in {tab.value for tab in Tab}:
            facts.setdefault("label", tab_title(Tab(name)))
    return facts


def _broken(facts: dict[str, Fact]) -> dict[str, Fact]:
    if facts.get("newer"):
        return {"what": _("It was written by a newer version of this program"), "expected": None}
    if facts.get("missing"):
        return {"what": _("There is no such file"), "expected": None}
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
        what = _("it cannot be read")
    return {"what": what, "expected": _(known).format(choices=facts.get("choices") or "")}
