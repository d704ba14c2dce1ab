"""Everything is run with canaries for secrets; then each file, output, argument, variable and request is searched."""

import os
import stat
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.domain.addresses import is_loopback
from tests.cli.commands import killed, run
from tests.end_to_end.company import NAME, secrets_of
from tests.support.canaries import files_under, standing_in
from tests.support.watching import watched
from tests.training.admin import Admin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")

# To which calls each secret may go; everything else that carries one is a leak.
WHERE = {
    "hh2-password": {"hh2.sign-in", "hh2.rest.sign-in", "hh2.soap", "hh2.page.sign-in"},
    "hh2-api-key": {"hh2.rest.sign-in"},
    "hh2-api-secret": {"hh2.rest.sign-in"},
    "procore-password": {"procore.sign-in", "procore.page.sign-in"},
    "procore-client-secret": {"procore.oauth.token"},
    "procore-access-token": {"procore.rest.read", "procore.rest.permissions", "procore.oauth"},
}


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where programs put what is temporary, the browser's profile too. A short path: its sockets lie there."""
    with tempfile.TemporaryDirectory(prefix="ods-", ignore_cleanup_errors=True) as made:
        for name in ("TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DOWNLOAD_DIR"):
            monkeypatch.setenv(name, made)
        yield Path(made)


def strayed(admin: Admin) -> list[str]:
    """Requests that carried a secret to where it does not belong. Forgets the log so far."""
    found = []
    for one in admin.log()["requests"]:
        for name in one["carried"]:
            kind = name.partition(" ")[0]
            if one["call"] not in WHERE.get(kind, set()):
                found.append(f"{kind} to {one['site']} {one['method']} {one['path']} ({one['call']})")
    return found


def carried_where(admin: Admin) -> dict[str, set[str]]:
    """By the name of a secret the calls that carried it."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in admin.log()["requests"]:
        for name in one["carried"]:
            found[name.partition(" ")[0]].add(one["call"])
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_canary_is_anywhere_after_every_kind_of_work(
    acme: str, admin: Admin, own_home: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    outputs: dict[str, bytes] = {}

    def told(*arguments: str, code: int | tuple[int, ...] = 0) -> None:
        ended = run(*arguments, timeout=180)
        assert ended.returncode in ((code,) if isinstance(code, int) else code), ended.stderr
        outputs[f"output of {arguments[0]} {len(outputs)}"] = (ended.stdout + ended.stderr).encode()

    profile = ("--profile", acme)
    sync = ("sync", *profile, "--tabs", "vendors")
    reached: dict[str, set[str]] = defaultdict(set)
    with watched() as seen:
        for work in (
            (*sync, "--json"),
            (*sync, "--driver", "browser", "--json"),
            ("connect", *profile),
            ("match", *profile, "--jobs", "none", "--json"),
            ("portal", "check", *profile),
            ("history", "--json"),
        ):
            told(*work, code=(0, 10))
            for name, calls in carried_where(admin).items():
                reached[name] |= calls
        assert strayed(admin) == []
        killed("after", "write:SyncAccepted", 1, *sync, "--driver", "browser")
    for left in psutil.process_iter(
        ["cmdline"]
    ):  # what the killed run leaves ends by itself, or at the next start
        if str(temporary) in " ".join(left.info["cmdline"] or ()):
            left.wait(20)

    secrets = {secret.value: text for secret, text in secrets_of(admin.served).items()}
    assert set(reached) >= {"hh2-password", "hh2-api-key", "procore-password", "procore-client-secret"}
    home, aside = files_under(own_home), files_under(temporary)
    assert any("ledger.sqlite" in name for name in home)
    assert aside, "the killed run left nothing of its browser: nothing was searched"
    assert standing_in(secrets, home | aside | outputs) == []
    assert any("chrom" in name for name in seen.arguments)
    for of in (seen.arguments, seen.environments):
        assert standing_in(secrets, {name: text.encode() for name, text in of.items()}) == []
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
