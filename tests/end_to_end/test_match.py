"""Do they match? From the sources over the wire to the verdict, through the house."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import anyio
import msgspec
import pytest

from app.assembly.house import House
from app.assembly.match_files import files_given
from app.domain.events import Record, ReportSaved, RunPlanned
from app.domain.lists import Kind, Side
from app.domain.match_progress import Columns, Compared, Estimate, Progress
from app.domain.match_question import Asked
from app.domain.match_report import Why, Written
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import MatchSettings, Secret
from app.domain.run import RunState, fold
from app.domain.tabs import Tab
from app.engine.faces import Practice, Wanted
from app.match.store import open_store
from app.training.company import found
from app.training.faults import Fault, FaultKind
from app.words import match_rest
from tests.end_to_end.company import NAME, Told, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


class Heard:
    """What a comparison told on the way."""

    def __init__(self) -> None:
        self.estimates: list[Estimate] = []
        self.progress: list[Progress] = []

    def __call__(self, told: Progress | Estimate) -> None:
        (self.estimates if isinstance(told, Estimate) else self.progress).append(told)  # type: ignore[arg-type]


# A few jobs are read fast, and show the same.
FEW = tuple(job.code for job in list(found().jobs.values())[:3])


async def compared(house: House, asked: Asked = Asked(), heard: Heard | None = None) -> Compared:  # noqa: B008
    return await house.matching.match(NAME, asked, heard or Heard())


def prints(files: Iterable[Written]) -> dict[str, str]:
    """The SHA-256 of files as they lie there, by path."""
    return {file.path: hashlib.sha256(Path(file.path).read_bytes()).hexdigest() for file in files}


async def test_after_a_sync_they_match_and_the_next_report_reads_only_the_changes(
    house: House, admin: Admin, tmp_path: Path
) -> None:
    heard = Heard()
    run, told = await carry_out(house, Wanted(match=True))
    assert (run.ended is not None and run.ended.exit, run.plan.match) == (0, True)
    assert run.matched is not None
    assert (run.matched.verdict, run.matched.not_compared) == (Match.MATCHES, ())
    # The ledger knows the report by its files' prints, also when it is read anew.
    kept = fold(await house.records(NAME, run.run_id))
    assert kept is not None
    assert kept.matched == run.matched
    assert {file.path: file.sha256 for file in run.matched.files} == prints(run.matched.files)
    assert told.names.count("MatchForeseen") == 2
    await house.release(NAME)

    asked = len(admin.log()["requests"])
    found = await compared(house, Asked(out=str(tmp_path)), heard)
    report = found.report
    assert report.verdict.match is Match.MATCHES, (report.not_compared, report.reasons)
    assert report.levels == ("job", "sub-job", "cost-code", "cost-type")
    assert report.totals.sage == report.totals.procore > 0
    assert report.run_id == run.run_id
    # What no service documents weighs nothing, and is said.
    assert {(one.what, one.why) for one in report.not_comparable} == {
        ("sub-jobs", Why.UNDOCUMENTED),
        ("prime-contracts", Why.UNDOCUMENTED),
        ("commitments", Why.UNDOCUMENTED),
    }
    assert {one.source for one in report.ages} == {
        f"hh2 ({admin.served.hh2.site})",
        f"Procore ({admin.served.procore.company_id})",
    }
    assert {one.kind for one in found.files} == {"xlsx", "pdf", "csv", "json"}
    # So does it know what is written by hand, though no run is open; the chain holds it.
    saved = (await house.records(NAME, run.run_id))[-1].event
    assert found.noted
    assert isinstance(saved, ReportSaved)
    assert (saved.report_id, saved.files) == (report.id, found.files)
    assert {file.path: file.sha256 for file in saved.files} == prints(found.files)
    assert (await house.verify(NAME)).faults == ()
    assert json.loads(next(Path(one.path) for one in found.files if one.kind == "json").read_text("utf-8"))
    # It was said before how many requests there would be, and there were no more: the short lists, and the jobs that
    # the run refreshed.
    [said] = heard.estimates
    assert said.whole
    assert report.requests <= said.all_requests < run.matched.requests
    signed_in = 3  # at hh2, at Procore, and who we are there
    assert len(admin.log()["requests"]) - asked - signed_in == report.requests


async def test_a_report_of_a_company_that_never_ran_stands_in_the_ledger_by_itself(
    house: House, tmp_path: Path
) -> None:
    found = await compared(house, Asked(out=str(tmp_path)))
    assert found.noted
    assert await house.history(NAME) == []
    assert await house.interrupted(NAME) is None
    verified = await house.verify(NAME)
    assert (verified.events, verified.faults) == (1, ())
    run, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert [line.run_id for line in await house.history(NAME)] == [run.run_id]
    assert (await house.verify(NAME)).faults == ()


async def test_everything_anew_takes_the_requests_that_were_foreseen(house: House) -> None:
    await compared(house)
    heard = Heard()
    report = (await compared(house, Asked(fresh=True), heard)).report
    [said] = heard.estimates
    assert said.whole
    # The list of direct costs has no more pages than that of their lines, by which it is foreseen.
    assert 0.95 * said.all_requests <= report.requests <= said.all_requests


async def test_what_is_staged_is_named_with_who_acts(house: House, admin: Admin) -> None:
    admin.play("staged")
    first, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS, Tab.JOBS)))
    run, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert run.matched is None
    await house.release(NAME)
    report = (await compared(house, Asked(jobs=FEW))).report
    assert report.verdict.match is Match.DIFFERS
    reasons = {one.reason.value: one.acts.value for one in report.reasons}
    assert reasons["staged"] == "approver"
    assert report.waiting[Tab.VENDORS].ready_to_import
    # The tab shows no time; that the run before saw records there too is known.
    since = report.waiting_since[Tab.VENDORS].ready_to_import
    assert since == first.tabs[Tab.VENDORS].refresh.finished_at
    assert since is not None
    told = "\n".join(match_rest.rest(report, since + timedelta(days=3)))
    assert "records were there at every look since" in told
    assert "3 days ago" in told


async def test_a_file_stands_in_for_a_side(house: House, tmp_path: Path) -> None:
    total = (await compared(house, Asked(jobs=FEW))).report.totals.sage
    path = tmp_path / "report.csv"
    path.write_text(f"Job,JTD Cost\n{FEW[0]},1.00\n", "utf-8")
    report = (await compared(house, Asked(jobs=FEW, sage=(str(path),)))).report
    assert report.verdict.match is Match.DIFFERS
    assert report.totals.sage == Decimal("1.00") != total
    assert any(one.is_file and one.source.startswith("report.csv") for one in report.ages)


async def test_without_services_it_says_what_a_file_could_do(house: House) -> None:
    profile = await house.profile(NAME)
    changed = msgspec.structs.replace(
        profile,
        hh2=msgspec.structs.replace(profile.hh2, services=False),
        procore=msgspec.structs.replace(profile.procore, client_id=""),
    )
    assert await house.save(changed) == []
    report = (await compared(house)).report
    assert report.verdict.match is Match.NOT_COMPARED
    assert report.verdict.exit == 10
    assert ("vendors", Why.NO_SOURCE) in {(one.what, one.why) for one in report.not_comparable}


def test_a_heading_that_a_person_names_is_taken_and_remembered(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Site;Spent so far;Amount\n25-001;7,00;1.00\n", "utf-8")
    said = ("job=Site", "amount=Spent so far")
    kept = tmp_path / "match"
    _, [told] = files_given(Asked(sage=(str(path),), sage_columns=said), kept)
    assert told == Columns(Side.SAGE, Kind.COSTS, "report.csv", {"amount": "Spent so far", "job": "Site"})
    # The next file with these headings is read the same way, on this side alone.
    _, [again] = files_given(Asked(sage=(str(path),)), kept)
    assert again == told
    for wrong in (Asked(procore=(str(path),)), Asked(sage=(str(path),), sage_columns=("amount=Nowhere",))):
        with pytest.raises(Trouble) as met:
            files_given(wrong, kept)
        assert met.value.problem.facts["what"] == "columns"


async def test_a_file_whose_columns_are_not_known_is_named(house: House, tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Trouble) as met:
        await compared(house, Asked(sage=(str(path),)))
    assert (met.value.problem.id, met.value.problem.facts["what"]) == (ProblemId.FILE_BROKEN, "columns")
    with pytest.raises(Trouble) as met:
        await compared(house, Asked(procore=(f"vendors={tmp_path / 'gone.csv'}",)))
    assert met.value.problem.facts["what"] == "missing"


async def test_a_refused_sign_in_stops_it_and_is_marked(house: House, admin: Admin) -> None:
    await house.keep_secret(NAME, Secret.HH2_PASSWORD, "wrong", False)
    with pytest.raises(Trouble) as met:
        await compared(house)
    assert met.value.problem.id is ProblemId.HH2_LOGIN
    sent = len(admin.calls("hh2.authenticate"))
    with pytest.raises(Trouble):
        await compared(house)
    assert len(admin.calls("hh2.authenticate")) == sent


async def test_a_list_that_cannot_be_read_could_not_be_compared(house: House, admin: Admin) -> None:
    admin.fault(Fault(FaultKind.STATUS, path="*/vendors", site="procore", status=403, nth=0))
    report = (await compared(house, Asked(jobs=FEW))).report
    assert report.verdict.match is Match.NOT_COMPARED
    [silence] = [one for one in report.not_compared if one.what == "vendors"]
    assert silence.why is Why.READ_FAILED
    assert silence.problem is not None
    assert silence.problem.id is ProblemId.NO_MATCH_SOURCE


async def test_stopped_on_the_way_it_goes_on_from_there(house: House, admin: Admin) -> None:
    with anyio.CancelScope() as scope:

        def tell(told: Progress | Estimate) -> None:
            if isinstance(told, Progress) and told.requests >= 20:
                scope.cancel()

        await house.matching.match(NAME, Asked(jobs=FEW), tell)
    assert scope.cancelled_caught
    stopped = len(admin.log()["requests"])
    report = (await compared(house, Asked(jobs=FEW))).report
    assert report.verdict.match is Match.MATCHES
    read = [seen["path"] for seen in admin.log()["requests"] if "/jobs/categories" in seen["path"]]
    # Long lists were not begun anew.
    assert len(read) == len(set(read))
    assert report.requests < stopped + 20


async def test_one_at_a_time(house: House) -> None:
    met: list[Trouble] = []

    async def another() -> None:
        try:
            await compared(house)
        except Trouble as trouble:
            met.append(trouble)

    def tell(told: Progress | Estimate) -> None:
        if isinstance(told, Estimate) and not told.whole:
            tasks.start_soon(another)

    async with anyio.create_task_group() as tasks:
        await house.matching.match(NAME, Asked(jobs=FEW), tell)
    assert [one.problem.id for one in met] == [ProblemId.IN_USE]


@pytest.mark.parametrize(
    ("match", "stops"),
    [(MatchSettings(), False), (MatchSettings(brake_percent=5), True)],
    ids=["usual", "5 %"],
)
async def test_a_comparison_stops_where_the_company_says_that_too_many_are_gone(
    house: House, tmp_path: Path, match: MatchSettings, stops: bool
) -> None:
    profile = await house.profile(NAME)
    hh2 = msgspec.structs.replace(profile.hh2, services=False)
    procore = msgspec.structs.replace(profile.procore, client_id="")
    assert await house.save(msgspec.structs.replace(profile, hh2=hh2, procore=procore, match=match)) == []
    path, met = tmp_path / "vendors.csv", list[Problem]()
    path.write_text("Code,Name\n" + "".join(f"V{n},Vendor {n}\n" for n in range(36)), "utf-8")
    asked = Asked(sage=(f"vendors={path}",))
    await compared(house, asked)
    store = open_store((await house._companies.use(NAME)).folder)  # last time there were four more
    store.execute(
        "INSERT INTO sage_vendors BY NAME SELECT * REPLACE ('gone' || id AS id) FROM sage_vendors LIMIT 4"
    )
    store.close()
    try:
        await compared(house, asked)
    except Trouble as trouble:
        met.append(trouble.problem)
    assert [(one.id, one.facts) for one in met] == (
        [(ProblemId.SAFE, {"what": "vendors", "before": 40, "now": 36})] if stops else []
    )


async def test_reports_of_runs_go_after_the_companys_own_retention(house: House) -> None:
    profile = await house.profile(NAME)
    assert await house.save(msgspec.structs.replace(profile, match=MatchSettings(keep_days=30))) == []
    reports = (await house._companies.use(NAME)).folder / "match" / "reports"
    reports.mkdir(parents=True)
    now = datetime.now(UTC)
    for days in (29, 31):
        (reports / f"Acme-{now - timedelta(days):%Y-%m-%d-%H%M}-0a1b2c3d.json").write_text("{}", "utf-8")
    await compared(house, Asked(jobs=FEW[:1]))
    assert [path.name[5:15] for path in reports.iterdir()] == [f"{now - timedelta(29):%Y-%m-%d}"]


async def test_what_was_read_is_deleted_and_the_history_and_the_settings_stay(house: House) -> None:
    run, _ = await carry_out(house, Wanted(tabs=(Tab.JOB_COSTS,), jobs=FEW[:1]))
    folder = (await house._companies.use(NAME)).folder
    await house.job_choices(NAME, fresh=True)
    (folder / "movement.json.kept-20261101T080000Z").write_text("broken", "utf-8")
    await compared(house, Asked(jobs=FEW[:1], out=str(folder / "match" / "reports")))
    assert await house.match_reports.open(NAME) is not None
    assert (folder / "census.json").is_file()
    assert await house.matching.forget(NAME) > 8
    kept = {path.name for path in folder.iterdir()}
    assert "ledger.sqlite" in kept
    assert not {name for name in kept if name.startswith(("match", "census", "movement", "jobs"))}
    assert await house.match_reports.open(NAME) is None
    assert [one.run_id for one in await house.history(NAME)] == [run.run_id]
    assert (await house.profile(NAME)).name == NAME
    assert await house.matching.forget(NAME) == 0


async def test_what_was_read_stays_while_a_run_a_comparison_or_another_program_has_the_company(
    house: House,
) -> None:
    met: list[ProblemId] = []

    async def forget(by: House) -> None:
        try:
            await by.matching.forget(NAME)
        except Trouble as trouble:
            met.append(trouble.problem.id)

    def tell(told: Progress | Estimate) -> None:
        if isinstance(told, Estimate) and not told.whole:
            tasks.start_soon(forget, house)

    async with anyio.create_task_group() as tasks:
        await house.matching.match(NAME, Asked(jobs=FEW[:1]), tell)
    assert met == [ProblemId.IN_USE]

    told = Told()
    conductor = await house.conductor(NAME, told)
    window = House("window", person=0.0)
    await forget(window)
    await window.close()
    assert met == [ProblemId.IN_USE] * 2

    def react(record: Record, _: RunState) -> None:
        if isinstance(record.event, RunPlanned):
            tasks.start_soon(forget, house)

    told.react = react
    async with anyio.create_task_group() as tasks:
        await conductor.run(Wanted(tabs=(Tab.VENDORS,)))
    assert met == [ProblemId.IN_USE] * 3
    assert (await house.match_reports.open(NAME)) is not None


async def test_a_new_start_of_the_training_company_knows_nothing_of_the_last_one() -> None:
    house = House("command line", person=0.0)
    try:
        name = await house.start_training(Practice(hour=1.0))
        report = (await house.matching.match(name, Asked(jobs=FEW[:1]), Heard())).report
        shown = await house.match_reports.open(name)
        assert shown is not None
        assert shown.report.id == report.id
        await house.start_training(Practice(seed=2, hour=1.0))
        assert await house.match_reports.open(name) is None
    finally:
        await house.close()
