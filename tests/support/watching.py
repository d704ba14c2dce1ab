"""Looks at every process that a test starts, from beside: its arguments, its environment, and whom it talks to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil


@dataclass
class Watched:
    """What was seen of the children of this process, each by its id and the first word of its command."""

    arguments: dict[str, str] = field(default_factory=dict)
    environments: dict[str, str] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Look once. A process that ends meanwhile is left out."""
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error, OSError):
                words = child.cmdline()
                name = f"{child.pid} {words[0] if words else ''}"
                self.arguments[name] = "\n".join(words)
                self.environments[name] = "\n".join(f"{key}={text}" for key, text in child.environ().items())
                for one in child.net_connections("inet"):
                    if one.raddr:
                        self.addresses.add(one.raddr.ip)


@contextmanager
def watched(every: float = 0.05) -> Iterator[Watched]:
    """Look every so many seconds while the block runs."""
    seen = Watched()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(every):
            seen.look()

    thread = threading.Thread(target=watch, name="watching")
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
