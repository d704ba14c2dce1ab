"""What a preflight found, in words: each line with what it means, and its card where something is wrong."""

from collections.abc import Iterator

from app.domain.problems import Fact
from app.domain.ready import Check, Level, Line, Readiness
from app.domain.tabs import Tab
from app.words import problems, sites, tabs, times
from app.words.language import N_, _, named, ngettext

_TITLES = {
    Check.NETWORK: N_("Network"),
    Check.PROXY: N_("Proxy"),
    Check.CERTIFICATE: N_("Certificate"),
    Check.CLOCK: N_("Clock"),
    Check.DISK: N_("Disk"),
    Check.KEYRING: N_("Keyring"),
    Check.BROWSER: N_("Browser"),
    Check.PASSWORDS: N_("Passwords"),
    Check.SIGN_INS: N_("Sign-ins"),
    Check.RIGHTS: N_("Rights on ERP Integrations"),
    Check.SYNC_CLIENT: N_("hh2's services"),
    Check.DATABASE: N_("Sage's database"),
    Check.START_ORDER: N_("Start order"),
    Check.SESSION: N_("Remote Desktop"),
}
_LEVELS = {
    Level.READY: N_("ready"),
    Level.LOOK: N_("look"),
    Level.STOP: N_("stop"),
    Level.UNCHECKED: N_("not checked here"),
}
_NOT_WINDOWS = N_("This is no Windows computer; the Sage server is one.")
_ELSEWHERE = N_("The training company is served elsewhere; its server is not seen from here.")
_NOT_SAGE = N_("Not installed on this computer: look at the Sage server.")
_SAID: dict[Check, dict[str, str]] = {
    Check.NETWORK: {"reached": N_("{host} answers ({ms} ms).")},
    Check.PROXY: {
        "none": N_("No proxy is used."),
        "none-for": N_("No proxy is used for {hosts}."),
        "through": N_("The hosts answer through the proxy {proxy}."),
        "silent": N_("Nothing comes through the proxy {proxy}. IT knows whether it is the right one."),
        "system-only": N_(
            "The hosts answer through the proxy {proxy}, which only the operating system knows. The browser's "
            "driver does not ask it: a press would get no answer. IT sets HTTPS_PROXY for this account."
        ),
    },
    Check.CERTIFICATE: {
        "trusted": N_("{host}: trusted by this computer, issued by {issuer}, valid until {day}."),
        "soon": N_("{host}: runs out on {day} (issued by {issuer}). Unless that is the site's own, IT renews it."),
        "no-answer": N_("No host answered, so none showed its certificate."),
        "loopback": N_("On this computer's own addresses there are none."),
    },
    Check.CLOCK: {
        "right": N_("It agrees with the hosts' clocks."),
        "not-told": N_("No host told the time."),
    },
    Check.DISK: {"room": N_("The company's folder can be written, and there is room.")},
    Check.KEYRING: {
        "answers": N_("It answers."),
        "practice": N_("Nothing of the training company is put into it."),
    },
    Check.BROWSER: {
        "there": N_("{browser} is installed, and no policy forbids driving it."),
        "without-screen": N_("{browser} is installed. There is no screen here: a code could not be entered."),
        "not-needed": N_("The training company is reached without one."),
    },
    Check.PASSWORDS: {
        "there": N_("One for {site} is there. It is not tried here; “Sign in / Test” tries it once."),
    },
    Check.SIGN_INS: {
        "signed-in": N_("{site}: the web services know us as {who}."),
        "off": N_("{site}: its web services are not used. The pages are signed in to in each run anew."),
        "password-only": N_("{site}: a sign-in would send the password."),
        "to-renew": N_("{site}: a sign-in is kept and has to be renewed first; a run, or “Web services”, does that."),
        "no-app-secret": N_("{site}: the secret of your company's app is missing. IT sets it with “secret set”."),
    },
    Check.RIGHTS: {
        "may": N_("{tab}: may be refreshed with {level}."),
        "no-company": N_(
            "This account does not see the company of this profile. A Procore administrator invites it, or the "
            "number is wrong."
        ),
        "no-tool": N_("ERP Integrations is not among this account's tools. A Procore administrator gives it."),
        "not-told": N_("Only Procore's web services tell them. Else “Check the pages” shows which buttons are there."),
    },
    Check.SYNC_CLIENT: {"running": N_("Running: {names}."), "not-windows": _NOT_WINDOWS,
                        "not-installed": _NOT_SAGE, "elsewhere": _ELSEWHERE},
    Check.DATABASE: {"running": N_("Running: {names}."), "not-windows": _NOT_WINDOWS,
                     "not-installed": _NOT_SAGE, "elsewhere": _ELSEWHERE},
    Check.START_ORDER: {
        "in-order": N_("The database was started before hh2, as it has to be."),
        "not-known": N_("When they were started is not known."),
        "not-windows": _NOT_WINDOWS,
        "elsewhere": _ELSEWHERE,
    },
    Check.SESSION: {
        "remote": N_("You work through Remote Desktop: disconnect, do not log off. What is disconnected goes on; a "
                     "log-off ends a run."),
        "local": N_("You work at this computer itself."),
        "not-windows": N_("Only Windows tells. In Remote Desktop: disconnect, do not log off, or a run ends with it."),
    },
}  # fmt: skip


def title(check: Check) -> str:
    """What was looked at."""
    return _(_TITLES[check])


def level(one: Level) -> str:
    """How it stands, in a word."""
    return _(_LEVELS[one])


def sentence(line: Line) -> str:
    """What was found: the title of its card, or the sentence of what is well or cannot be seen."""
    if line.said == "late":
        return _("It gave no answer within {seconds} seconds.").format(**line.facts)
    said = _SAID[line.check].get(line.said)
    if said is not None:
        return _(said).format_map(_blanks(line.facts))
    return problems.title(line.problem) if line.problem is not None else ""


def advice(line: Line) -> str:
    """Why, what to do and who can do it; "" where nothing is wrong."""
    if line.problem is None:
        return ""
    card = problems.card(line.problem)
    return f"{card.why} {card.do} {card.who_says}."


def summary(found: Readiness) -> str:
    """All of it in one sentence."""
    match found.level:
        case Level.STOP:
            n = len(found.stops)
            return ngettext(
                "Not ready: {n} thing would stop a run.", "Not ready: {n} things would stop a run.", n
            ).format(n=n)
        case Level.LOOK:
            n = sum(line.level is Level.LOOK for line in found.lines)
            return ngettext(
                "Ready, but look at {n} thing first.", "Ready, but look at {n} things first.", n
            ).format(n=n)
        case _:
            return _("Ready: nothing that can be seen from here stands in the way.")


def lines(found: Readiness) -> Iterator[str]:
    """The whole as text, for the command line and for support."""
    yield _("Ready? {company} ({seconds})").format(
        company=found.profile, seconds=times.duration(found.seconds)
    )
    for line in found.lines:
        yield f"  {level(line.level):<18}{named(title(line.check), sentence(line))}"
        if line.problem is not None:
            yield f"  {'':<18}{advice(line)} [{line.problem.id.value}]"
    yield summary(found)


def _blanks(facts: dict[str, Fact]) -> dict[str, Fact]:
    blanks = dict(facts)
    if "site" in facts:
        blanks["site"] = sites.site(str(facts["site"]))
    if facts.get("tab") in {tab.value for tab in Tab}:
        blanks["tab"] = tabs.title(Tab(str(facts["tab"])))
    return blanks
