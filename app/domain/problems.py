"""Every problem a person can meet: an id and its facts. The words stand in `app.words`, by the same id."""

from enum import StrEnum

import msgspec


class ProblemId(StrEnum):
    """The cards of the field, one for each thing that goes wrong."""

    NET = "NET"
    HH2_LOGIN = "HH2-LOGIN"
    HH2_LOCKED = "HH2-LOCKED"
    HH2_CLIENT = "HH2-CLIENT"
    HH2_DOWN = "HH2-DOWN"
    HH2_BUSY = "HH2-BUSY"
    HH2_OFFLINE = "HH2-OFFLINE"
    HH2_LONG = "HH2-LONG"
    HH2_FAILED = "HH2-FAILED"
    HH2_UNSURE = "HH2-UNSURE"
    HH2_SVC = "HH2-SVC"
    HH2_STALE = "HH2-STALE"
    ACTIAN = "ACTIAN"
    CLOCK = "CLOCK"
    HH2_LABEL = "HH2-LABEL"
    HH2_ANSWER = "HH2-ANSWER"
    SESSION = "SESSION"
    MFA = "MFA"
    PRO_LOGIN = "PRO-LOGIN"
    PRO_CONNECT = "PRO-CONNECT"
    PRO_PERM = "PRO-PERM"
    PRO_BUSY = "PRO-BUSY"
    PRO_FAILED = "PRO-FAILED"
    PRO_STALE = "PRO-STALE"
    PRO_LABEL = "PRO-LABEL"
    PRO_DOWN = "PRO-DOWN"
    PRO_ANSWER = "PRO-ANSWER"
    Q_IMPORT = "Q-IMPORT"
    Q_FAILED = "Q-FAILED"
    LIMIT = "LIMIT"
    SAFE = "SAFE"
    INTERRUPTED = "INTERRUPTED"
    BROWSER = "BROWSER"
    NO_MATCH_SOURCE = "NO-MATCH-SOURCE"
    KEYRING = "KEYRING"
    PROOF_OLD = "PROOF-OLD"
    NOT_PRESSED = "NOT-PRESSED"
    SECRET_MISSING = "SECRET-MISSING"
    DISK = "DISK"
    FILE_BROKEN = "FILE-BROKEN"
    IN_USE = "IN-USE"
    INTERNAL = "INTERNAL"


# Facts are short texts and numbers that the card's sentence needs; never a secret, never a whole page.
Fact = str | int | float | bool | None


class Problem(msgspec.Struct, frozen=True):
    """One problem met. `facts` fill the blanks of the card's sentences."""

    id: ProblemId
    facts: dict[str, Fact] = {}


class Trouble(Exception):
    """A problem on its way to the person: raised once where it is met, shown once where it is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.id.value)
        self.problem = problem


def trouble(problem_id: ProblemId, /, **facts: Fact) -> Trouble:
    """`raise trouble(ProblemId.NET, host="…")`."""
    return Trouble(Problem(problem_id, facts))


class AnswerLost(Exception):
    """Something was sent and no answer came, or none that can be trusted: whether it arrived is not known.

    Never a reason to send it again. `cause` is a short sentence for the ledger, without secrets."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class NotSent(Exception):
    """What should have been sent certainly was not (connection refused, name not found, TLS
    refused before a byte)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.id.value)
        self.problem = problem


class Declined(Exception):
    """The site answered, in so many words, that it did not do what was asked, and why; nothing was started."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.id.value)
        self.problem = problem


class Unpressed(StrEnum):
    """Why what a person was asked to press was not pressed."""

    NOBODY = "nobody"  # nobody did in time
    LEFT_OUT = "left-out"  # the person says to leave it out
    OTHER = "other"  # the person pressed it for something else, such as another job
    STOPPED = "stopped"  # the run was stopped before


class NotPressed(Exception):
    """A person was asked to press, and did not: nothing of ours was started. `action` as in `ByHand`."""

    def __init__(self, why: Unpressed, action: str) -> None:
        super().__init__(why.value, action)
        self.why = why
        self.action = action


class SessionLost(Exception):
    """The site no longer knows who we are. What was asked was not done. `site` is "hh2" or "procore"."""

    def __init__(self, site: str) -> None:
        super().__init__(site)
        self.site = site


class SlowDown(Exception):
    """The site asks us to wait `seconds`; what was asked was not done (429, or 503 with Retry-After)."""

    def __init__(self, site: str, seconds: float) -> None:
        super().__init__(site, seconds)
        self.site = site
        self.seconds = seconds


class NotReadable(Exception):
    """A look failed in a way that may pass (time-out, reset, 502): looking again is safe. `problem`
    says what it was."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.id.value)
        self.problem = problem


AtSite = Trouble | NotReadable | NotSent | Declined | SlowDown | SessionLost | AnswerLost
# Everything that a call to a site ends with when it does not end well, for `except`.
AT_SITE = (Trouble, NotReadable, NotSent, Declined, SlowDown, SessionLost, AnswerLost)


def problem_of(failed: AtSite, site: str) -> Problem:
    """What a person is told where nothing else is to be done about it. `site` is "hh2" or "procore"."""
    match failed:
        case SlowDown():
            return Problem(ProblemId.LIMIT, {"site": failed.site, "seconds": failed.seconds})
        case SessionLost():
            return Problem(ProblemId.SESSION, {"site": failed.site})
        case AnswerLost():
            return Problem(ProblemId.NET, {"site": site, "why": "no-answer"})
        case _:
            return failed.problem
