"""Notifications of a Linux desktop, sent from the engine's thread: Qt's own way waits for the answer in the window's.

Qt's D-Bus classes cannot say an unsigned number from Python, so jeepney writes the message; keyring needs it anyway."""

import asyncio
import contextlib
import os
import sys
from typing import Any

from app.resources import ResourceMissing, resource

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
SHOWN_MS = 10_000
PATIENCE = 5.0


def are_on_the_bus() -> bool:
    """True where notifications go over a session bus; elsewhere the tray icon's own are used."""
    return sys.platform == "linux" and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


class Notifications:
    """`say` and `close` run in the engine's loop. The connection stays: some desktops take back what a program said
    as soon as it has left the bus."""

    def __init__(self, name: str, desktop_entry: str) -> None:
        self._name, self._entry = name, desktop_entry
        self._bus: Any = None
        self._turn = asyncio.Lock()

    async def say(self, title: str, text: str) -> bool:
        """Send it, and wait for no answer; False when there is no bus to send it on."""
        from jeepney import DBusAddress, MessageFlag, new_method_call
        from jeepney.io.asyncio import open_dbus_connection

        address = DBusAddress(PATH, bus_name=SERVICE, interface=SERVICE)
        hints = {"desktop-entry": ("s", self._entry), "urgency": ("y", 1)}
        body: tuple[object, ...] = (self._name, 0, _icon(self._entry), title, text, [], hints, SHOWN_MS)
        message = new_method_call(address, "Notify", "susssasa{sv}i", body)
        message.header.flags |= MessageFlag.no_reply_expected
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    if self._bus is None:
                        self._bus = await open_dbus_connection("SESSION")
                    await self._bus.send(message)
            except (OSError, EOFError, ValueError, KeyError, RuntimeError):
                self._bus = None
                return False
        return True

    async def close(self) -> None:
        """Leave the bus, after what is being said."""
        async with self._turn:
            bus, self._bus = self._bus, None
            if bus is not None:
                with contextlib.suppress(OSError):
                    await bus.close()


def _icon(name: str) -> str:
    try:
        return str(resource("icons", f"{name}.svg"))
    except ResourceMissing:
        return ""
