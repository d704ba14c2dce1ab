"""Notifications of a Linux desktop, sent from the engine's thread: Qt's own way waits for the answer in the window's.

Qt's D-Bus classes cannot say an unsigned number from Python, so jeepney writes the message; keyring needs it anyway."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

from app.resources import ResourceMissing, resource
from app.words.language import _

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
SHOWN_MS = 10_000
PATIENCE = 5.0


def are_on_the_bus() -> bool:
    """True where notifications go over a session bus; elsewhere the tray icon's own are used."""
    return sys.platform == "linux" and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


class Notifications:
    """`say` and `close` run in the engine's loop. The connection stays: some desktops take back what a program said
    as soon as it has left the bus. `clicked` is called there when the person clicks one of ours."""

    def __init__(self, name: str, desktop_entry: str, clicked: Callable[[], None]) -> None:
        self._name, self._entry = name, desktop_entry
        self._clicked = clicked
        self._bus: Any = None
        self._turn = asyncio.Lock()
        self._hearing: asyncio.Task[None] | None = None
        self._sent: set[int] = set()  # serials whose answer, the id of a notification, is still to come
        self._shown: set[int] = set()  # the ids of ours

    async def say(self, title: str, text: str) -> bool:
        """Send it, and wait for no answer; False when there is no bus to send it on."""
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(PATH, bus_name=SERVICE, interface=SERVICE)
        hints = {"desktop-entry": ("s", self._entry), "urgency": ("y", 1)}
        opens = ["default", _("Open")]
        body: tuple[object, ...] = (self._name, 0, _icon(self._entry), title, text, opens, hints, SHOWN_MS)
        message = new_method_call(address, "Notify", "susssasa{sv}i", body)
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    if self._bus is None:
                        await self._connect()
                    serial = next(self._bus.outgoing_serial)
                    self._sent.add(serial)
                    await self._bus.send(message, serial=serial)
            except (OSError, EOFError, ValueError, KeyError, RuntimeError):
                self._bus = None
                return False
        return True

    async def _connect(self) -> None:
        """On the bus, and hearing what becomes of ours."""
        from jeepney import MatchRule, MessageFlag, message_bus
        from jeepney.io.asyncio import open_dbus_connection

        self._bus = await open_dbus_connection("SESSION")
        self._sent.clear()
        self._shown.clear()
        for signal in ("ActionInvoked", "NotificationClosed"):
            rule = MatchRule(type="signal", interface=SERVICE, member=signal, path=PATH)
            wanted = message_bus.AddMatch(rule)
            wanted.header.flags |= MessageFlag.no_reply_expected
            await self._bus.send(wanted)
        self._hearing = asyncio.create_task(self._hear(self._bus), name="notifications")

    async def _hear(self, bus: Any) -> None:
        """Until the bus is left: the ids of ours, and the clicks on them."""
        from jeepney import HeaderFields, MessageType

        with contextlib.suppress(OSError, EOFError, ValueError):
            while True:
                message = await bus.receive()
                fields = message.header.fields
                if message.header.message_type is MessageType.signal:
                    self._take_signal(fields.get(HeaderFields.member), message.body)
                    continue
                serial = fields.get(HeaderFields.reply_serial)
                answered = message.header.message_type is MessageType.method_return
                if serial in self._sent and answered:
                    self._shown.add(int(message.body[0]))
                self._sent.discard(serial)

    def _take_signal(self, member: str | None, body: tuple[Any, ...]) -> None:
        if not body or body[0] not in self._shown:
            return  # another program's
        if member == "ActionInvoked" and body[1] == "default":
            self._clicked()
        elif member == "NotificationClosed":
            self._shown.discard(body[0])

    async def close(self) -> None:
        """Leave the bus, after what is being said."""
        async with self._turn:
            hearing, self._hearing = self._hearing, None
            if hearing is not None:
                hearing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await hearing
            bus, self._bus = self._bus, None
            if bus is not None:
                with contextlib.suppress(OSError):
                    await bus.close()


def _icon(name: str) -> str:
    try:
        return str(resource("icons", f"{name}.svg"))
    except ResourceMissing:
        return ""
