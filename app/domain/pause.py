"""How long a site asks us to wait: `Retry-After` as HTTP has it, in seconds or as a date."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 3600.0


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds from 0 to 3600 from the header's value; None where there is none or it makes no sense, as a
    date that has passed. `now` is UTC."""
    value = value.strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
        if seconds <= 0:  # one of the two clocks is wrong: to ask again at once would be an answer to neither
            return None
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST)
