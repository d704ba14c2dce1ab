"""The help of the command line in the person's language, and what its library says of a mistake."""

from collections.abc import Iterator

import typer
from typer import rich_utils

from app.cli import library_words
from app.words.language import _


def speak(app: typer.Typer) -> "typer.core.TyperGroup":
    """The commands with their help in the person's language, and the library's own headings."""
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.ERRORS_PANEL_TITLE = _("Error")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    rich_utils.DEFAULT_STRING = _("[default: {value}]").replace("{value}", "{}")
    rich_utils.RICH_HELP = _("Try [blue]'{command_path} {help_option}'[/] for help.")
    group = typer.main.get_command(app)
    for command in _all(group):
        library_words.speak(command)
        helping = command.get_help_option(typer.Context(command))
        if helping is not None:
            helping.help = _("Show this message and exit.")
        if hasattr(command, "subcommand_metavar"):
            command.subcommand_metavar = _("COMMAND [ARGS]...")
        for part in (command, *command.params):
            for what in ("help", "epilog"):
                text = getattr(part, what, None)
                if text:
                    setattr(part, what, _(text))
    return group  # type: ignore[return-value]


def _all(command: object) -> "Iterator[typer.core.TyperCommand]":
    yield command  # type: ignore[misc]
    for below in getattr(command, "commands", {}).values():
        yield from _all(below)
