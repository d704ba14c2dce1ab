"""Window or command line: decides, imports nothing heavy."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine.faces import Practice, Workplace

# Nobody answers a question on the command line; in the window a person is waited for half an hour.
NOBODY = 0.0
HALF_AN_HOUR = 1800.0


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: without arguments the window, else the command line. Returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        return _window(None, "")
    if given == ["print-report"]:
        from app.ui.paper import main as print_report

        return print_report()
    from app.cli.main import run
    from app.cli.rooms import Rooms

    return run(given, Rooms(_on_the_command_line, _serve_training, _list_training, _window))


def _on_the_command_line() -> "Workplace":
    from app.assembly.house import House

    # On a terminal somebody is there to press in the browser, where the run is one that they press in.
    return House("command line", person=NOBODY, presses=HALF_AN_HOUR if _on_a_terminal() else NOBODY)


def _on_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _in_the_window() -> "Workplace":
    from app.assembly.house import House

    return House("window", person=HALF_AN_HOUR)


def _window(practice: "Practice | None", profile: str) -> int:
    from app.ui.start import run_window

    return run_window(_in_the_window, profile, practice)


def _serve_training(practice: "Practice", until_stdin_closes: bool) -> int:
    from app.training.serve import serve

    return serve(
        practice.scenario,
        variant=practice.variant,
        seed=practice.seed,
        pace=practice.pace,
        size=practice.size,
        hour=practice.hour,
        skin=practice.skin,
        language=practice.language,
        trouble=practice.trouble,
        until_stdin_closes=until_stdin_closes,
    )


def _list_training() -> dict[str, object]:
    from app.training.scenarios import listing

    return listing()


if __name__ == "__main__":
    sys.exit(main())
