"""Window or command line: decides, imports nothing heavy."""

import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine.faces import Practice, Workplace

# Nobody answers a question on the command line; in the window a person is waited for half an hour.
NOBODY = 0.0
HALF_AN_HOUR = 1800.0
# Until the window works so many objects come, and stay, that looking through them for rubbish, which Python does for
# every 700, takes as long as drawing it.
RUBBISH = (20_000, 20, 20)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: without arguments the window, else the command line. Returns the exit code."""
    _leave_no_core()
    _speak_utf8()
    _keep_to_oneself()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        gc.set_threshold(*RUBBISH)
        from app.words import language

        language.choose()
        return _window(None, "", _chosen_language)
    from app.self_start import PRINT_REPORT

    if given == [PRINT_REPORT]:
        from app.ui.paper import main as print_report

        return print_report()
    from app.cli.main import run
    from app.cli.rooms import Rooms

    rooms = Rooms(
        _on_the_command_line, _serve_training, _list_training, _window, _chosen_language, _in_the_tray
    )
    return run(given, rooms)


def _chosen_language() -> str:
    from app.storage.folders import locate
    from app.storage.language import chosen

    return chosen(locate())


def _leave_no_core() -> None:
    """A crash, here or in the browser that we start, writes no picture of the memory: secrets would stand in it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _speak_utf8() -> None:
    """What is read through a pipe is UTF-8 on every system; Windows would write the country's own letters. A console
    shows all letters anyway, and one without an end never fails for a letter it cannot show."""
    for stream, errors in (
        (sys.stdin, "strict"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors=errors)


def _keep_to_oneself() -> None:
    """What is written here, by a library or by the browser that we start is for this user alone. On Windows the
    folder's rights say so."""
    if sys.platform != "win32":
        os.umask(0o077)


def _on_the_command_line() -> "Workplace":
    from app.assembly.house import House

    # On a terminal somebody is there to press in the browser, where the run is one that they press in.
    return House("command line", person=NOBODY, presses=HALF_AN_HOUR if _on_a_terminal() else NOBODY)


def _on_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _in_the_window() -> "Workplace":
    from app.assembly.house import House

    return House("window", person=HALF_AN_HOUR)


def _window(practice: "Practice | None", profile: str, language: "Callable[[], str] | None" = None) -> int:
    from app.ui.start import run_window

    return run_window(_in_the_window, profile, practice, language)


def _in_the_tray(practice: "Practice | None", profile: str) -> int:
    from app.ui.start import run_window

    return run_window(_in_the_window, profile, practice, in_tray=True)


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
