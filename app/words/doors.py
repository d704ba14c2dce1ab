"""The card MFA by what a site's door asks of the person: a code, a test, a password, or another host's page."""

import msgspec

from app.domain.problems import Problem, ProblemId
from app.words.cards import CARDS, Words
from app.words.language import N_
from app.words.sites import Who

_IMITATIONS = frozenset({"elsewhere", "form-elsewhere"})  # or what may be one

# Somebody who was led to an imitation must be told so before they type anything.
_DOORS: dict[str, Words] = {
    "code": Words(
        (N_("{site} asks for your code."), N_("The site asks for your code.")),
        N_("This account is protected with a second step."),
        N_("Enter the code in the browser window that opened; it is never stored."),
        Who.CONTROLLER,
    ),
    "captcha": Words(
        (
            N_("{site} wants to be shown that a person is signing in."),
            N_("The site wants to be shown that a person is signing in."),
        ),
        N_("It asks for that after some sign-ins. This program does not try to pass for a person."),
        N_("Do what the page asks in the browser window that opened; the run goes on by itself."),
        Who.CONTROLLER,
    ),
    "person": Words(
        (
            N_("{site} asks for your user name and password."),
            N_("The site asks for your user name and password."),
        ),
        N_("No password for it is kept here."),
        N_("Sign in in the browser window that opened; the run goes on by itself."),
        Who.CONTROLLER,
    ),
    "elsewhere": Words(
        (
            N_("Signing in to {site} led to another address: {host}."),
            N_("Signing in to {site} led to another address."),
            N_("Signing in led to another address."),
        ),
        N_(
            "It may be your company's own sign-in, or an imitation of the site. This program types nothing there."
        ),
        N_(
            "Look at the address in the browser window that opened. Sign in there only if you know it as your "
            "company's; otherwise type nothing, stop the run and tell your IT."
        ),
        Who.CONTROLLER,
    ),
    "form-elsewhere": Words(
        (
            N_("The sign-in form of {site} would send your password to another address: {host}."),
            N_("The sign-in form of {site} would send your password to another address."),
            N_("The sign-in form would send your password to another address."),
        ),
        N_(
            "The form may have been tampered with, or the site now signs in elsewhere. The password was not typed."
        ),
        N_("Type nothing there and stop the run. Ask your IT whether this form is the site's own."),
        Who.IT,
    ),
}


# The window in which the person was waited for goes with the run.
_NEXT_TIME = N_(
    "The browser window is closed again. Start the run anew when somebody is there, and sign in in the window that "
    "opens."
)
_ASK_FIRST = N_(
    "Ask your IT whether that address is your company's own sign-in. Start the run anew only when you know; until then "
    "type nothing there."
)


def words_of(problem: Problem, *, over: bool = False) -> Words:
    """The sentences of a problem's card; `over`: of a run that has ended, so that nobody is waited for."""
    usual = CARDS[problem.id]
    if problem.id is not ProblemId.MFA:
        return usual
    why = str(problem.facts.get("why"))
    words = _DOORS.get(why, usual)
    if not over:
        return words
    return msgspec.structs.replace(words, do=_ASK_FIRST if why in _IMITATIONS else _NEXT_TIME)
