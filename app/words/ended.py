"""How a run ended, in words: line by line for the command line, and whole, with every card, for the file."""

from app.domain.conclusion import told
from app.domain.looks import StepOneOutcome
from app.domain.run import Press, RunState
from app.words import match_told, outcomes, problems, sites, tabs, times
from app.words.language import _, named


def summary(state: RunState) -> list[str]:
    """The end of a run in words: step 1, each tab with its evidence, and the outcome."""
    lines: list[str] = []
    step = state.step_one
    if step.outcome is not None:
        said = _("Step 1: {outcome}").format(outcome=outcomes.step_one(step.outcome))
        lines.append(f"{said}. {step.evidence.text}" if step.evidence else said)
        if step.outcome is StepOneOutcome.CANCELLED and step.press is not Press.NONE:
            lines.append(_("The sync that was started goes on in hh2; this program no longer watches it."))
    for tab in state.chosen:
        one = state.tabs[tab]
        if one.outcome is None:
            said = _("not begun")
        else:
            said = outcomes.tab(one.outcome, one.refresh.why, one.waiting)
        evidence = f" ({one.refresh.evidence.text})" if one.refresh.evidence else ""
        lines.append(f"  {named(tabs.title(tab), said)}{evidence}")
    if state.matched is not None:
        lines += match_told.summary(state.matched)
    if state.ended is not None:
        lines.append(outcomes.run(state.ended.outcome))
    return lines


def whole(state: RunState) -> str:
    """The run as a text that stands by itself, for whoever was not there when it ended."""
    plan = state.plan
    lines = [plan.profile if not plan.training else _("{company} (TRAINING)").format(company=plan.profile)]
    began, ended = times.in_full(state.planned_at), times.in_full(state.last_at)
    lines.append(_("Begun {began} by {who}, ended {ended}.").format(began=began, who=plan.who, ended=ended))
    lines += [sites.filters(plan.filters), "", *summary(state)]
    for met in told(state.problems):
        if not met.noted:
            lines += ["", problems.card(met.problem, over=True).as_text()]
    lines += ["", _("Run {run} of version {version}").format(run=state.run_id, version=plan.version)]
    return "\n".join(lines) + "\n"
