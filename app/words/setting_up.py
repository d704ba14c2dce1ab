"""What the assistant of the first time says: what one needs, and how far the test of both sites is."""

from app.domain.events import Site
from app.words import sites
from app.words.language import N_, _

_NEEDS = {
    "account": (
        N_("An active hh2 account"),
        N_("With a user who may open Accounting Sync. One that is for this program alone is safest."),
    ),
    "client": (
        N_("hh2's sync client on the Sage server"),
        N_("Installed and running, and set up with your company's contact at Procore."),
    ),
    "rights": (
        N_("Standard or Admin on ERP Integrations in Procore"),
        N_(
            "For prime contracts Admin there, and on the project's Prime Contracts. No right to push to accounting."
        ),
    ),
    "word": (
        N_("The written word of hh2 and of Procore"),
        N_("That a program may press these buttons for you. The help has the questions, ready to be sent."),
    ),
}


def needs_about() -> str:
    """What the first page is for."""
    return _(
        "Tick what you have; nothing has to be ticked. You can leave at any time: what you typed is kept, except "
        "passwords."
    )


def needs() -> dict[str, str]:
    """What one needs, by its id."""
    return {name: _(said) for name, (said, _about) in _NEEDS.items()}


def need_about(name: str) -> str:
    """More about one of them."""
    return _(_NEEDS[name][1])


def waits(site: Site) -> str:
    """The test of a site has not begun."""
    return _("{site}: not tested yet.").format(site=sites.site(site))


def under_way(site: Site) -> str:
    """The test of a site is under way."""
    return _("{site}: signing in… Where a code is asked for, enter it in the browser window.").format(
        site=sites.site(site)
    )


def signed_in(site: Site, who: str) -> str:
    """The test of a site ended well."""
    return _("{site}: signed in as {who}.").format(site=sites.site(site), who=who)


def not_signed_in(site: Site, why: str) -> str:
    """The test of a site ended with a problem."""
    return _("{site}: {why}").format(site=sites.site(site), why=why)


def afterwards() -> str:
    """What comes after the assistant."""
    return _(
        "The company is saved as soon as it is tested. Next: Check the pages, in the Tools menu, before the first run."
    )
