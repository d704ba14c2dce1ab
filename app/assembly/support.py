"""Gathers a support bundle: each part as a text without secrets, and the file that is written of these very texts."""

import io
import logging
import platform
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from app import __version__, disk
from app.assembly.company import Company
from app.assembly.preflight import Preflight
from app.domain.problems import Trouble
from app.domain.profile import Secret
from app.domain.support import LAST_RUNS, Bundle, PageOutline, Part, PartName
from app.engine.clock import SystemClock
from app.storage import outlines
from app.storage.folders import Folders
from app.storage.ledger import Ledger
from app.storage.log import tail
from app.storage.redact import redact
from app.storage.secret_text import SecretText, live
from app.words import problems, ready
from app.words import support as words
from app.words.language import language

_LOG = 400_000  # bytes of the newest lines: some days
_RUN = 300_000  # bytes of one run's events
_PREFLIGHT = 12.0  # seconds; it ends within ten by itself
_LIBRARIES = (
    "PySide6-Essentials", "httpx", "keyring", "playwright", "duckdb", "msgspec", "anyio", "cryptography",
    "truststore", "xlsxwriter", "openpyxl",
)  # fmt: skip
_log = logging.getLogger(__name__)


class SupportBundles:
    """Fulfils `engine.support.Support`. `company` reads a profile anew, `reading` gives its ledger."""

    def __init__(
        self,
        folders: Folders,
        company: Callable[[str], Awaitable[Company]],
        reading: Callable[[Company], Awaitable[Ledger]],
        ready: Preflight,
    ) -> None:
        self._folders = folders
        self._company = company
        self._reading = reading
        self._ready = ready

    async def gather(self, name: str) -> Bundle:
        """Every part as a text without secrets. Raises Trouble(FILE_BROKEN)."""
        at = SystemClock().now()
        company = await self._company(name) if name else None
        held, by_text = await _secrets(company)  # held: while they are in memory they are looked for
        clean = Cleaned(live())
        parts = [clean(Part(PartName.VERSIONS, await anyio.to_thread.run_sync(_versions)))]
        if company is not None:
            parts.append(clean(await self._preflight(company.profile.name)))
            parts.append(clean(await self._runs(company)))
            parts.append(clean(await _outlines(company.folder)))
        parts.append(clean(await self._program_log()))
        del held
        return Bundle(company.profile.name if company is not None else "", at, tuple(parts), by_text)

    async def write(self, bundle: Bundle, path: str) -> None:
        """Raises Trouble(DISK)."""
        await anyio.to_thread.run_sync(disk.write, Path(path), packed(bundle))
        _log.info("a support bundle was written: %d parts", len(bundle.parts))

    async def _preflight(self, name: str) -> Part:
        try:
            with anyio.fail_after(_PREFLIGHT):
                found = await self._ready.check(name)
        except Trouble as met:
            return _lacking(PartName.PREFLIGHT, met)
        except TimeoutError:
            return Part(PartName.PREFLIGHT, words.too_late(), lacking=True)
        return Part(PartName.PREFLIGHT, "\n".join(ready.lines(found)) + "\n")

    async def _runs(self, company: Company) -> Part:
        try:
            ledger = await self._reading(company)
            told = []
            for run in await ledger.runs(LAST_RUNS):
                events = b"\n".join(msgspec.json.encode(one) for one in await ledger.records(run.run_id))
                told.append(_shortened(events.decode(), _RUN))
        except Trouble as met:
            return _lacking(PartName.RUNS, met)
        return Part(PartName.RUNS, "\n\n".join(told) + "\n" if told else words.no_runs() + "\n")

    async def _program_log(self) -> Part:
        try:
            return Part(PartName.LOG, await anyio.to_thread.run_sync(tail, self._folders.log, _LOG))
        except Trouble as met:
            return _lacking(PartName.LOG, met)


class Cleaned:
    """Takes secrets out of a part's text: these by their text in every spelling, all others by their shape."""

    def __init__(self, known: list[str]) -> None:
        from app.storage.spellings import all_spellings

        self._known = all_spellings(known)
        self._home = {str(Path.home()), str(Path.home()).replace("\\", "\\\\")} - {"/", ""}

    def __call__(self, part: Part) -> Part:
        text = part.text
        for home in self._home:  # it bears the person's name, and helps nobody
            text = text.replace(home, "~")
        return msgspec.structs.replace(part, text=redact(text, self._known))


def packed(bundle: Bundle) -> bytes:
    """The ZIP file: a text file for each part."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for part in bundle.parts:
            entry = zipfile.ZipInfo(f"{part.name.value}.txt", bundle.at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            file.writestr(entry, part.text.encode("utf-8", "replace"))
    return made.getvalue()


async def _secrets(company: Company | None) -> tuple[list[SecretText], bool]:
    """Every secret of the company, read so that it can be looked for; False where one could not be read."""
    held: list[SecretText] = []
    if company is None:
        return held, True
    try:
        for secret in Secret:
            text = await company.secrets.text(secret)
            if text is not None:
                held.append(text)
    except Trouble:
        return held, False
    return held, True


async def _outlines(folder: Path) -> Part:
    try:
        found = await anyio.to_thread.run_sync(outlines.load, folder)
    except Trouble as met:
        return _lacking(PartName.OUTLINES, met)
    return Part(
        PartName.OUTLINES, "\n\n".join(map(_outline, found)) + "\n" if found else words.no_pages() + "\n"
    )


def _outline(one: PageOutline) -> str:
    return f"{one.at.isoformat(timespec='seconds')} {one.site} {one.action}".rstrip() + f"\n{one.text}"


def _lacking(name: PartName, met: Trouble) -> Part:
    return Part(name, problems.card(met.problem).as_text() + "\n", lacking=True)


def _shortened(text: str, most: int) -> str:
    """The beginning and the end of a text that is too long."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n… {len(text) - most} characters were left out …\n{text[-most // 2 :]}"


def _versions() -> str:
    return "".join(f"{name}: {value}\n" for name, value in _told())


def _told() -> Iterator[tuple[str, str]]:
    import sqlite3
    import ssl
    from importlib import metadata

    from app.portals.installed import installed

    yield "On-Demand Sync", __version__ + (" (frozen)" if getattr(sys, "frozen", False) else "")
    yield "Python", f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"
    yield "System", platform.platform()
    yield "Language", language()
    yield "Encoding", f"{sys.getfilesystemencoding()}, {sys.stdout.encoding if sys.stdout else 'no output'}"
    yield "SQLite", sqlite3.sqlite_version
    yield "TLS", ssl.OPENSSL_VERSION
    for browser in installed():
        yield "Browser", browser.name
    for name in _LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "not installed"
