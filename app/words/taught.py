"""Teach, in words: what will be kept, what was kept, and why something is not taken."""

from app.domain.page_check import Element
from app.domain.taught import Pointed, Taught, Unfit
from app.words import sites
from app.words.language import N_, _, ngettext
from app.words.page_check import element

_UNFIT: dict[Unfit, str] = {
    Unfit.NOT_TAUGHT: N_("This element is none that can be shown: it is not pressed."),
    Unfit.NO_CONTROL: N_("That is no control. Click on the button, link or tab itself."),
    Unfit.ROLE: N_("That is not a button, a link, a tab or an item of a menu."),
    Unfit.NO_NAME: N_("That has no name of its own that could be found again."),
    Unfit.FORBIDDEN: N_("That bears a name that this program never presses."),
    Unfit.SECTION: N_("That does not stand in the section in which this element must stand."),
    Unfit.ANOTHER: N_("That is the name of another element."),
    Unfit.KNOWN: N_("This name is known already: it was not found for another reason."),
    Unfit.SEVERAL: N_(
        "There is more than one of that name in the section, so that it could not be told apart."
    ),
    Unfit.NO_TEXT: N_("That is no sentence that this program reads. Click on the words themselves."),
    Unfit.VAGUE: N_("That is too short to be told from other texts. Click on the whole sentence."),
    Unfit.OTHERWISE: N_("This program understands that sentence already, and as something else."),
    Unfit.NOT_YET: N_("That sentence speaks of what has not been yet, or says no: it proves no end."),
    Unfit.POLICY: N_("Your company's IT does not allow labels to be taught (policy.toml)."),
    Unfit.NOBODY: N_("Nobody clicked on anything in time."),
}


def what(label: Taught) -> str:
    """The element that a label is for: "Procore, Vendors: Refresh Vendor List"."""
    return _("{site}, {element}").format(site=sites.site(label.site), element=element(Element(label.action)))


def would_keep(pointed: Pointed, company: str) -> str:
    """What will be kept, as plain text, before the person agrees."""
    place = " < ".join(pointed.within)
    if pointed.label.is_end:
        return _(
            "Where this text appears after a press, it will be proof from now on: {what}.\n"
            "“{name}”, in {place}. Another time of day or date in it makes no difference.\n"
            "It is kept in the settings of {company}, and can be taken out again."
        ).format(what=what(pointed.label), name=pointed.name, place=place or _("the page"), company=company)
    return _(
        "For “{what}” this will be pressed from now on, where the program's own words are not found:\n"
        "the {role} named “{name}”, in {place}.\n"
        "It is kept in the settings of {company}, and can be taken out again."
    ).format(
        what=what(pointed.label),
        role=pointed.role,
        name=pointed.name,
        place=place or _("the page"),
        company=company,
    )


def unfit(why: Unfit) -> str:
    """Why what was pointed at is not taken."""
    return _(_UNFIT[why])


def line(label: Taught) -> str:
    """One that was taught, in a line."""
    if label.is_end:
        return _("{key}  {what}: the text “{name}”").format(key=label.key, what=what(label), name=label.name)
    return _("{key}  {what}: the {role} named “{name}”").format(
        key=label.key, what=what(label), role=label.role, name=label.name
    )


def about(count: int) -> str:
    """Above the list of what was taught."""
    if not count:
        return _("Nothing was taught for this company.")
    said = ngettext(
        "{n} label was taught. It is looked for after the program's own words.",
        "{n} labels were taught. They are looked for after the program's own words.",
        count,
    )
    return said.format(n=count)


def kept() -> str:
    """The label is kept."""
    return _("It is kept, and used from the next run on. Check again to see it found.")


def not_kept() -> str:
    """While the person is asked, and where they did not agree."""
    return _("Nothing is kept until you agree.")
