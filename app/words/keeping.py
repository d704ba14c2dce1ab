"""Where a password goes, and what is known of it, without saying it."""

import sys

from app.domain.events import Site
from app.words.language import _, ngettext
from app.words.sites import site as site_name


def store() -> str:
    """What this computer keeps passwords in."""
    if sys.platform == "win32":  # only on Windows
        return _("Windows Credential Manager")
    if sys.platform == "darwin":  # only on macOS
        return _("the macOS Keychain")
    return _("this desktop's keyring")


def where(remember: bool, available: bool = True) -> str:
    """The line beside a password: where it goes."""
    if not available:
        return _("{store} is not available: the password is used for this run only and not saved.").format(
            store=store().capitalize() if store()[0].islower() else store()
        )
    if remember:
        return _("Saved in {store}, never in a file.").format(store=store())
    return _("Used for this run only, then forgotten.")


def known(state: str, site: Site) -> str:
    """What is known of a site's password; `state` is a value of the engine's SecretState."""
    sentences = {
        "missing": _("No password for {site} yet."),
        "kept": _("The password for {site} is saved in {store}."),
        "this-run": _("The password for {site} is kept for this run only."),
        "refused": _("{site} refused this password. Type it again; until then it is not tried."),
        "unavailable": _("{store} cannot be opened, so the password is used for this run only."),
    }
    return sentences.get(state, sentences["missing"]).format(site=site_name(site), store=store())


def begin_anew(company: str) -> str:
    """What it means to begin a new history, as a question."""
    return _(
        "Begin a new history of {company}? The ledger that cannot be used stays beside it under another name. What the "
        "last run sent is not known to the new one: look in hh2 and in Procore first."
    ).format(company=company)


def begun_anew(kept: str) -> str:
    """What came of it; `kept` "" where the ledger can be used."""
    if not kept:
        return _("The ledger can be used. It was left as it is.")
    return _("A new history is begun. The old ledger is kept as {name}.").format(name=kept)


def forget_readings(company: str) -> str:
    """What it means to delete what was read of a company, as a question."""
    return _(
        "Delete what was read of {company} on this computer: both sides' records and cost lines, the reports and their "
        "files, accepted differences, remembered columns, and the counts and costs that runs kept?\n\nThe next "
        "comparison reads everything anew, and the safety brake has nothing to compare with until then.\n\nSettings, "
        "passwords and the history of runs stay. Reports that somebody saved elsewhere stay where they are."
    ).format(company=company)


def readings_forgotten(files: int) -> str:
    """What came of it: how many files there were."""
    if not files:
        return _("Nothing was kept of this company beside its settings, passwords and history.")
    return ngettext(
        "{n} file was deleted. The history of runs stays: it is the auditor's.",
        "{n} files were deleted. The history of runs stays: it is the auditor's.",
        files,
    ).format(n=files)
