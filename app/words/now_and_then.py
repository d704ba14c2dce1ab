"""What a run says that a scheduler began: that it was not needed, or why it cannot go on without somebody."""

from datetime import datetime

from app.domain.history import RunSummary
from app.domain.now_and_then import NEEDS_SOMEBODY
from app.domain.problems import ProblemId
from app.words import times
from app.words.language import _


def not_needed(good: RunSummary, now: datetime) -> str:
    """No run was begun, and why."""
    return _("Not needed, and nothing was begun: the last good run ended {age}.").format(
        age=times.ago(good.ended_at or good.started_at, now)
    )


def why_not_alone(problem: ProblemId) -> str:
    """Why a run that a scheduler began could not go on by itself; "" where nobody would have helped."""
    if problem not in NEEDS_SOMEBODY:
        return ""
    if problem in (ProblemId.MFA, ProblemId.SESSION):
        return _(
            "By itself a run cannot go on here: the site asks for something that only a person can give. Run it while "
            "the user is logged on and there, or keep the sign-ins between runs."
        )
    return _(
        "By itself a run cannot go on here: passwords lie in the credential store of the user, which opens while that "
        "user is logged on. Have the scheduler run it only then, as that user."
    )
