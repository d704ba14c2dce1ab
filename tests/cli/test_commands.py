"""The command line from outside: exit codes, JSON on stdout and nothing else, words on stderr, Ctrl-C."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.domain import events
from app.storage import folders
from tests.cli.commands import lines, run
from tests.load.many_runs import fill
from tests.training.servers import ROOT, environ


def test_a_training_sync_prints_an_event_a_line_and_the_result_last() -> None:
    ended = run("sync", "--training", "--pace", "0.05", "--json", "--tabs", "vendors,cost-codes")
    assert ended.returncode == 0, ended.stderr
    told = lines(ended.stdout)
    names = {name for name in dir(events) if name[0].isupper()}
    assert {line["type"] for line in told[:-1]} <= names
    assert all(line["at"].endswith("Z") and line["run_id"] == told[0]["run_id"] for line in told[:-1])
    assert [line["seq"] for line in told[:-1]] == sorted(line["seq"] for line in told[:-1])
    result = told[-1]
    assert result["type"] == "result"
    assert (result["outcome"], result["exit"]) == ("ok", 0)
    assert [tab["tab"] for tab in result["tabs"]] == ["cost-codes", "vendors"]
    assert result["step1"]["evidence"]["text"]
    assert result["match"] is None
    assert {"run_id", "step1", "tabs", "problems"} <= result.keys()


def test_progress_for_people_goes_to_stderr_and_stdout_stays_empty() -> None:
    ended = run("sync", "--training", "--pace", "0.05", "--tabs", "none")
    assert ended.returncode == 0
    assert ended.stdout == ""
    assert "Pressing Start Sync" in ended.stderr


@pytest.mark.parametrize(("scenario", "code"), [("staged", 10), ("hh2-down", 20), ("no-permission", 30)])
def test_the_exit_code_is_that_of_the_outcome(scenario: str, code: int) -> None:
    ended = run("sync", "--training", "--scenario", scenario, "--pace", "0.05", "--tabs", "vendors")
    assert ended.returncode == code, ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["sync"],
        ["sync", "--training", "--profile", "Acme"],
        ["sync", "--training", "--date-range", "yesterday"],
        ["sync", "--training", "--tabs", "budgets"],
        ["sync", "--training", "--step-two-only"],
        ["sync", "--training", "--step-two-only", "--i-looked", "  "],
        ["nonsense"],
        ["profile", "create", "Acme", "--hh2", "not a site!"],
        ["profile", "create", "Acme", "--hh2-base", "http://hh2.example"],
        ["profile", "create", "Acme", "--brake-percent", "100"],
        ["secret", "set", "no-such-secret", "--profile", "Acme"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_64_and_says_what_was_wrong(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 64, ended.stderr
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr


def test_step_two_only_goes_on_the_persons_word_and_keeps_it() -> None:
    word = "hh2 synced at 8:04, I saw it"
    ended = run(
        "sync",
        "--training",
        "--pace",
        "0.05",
        "--json",
        "--tabs",
        "vendors",
        "--step-two-only",
        "--i-looked",
        word,
    )
    told = lines(ended.stdout)
    types = [line["type"] for line in told]
    assert "SyncRequested" not in types
    assert next(line for line in told if line["type"] == "PersonConfirmed")["words"] == word
    assert told[-1]["step1"]["evidence"] == {
        "kind": "person",
        "text": word,
        "at": told[-1]["step1"]["evidence"]["at"],
    }
    assert ended.returncode == 0


def test_ctrl_c_stops_in_order_and_says_what_goes_on_in_hh2() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "app", "sync", "--training", "--scenario", "slow", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environ(),
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(child.stderr or ()))
    reader.start()
    told: list[dict[str, Any]] = []
    for line in child.stdout:
        told.append(json.loads(line))
        if told[-1]["type"] == "SyncAccepted":
            child.send_signal(signal.SIGINT)
    reader.join()
    child.stdout.close()
    child.stderr.close()
    assert child.wait() == 130
    assert told[-1]["outcome"] == "cancelled"
    assert told[-1]["step1"]["outcome"] == "cancelled"
    assert "RefreshRequested" not in {line["type"] for line in told}
    assert "goes on in hh2" in "".join(said)


def test_the_run_is_in_the_history(own_home: Path) -> None:
    run("sync", "--training", "--pace", "0.05", "--tabs", "vendors")
    ended = run("history", "--json")
    runs = json.loads(ended.stdout)
    assert len(runs) == 1
    assert runs[0]["outcome"] == "ok"
    assert runs[0]["tabs"] == {"vendors": "done"}
    assert "Training company" in run("history").stdout


def test_an_edit_of_the_ledger_is_found_and_placed(acme: str, own_home: Path) -> None:
    ended = run("sync", "--profile", acme, "--tabs", "vendors")
    assert ended.returncode == 0, ended.stderr
    good = run("history", "verify", "--profile", acme.upper())
    assert (good.returncode, "as they were written" in good.stdout) == (0, True), good.stdout + good.stderr
    (ledger,) = own_home.rglob("ledger.sqlite")
    with closing(sqlite3.connect(ledger)) as connection, connection:
        (event,) = connection.execute("SELECT seq FROM events WHERE payload LIKE '%TabFinished%'").fetchone()
        connection.execute(
            "UPDATE events SET payload = replace(payload, 'done', 'staged') WHERE seq = ?", (event,)
        )
    found = run("history", "verify", "--profile", acme)
    assert found.returncode == 10
    assert f"Event {event} of run" in found.stdout
    told = json.loads(run("history", "verify", "--profile", acme, "--json").stdout)
    assert {"kind": "edited", "seq": event} in [
        {k: one[k] for k in ("kind", "seq")} for one in told["faults"]
    ]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("DELETE FROM events WHERE run_id = 'run-1' AND seq IN (5, 6)",
         "At event 7 of run run-1 something was taken out."),
        ("DELETE FROM events WHERE run_id = 'run-2' AND seq = 17",
         "After event 16 of run run-2, the last one that is there, something was taken out."),
        ("UPDATE events SET id = 1000 WHERE run_id = 'run-0' AND seq = 4",
         "Event 4 of run run-0 does not stand where it was written."),
        ("DELETE FROM runs WHERE run_id = 'run-1'",
         "What the history says of run run-1 is not what its events say."),
        ("DELETE FROM events", "All events were taken out."),
    ],
)  # fmt: skip
def test_cuts_and_moves_in_the_ledger_are_found_and_placed_and_who_is_not_kept_out_is_said(
    acme: str, done: str, said: str
) -> None:
    place = folders.locate().of_profile(acme)
    fill(place, 3, None)
    assert run("history", "verify", "--profile", acme).returncode == 0
    with closing(sqlite3.connect(place / "ledger.sqlite")) as connection, connection:
        connection.execute(done)
    found = run("history", "verify", "--profile", acme)
    assert found.returncode == 10, found.stderr
    assert said in found.stdout.splitlines()
    assert "does not defend against them" in found.stdout


def test_a_new_history_is_begun_only_where_the_ledger_cannot_be_used(acme: str, own_home: Path) -> None:
    assert run("sync", "--profile", acme, "--tabs", "none").returncode == 0
    good = run("history", "begin-anew", "--profile", acme, "--yes")
    assert (good.returncode, "It was left as it is." in good.stderr) == (64, True)
    (ledger,) = own_home.rglob("ledger.sqlite")
    ledger.write_bytes(b"no ledger")
    refused = run("sync", "--profile", acme, "--tabs", "none")
    assert (refused.returncode, "or begin a new history" in refused.stderr) == (30, True), refused.stderr
    assert run("history", "begin-anew", "--profile", acme, given="n\n").returncode == 130
    assert ledger.read_bytes() == b"no ledger"
    anew = run("history", "begin-anew", "--profile", acme, "--yes")
    assert anew.returncode == 0, anew.stderr
    assert [kept.read_bytes() for kept in ledger.parent.glob("ledger.sqlite.kept-*[0-9Z]")] == [b"no ledger"]
    assert run("sync", "--profile", acme, "--tabs", "none").returncode == 0


def test_a_profile_is_created_shown_listed_and_deleted(own_home: Path) -> None:
    made = run(
        "profile",
        "create",
        "Acme",
        "--hh2",
        "https://Acme.hh2.com/#login",
        "--company-id",
        "42",
        "--keep-days",
        "90",
    )
    assert made.returncode == 0, made.stderr
    assert run("profile", "list").stdout.split() == ["Acme"]
    shown = json.loads(run("profile", "show", "Acme", "--json").stdout)
    assert shown["hh2"]["site"] == "acme"
    assert shown["driver"] == "browser"
    assert shown["match"]["keep_days"] == 90
    assert (own_home / "config" / "profiles" / "Acme.toml").exists()
    assert run("profile", "create", "acme").returncode == 64
    assert run("profile", "delete", "Acme", "--yes").returncode == 0
    assert run("profile", "list").stdout == ""


def test_a_profile_that_is_not_there_is_said_plainly() -> None:
    ended = run("sync", "--profile", "Nobody", "--json")
    assert ended.returncode == 30
    assert lines(ended.stdout)[-1]["run_id"] is None
    assert "Nobody" in ended.stderr


def test_a_broken_profile_is_named_with_its_line_and_left_as_it_is(own_home: Path) -> None:
    folder = own_home / "config" / "profiles"
    folder.mkdir(parents=True)
    text = '[hh2]\nsite = "acme"\n\n[run]\npoll = "often"\n'
    (folder / "Acme.toml").write_text(text, encoding="utf-8")
    ended = run("profile", "show", "Acme")
    assert ended.returncode == 30
    assert "5" in ended.stderr
    assert "Acme.toml" in ended.stderr
    assert (folder / "Acme.toml").read_text(encoding="utf-8") == text


@pytest.mark.skipif(sys.platform != "linux", reason="the test reads the Secret Service")
def test_a_secret_is_read_from_standard_input_and_lies_in_the_keyring_only(
    secret_service: Any, own_home: Path
) -> None:
    run("profile", "create", "Acme", "--hh2", "acme", "--hh2-user", "dana")
    canary = "canary-4711-Geheim"
    ended = run("secret", "set", "hh2-password", "--profile", "Acme", given=canary + "\n")
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(run("profile", "show", "Acme", "--json").stdout)
    assert shown["secrets"]["hh2-password"] == "kept"
    assert canary not in ended.stdout + ended.stderr
    for path in own_home.rglob("*"):
        assert not path.is_file() or canary.encode() not in path.read_bytes()
    assert run("secret", "forget", "hh2-password", "--profile", "ACME").returncode == 0
    shown = json.loads(run("profile", "show", "Acme", "--json").stdout)
    assert shown["secrets"]["hh2-password"] == "missing"
    assert run("secret", "forget", "ledger-key", "--profile", "Acme").returncode == 64, (
        "that one is the program's"
    )
    assert run("profile", "delete", "Acme", "--yes").returncode == 0
    assert not any("Acme" in str(item) for item in secret_service.items())


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"ondemand-sync {__version__}\n"


def test_the_list_of_scenarios_is_machine_readable() -> None:
    listed = json.loads(run("training", "list", "--json").stdout)
    assert {"scenarios", "skins"} <= listed.keys()


def test_what_is_not_said_is_as_the_companys_settings_have_it() -> None:
    from app.cli.sync import Asked, Said
    from app.domain.filters import DateRange, Depth, Filters
    from app.domain.profile import RunSettings
    from app.domain.tabs import Tab

    settings = RunSettings(DateRange.PAST_MONTH, Depth.DEEP, (Tab.JOBS,), ("24-001",))
    unsaid = Asked().settled(settings).wanted
    assert (unsaid.filters, unsaid.tabs, unsaid.jobs) == (
        Filters(DateRange.PAST_MONTH, Depth.DEEP),
        (Tab.JOBS,),
        ("24-001",),
    )
    said = Asked(said=Said(DateRange.TODAY, Depth.SHALLOW, ())).settled(settings).wanted
    assert (said.filters, said.tabs) == (Filters(DateRange.TODAY, Depth.SHALLOW), ())
