"""Procore's two windows of requests, and the headers that describe the nearer one."""

import time
from collections import deque
from collections.abc import Callable


class Limits:
    """At most `hour` requests in 3,600 s and `burst` in 10 s (samples of the documentation: 600 and 25). [C]

    procore-wire.md, "REST habits". `length` is how many seconds the hour lasts; the shorter window shrinks with it."""

    def __init__(
        self, hour: int = 600, burst: int = 25, clock: Callable[[], float] = time.time, length: float = 3600.0
    ) -> None:
        self.hour, self.burst, self.length = hour, burst, length
        self._clock = clock
        self._seen: deque[float] = deque()

    def clear(self) -> None:
        """Nothing has been asked yet."""
        self._seen.clear()

    def count(self) -> tuple[bool, dict[str, str]]:
        """Count one request: whether it is let through, and the headers of the answer."""
        now = self._clock()
        short = self.length / 360
        while self._seen and self._seen[0] <= now - self.length:
            self._seen.popleft()
        recent = [at for at in self._seen if at > now - short]
        allowed = len(self._seen) < self.hour and len(recent) < self.burst
        if allowed:
            self._seen.append(now)
            recent.append(now)
        left_hour, left_burst = self.hour - len(self._seen), self.burst - len(recent)
        if left_burst <= left_hour:
            limit, left, reset = self.burst, left_burst, (recent[0] if recent else now) + short
        else:
            limit, left, reset = self.hour, left_hour, (self._seen[0] if self._seen else now) + self.length
        headers = {
            "X-Rate-Limit-Limit": str(limit),
            "X-Rate-Limit-Remaining": str(max(0, left)),
            "X-Rate-Limit-Reset": str(int(reset) + 1),
        }
        if not allowed:
            headers["Retry-After"] = str(max(1, int(reset - now) + 1))
        return allowed, headers
