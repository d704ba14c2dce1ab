"""Numbers, amounts and days are written as the country does, and an amount that is typed is read so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.words import match, numbers, times
from app.words.language import choose, place

HARD, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    choose("en")


@pytest.mark.parametrize(
    ("country", "money", "day", "clock"),
    [
        ("en", "−1,234,567.50", "2026-11-04", "14:05"),
        ("en_US", "−1,234,567.50", "11/4/2026", f"2:05{NARROW}PM"),
        ("fr_CA", f"−1{HARD}234{HARD}567,50", "2026-11-04", "14 h 05"),
        ("fr", f"−1{HARD}234{HARD}567,50", "2026-11-04", "14 h 05"),
        ("fr_FR", f"−1{NARROW}234{NARROW}567,50", "04/11/2026", "14:05"),
    ],
)
def test_amounts_and_days_are_the_countrys(country: str, money: str, day: str, clock: str) -> None:
    choose(country)
    assert match.money(Decimal("-1234567.50")) == money
    assert numbers.day(date(2026, 11, 4)) == day
    assert times.clock(datetime(2026, 11, 4, 14, 5, tzinfo=UTC), UTC) == clock


@pytest.mark.parametrize(
    ("country", "typed", "read"),
    [
        ("en", "1,000.50", "1000.50"),
        ("en", "1,00", "100"),
        ("en", "$ 4.05", "4.05"),
        ("fr", "1,00", "1.00"),
        ("fr", f"1{HARD}000,50 $", "1000.50"),
        ("fr", "1000.50", "1000.50"),
        ("fr", "−4,05", "-4.05"),
        ("fr", "1.000,50", "1000.50"),
    ],
)
def test_an_amount_is_read_as_it_is_written_there(country: str, typed: str, read: str) -> None:
    choose(country)
    assert numbers.read(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["", "none", "1,2,3", "NaN", "Infinity"])
def test_what_is_no_amount_is_none(typed: str) -> None:
    choose("fr")
    assert numbers.read(typed) is None


@pytest.mark.parametrize("country", ["en", "en_US", "fr_CA", "fr_FR"])
def test_what_was_written_can_be_typed_again(country: str) -> None:
    choose(country)
    for amount in (Decimal("0.00"), Decimal("1234567.89"), Decimal("-0.05")):
        assert numbers.read(numbers.money(amount)) == amount


def test_the_systems_country_counts_where_it_speaks_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr_BE.UTF-8")
    choose("fr")
    assert place() == "fr_BE"
    choose("en")
    assert place() == ""
