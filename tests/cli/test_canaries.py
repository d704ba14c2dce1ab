"""Everything is run with canaries for secrets; then each file, output, argument, variable and request is searched."""

import json
import os
import stat
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import anyio
import psutil
import pytest
from msgspec import structs

from app.assembly.house import House
from app.domain.addresses import is_loopback
from app.training import process
from app.training.process import TrainingCompany
from tests.cli.commands import killed, run
from tests.end_to_end.company import NAME, profile_for, secrets_of
from tests.procore.test_oauth import OOB, code_for, person
from tests.support.canaries import files_under, standing_in
from tests.support.keyring_service import SecretService
from tests.support.watching import Watched, watched
from tests.training.admin import Admin
from tests.training.alone import GIVEN
from tests.training.servers import ALONE, environ

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")

# To which calls each secret may go; everything else that carries one is a leak.
WHERE = {
    "hh2-password": {"hh2.sign-in", "hh2.rest.sign-in", "hh2.soap", "hh2.page.sign-in"},
    "hh2-api-key": {"hh2.rest.sign-in"},
    "hh2-api-secret": {"hh2.rest.sign-in"},
    "procore-password": {"procore.sign-in", "procore.page.sign-in"},
    "procore-client-secret": {"procore.oauth.token", "procore.oauth.revoke"},
    "procore-access-token": {
        "procore.rest.read",
        "procore.rest.permissions",
        "procore.oauth",
        "procore.oauth.revoke",
    },
    "procore-refresh-token": {"procore.oauth.token"},
}


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where programs put what is temporary, the browser's profile too. A short path: its sockets lie there."""
    with tempfile.TemporaryDirectory(prefix="ods-", ignore_cleanup_errors=True) as made:
        for name in ("TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DOWNLOAD_DIR"):
            monkeypatch.setenv(name, made)
        yield Path(made)


def strayed(admin: Admin) -> list[str]:
    """Requests that carried a secret to where it does not belong."""
    found = []
    for one in admin.log()["requests"]:
        for name in one["carried"]:
            kind = name.partition(" ")[0]
            own = kind == f"{one['site']}-cookie"  # a site's own cookie goes with every request to it
            if not own and one["call"] not in WHERE.get(kind, set()):
                found.append(f"{kind} to {one['site']} {one['method']} {one['path']} ({one['call']})")
    return found


def carried_where(admin: Admin) -> dict[str, set[str]]:
    """By the name of a secret the calls that carried it."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in admin.log()["requests"]:
        for name in one["carried"]:
            found[name.partition(" ")[0]].add(one["call"])
    return found


class Searched:
    """What is run, what it gave out, and what was given to it: at the end none of that may stand anywhere."""

    def __init__(self, admin: Admin, given: Path) -> None:
        self.admin = admin
        self._given = given
        self.outputs: dict[str, bytes] = {}
        self.reached: dict[str, set[str]] = defaultdict(
            set
        )  # by the name of a secret the calls that carried it

    def told(self, *arguments: str, given: str = "", code: int | tuple[int, ...] = (0, 10)) -> None:
        """One command to its end; what was sent meanwhile went where it belongs."""
        ended = run(*arguments, given=given, timeout=180)
        assert ended.returncode in ((code,) if isinstance(code, int) else code), ended.stderr
        words = " ".join(one for one in arguments[:3] if one != NAME)
        self.outputs[f"output of {words} {len(self.outputs)}"] = (ended.stdout + ended.stderr).encode()
        for name, calls in carried_where(self.admin).items():
            self.reached[name] |= calls
        assert strayed(self.admin) == []

    def secrets(self) -> dict[str, str]:
        """Everything that opens something: what the company was given, and what the sites gave it since."""
        known = {secret.value: text for secret, text in secrets_of(self.admin.served).items()}
        lines = self._given.read_text(encoding="utf-8").splitlines()
        since = [json.loads(line) for line in lines]
        return known | {f"{kind} {at}": text for at, (kind, text) in enumerate(since)}

    def kinds(self) -> set[str]:
        """The kinds of what is looked for."""
        return {name.partition(" ")[0] for name in self.secrets()}

    def found(self, seen: Watched, *places: dict[str, bytes]) -> list[str]:
        """Where a secret stands: in files, outputs, arguments, variables."""
        told = [
            {name: text.encode() for name, text in of.items()} for of in (seen.arguments, seen.environments)
        ]
        return [one for texts in (*places, self.outputs, *told) for one in standing_in(self.secrets(), texts)]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the training company writes down what it gives to somebody."""
    path = tmp_path_factory.mktemp("given") / "given.jsonl"
    path.touch()
    return path


@pytest.fixture(scope="module")
def company(given: Path) -> Iterator[TrainingCompany]:
    """As the other tests' one, and what it gives is known."""
    started = process.start("ok", pace=0.02, program=ALONE, environ={**environ(), GIVEN: str(given)})
    yield started
    started.end()


@pytest.fixture
def searched(admin: Admin, given: Path) -> Searched:
    return Searched(admin, given)


def changed(admin: Admin, *, person: bool = False, keep: bool = False) -> None:
    """The company's app acts `person`ally; its sign-ins are kept between runs."""

    async def change() -> None:
        profile = profile_for(admin.served, keep_sign_in=keep)
        procore = structs.replace(profile.procore, service_account=not person)
        house = House("command line", person=0.0)
        assert await house.save(structs.replace(profile, procore=procore), NAME) == []
        await house.close()

    anyio.run(change)


def code_of(admin: Admin) -> str:
    """What Procore shows to a person who allows the app."""

    async def ask() -> str:
        async with person(admin) as client:
            shown = (await code_for(client, admin, OOB)).text
        return shown.partition("<code>")[2].partition("</code>")[0]

    return anyio.run(ask)


def test_no_canary_is_anywhere_after_work_by_the_plain_client_the_services_and_a_bundle(
    acme: str, searched: Searched, own_home: Path, secret_service: SecretService
) -> None:
    admin, profile = searched.admin, ("--profile", acme)
    sync = ("sync", *profile, "--tabs", "vendors")
    with watched() as seen:
        searched.told("connect", *profile)  # a service account
        changed(admin, person=True)
        searched.told("connect", *profile, "--code", given=code_of(admin) + "\n")
        searched.told(*sync, "--json")
        searched.told("history", "--json")
        searched.told("support-bundle", *profile, "--yes", "--out", str(own_home / "bundle.zip"))
        killed("after", "write:SyncAccepted", 1, *sync)
        tokens = {name: text for name, text in searched.secrets().items() if "refresh-token" in name}
        kept = {str(one.attributes): str(one.secret).encode() for one in secret_service.items()}
        assert standing_in(tokens, kept), "no token was kept: nothing was there to be found"
        searched.told("connect", *profile, "--disconnect")
    assert searched.kinds() >= {
        *("hh2-password", "hh2-api-key", "hh2-api-secret", "procore-password", "procore-client-secret"),
        *("hh2-cookie", "procore-cookie", "procore-access-token", "procore-refresh-token", "procore-code"),
    }
    assert searched.reached["procore-access-token"] >= {"procore.rest.permissions", "procore.oauth.revoke"}
    assert searched.reached["hh2-cookie"] >= {"hh2.rest.read", "hh2.sync.look"}
    home = files_under(own_home)
    assert {"bundle.zip!runs.txt", "bundle.zip!log.txt"} <= home.keys()
    assert any("ledger.sqlite" in name for name in home)
    assert searched.found(seen, home) == []
    assert open_to_others(own_home) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_canary_is_anywhere_after_every_kind_of_work(
    acme: str,
    searched: Searched,
    own_home: Path,
    temporary: Path,
    secret_service: SecretService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    admin, profile = searched.admin, ("--profile", acme)
    sync = ("sync", *profile, "--tabs", "vendors")
    by_pages = (*sync, "--driver", "browser")
    changed(admin, keep=True)
    with watched() as seen:
        searched.told(*sync, "--json")
        searched.told(*by_pages, "--json")
        cookies = {name: text for name, text in searched.secrets().items() if "-cookie" in name}
        kept = {str(one.attributes): str(one.secret).encode() for one in secret_service.items()}
        assert standing_in(cookies, kept), "no sign-in was kept: nothing was there to be found"
        before = len(admin.calls("hh2.sign-in"))
        searched.told(*by_pages, "--json")
        assert len(admin.calls("hh2.sign-in")) == before, "the sign-in that was kept was of no use"
        searched.told("connect", *profile)
        searched.told("match", *profile, "--jobs", "none", "--json")
        searched.told("portal", "check", *profile)
        searched.told("support-bundle", *profile, "--yes", "--out", str(own_home / "bundle.zip"))
        killed("after", "write:SyncAccepted", 1, *by_pages)
    for left in psutil.process_iter(
        ["cmdline"]
    ):  # what the killed run leaves ends by itself, or at the next start
        if str(temporary) in " ".join(left.info["cmdline"] or ()):
            left.wait(20)

    assert set(searched.reached) >= {
        *("hh2-password", "hh2-api-key", "procore-password", "procore-client-secret"),
        *("hh2-cookie", "procore-cookie"),
    }
    home, aside = files_under(own_home), files_under(temporary)
    assert any("ledger.sqlite" in name for name in home)
    assert "bundle.zip!runs.txt" in home
    assert aside, "the killed run left nothing of its browser: nothing was searched"
    assert searched.found(seen, home, aside) == []
    assert any("chrom" in name for name in seen.arguments)
    assert seen.addresses, "no connection was seen"
    assert [one for one in seen.addresses if not is_loopback(one.removeprefix("::ffff:"))] == []
    assert open_to_others(own_home) == []


def open_to_others(home: Path) -> list[str]:
    """Files and folders of the program that somebody else may reach."""
    return [
        f"{stat.S_IMODE(path.stat().st_mode):o} {path.relative_to(home)}"
        for path in home.rglob("*")
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def test_what_is_written_is_for_this_user_alone_whatever_the_session_says(
    acme: str, own_home: Path, tmp_path: Path
) -> None:
    """A session may let everybody read what is made in it; libraries that write for us make files as it says."""
    before = os.umask(0)
    try:
        costs = tmp_path / "costs.csv"
        costs.write_text("Job,Amount\n25-001,1.00\n", encoding="utf-8")
        out = tmp_path / "out"
        words = ("match", "--profile", acme, "--jobs", "none", "--sage", str(costs), "--out", str(out))
        ended = run(*words, timeout=120)
        assert ended.returncode in (0, 10), ended.stderr
        assert run("sync", "--profile", acme, "--tabs", "none").returncode == 0
    finally:
        os.umask(before)
    assert len(list(out.iterdir())) >= 3
    assert open_to_others(out) == []
    assert open_to_others(own_home) == []
    assert any("match.duckdb" in path.name for path in own_home.rglob("*"))


def test_an_address_that_was_changed_never_gets_the_old_secrets(
    acme: str, admin: Admin, own_home: Path
) -> None:
    """Somebody points the profile of a company at another host; what was kept for the old one stays here."""
    elsewhere = admin.served.elsewhere
    path = next(own_home.rglob(f"{NAME}.toml"))
    kept = path.read_text(encoding="utf-8")
    for old in {admin.served.hh2.address, admin.served.procore.address}:
        path.write_text(kept.replace(old, elsewhere), encoding="utf-8")
        for work in (("sync", "--tabs", "vendors"), ("connect",)):
            ended = run(*work, "--profile", acme)
            assert ended.returncode in (10, 20, 30), ended.stderr
        assert [
            one["carried"] for one in admin.log()["requests"] if one["site"] == "elsewhere" and one["carried"]
        ] == []
        assert strayed(admin) == []
