"""The training company as a child of this process: started, spoken to by one line, and ended with its parent."""

import os
import subprocess
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
import msgspec

from app.domain.problems import Problem, ProblemId, Trouble
from app.self_start import command
from app.training.served import Served

START_SECONDS = 30.0
END_SECONDS = 5.0


class TrainingCompany:
    """A training company that was started. `end` it once; it ends by itself when this process does."""

    def __init__(self, child: "subprocess.Popen[bytes]", served: Served) -> None:
        self._child = child
        self.served = served

    @property
    def running(self) -> bool:
        """False when it has ended."""
        return self._child.poll() is None

    def end(self) -> None:
        """End it and wait until it is gone; blocks up to some seconds. Calling it again does nothing."""
        _end(self._child)

    async def aend(self) -> None:
        """The same without blocking the loop; not cut short when the caller is cancelled."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.end)


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin is not None and not child.stdin.closed:
        child.stdin.close()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def start(
    scenario: str = "ok",
    *,
    variant: str = "",
    seed: int = 1,
    pace: float = 1.0,
    skin: str = "plain",
    language: str = "en",
    trouble: str = "",
    size: str = "small",
    hour: float = 3600.0,
    timeout: float = START_SECONDS,
    environ: Mapping[str, str] | None = None,
    program: Sequence[str] = (),
) -> TrainingCompany:
    """Start it and read its line; blocks up to `timeout` seconds. Raises Trouble(INTERNAL) when it does not come up.

    `program` replaces this program's own command."""
    arguments = ["training", "serve", "--scenario", scenario, "--seed", str(seed), "--pace", str(pace)]
    arguments += ["--skin", skin, "--language", language, "--until-stdin-closes"]
    arguments += ["--size", size, "--hour", str(hour)]
    if variant:
        arguments += ["--variant", variant]
    if trouble:
        arguments += ["--trouble", trouble]
    flags = int(
        getattr(subprocess, "CREATE_NO_WINDOW", 0)
    )  # a name that only Windows has: no console flashes up
    child = subprocess.Popen(
        [*(program or command()), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ if environ is None else environ),
        creationflags=flags,
    )
    # A line that does not come in time is a child that is ended: its output then closes, and reading ends.
    late = threading.Timer(timeout, child.kill)
    late.daemon = True
    late.start()
    line = b""
    try:
        if child.stdout is not None:
            line = child.stdout.readline()
        served = msgspec.json.decode(line, type=Served)
    except BaseException as failed:
        _end(child)
        if not isinstance(failed, msgspec.DecodeError):
            raise
        facts = {"what": "training-company", "exit": child.returncode}
        raise Trouble(Problem(ProblemId.INTERNAL, dict(facts))) from None
    finally:
        late.cancel()
        late.join()
    return TrainingCompany(child, served)


@asynccontextmanager
async def started(
    scenario: str = "ok",
    *,
    variant: str = "",
    seed: int = 1,
    pace: float = 1.0,
    skin: str = "plain",
    language: str = "en",
    trouble: str = "",
    size: str = "small",
    hour: float = 3600.0,
) -> AsyncIterator[TrainingCompany]:
    """`async with started("staged") as company:`; ended at the end of the block, whatever happens."""

    def begin() -> TrainingCompany:
        return start(
            scenario,
            variant=variant,
            seed=seed,
            pace=pace,
            skin=skin,
            language=language,
            trouble=trouble,
            size=size,
            hour=hour,
        )

    with anyio.CancelScope(shield=True):  # a child that was begun must be known, to be ended
        company = await anyio.to_thread.run_sync(begin)
    try:
        yield company
    finally:
        await company.aend()
