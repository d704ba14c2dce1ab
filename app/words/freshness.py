"""How old the data are, in words: Sage to hh2 for all, hh2 to Procore for each tab, and what hh2's page shows."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.freshness import Freshness, Refreshed, Shown
from app.domain.looks import TabOutcome
from app.domain.tabs import Tab
from app.words import sites, tabs, times
from app.words.language import _, named


def sage(known: Freshness, now: datetime) -> str:
    """How old what stands in hh2 is."""
    if known.sage is None:
        return _("Sage to hh2: no run of this program has proven a sync yet.")
    age = times.ago(known.sage, now)
    if known.filters is None:
        return _("Sage to hh2: {age}.").format(age=age)
    return _("Sage to hh2: {age} ({filters}).").format(age=age, filters=sites.filters(known.filters))


def tab(refreshed: Refreshed | None, now: datetime) -> str:
    """How old what stands in a tab is."""
    if refreshed is None:
        return _("Not refreshed by this program yet")
    age = times.ago(refreshed.at, now)
    if refreshed.outcome is TabOutcome.STAGED:
        return _("Last refreshed {age}; records waited for import").format(age=age)
    return _("Last refreshed {age}").format(age=age)


def of_page(seen: Shown, now: datetime) -> str:
    """What hh2's page showed at a look; where hh2 synced by itself, that step 2 may go on with it."""
    if not seen.by_itself or seen.ended is None:
        return _("hh2 shows: “{text}”.").format(text=seen.text)
    return _("{by_itself} Step 2 only goes on from there, when you say so.").format(
        by_itself=by_itself(seen, now)
    )


def by_itself(seen: Shown, now: datetime) -> str:
    """That hh2 has synced without this program, and when; "" where nothing shows it."""
    if not seen.by_itself or seen.ended is None:
        return ""
    said = _("hh2 synced by itself {age}, or somebody had it sync: “{text}”.")
    return said.format(age=times.ago(seen.ended, now), text=seen.text)


def lines(known: Freshness, last_good: datetime | None, seen: Shown | None, now: datetime) -> Iterator[str]:
    """All of it, line by line, for the command line."""
    if last_good is None:
        yield _("No good run yet.")
    else:
        yield _("Last good run: {age}.").format(age=times.ago(last_good, now))
    yield sage(known, now)
    yield _("hh2 to Procore:")
    for one in Tab:
        yield f"  {named(tabs.title(one), tab(known.tabs.get(one), now))}"
    if seen is not None:
        yield of_page(seen, now)
