"""The verdict of a comparison, in one word and its numbers."""

from decimal import Decimal
from enum import StrEnum

import msgspec


class Match(StrEnum):
    """Do they match? A thing that could not be compared is never a match."""

    MATCHES = "matches"
    WITHIN_TOLERANCE = "within-tolerance"
    DIFFERS = "differs"
    NOT_COMPARED = "not-compared"


class Verdict(msgspec.Struct, frozen=True):
    """`differences` counts what differs and was not accepted, `amount` is the sum of their absolute amounts of money
    (so that plus and minus never hide each other), `not_compared` what should have been readable and was not."""

    match: Match
    differences: int
    amount: Decimal
    not_compared: int
    within: int = 0
    accepted: int = 0

    @property
    def exit(self) -> int:
        """0 match, 10 needs a look: the exit codes of the command line."""
        return 0 if self.match in (Match.MATCHES, Match.WITHIN_TOLERANCE) else 10


def judge(
    differences: int, amount: Decimal, not_compared: int, within: int, accepted: int, compared: int
) -> Verdict:
    """The verdict. `compared` counts the lists and jobs that both sides told of: with none there is no match to speak
    of."""
    if differences:
        match = Match.DIFFERS
    elif not_compared or not compared:
        match = Match.NOT_COMPARED
    elif within:
        match = Match.WITHIN_TOLERANCE
    else:
        match = Match.MATCHES
    return Verdict(match, differences, amount, not_compared, within, accepted)
