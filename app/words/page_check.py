"""The report of Check the pages, as lines of text for people and for support."""

from collections.abc import Iterator

from app.domain.events import Site
from app.domain.page_check import CheckStage, Element, PageCheck, Sight, SiteCheck
from app.domain.tabs import Tab
from app.domain.taught import END_DONE, END_FAILED, key_of
from app.words import numbers, problems, sites, tabs, times
from app.words.language import N_, _, ngettext

_SIGHTS: dict[Sight, str] = {
    Sight.FOUND: N_("found"),
    Sight.MISSING: N_("NOT FOUND"),
    Sight.SEVERAL: N_("SEVERAL"),
    Sight.NOT_LOOKED: N_("not come to"),
    Sight.NOT_NEEDED: N_("not there"),
}
_ELEMENTS: dict[str, str] = {
    "user": N_("User name"),
    "password": N_("Password"),
    "log-in": N_("Log in"),
    "menu": N_("Menu"),
    "quick-menu": N_("Quick Menu"),
    "accounting-sync": N_("Accounting Sync"),
    "settings": N_("Settings"),
    "date-range": N_("Date Range"),
    "depth": N_("Sync Depth"),
    "apply": N_("Apply Settings"),
    "start-sync": N_("Start Sync"),
    "tool": N_("ERP Integrations tool"),
    "job": N_("Drop-down of the jobs"),
    "ready-to-import": N_("Ready to Import"),
    "failed-to-export": N_("Failed to Export"),
    "end-done": N_("it is finished"),
    "end-failed": N_("it has failed"),
}
_WHY: dict[str, str] = {
    "off": N_("it cannot be pressed just now"),
    "forbidden": N_("it bears a name that this program never presses"),
    "forbidden-to-us": N_("the page says that this account may not"),
}
_STAGES: dict[CheckStage, str] = {
    CheckStage.SIGNING_IN: N_("{site}: signing in"),
    CheckStage.PERSON: N_("{site}: please sign in in the browser window; this goes on by itself"),
    CheckStage.POINT: N_("{site}: please click on it in the browser window; the click does nothing there"),
    CheckStage.WALKING: N_("{site}: walking through the pages; nothing is started"),
}
MARKS = N_(
    "Where the words it was found by come from: [C] confirmed by the vendor, [C3] a third party, [I] inferred, "
    "[?] a guess, [taught] shown by a person of your company."
)


def stage(site: Site, at: CheckStage) -> str:
    """How far the check is, in one line."""
    return _(_STAGES[at]).format(site=sites.site(site))


def element(one: Element) -> str:
    """What an element is called here: "Start Sync", "Vendors: Refresh Vendor List", "Date Range: Past Week"."""
    action, _colon, part = one.action.partition(":")
    for tab in Tab:
        if action == f"tab-{tab.value}":
            return _("Tab {tab}").format(tab=tabs.title(tab))
        if action == f"refresh-{tab.value}":
            return _("{tab}: {what}").format(tab=tabs.title(tab), what=tabs.button(tab))
        if action in (f"{END_DONE}-{tab.value}", f"{END_FAILED}-{tab.value}"):
            return _("{tab}: {what}").format(
                tab=tabs.title(tab), what=_(_ELEMENTS[action.removesuffix(f"-{tab.value}")])
            )
        if part == tab.value:
            return _("{tab}: {what}").format(tab=tabs.title(tab), what=_(_ELEMENTS[action]))
    name = _(_ELEMENTS.get(action, action))
    return _("{name}: {option}").format(name=name, option=part) if part else name


def sight(one: Element) -> str:
    """What came of looking for it, in a word or two."""
    said = _(_SIGHTS[one.sight])
    return f"{said} ({one.count})" if one.sight is Sight.SEVERAL else said


def found_by(one: Element) -> str:
    """By which words it was found, with their mark, and its role: "button “Start Sync” [C]". "" for what is missing."""
    why = _(_WHY[one.why]) if one.why in _WHY else ""
    if one.sight is not Sight.FOUND:
        return why
    if one.unknown:
        why = _("it also offers {names}, which no label knows").format(names=", ".join(one.unknown))
    name = (
        f"{one.role} “{one.name}” [{one.mark}]"
        if one.name
        else one.role + (f" [{one.mark}]" if one.mark else "")
    )
    return f"{name}; {why}" if why else name


def where(one: Element) -> str:
    """The sections it stands in, as the page names them."""
    return " < ".join(one.within)


def of_site(one: SiteCheck) -> str:
    """A site in one line: reached, signed in, how much was found."""
    if not one.reached:
        said = _("not reached")
    elif not one.signed_in:
        said = _("reached, not signed in")
    else:
        said = _("signed in")
    return f"{sites.site(one.site)} ({one.host}): {said}"


def verdict(check: PageCheck) -> str:
    """The whole report in a sentence or two."""
    if check.problem is not None:
        said = problems.title(check.problem)
    elif any(site.problem is not None for site in check.sites):
        said = _("The check could not be finished: see below.")
    elif check.wanting:
        said = ngettext(
            "{n} element that a run needs was not found, or more than once. A run would stop there.",
            "{n} elements that a run needs were not found, or more than once. A run would stop there.",
            check.wanting,
        ).format(n=check.wanting)
    else:
        said = ngettext("All was found: {n} element.", "All was found: {n} elements.", check.found).format(
            n=check.found
        )
    return f"{said} {_('Nothing was started, applied or refreshed.')}"


def lines(check: PageCheck) -> Iterator[str]:
    """The report as plain text, for the command line and for support. No secret, no user name, no record."""
    at = f"{numbers.day(check.at.astimezone().date())} {times.clock(check.at)}"
    yield _("Check of the pages of {company}, {at}, version {version}").format(
        company=check.profile, at=at, version=check.version
    ) + (f", {check.browser}" if check.browser else "")
    yield verdict(check)
    if check.problem is not None:
        yield ""
        yield problems.card(check.problem).as_text()
    for site in check.sites:
        yield ""
        yield from _site_lines(site)
    if check.sites:
        yield ""
        yield _(MARKS)
    for site in check.sites:
        for outline in site.outlines:
            yield ""
            yield _("The page on which {what} was looked for ({site}):").format(
                what=element(Element(outline.action)), site=sites.site(site.site)
            )
            yield outline.text


def notes(check: PageCheck) -> Iterator[str]:
    """What a table of the elements does not say: each site in a line, hh2's word on its depths, the cards."""
    if check.problem is not None:
        yield problems.card(check.problem).as_text()
    for site in check.sites:
        yield of_site(site)
        yield from _depths(site)
        if site.problem is not None:
            yield problems.card(site.problem).as_text()


def _depths(site: SiteCheck) -> Iterator[str]:
    if site.about_depth:
        yield _("What hh2's own page says of the depths: “{text}”").format(text=site.about_depth)
    elif site.site is Site.HH2 and site.signed_in:
        yield _("hh2's own page says nothing of the depths that could be read.")


def _site_lines(site: SiteCheck) -> Iterator[str]:
    yield of_site(site)
    wide = max((len(element(one)) for one in site.elements), default=0)
    for one in site.elements:
        place = where(one)
        key = key_of(site.site, one.action) if one.presses and one.is_wanting else ""
        told = [found_by(one), _("in {place}").format(place=place) if place else "", key]
        said = f"  {sight(one):<12} {element(one):<{wide}}  {' '.join(part for part in told if part)}"
        yield said.rstrip()
    yield from (f"  {line}" for line in _depths(site))
    if site.problem is not None:
        yield ""
        yield problems.card(site.problem).as_text()
