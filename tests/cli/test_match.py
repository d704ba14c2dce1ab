"""`match` from outside: exit codes, the verdict in words on stderr, the result as JSON on stdout and nothing else."""

import hashlib
from pathlib import Path

import pytest

from app.storage.folders import locate
from app.training.company import found
from tests.cli.commands import lines, run
from tests.training.servers import environ

FEW = ",".join(job.code for job in list(found().jobs.values())[:2])
QUICK = ("match", "--training", "--hour", "1", "--jobs", FEW)


def test_it_says_before_what_it_will_ask_then_the_verdict_and_where_the_report_is(tmp_path: Path) -> None:
    ended = run(*QUICK, "--json", "--out", str(tmp_path), timeout=120)
    assert ended.returncode == 0, ended.stderr
    [result] = lines(ended.stdout)
    assert (result["type"], result["exit"], result["problems"]) == ("result", 0, [])
    match = result["match"]
    assert (match["verdict"], match["differences"], match["not_compared"]) == ("matches", 0, [])
    assert {one["what"] for one in match["not_comparable"]} == {"sub-jobs", "prime-contracts", "commitments"}
    assert {one["kind"] for one in match["files"]} >= {"xlsx", "csv", "json"}
    for one in match["files"]:
        assert hashlib.sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]
    said = ended.stderr.splitlines()
    foreseen = [place for place, line in enumerate(said) if line.startswith("To compare")]
    assert foreseen[0] == 0
    assert "Procore and Sage match." in said
    assert any("as it was today at" in line for line in said)
    assert said[-1] == "The history of runs keeps their SHA-256."


def test_what_differs_ends_with_10(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text(f"Job,Amount\n{FEW.partition(',')[0]},1.00\n", "utf-8")
    ended = run(*QUICK, "--sage", str(path), timeout=120)
    assert ended.returncode == 10, ended.stderr
    assert ended.stdout == ""
    assert "difference" in ended.stderr
    assert "Sage: costs.csv was read as Job costs: job = Job, amount = Amount" in ended.stderr


def test_a_file_that_is_not_there_is_named_and_a_person_is_needed(tmp_path: Path) -> None:
    ended = run(*QUICK, "--json", "--procore", f"vendors={tmp_path / 'gone.csv'}")
    assert ended.returncode == 30, ended.stderr
    [result] = lines(ended.stdout)
    assert (result["match"], result["problems"][0]["id"]) == (None, "FILE-BROKEN")
    assert "gone.csv" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["match"],
        ["match", "--training", "--profile", "Acme"],
        ["match", "--training", "--tolerance", "a dollar"],
        ["match", "--training", "--tolerance", "-1"],
        ["match", "--training", "--as-of", "Friday"],
    ],
)
def test_wrong_usage_ends_with_64(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 64
    assert ended.stdout == ""


def test_what_was_read_is_forgotten_only_after_a_yes(acme: str) -> None:
    folder = locate(environ()).of_profile(acme)
    (folder / "match").mkdir(parents=True)
    (folder / "match" / "columns.json").write_text("{}", "utf-8")
    asked = run("match", "forget", "--profile", acme, given="n\n")
    assert asked.returncode != 0
    assert "the history of runs stay" in asked.stdout + asked.stderr
    assert (folder / "match").is_dir()
    done = run("match", "forget", "--profile", "ACME", "--yes")
    assert done.returncode == 0, done.stderr
    assert "1 file was deleted. The history of runs stays" in done.stderr
    assert not (folder / "match").exists()


def test_what_was_read_of_a_company_that_there_is_not_cannot_be_forgotten() -> None:
    ended = run("match", "forget", "--profile", "Nobody", "--yes")
    assert ended.returncode == 30
    assert "Nobody" in ended.stderr
