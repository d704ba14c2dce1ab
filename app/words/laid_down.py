"""What the company's IT has laid down, in words: what is locked, what is refused, and the whole of it for IT."""

from collections.abc import Iterator

from app.domain.laid_down import LaidDown
from app.words import faults
from app.words.language import _


def locked(laid: LaidDown) -> str:
    """The line of the settings: which of them are locked; "" for none."""
    if not laid.locked:
        return ""
    names = ", ".join(faults.field(key) for key in sorted(laid.locked))
    return _("Laid down by your company's IT, and locked here: {fields}.").format(fields=names)


def no_passwords() -> str:
    """Beside a password that may not be saved."""
    return _("Your company's IT does not allow passwords to be saved on this computer (policy.toml).")


def not_deleted(company: str) -> str:
    """A company that IT deployed stays."""
    return _(
        "{company} was laid down by your company's IT for this computer, and is not deleted here."
    ).format(company=company)


def lines(laid: LaidDown, machine: str, own: str) -> Iterator[str]:
    """All that is laid down, line by line."""
    policy = laid.policy
    yield _("Read from {machine} and {own}.").format(machine=machine, own=own)
    yield (
        _("Labels may be taught.")
        if policy.teach
        else _("Labels may not be taught, and taught ones are not used.")
    )
    yield _("Passwords may be saved.") if policy.save_passwords else no_passwords()
    if policy.keep_days is None:
        yield _("How long records and reports are kept: as each company's settings say.")
    else:
        yield _("Records and reports are kept no longer than {n} days.").format(n=policy.keep_days)
    if policy.browser:
        yield _("The one browser that is driven: {path}").format(path=policy.browser)
    else:
        yield _("The browser: whichever is installed.")
    if laid.locked:
        yield locked(laid)
    for one in policy.wrong:
        yield _("Not understood, and so taken as forbidding where it could be: {what}").format(what=one)
