"""Numbers, amounts and days as the person's language and country write them: "1,234.50" or "1 234,50".

What a computer reads (CSV, JSON, a workbook's cells) is not written here."""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache

from app.words import language


def count(number: float) -> str:
    """A whole number, its thousands apart: "12,345"."""
    return _written(f"{number:,.0f}")


def money(amount: Decimal) -> str:
    """An amount to the cent: "1,234.50", "−4.05"."""
    return _written(f"{amount:,.2f}")


def share(per_cent: Decimal) -> str:
    """A share in per cent, without the sign: "12.5"."""
    return _written(f"{per_cent:,.1f}")


def small(number: float) -> str:
    """A number that may be less than one: "0.5"."""
    return _written(f"{number:g}")


def day(at: date) -> str:
    """A day: "2026-11-24", in the United States "11/24/2026"."""
    place = language.place()
    if not place:
        return at.isoformat()[:10]
    from babel.dates import format_skeleton

    return str(format_skeleton("yMd", datetime.combine(at, time()), locale=place))


def clock(at: datetime) -> str:
    """The time on the wall of a moment that bears this computer's zone: "14:05", "14 h 05", "2:05 PM"."""
    place = language.place()
    if not place:
        return at.strftime("%H:%M")
    from babel.dates import format_time

    return str(format_time(at.time(), "short", locale=place))


def read(text: str) -> Decimal | None:
    """A number as a person types it, with or without blanks and a sign of money: where the country writes "1 234,50" a
    comma is the decimal sign, and a point too where there is no comma. None for what is none."""
    bare = "".join(text.replace("−", "-").replace("$", "").split())
    if _signs(language.place())[1] == ",":
        bare = bare.replace(".", "").replace(",", ".") if "," in bare else bare
    else:
        bare = bare.replace(",", "")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _written(text: str) -> str:
    group, point = _signs(language.place())
    return text.translate({ord(","): group, ord("."): point, ord("-"): "−"})


@cache
def _signs(place: str) -> tuple[str, str]:
    if not place:
        return ",", "."
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_group_symbol(place), get_decimal_symbol(place)
