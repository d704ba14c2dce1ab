"""How long Job Costs will take, said before a press: from this company's own history, or the pauses alone."""

from app.domain.history import JOB_KIND
from app.domain.profile import Profile
from app.ui.view import View, usual
from app.words import times
from app.words.language import _, ngettext


def default_jobs(view: View) -> tuple[str, ...] | None:
    """The jobs that moved where that is known, else those of the last time; None when nothing is known."""
    if any(choice.moved is not None for choice in view.choices):
        return tuple(choice.job.code for choice in view.choices if choice.moved)
    last = tuple(choice.job.code for choice in view.choices if choice.chosen_last)
    return last or None


def estimate(profile: Profile, count: int, usual_job: float | None) -> str:
    """The time `count` jobs take, in words; "" for none."""
    if count == 0:
        return ""
    pauses = profile.run.job_pause * (count - 1)
    jobs = ngettext("{n} job", "{n} jobs", count).format(n=count)
    if usual_job is not None and usual_job * count + pauses < 60:
        return _("{jobs}, less than a minute").format(jobs=jobs)
    if usual_job is not None:
        return _("{jobs}, about {time}").format(jobs=jobs, time=times.about(usual_job * count + pauses))
    if pauses < 60:
        return jobs
    return _("{jobs}, at least {time}").format(jobs=jobs, time=times.about(pauses))


def job_costs_estimate(view: View, picked: tuple[str, ...] | None) -> str:
    """The line beside the button, for the jobs picked, or those the program would take."""
    if view.profile is None:
        return ""
    jobs = picked if picked is not None else default_jobs(view)
    if jobs is None:
        return _("Job Costs: the jobs whose costs moved, or those of the last time.")
    said = estimate(view.profile, len(jobs), usual(view, JOB_KIND))
    return _("Job Costs: {estimate}.").format(estimate=said) if said else _("Job Costs: no job is chosen.")
