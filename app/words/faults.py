"""What was expected of a setting that cannot be used, and what the setting is called."""

from app.domain.profile import FieldFault
from app.words.language import N_, _

_EXPECTED: dict[str, str] = {
    "profile-name": N_(
        "Use letters, digits, spaces and . & ' ( ) - only, at most 60 of them, beginning with a letter or digit."
    ),
    "profile-name-taken": N_("Another company already has this name."),
    "hh2-site": N_(
        "Paste the address of your hh2 site, such as https://yourcompany.hh2.com, or only yourcompany."
    ),
    "address": N_("Type an address that begins with https://, such as https://login.procore.com."),
    "company-id": N_(
        "Type the number of your company in Procore: it stands in the address of Procore's pages."
    ),
    "minutes-1-1440": N_("Type minutes between 1 and 1440."),
    "seconds-0-600": N_("Type seconds between 0 and 600."),
    "seconds-1-60": N_("Type seconds between 1 and 60."),
    "days-0-3650": N_("Type days between 0 and 3650; 0 keeps them for ever."),
    "percent-1-90": N_("Type per cent between 1 and 90."),
    "records-1-1000": N_("Type a number of records between 1 and 1000."),
    "records-0-10000": N_("Type a number of records between 0 and 10000."),
    "driver-real": N_(
        "The training driver works with the training company only. Choose the browser, or assisted."
    ),
    "user-name": N_("Type the user name you sign in with."),
    "password": N_("Type the password."),
    "words": N_("Say in your own words what you saw."),
    "button-like-role": N_("A label that was taught is a button, link, tab, menuitem or treeitem."),
    "label-name": N_("A label that was taught has a name of at most 120 letters."),
    "label-action": N_("Use the id of an element, such as refresh-vendors."),
    "tabs": N_("Choose at least one tab."),
    "laid-down": N_("Your company's IT has laid it down for this computer; it is not changed here."),
}

_FIELDS: dict[str, str] = {
    "name": N_("Company"),
    "driver": N_("How the sites are reached"),
    "hh2.site": N_("hh2 site"),
    "hh2.base": N_("hh2 address"),
    "hh2.user": N_("hh2 user name"),
    "procore.company_id": N_("Procore company number"),
    "procore.company_name": N_("Procore company name"),
    "procore.user": N_("Procore account"),
    "procore.login": N_("Procore sign-in address"),
    "procore.api": N_("Procore service address"),
    "procore.web": N_("Procore page address"),
    "run.proof_minutes": N_("How long the proof of step 1 holds"),
    "run.job_pause": N_("Pause between two jobs"),
    "run.keep_sign_in": N_("Keep the sign-ins between runs"),
    "run.date_range": N_("Date range"),
    "run.depth": N_("Depth"),
    "run.tabs": N_("Tabs"),
    "run.poll": N_("Pause between two looks"),
    "match.keep_days": N_("How long records and reports are kept"),
    "match.brake_percent": N_("Safety brake: per cent of a list that may be gone"),
    "match.brake_records": N_("Safety brake: from how many records gone it stops"),
    "match.brake_small": N_("Safety brake: shorter lists by per cent alone"),
}


def expected(fault: FieldFault) -> str:
    """What to type instead, as a sentence."""
    return _(_EXPECTED.get(fault.expected, N_("This value cannot be used here.")))


def field(path: str) -> str:
    """The name of a setting as people read it; the path itself for one that has none."""
    found = _FIELDS.get(path)
    return path if found is None else _(found)


def sentence(fault: FieldFault) -> str:
    """One line for the command line and for messages: which setting, what stands there, what was expected."""
    return _("{field}: “{value}” cannot be used. {expected}").format(
        field=field(fault.path), value=fault.value, expected=expected(fault)
    )
