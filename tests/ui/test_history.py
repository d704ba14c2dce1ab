"""The history: filtered, as a timeline with its evidence, drawn over time with the numbers beside it, taken along."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.assembly.past import as_csv
from app.domain.events import RunOutcome
from app.domain.history import summary
from app.ui.chart import scale
from app.ui.history_desk import HistoryDesk
from app.ui.history_view import HistoryView
from tests.support.waiting import wait_until
from tests.ui.conftest import Open
from tests.ui.scenes import past_verdicts
from tests.ui.stories import Story, cut_off
from tests.ui.test_match import a_run_ended, report_of_acme

DAY = timedelta(days=1)


@pytest.fixture
def view(qtbot: QtBot) -> HistoryView:
    made = HistoryView("Beaulieu")
    qtbot.addWidget(made)
    done, mixed, broken = (summary(one.state) for one in (Story().all_done(), Story().mixed(), cut_off()))
    now = datetime.now(UTC)
    made.take_runs(
        [
            msgspec.structs.replace(
                done, run_id="a", started_at=now - DAY, ended_at=now - DAY + timedelta(minutes=6)
            ),
            msgspec.structs.replace(mixed, run_id="b", started_at=now - 10 * DAY, who="marc"),
            msgspec.structs.replace(broken, run_id="c", started_at=now - 100 * DAY),
        ]
    )
    made.show()
    return made


def shown(view: HistoryView) -> list[str]:
    assert view.table.rowCount() == len(view.shown)
    return [run.run_id for run in view.shown]


def test_runs_are_narrowed_by_outcome_time_and_words(view: HistoryView) -> None:
    asked: list[str] = []
    view.run_chosen.connect(asked.append)
    assert shown(view) == ["a", "b", "c"]
    view.filters.outcome.setCurrentText("cut off")
    view.filters.outcome.activated.emit(0)
    assert shown(view) == ["c"]
    assert asked == ["c"]
    view.filters.outcome.setCurrentIndex(0)
    view.filters.days.setCurrentText("a month ago")
    view.filters.days.activated.emit(0)
    assert shown(view) == ["a", "b"]
    view.filters.words.setText("marc vendors")
    assert shown(view) == ["b"]
    view.filters.words.setText("nobody")
    assert shown(view) == []
    assert view.empty.text() == "No run is like that."
    assert not view.export.isEnabled()
    assert view.timeline.rowCount() == 0


def test_the_timeline_tells_the_time_the_event_and_what_proved_it(view: HistoryView) -> None:
    records = Story().all_done().records
    view.take_records(records)
    lines = view.timeline.text().splitlines()
    assert len(lines) == len(records)
    assert lines[0].split("\t")[1] == "+0 s"
    proven = next(line for line in lines if "before: “" in line)
    assert "“Last sync completed" in proven


def test_the_charts_have_a_table_and_words_for_who_cannot_see_them(view: HistoryView) -> None:
    view.take_verdicts(past_verdicts())
    lengths, found = view.durations, view.differences
    assert len(lengths.chart.points) == 2  # one was cut off
    assert lengths.table.model().index(0, 1).data() == "6 min 0 s"
    assert lengths.chart.accessibleDescription().startswith("2 runs, between ")
    assert found.chart.accessibleDescription() == "6 reports: 36 differences at first, 3 at last."
    assert found.table.model().index(0, 1).data() == "3"  # the newest first
    assert [point.good for point in found.chart.points] == [True, True, False, True, True, True]
    assert "could not be compared" in found.said.text()
    view.take_verdicts([])
    assert "Do they match?" in found.said.text()
    assert not found.split.isVisible()


@pytest.mark.parametrize(
    ("largest", "marks"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (36, [0, 10, 20, 30, 40]),
        (100, [0, 20, 40, 60, 80, 100]),
        (0.4, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_an_axis_has_round_numbers(largest: float, marks: list[float]) -> None:
    assert scale(largest) == pytest.approx(marks)


def test_the_history_is_written_as_csv_and_json_and_reads_past_verdicts(acme: Open, tmp_path: Path) -> None:
    with acme() as window:
        report = report_of_acme(window)
        window.ask(a_run_ended(window))
        window.window.history_action.trigger()
        view = window.dialog()
        assert isinstance(view, HistoryView)
        wait_until(lambda: "“" in view.timeline.text(), "the run is read")
        wait_until(lambda: view.differences.table.rowCount() == 1, "the report too")
        assert view.differences.chart.points[0].value == report.verdict.differences
        window.press("Export…")
        (chooser,) = view.findChildren(QFileDialog)
        chooser.close()
        (desk,) = view.findChildren(HistoryDesk)
        desk.write(str(tmp_path / "runs.csv"), "CSV (*.csv)", view.shown)
        wait_until(lambda: "1 run was written" in view.empty.text(), "it is written")
        desk.write(str(tmp_path / "runs"), "JSON (*.json)", view.shown)
        wait_until((tmp_path / "runs.json").exists, "it is written")
        wait_until(lambda: "runs.json" in view.empty.text(), "it says so")
        desk.write(str(tmp_path / "no" / "runs.csv"), "CSV (*.csv)", view.shown)
        wait_until(lambda: "1 run was" not in view.empty.text(), "it says why not")
        window.press("Close")
    with (tmp_path / "runs.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["outcome"], line["step_1"], line["begun"]) == ("ok", "done", "2026-11-24T14:00:01Z")
    (kept,) = json.loads((tmp_path / "runs.json").read_text())
    assert kept["run_id"] == "run-1"


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_stays_a_text() -> None:
    run = msgspec.structs.replace(
        summary(Story().all_done().state), who="=HYPERLINK(1)", outcome=RunOutcome.OK
    )
    assert "'=HYPERLINK(1)" in as_csv([run]).decode("utf-8-sig")
