"""How long a site asks us to wait, in each form of the header, and in none."""

from datetime import UTC, datetime

import pytest

from app.domain.pause import retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("17", 17.0),
        (" 2.5 ", 2.5),
        ("-4", 0.0),
        ("1e9", 3600.0),
        ("inf", 3600.0),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 12:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 12:00:30", 30.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", None),
        ("Tue, 03 Mar 2026 12:00:00 GMT", 3600.0),
    ],
)
def test_a_site_asks_for_a_pause_in_seconds_or_by_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
