"""Of each problem, one row: whose page it is looked at on, and what it means for a run that meets it."""

from enum import StrEnum

import msgspec

from app.domain.problems import ProblemId


class At(StrEnum):
    """Where one looks at a problem. A site that is down, or not reached, has no page to open."""

    HH2 = "hh2"
    PROCORE = "procore"
    ITS_SITE = "its site"  # whichever of the two the problem names
    NOWHERE = "nowhere"


class ProblemKind(msgspec.Struct, frozen=True):
    """`person`: nothing goes on before somebody has done something (a run then ends with 30, not with 20).

    `blinds`: while step 1 is watched, looking on shows nothing more. `before_step_one`: where it is met by what is
    looked at before the press of step 1, a person can mend it, and nothing was pressed."""

    at: At = At.NOWHERE
    person: bool = False
    blinds: bool = False
    before_step_one: bool = False


_I = ProblemId
KINDS: dict[ProblemId, ProblemKind] = {
    _I.NET: ProblemKind(),
    _I.HH2_LOGIN: ProblemKind(At.HH2, person=True, blinds=True),
    _I.HH2_LOCKED: ProblemKind(At.HH2, person=True, blinds=True),
    _I.HH2_CLIENT: ProblemKind(person=True, blinds=True),
    _I.HH2_DOWN: ProblemKind(),
    _I.HH2_BUSY: ProblemKind(At.HH2),
    _I.HH2_OFFLINE: ProblemKind(At.HH2),
    _I.HH2_LONG: ProblemKind(At.HH2),
    _I.HH2_FAILED: ProblemKind(At.HH2),
    _I.HH2_UNSURE: ProblemKind(At.HH2, person=True),
    _I.HH2_SVC: ProblemKind(),
    _I.HH2_STALE: ProblemKind(),
    _I.ACTIAN: ProblemKind(),
    _I.CLOCK: ProblemKind(),
    _I.HH2_LABEL: ProblemKind(At.HH2, person=True, blinds=True),
    _I.HH2_ANSWER: ProblemKind(At.HH2),
    _I.SESSION: ProblemKind(At.ITS_SITE, person=True, blinds=True),
    _I.MFA: ProblemKind(At.ITS_SITE, person=True, blinds=True, before_step_one=True),
    _I.PRO_LOGIN: ProblemKind(At.PROCORE, person=True, before_step_one=True),
    _I.PRO_CONNECT: ProblemKind(person=True, before_step_one=True),
    _I.PRO_PERM: ProblemKind(At.PROCORE, person=True, before_step_one=True),
    _I.PRO_BUSY: ProblemKind(At.PROCORE),
    _I.PRO_FAILED: ProblemKind(At.PROCORE),
    _I.PRO_STALE: ProblemKind(At.PROCORE),
    _I.PRO_LABEL: ProblemKind(At.PROCORE, person=True, before_step_one=True),
    _I.PRO_DOWN: ProblemKind(),
    _I.PRO_ANSWER: ProblemKind(At.PROCORE),
    _I.Q_IMPORT: ProblemKind(At.PROCORE),
    _I.Q_FAILED: ProblemKind(At.PROCORE),
    _I.LIMIT: ProblemKind(),
    _I.SAFE: ProblemKind(At.HH2, person=True, before_step_one=True),
    _I.INTERRUPTED: ProblemKind(person=True),
    _I.BROWSER: ProblemKind(person=True, blinds=True, before_step_one=True),
    _I.NO_MATCH_SOURCE: ProblemKind(At.ITS_SITE),
    _I.KEYRING: ProblemKind(person=True, blinds=True, before_step_one=True),
    _I.PROOF_OLD: ProblemKind(At.HH2, person=True),
    _I.NOT_PRESSED: ProblemKind(At.ITS_SITE, person=True),
    _I.SECRET_MISSING: ProblemKind(person=True, blinds=True, before_step_one=True),
    _I.DISK: ProblemKind(blinds=True),
    _I.FILE_BROKEN: ProblemKind(person=True),
    _I.IN_USE: ProblemKind(person=True),
    _I.INTERNAL: ProblemKind(),
}
