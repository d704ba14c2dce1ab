"""What a comparison was asked for, in a line: files that stand in, jobs, the last day, the tolerance."""

from pathlib import PurePath

from app.domain.lists import Kind
from app.domain.match_question import TOLERANCE, Asked
from app.words import match, numbers
from app.words.language import _

_MOST = 3  # jobs that are named


def asked(told: Asked) -> str:
    """Every way in which it differs from what is asked by itself; "" where it differs in none."""
    parts = [
        _("{side}: {list} from {file}").format(
            side=match.side(side), list=match.entity(kind.value), file=PurePath(path).name
        )
        for side, given in (("sage", told.sage), ("procore", told.procore))
        for kind, path in map(file, given)
    ]
    if told.jobs:
        named, more = _(", ").join(told.jobs[:_MOST]), len(told.jobs) - _MOST
        said = _("jobs {jobs} and {n} more") if more > 0 else _("jobs {jobs}")
        parts.append(said.format(jobs=named, n=more))
    if told.as_of is not None:
        parts.append(_("cost until {day}").format(day=numbers.day(told.as_of)))
    if told.tolerance != TOLERANCE:
        parts.append(_("tolerance {amount}").format(amount=match.money(told.tolerance)))
    if told.fresh:
        parts.append(_("everything read anew"))
    if told.against_brake:
        parts.append(_("though there are far fewer records"))
    return _("The next comparison: {what}.").format(what=_("; ").join(parts)) if parts else ""


def file(given: str) -> tuple[Kind, str]:
    """The list and the path of a file as `Asked` has it: "vendors=v.csv", or a path alone, which holds costs."""
    kind, _mark, path = given.partition("=")
    known = {one.value: one for one in Kind}
    return (known[kind], path) if path and kind in known else (Kind.COSTS, given)


def about_files() -> str:
    """What a file can stand in for."""
    return _(
        "A Job Cost report of Sage saved as CSV or Excel, or any table of either side. A file stands in for one list; "
        "what has no file is read through its web service."
    )
