"""A company's web services in words: who we are there, what we may, what is missing, and who can give it."""

import msgspec

from app.domain.connections import Connection, Disconnected, Lack, Right, Standing, Way
from app.domain.events import Site
from app.domain.tabs import Tab
from app.words import keeping, problems, tabs
from app.words.language import N_, _
from app.words.sites import Who, site
from app.words.sites import who as who_says

_TITLES = {
    Site.HH2: N_("hh2's web services"),
    Site.PROCORE: N_("Procore's web services"),
}
_STANDINGS = {
    Standing.OFF: N_("not used"),
    Standing.GOOD: N_("all good"),
    Standing.MISSING: N_("something is missing"),
    Standing.NOT_REACHED: N_("not reached"),
    Standing.PERSON: N_("a person is needed"),
}
_WAYS = {
    Way.SERVICE_ACCOUNT: N_("Signed in as the app itself (service account): {who}."),
    Way.PERSON: N_("Signed in in the name of {who}."),
    Way.API_KEY: N_("Signed in with the company's API key, as {who}."),
    Way.PASSWORD: N_("Signed in with user name and password alone, as {who}."),
}
_OFF = {
    Site.HH2: N_("This company does not use them. The setting hh2.services switches them on."),
    Site.PROCORE: N_("This company does not use them: its profile has no client id of an app of its own."),
}
_LACKS: dict[Lack, tuple[str, Who]] = {
    Lack.CLIENT_ID: (
        N_("The client id of your company's own app. It is made in Procore's developer portal."),
        Who.PROCORE_ADMIN,
    ),
    Lack.CLIENT_SECRET: (N_("The client secret of your company's own app."), Who.PROCORE_ADMIN),
    Lack.SIGN_IN: (N_("Your sign-in: sign in to Procore here, and allow this program."), Who.CONTROLLER),
    Lack.COMPANY_NUMBER: (
        N_("The number of your company in Procore, in the company's settings."),
        Who.CONTROLLER,
    ),
    Lack.COMPANY: (
        N_(
            "This account does not see the company of this profile: it has to be invited, or the number is wrong."
        ),
        Who.PROCORE_ADMIN,
    ),
    Lack.TOOL: (N_("ERP Integrations is not among this account's tools."), Who.PROCORE_ADMIN),
    Lack.LEVEL: (
        N_("A higher level on ERP Integrations: Standard or Admin for the tabs, Admin for prime contracts."),
        Who.PROCORE_ADMIN,
    ),
    Lack.ADDRESS: (
        N_(
            "Procore's page address in the company's settings (More settings): it is another than Procore names."
        ),
        Who.CONTROLLER,
    ),
    Lack.PERMISSIONS: (
        N_(
            "Procore does not tell this account its rights: a right is missing, or the app is not connected there."
        ),
        Who.PROCORE_ADMIN,
    ),
    Lack.HH2_SITE: (N_("The hh2 site, in the company's settings."), Who.CONTROLLER),
    Lack.HH2_USER: (N_("The user name at hh2."), Who.CONTROLLER),
    Lack.HH2_PASSWORD: (N_("The password at hh2."), Who.CONTROLLER),
    Lack.API_SECRET: (N_("hh2's API key and its secret belong together: one of them is missing."), Who.IT),
    Lack.LISTS: (N_("The right to read every list."), Who.HH2_ADMIN),
}
_RIGHTS = {
    Right.MAY: N_("{tab}: may be refreshed."),
    Right.MAY_NOT: N_("{tab}: may not be refreshed with {level}."),
    Right.UNKNOWN: N_("{tab}: not known."),
}
_LISTS = {
    "jobs": N_("Jobs"),
    "cost-codes": N_("Standard cost codes"),
    "cost-types": N_("Standard categories"),
    "vendors": N_("Vendors"),
    "failures": N_("Failures of syncs"),
}


class Told(msgspec.Struct, frozen=True):
    """One connection in words: a title with its standing, what was found, and what is missing with who can give it."""

    title: str
    found: tuple[str, ...]
    missing: tuple[str, ...]


def told(one: Connection) -> Told:
    """The connection as a person reads it."""
    title = _("{services}: {standing}").format(
        services=_(_TITLES[one.site]), standing=_(_STANDINGS[one.standing])
    )
    if one.standing is Standing.OFF:
        return Told(title, (_(_OFF[one.site]),), ())
    missing = [_missing(lack) for lack in one.lacks]
    if one.problem is not None:
        card = problems.card(one.problem)
        missing.insert(0, " ".join((card.title, card.why, card.do, f"{card.who_says}.")))
    return Told(title, tuple(_found(one)), tuple(missing))


def _missing(lack: Lack) -> str:
    sentence, who = _LACKS[lack]
    return _("{what} {who}.").format(what=_(sentence), who=who_says(who))


def _found(one: Connection) -> list[str]:
    said = []
    if one.who and one.way is not None:
        said.append(_(_WAYS[one.way]).format(who=one.who))
    if one.site is Site.PROCORE:
        said += _company(one)
        if one.pages:
            said.append(
                _("Procore says that the company's pages lie at {address}.").format(address=one.pages)
            )
        if one.level:
            said.append(_("Level on ERP Integrations: {level}.").format(level=one.level))
        said += [right(tab, one) for tab in Tab if tab in one.rights]
    elif one.who:
        said.append(
            _("Site: {site}. hh2 tells neither a company's name nor rights.").format(site=one.company)
        )
        said += [_read(name, may) for name, may in one.lists.items()]
    return said


def _company(one: Connection) -> list[str]:
    if one.number:
        return [_("Company: {name} (number {number}).").format(name=one.company, number=one.number)]
    if not one.others:
        return []
    seen = ", ".join(_("{name} ({number})").format(name=name, number=number) for number, name in one.others)
    return [_("This account sees: {companies}.").format(companies=seen)]


def right(tab: Tab, one: Connection) -> str:
    """What the account may do with a tab; prime contracts ask for more than the tool's level, which is not told. [C]"""
    may = one.rights[tab]
    if may is Right.MAY and tab is Tab.PRIME_CONTRACTS:
        sentence = N_("{tab}: may be refreshed, in jobs where the account is Admin on Prime Contracts too.")
    elif may is Right.MAY and tab is Tab.JOB_COSTS and one.level.strip().lower() != "admin":
        sentence = N_("{tab}: may be refreshed; one of Procore's pages asks for Admin.")
    else:
        sentence = _RIGHTS[may]
    return _(sentence).format(tab=tabs.title(tab), level=one.level)


def _read(name: str, may: bool) -> str:
    shown = _(_LISTS.get(name, name))
    return (
        _("{list}: may be read.").format(list=shown)
        if may
        else _("{list}: may not be read.").format(list=shown)
    )


def disconnected(what: Disconnected, *, service_account: bool) -> str:
    """What came of disconnecting."""
    if not what.had:
        return _("Nothing was kept, so there was nothing to disconnect.")
    if service_account:
        return _("The app's secret is forgotten on this computer. At Procore nothing was changed.")
    if what.confirmed:
        return _("Disconnected: Procore has revoked the sign-in, and it is forgotten here.")
    return _(
        "It is forgotten here, but Procore did not confirm that it is revoked. To be sure, remove the app in your "
        "profile at Procore."
    )


def connected(kept: bool) -> str:
    """The person has allowed it."""
    if kept:
        return _("Procore's web services are connected.")
    return _("Procore's web services are connected, for this run only: {store} cannot be used.").format(
        store=keeping.store()
    )


def open_this(address: str) -> str:
    """Where the person allows this program, when no browser can be shown here."""
    return _(
        "Open this address, sign in to Procore, allow this program, and copy the code:\n{address}"
    ).format(address=address)


def about() -> str:
    """What the web services are for, above the test."""
    return _(
        "The documented web services of hh2 and Procore, for reading: who we are there, what we may, and whether both "
        "match. A sync runs without them too."
    )


def ask_disconnect(*, service_account: bool) -> str:
    """Before it is disconnected."""
    if service_account:
        return _("Forget the app's secret on this computer? Your company keeps the app at Procore.")
    return _(
        "Revoke the sign-in at Procore, and forget it on this computer? Somebody has to sign in again before this "
        "program reads there."
    )


def waiting() -> str:
    """While the browser is open."""
    return _("A browser window opens: sign in to {site} there, and allow this program.").format(
        site=site(Site.PROCORE)
    )


def missing_title() -> str:
    """Above what is missing."""
    return _("What is missing, and who can give it:")
