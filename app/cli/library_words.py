"""What the command line's library says of a mistake, in the person's language. It knows English alone: its sentences
are recognised, and said anew; one that is not recognised stands as the library says it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer import rich_utils

from app.words.language import N_, _

# What the library says, and what we say for it. A blank that is a sentence of the library's own is said anew too.
SENTENCES = (
    (r"Invalid value for (?P<name>.+?): (?P<why>.*)", N_("Invalid value for {name}: {why}")),
    (r"Invalid value: (?P<why>.*)", N_("Invalid value: {why}")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<others>.*)\)",
        N_("No such option: {name} (possible: {others})"),
    ),
    (r"No such option: (?P<name>\S+)", N_("No such option: {name}")),
    (r"No such command (?P<name>'.*')\.", N_("No such command: {name}")),
    (r"Missing command\.", N_("A command is missing.")),
    (r"Missing option (?P<name>.*)\.", N_("Option {name} is missing.")),
    (r"Missing argument (?P<name>.*)\.", N_("Argument {name} is missing.")),
    (r"Got unexpected extra argument\(s\) \((?P<args>.*)\)", N_("Not understood: {args}")),
    (r"Option (?P<name>'.*') requires an argument\.", N_("Option {name} needs a value.")),
    (r"Option (?P<name>'.*') does not take a value\.", N_("Option {name} takes no value.")),
    (
        r"(?:Value error, )?(?P<value>'.*') is not one of (?P<choices>.*)\.",
        N_("{value} is not one of {choices}."),
    ),
    (r"Input should be a valid integer.*", N_("A whole number is expected.")),
    (r"Input should be a valid number.*", N_("A number is expected.")),
    (r"Input should be greater than or equal to (?P<least>\S+)", N_("At least {least} is expected.")),
)
_SAID = tuple((re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in SENTENCES)
_show_error = rich_utils.rich_format_error


def said(text: str) -> str:
    """A sentence of the library, in the person's language."""
    for pattern, sentence in _SAID:
        found = pattern.fullmatch(text)
        if found is not None:
            parts = found.groupdict()
            if "why" in parts:
                parts["why"] = said(parts["why"])
            return _(sentence).format(**parts)
    return text


def speak(command: Any) -> None:
    """From now on a mistake is told in the person's language; `command` names how it is used in it."""
    rich_utils.rich_format_error = _tell  # type: ignore[assignment]  # of any error that can be shown
    command.get_usage = partial(_usage, type(command).get_usage, command)


def _tell(error: Any) -> None:
    tell: Callable[[], str] = error.format_message
    error.format_message = lambda: said(tell())
    _show_error(error)


def _usage(get_usage: Callable[[Any, typer.Context], str], command: Any, context: typer.Context) -> str:
    return re.sub(r"^Usage:", _("Usage:"), get_usage(command, context))
