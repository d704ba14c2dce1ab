"""Puts a change into what is imported already: the code of each function that it touches, where it stands."""

import inspect
import sys
from types import CodeType, FunctionType

from tests.mutants.mutate import Mutant, compiled, unchanged

Swap = tuple[FunctionType, CodeType]


def swaps(mutant: Mutant) -> list[Swap] | None:
    """Which functions of the imported module get which code; None where the change is in what runs at its import."""
    before, after = compiled(unchanged(mutant.module)), compiled(mutant)
    if _at_import(before) != _at_import(after):
        return None
    old, new = _functions(before), _functions(after)
    found: list[Swap] = []
    for name, code in new.items():
        if code == old[name]:
            continue
        function = _stands(mutant.module, name)
        if function is None or function.__code__.co_freevars != code.co_freevars:
            return None
        found.append((function, code))
    return found


def forget() -> None:
    """As if nothing of ours had been imported."""
    for name in list(sys.modules):
        if name.partition(".")[0] in ("app", "tests") and not name.startswith("tests.mutants"):
            del sys.modules[name]


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_NEWLOCALS)


def _functions(code: CodeType) -> dict[str, CodeType]:
    """The functions of a module and of its classes, by name; what stands within them is part of them."""
    found: dict[str, CodeType] = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= {one.co_qualname: one} if _is_function(one) else _functions(one)
    return found


def _at_import(code: CodeType) -> tuple[object, ...]:
    """What runs at the import, without the functions that it makes."""
    made = tuple(
        (one.co_qualname if _is_function(one) else _at_import(one))
        if isinstance(one, CodeType)
        else repr(one)
        for one in code.co_consts
    )
    return code.co_code, code.co_names, made


def _stands(module: str, name: str) -> FunctionType | None:
    """The function as it was made, whatever is around it by now."""
    place: object = sys.modules[module]
    for part in name.split("."):
        place = vars(place).get(part)
        if place is None:
            return None
    if isinstance(place, property):
        place = place.fget
    if isinstance(place, staticmethod | classmethod):
        place = place.__func__
    place = inspect.unwrap(place) if callable(place) else place
    fits = isinstance(place, FunctionType) and place.__code__.co_qualname == name
    return place if fits and isinstance(place, FunctionType) else None
