"""The card MFA by what a site's door asks of the person: a code, a test, a password, or another host's page."""

from app.domain.problems import Problem, ProblemId
from app.words.cards import CARDS, Words
from app.words.language import N_
from app.words.sites import Who

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


def words_of(problem: Problem) -> Words:
    """The sentences of a problem's card."""
    usual = CARDS[problem.id]
    return _DOORS.get(str(problem.facts.get("why")), usual) if problem.id is ProblemId.MFA else usual
