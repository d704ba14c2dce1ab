"""One line for each trial: what was tried, and how it went."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Trials:
    """Runs trials one after the other; one that fails does not keep the next from being tried."""

    lines: list[str] = field(default_factory=list)
    failed: int = 0

    def run(self, name: str, trial: Callable[[], str]) -> bool:
        """Try it; what it gives back is what was seen. False where it failed."""
        began = time.monotonic()
        try:
            seen, verdict = trial(), "good"
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the verdict of this trial
            traceback.print_exc()
            seen, verdict = f"{type(error).__name__}: {error}".split("\n")[0][:300], "FAILED"
            self.failed += 1
        line = f"{verdict:<6} {name}: {seen} ({time.monotonic() - began:.0f} s)"
        self.lines.append(line)
        print(line, flush=True)
        return verdict == "good"

    def end(self) -> int:
        """All lines once more, and an exit code."""
        print("\n" + "\n".join(self.lines))
        print(f"{len(self.lines) - self.failed} passed, {self.failed} failed")
        return 1 if self.failed else 0
