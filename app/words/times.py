"""Durations, ages and clock times, as people say them."""

from datetime import datetime, tzinfo

from app.domain.habit import Left
from app.words import numbers
from app.words.language import _, ngettext


def duration(seconds: float) -> str:
    """A length of time from seconds, to two parts at most: "12 s", "4 min 10 s", "2 h 5 min"."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=left)
    return _("{seconds} s").format(seconds=left)


def about(seconds: float) -> str:
    """A length of time that is only an estimate: "less than a minute", "4 minutes", "2 hours"."""
    if seconds < 60:
        return _("less than a minute")
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    hours = round(seconds / 3600)
    return ngettext("{n} hour", "{n} hours", hours).format(n=hours)


def left(time: Left) -> str:
    """How long something still takes, as far as it is known: "about 4 minutes left", "4 to 9 minutes left"."""
    if time.most < 60:
        return _("less than a minute left")
    likely, most = max(1, round(time.likely / 60)), round(time.most / 60)
    if most <= likely * 1.3 or most == likely or most >= 90:
        return _("about {time} left").format(time=about(max(60.0, time.most)))
    return _("{likely} to {most} minutes left").format(likely=likely, most=most)


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was: "just now", "4 minutes ago", "3 days ago"."""
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return _("just now")
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    days = hours // 24
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)


def clock(at: datetime, zone: tzinfo | None = None) -> str:
    """The time on the wall, "14:05", as the country writes it. `zone` None is this computer's own."""
    return numbers.clock(at.astimezone(zone))


def clock_seconds(at: datetime, zone: tzinfo | None = None) -> str:
    """The time on the wall to the second, "14:05:09"."""
    return at.astimezone(zone).strftime("%H:%M:%S")


def day_and_clock(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """When something was: "today at 14:05", "yesterday at 09:10", "2026-11-20 at 16:30"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = clock(at, zone)
    if local.date() == today:
        return _("today at {time}").format(time=time)
    if (today - local.date()).days == 1:
        return _("yesterday at {time}").format(time=time)
    return _("{day} at {time}").format(day=numbers.day(local.date()), time=time)


def in_full(at: datetime, zone: tzinfo | None = None) -> str:
    """When something was, for a text that is read on another day: "2026-11-20 at 16:30"."""
    local = at.astimezone(zone)
    return _("{day} at {time}").format(day=local.date().isoformat(), time=clock(at, zone))
