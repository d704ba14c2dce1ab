"""Commands without any site: pages that cannot be walked, controls that are shown, services that are not set up, and
what is typed on a terminal."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from app.assembly.house import House
from app.cli import terminal
from app.cli.main import run
from app.cli.rooms import Rooms
from app.domain import events as ev
from app.domain.events import ByHand, NeedKind, Site
from app.domain.looks import StepOneOutcome
from app.domain.run import Need
from app.domain.tabs import Tab
from app.domain.taught import Pointed, Unfit
from app.engine.faces import Looked, Message, Ready, Stop, Workplace
from app.words.ended import summary
from tests.domain.stories import IDLE, planned, told
from tests.ui.stories import BEGAN

HERE = Pointed(Site.PROCORE, "refresh-vendors", "button", "Renew suppliers", ("Vendors",))


def _rooms(workplace: Callable[[], Workplace] | None = None) -> Rooms:
    listed: dict[str, object] = {"troubles": [{"name": "one-time-code"}], "skins": [{"name": "plain"}]}
    made = workplace or (lambda: House("command line", person=0.0))
    return Rooms(made, lambda *_: 0, lambda: listed, lambda *_: 0)


@pytest.fixture
def acme(own_home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A company whose sites nobody serves."""
    assert run(["profile", "create", "Acme", "--hh2", "acme"], _rooms()) == 0
    capsys.readouterr()
    return "Acme"


# ---------------------------------------------------------------- the pages


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a browser is not found by the path")
def test_without_a_browser_the_check_is_one_card_and_a_person_is_needed(
    acme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert run(["portal", "check", "--profile", acme], _rooms()) == 30
    said = capsys.readouterr().out
    assert said.startswith("Check of the pages of Acme,")
    assert "None is installed" in said
    assert run(["portal", "check", "--profile", acme, "--json"], _rooms()) == 30
    told = json.loads(capsys.readouterr().out)
    assert (told["type"], told["exit"], told["problem"]["id"]) == ("page-check", 30, "BROWSER")


def _pointing(answer: Pointed | None) -> Callable[[], Workplace]:
    """A workplace at whose browser somebody points at this; None where it was stopped."""

    class Pointing(House):
        async def point_at(self, *_: Any, **__: Any) -> Pointed | None:
            return answer

    return lambda: Pointing("command line", person=0.0)


TEACH = ["portal", "teach", "procore:refresh-vendors", "--profile", "acme"]


@pytest.mark.parametrize(("typed", "code", "kept"), [("y\n", 0, True), ("n\n", 130, False)])
def test_a_control_that_was_shown_is_kept_only_on_a_yes_and_can_be_taken_out_again(
    typed: str,
    code: int,
    kept: bool,
    acme: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert run(TEACH, _rooms(_pointing(HERE))) == code
    assert "the button named “Renew suppliers”, in Vendors." in capsys.readouterr().out
    assert run(["portal", "taught", "--profile", acme], _rooms()) == 0
    assert ("Renew suppliers" in capsys.readouterr().out) is kept
    assert run(["portal", "taught", "--profile", acme, "--forget", "all"], _rooms()) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (None, 130, ""),
        (Pointed(Site.PROCORE, "refresh-vendors", unfit=Unfit.NOBODY), 30, "Nobody clicked on anything"),
        (Pointed(Site.PROCORE, "refresh-vendors", "button", "Import"), 30, "never presses"),
    ],
    ids=["stopped", "nobody", "forbidden"],
)
def test_what_may_not_be_kept_is_said_and_is_not_kept(
    answer: Pointed | None,
    code: int,
    said: str,
    acme: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert run(TEACH, _rooms(_pointing(answer))) == code
    assert said in capsys.readouterr().err
    assert run(["portal", "taught", "--profile", acme, "--json"], _rooms()) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_what_was_taught_and_it_has_forbidden_since_is_listed_with_that(
    acme: str, own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert run(TEACH, _rooms(_pointing(HERE))) == 0
    (own_home / "config" / "policy.toml").write_text("teach = false\n")
    capsys.readouterr()
    assert run(["portal", "taught", "--profile", acme], _rooms()) == 0
    said = capsys.readouterr()
    assert "Renew suppliers" in said.out
    assert "IT does not allow" in said.err


# ---------------------------------------------------------------- the services


def test_services_that_are_not_set_up_are_said_and_nothing_is_asked(
    acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", "--profile", acme], _rooms()) == 10
    said = capsys.readouterr().out
    assert "hh2's web services: not used" in said
    assert "no client id of an app of its own" in said
    assert run(["connect", "--profile", acme, "--json"], _rooms()) == 10
    told = json.loads(capsys.readouterr().out)
    assert [one["standing"] for one in told["connections"]] == ["off", "off"]


@pytest.mark.parametrize("way", ["--sign-in", "--code"])
def test_nobody_is_asked_to_sign_in_for_an_app_that_is_not_set_up(
    way: str, acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", "--profile", acme, way, "--json"], _rooms()) == 30
    said = capsys.readouterr()
    assert json.loads(said.out)["problem"]["id"] == "SECRET-MISSING"
    assert run(["connect", "--profile", acme, way], _rooms()) == 30
    assert capsys.readouterr().out == ""


def test_where_nothing_is_kept_there_is_nothing_to_disconnect(
    acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", "--profile", acme, "--disconnect", "--json"], _rooms()) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["disconnected"] == {"had": False, "confirmed": False}
    assert "nothing to disconnect" in said.err


def test_a_code_on_a_terminal_is_typed_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.cli import connect

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def typed(*_: object, **how: object) -> str:
        assert how["hide_input"] is True
        return "c0de"

    monkeypatch.setattr("typer.prompt", typed)
    monkeypatch.setattr(sys, "stdin", Terminal("another\n"))
    assert connect._typed() == "c0de"
    monkeypatch.setattr(sys, "stdin", io.StringIO("  c0de \n"))
    assert connect._typed() == "c0de"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sync", "--training", "--trouble", "rain"], "known: one-time-code"),
        (["sync", "--training", "--trouble", "one-time-code", "--driver", "training"], "--driver browser"),
        (["sync", "--profile", "Acme", "--trouble", "one-time-code"], "--trouble is for --training"),
        (["portal", "check", "--training", "--trouble", "rain"], "known: one-time-code"),
        (["portal", "check", "--profile", "Acme", "--trouble", "hh2-code"], "--trouble is for --training"),
    ],
    ids=["unknown", "without pages", "real", "check of an unknown", "check of a real"],
)
def test_a_trouble_of_the_pages_is_for_the_training_companys_pages(
    arguments: list[str], said: str, acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments, _rooms()) == 64
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())


# ---------------------------------------------------------------- on a terminal


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """A terminal on standard input, and what a person types on it."""
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminal there")
    import pty

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "rb", buffering=0, closefd=False) as stdin:
        monkeypatch.setattr(terminal, "_STDIN", theirs)
        monkeypatch.setattr(sys, "stdin", stdin)
        yield lambda data: (os.write(ours, data), None)[1]
    os.close(theirs)
    os.close(ours)


START = Need(NeedKind.PRESS, BEGAN, None, Site.HH2, ByHand(Site.HH2, "start-sync"))
WORD = Need(NeedKind.CONFIRM_STEP_ONE, BEGAN, None, Site.HH2)


def test_what_is_typed_while_a_run_asks_is_told_to_it_line_by_line(keyboard: Callable[[bytes], None]) -> None:
    told: list[Message] = []
    asked: list[Need | None] = [START, None, WORD, None]

    async def listen() -> None:
        enough = anyio.Event()

        def take(message: Message) -> None:
            told.append(message)
            if isinstance(message, Stop):
                enough.set()

        with terminal.listening(lambda: asked.pop(0), take):
            keyboard("\nyes\nIt ended at 8:04, é\nq\n".encode())
            with anyio.fail_after(10):
                await enough.wait()
        keyboard(b"q\n")  # the run is over: nobody is told

    anyio.run(listen)
    assert told == [Ready(), Looked("It ended at 8:04, é"), Stop()]


def test_where_nobody_is_at_a_terminal_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for stdin in (None, io.StringIO("q\n")):
        monkeypatch.setattr(sys, "stdin", stdin)
        with terminal.listening(lambda: None, lambda _: pytest.fail("nobody typed")):
            pass


# ---------------------------------------------------------------- what is told at the end


def test_the_end_of_a_run_says_what_was_not_begun_and_what_goes_on() -> None:
    stopped = told(
        ev.StepOneBaseline(IDLE), ev.SyncRequested(), ev.SyncAccepted(),
        ev.CancelRequested("dana"), ev.StepOneFinished(StepOneOutcome.CANCELLED),
        plan=planned((Tab.VENDORS,)),
    )  # fmt: skip
    lines = summary(stopped)
    assert "The sync that was started goes on in hh2" in lines[1]
    assert lines[2] == "  Vendors: not begun"
    untouched = summary(told(plan=planned((Tab.VENDORS,))))
    assert untouched == ["  Vendors: not begun"]
