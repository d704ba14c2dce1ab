"""What a screen reader sees and can do: the accessible tree of other programs, over AT-SPI's own bus, from outside.

Speaks the bus itself, as Orca's library does; the program under test is another process and knows nothing of it."""

import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from jeepney import DBusAddress, MatchRule, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

T = TypeVar("T")
ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
EDITABLE = "org.a11y.atspi.EditableText"
COMPONENT = "org.a11y.atspi.Component"
TEXT = "org.a11y.atspi.Text"
SELECTION = "org.a11y.atspi.Selection"
REGISTRY = "org.a11y.atspi.Registry"
ROOT = "/org/a11y/atspi/accessible/root"
LABELLED_BY = 2  # AT-SPI's own number of that relation
# Numbers of AT-SPI's own list of states.
STATES = {
    "active": 1, "checked": 4, "editable": 7, "enabled": 8, "expanded": 10, "focusable": 11, "focused": 12,
    "modal": 16, "selected": 23, "sensitive": 24, "showing": 25, "visible": 30, "checkable": 41, "has-popup": 42,
    "read-only": 43,
}  # fmt: skip


class Gone(Exception):
    """What was asked for is no longer there."""


@dataclass(frozen=True)
class Seen:
    """One thing in the tree: on which program's bus name, and where."""

    bus: "Atspi"
    owner: str
    path: str

    def _call(
        self, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        return self.bus.call(DBusAddress(self.path, self.owner, interface), method, signature, body)

    def _get(self, interface: str, name: str) -> Any:
        return self.bus.get(DBusAddress(self.path, self.owner, interface), name)

    @property
    def name(self) -> str:
        """What a screen reader says first."""
        return str(self._get(ACCESSIBLE, "Name"))

    @property
    def description(self) -> str:
        """What it says after that."""
        return str(self._get(ACCESSIBLE, "Description"))

    @property
    def role(self) -> str:
        """What it is: "push button", "check box" …"""
        return str(self._call(ACCESSIBLE, "GetRoleName")[0])

    def label(self) -> str:
        """The words of the label that belongs to it; "" where there is none."""
        for kind, others in self._call(ACCESSIBLE, "GetRelationSet")[0]:
            if kind == LABELLED_BY and others:
                owner, path = others[0]
                return Seen(self.bus, owner, path).name
        return ""

    def states(self) -> set[str]:
        """Those of `STATES` that it has."""
        low, high = self._call(ACCESSIBLE, "GetState")[0]
        bits = low | high << 32
        return {name for name, bit in STATES.items() if bits >> bit & 1}

    def has(self, *states: str) -> bool:
        """True when it has all of these states."""
        return set(states) <= self.states()

    def children(self) -> "list[Seen]":
        """What stands in it."""
        found = self._call(ACCESSIBLE, "GetChildren")[0]
        return [Seen(self.bus, owner, path) for owner, path in found if not path.endswith("/null")]

    def interfaces(self) -> set[str]:
        """What can be done with it."""
        return set(self._call(ACCESSIBLE, "GetInterfaces")[0])

    def all(self) -> "Iterator[Seen]":
        """It and everything in it that is showing."""
        yield self
        for child in self.children():
            try:
                if child.has("showing"):
                    yield from child.all()
            except Gone:
                continue

    def looks(self) -> "Iterator[Look]":
        """It and everything in it that is showing, each asked once for what it is."""
        for one in self.all():
            try:
                yield Look(one, one.role, one.name, one.states())
            except Gone:
                continue

    # ---------------------------------------------------------------- doing

    def actions(self) -> list[str]:
        """The names of what it offers to do."""
        count = int(self._get(ACTION, "NActions"))
        return [str(self._call(ACTION, "GetName", "i", (at,))[0]) for at in range(count)]

    def do(self, *names: str) -> None:
        """Have it do the first of these that it offers."""
        offered = self.actions()
        for name in names:
            if name in offered:
                self._call(ACTION, "DoAction", "i", (offered.index(name),))
                return
        raise AssertionError(f"{self.role} “{self.name}” offers {offered}, not {names}")

    def press(self) -> None:
        """Press it, or set it to its other state."""
        self.do("Press", "Toggle", "ShowMenu")

    def focus(self) -> None:
        """Give it the keyboard."""
        self._call(COMPONENT, "GrabFocus")

    def write(self, text: str) -> None:
        """Put this in place of what stands in it."""
        assert self._call(EDITABLE, "SetTextContents", "s", (text,))[0]

    def text(self) -> str:
        """What stands in it."""
        return str(self._call(TEXT, "GetText", "ii", (0, -1))[0])


@dataclass(frozen=True)
class Look:
    """A thing in the tree as it was when it was looked at."""

    seen: Seen
    role: str
    name: str
    states: set[str]


class Atspi:
    """A connection to the bus on which programs show their trees. Needs the session's bus, and a display."""

    def __init__(self) -> None:
        with open_dbus_connection("SESSION") as session:
            launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            address = session.send_and_get_reply(new_method_call(launcher, "GetAddress"), timeout=10).body[0]
            status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Status")
            session.send_and_get_reply(Properties(status).set("IsEnabled", "b", True), timeout=10)
        self._bus: DBusConnection = open_dbus_connection(address)
        self._heard: deque[Any] = deque()

    def close(self) -> None:
        """Let go of the bus."""
        self._bus.close()

    def call(self, at: DBusAddress, method: str, signature: str | None, body: tuple[Any, ...]) -> Any:
        """The answer of one call. Raises Gone where nothing stands there any more."""
        return self._answer(new_method_call(at, method, signature, body))

    def get(self, at: DBusAddress, name: str) -> Any:
        """A property."""
        return self._answer(Properties(at).get(name))[0][1]

    def _answer(self, message: Any) -> Any:
        reply = self._bus.send_and_get_reply(message, timeout=15)
        if reply.header.message_type is MessageType.error:
            raise Gone(str(reply.body))
        return reply.body

    def listen(self) -> None:
        """From now on keep what programs announce."""
        registry = DBusAddress("/org/a11y/atspi/registry", REGISTRY, REGISTRY)
        self.call(registry, "RegisterEvent", "s", ("object:announcement",))
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
        self._bus.filter(rule, queue=self._heard).__enter__()
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=10)

    def announced(self) -> list[str]:
        """What was announced up to now."""
        self.programs()  # an answer comes after what was sent before it
        return [str(message.body[3][1]) for message in self._heard]

    def programs(self) -> list[Seen]:
        """The programs that show a tree."""
        return Seen(self, REGISTRY, ROOT).children()

    def program(self, process: "subprocess.Popen[Any]", timeout: float = 20.0) -> Seen:
        """The tree of a process that was started."""
        return wait_for(lambda: self._of(process.pid), f"the tree of process {process.pid}", timeout)

    def _of(self, pid: int) -> Seen | None:
        for one in self.programs():
            who = message_bus.GetConnectionUnixProcessID(one.owner)
            try:
                if self._answer(who)[0] == pid:
                    return one
            except Gone:
                continue
        return None


def wait_for(so: Callable[[], T | None], what: str, timeout: float = 10.0) -> T:
    """What `so` gives as soon as it gives something."""
    until = time.monotonic() + timeout
    while True:
        try:
            found = so()
        except Gone:
            found = None
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {timeout:g} s")
        time.sleep(0.05)
