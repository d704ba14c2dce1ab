"""A tray and a notification service for the tests, on the real session bus: they keep what a program shows there.

    def test_the_tray_says_done(tray, ...):
        item = tray.item()                       # waits until one is registered
        wait_until(lambda: tray.look(item).tooltip_title == "Done", "the tooltip")
        tray.click(item, "Open the window")      # by the words in the menu
        notice = tray.notice("All six tabs")     # waits until one with these words was shown

Works for a window in this process (Qt's loop goes on while it waits) and for programs that a test starts."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.asyncio import DBusRouter, open_dbus_connection

from tests.support.keyring_service import need_session_bus
from tests.support.waiting import wait_for, wait_until

T = TypeVar("T")

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
NOTICES = "org.freedesktop.Notifications"
NOTICES_PATH = "/org/freedesktop/Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"
CLOSED_BY_PERSON = 2

# Answers of a method: signature and body
Answer = tuple[str | None, tuple[Any, ...]]
NOTHING: Answer = (None, ())


@dataclass(frozen=True)
class TrayItem:
    """An icon in the tray: the connection that put it there, and the object's path."""

    connection: str
    path: str


@dataclass(frozen=True)
class Look:
    """What a tray shows of an item."""

    id: str
    title: str
    status: str
    """Passive, Active or NeedsAttention"""
    icon_name: str
    attention_icon_name: str
    icon_sizes: tuple[tuple[int, int], ...]
    icon_pixels: tuple[bytes, ...]
    tooltip_title: str
    tooltip_text: str
    menu: str


@dataclass(frozen=True)
class Entry:
    """One entry of a tray menu. A separator has no words."""

    id: int
    label: str
    """Without the underlines of its keys"""
    enabled: bool
    visible: bool
    checked: bool | None
    separator: bool
    children: tuple["Entry", ...] = ()

    def walk(self) -> Iterator["Entry"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Notice:
    """A notification as it was asked for."""

    id: int
    connection: str
    program: str
    replaces: int
    icon: str
    summary: str
    body: str
    actions: tuple[str, ...]
    hints: dict[str, Any]
    expires_ms: int


@dataclass
class _Seen:
    items: list[TrayItem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


class TrayHost:
    """The tray and the notification service. Its methods are for the tests' thread."""

    def __init__(self) -> None:
        self._seen = _Seen()
        self._loop = asyncio.new_event_loop()
        self._ready: Future[None] = Future()
        self._stop = asyncio.Event()
        self._router: DBusRouter | None = None
        self._thread = threading.Thread(target=self._run, name="tray of the tests")

    # -------------------------------------------------------------- life

    def start(self) -> None:
        self._thread.start()
        self._ready.result(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        async with await open_dbus_connection("SESSION") as connection, DBusRouter(connection) as router:
            self._router = router
            calls: asyncio.Queue[Message] = asyncio.Queue()
            gone: asyncio.Queue[Message] = asyncio.Queue()
            leaving = MatchRule(
                type="signal",
                interface=message_bus.interface,
                member="NameOwnerChanged",
                path=message_bus.object_path,
            )
            await router.send_and_get_reply(message_bus_call("AddMatch", "s", (leaving.serialise(),)))
            with (
                router.filter(MatchRule(type="method_call"), queue=calls),
                router.filter(leaving, queue=gone),
            ):
                await self._take(WATCHER)
                await self._take(NOTICES)
                await router.send(_signal(WATCHER_PATH, WATCHER, "StatusNotifierHostRegistered"))
                tasks = [asyncio.create_task(self._answer(calls)), asyncio.create_task(self._forget(gone))]
                self._ready.set_result(None)
                await self._stop.wait()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, name: str) -> None:
        do_not_queue = 4
        reply = await self._call(message_bus_call("RequestName", "su", (name, do_not_queue)))
        if reply[0] not in {1, 4}:
            raise RuntimeError(f"somebody else is {name} on this bus")

    async def _call(self, message: Message) -> tuple[Any, ...]:
        assert self._router is not None
        reply = await self._router.send_and_get_reply(message)
        if reply.header.message_type is MessageType.error:
            name = reply.header.fields.get(HeaderFields.error_name, "")
            raise RuntimeError(f"{name}: {' '.join(map(str, reply.body))}")
        return tuple(reply.body)

    # -------------------------------------------------------------- what programs ask

    async def _answer(self, calls: "asyncio.Queue[Message]") -> None:
        assert self._router is not None
        while True:
            call = await calls.get()
            fields = call.header.fields
            interface = fields.get(HeaderFields.interface, "")
            handler: Callable[[Message], Answer] | None = {
                (WATCHER, "RegisterStatusNotifierItem"): self._register,
                (WATCHER, "RegisterStatusNotifierHost"): lambda _: NOTHING,
                (PROPERTIES, "Get"): self._property,
                (PROPERTIES, "GetAll"): lambda _: ("a{sv}", (self._properties(),)),
                (NOTICES, "Notify"): self._notify,
                (NOTICES, "CloseNotification"): self._close,
                (NOTICES, "GetCapabilities"): lambda _: ("as", (["body", "actions", "persistence"],)),
                (NOTICES, "GetServerInformation"): lambda _: (
                    "ssss",
                    ("tray of the tests", "tests", "1", "1.2"),
                ),
            }.get((interface, fields.get(HeaderFields.member, "")))
            if handler is None:
                await self._router.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
                continue
            signature, body = handler(call)
            await self._router.send(new_method_return(call, signature, body))
            if handler == self._register:
                named = self._seen.items[-1]
                await self._router.send(
                    _signal(WATCHER_PATH, WATCHER, "StatusNotifierItemRegistered", "s", (_spelt(named),))
                )
            elif handler == self._close:
                closed = (self._seen.closed[-1], 3)
                await self._router.send(_signal(NOTICES_PATH, NOTICES, "NotificationClosed", "uu", closed))

    async def _forget(self, gone: "asyncio.Queue[Message]") -> None:
        while True:
            name, _old, new = (await gone.get()).body
            if not new:
                self._seen.items = [item for item in self._seen.items if item.connection != name]

    def _register(self, call: Message) -> Answer:
        sender = call.header.fields[HeaderFields.sender]
        given = call.body[0]
        # Qt gives the name of a connection made for the item, others the path of an object on the calling one
        item = TrayItem(sender, given) if given.startswith("/") else TrayItem(given, "/StatusNotifierItem")
        if not item.connection.startswith(":"):
            item = TrayItem(sender, item.path)
        self._seen.items.append(item)
        return NOTHING

    def _properties(self) -> dict[str, tuple[str, Any]]:
        return {
            "RegisteredStatusNotifierItems": ("as", [_spelt(item) for item in self._seen.items]),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }

    def _property(self, call: Message) -> Answer:
        return "v", (self._properties()[call.body[1]],)

    def _notify(self, call: Message) -> Answer:
        program, replaces, icon, summary, body, actions, hints, expires = call.body
        number = replaces or len(self._seen.notices) + 1
        sender = call.header.fields[HeaderFields.sender]
        plain = {key: value for key, (_, value) in hints.items()}
        self._seen.notices.append(
            Notice(number, sender, program, replaces, icon, summary, body, tuple(actions), plain, expires)
        )
        return "u", (number,)

    def _close(self, call: Message) -> Answer:
        self._seen.closed.append(call.body[0])
        return NOTHING

    # -------------------------------------------------------------- what a test sees and does

    def _do(self, work: Coroutine[Any, Any, T], what: str) -> T:
        return wait_for(asyncio.run_coroutine_threadsafe(work, self._loop), what)

    @property
    def items(self) -> list[TrayItem]:
        """The items that are in the tray now."""
        return list(self._seen.items)

    @property
    def notices(self) -> list[Notice]:
        """The notifications since the test began, oldest first."""
        return list(self._seen.notices)

    @property
    def closed(self) -> list[int]:
        """The ids of notifications that programs took back."""
        return list(self._seen.closed)

    def item(self, timeout: float = 5.0) -> TrayItem:
        """The newest item; waits until there is one."""
        wait_until(lambda: self._seen.items, "an icon in the tray", timeout)
        return self._seen.items[-1]

    def notice(self, words: str = "", timeout: float = 5.0) -> Notice:
        """The newest notification with these words in its summary or body; waits until there is one."""

        def found() -> list[Notice]:
            return [notice for notice in self._seen.notices if words in f"{notice.summary}\n{notice.body}"]

        wait_until(found, f"a notification with {words!r}, among {self._seen.notices}", timeout)
        return found()[-1]

    def look(self, item: TrayItem) -> Look:
        """What the tray shows of it now."""
        address = DBusAddress(item.path, bus_name=item.connection, interface=ITEM)
        (got,) = self._do(self._call(Properties(address).get_all()), "the properties of the tray's icon")
        values = {key: value for key, (_, value) in got.items()}
        pixmaps = values.get("IconPixmap", [])
        _icon, _pixmaps, title, text = values.get("ToolTip", ("", [], "", ""))
        return Look(
            id=values.get("Id", ""),
            title=values.get("Title", ""),
            status=values.get("Status", ""),
            icon_name=values.get("IconName", ""),
            attention_icon_name=values.get("AttentionIconName", ""),
            icon_sizes=tuple((width, height) for width, height, _ in pixmaps),
            icon_pixels=tuple(bytes(data) for _, _, data in pixmaps),
            tooltip_title=title,
            tooltip_text=text,
            menu=values.get("Menu", ""),
        )

    def menu(self, item: TrayItem) -> tuple[Entry, ...]:
        """The entries of its menu, as the tray would show them now."""
        return self._do(self._layout(self._menu_address(item)), "the tray's menu").children

    def click(self, item: TrayItem, label: str) -> None:
        """Click the entry with these words. Fails when there is not exactly one that can be clicked."""
        found = [entry for top in self.menu(item) for entry in top.walk() if entry.label == label]
        assert len(found) == 1, f"{len(found)} entries {label!r} in {self.menu(item)}"
        assert found[0].enabled, f"the entry {label!r} is greyed"
        assert found[0].visible, f"the entry {label!r} is hidden"
        body = (found[0].id, "clicked", ("i", 0), 0)
        event = new_method_call(self._menu_address(item), "Event", "isvu", body)
        self._do(self._call(event), f"the click on {label!r}")

    def activate(self, item: TrayItem) -> None:
        """Click the icon itself."""
        address = DBusAddress(item.path, bus_name=item.connection, interface=ITEM)
        self._do(
            self._call(new_method_call(address, "Activate", "ii", (0, 0))), "the click on the tray's icon"
        )

    def press(self, notice: Notice, action: str = "default") -> None:
        """Click a notification, where the service's program offered the action."""
        body = (notice.id, action)
        self._send(_signal(NOTICES_PATH, NOTICES, "ActionInvoked", "us", body))

    def dismiss(self, notice: Notice) -> None:
        """Close a notification as a person does."""
        body = (notice.id, CLOSED_BY_PERSON)
        self._send(_signal(NOTICES_PATH, NOTICES, "NotificationClosed", "uu", body))

    @contextmanager
    def away(self) -> Iterator[None]:
        """No tray while the block runs, as when the panel has crashed or was never started.

        Qt decides once in a process what kind of tray there is: one that never finds any needs a process of its own."""
        self._do(self._call(message_bus_call("ReleaseName", "s", (WATCHER,))), "the end of the tray")
        self._seen.items.clear()
        try:
            yield
        finally:
            self._do(self._take(WATCHER), "the return of the tray")
            self._send(_signal(WATCHER_PATH, WATCHER, "StatusNotifierHostRegistered"))

    def forget(self) -> None:
        """Begin a test: no notifications so far."""
        self._seen.notices.clear()
        self._seen.closed.clear()

    def _send(self, message: Message) -> None:
        assert self._router is not None
        self._do(self._router.send(message), "sending")

    def _menu_address(self, item: TrayItem) -> DBusAddress:
        path = self.look(item).menu
        assert path not in {"", "/NO_DBUSMENU"}, "the tray's icon has no menu"
        return DBusAddress(path, bus_name=item.connection, interface=MENU)

    async def _layout(self, address: DBusAddress) -> Entry:
        await self._call(new_method_call(address, "AboutToShow", "i", (0,)))
        everything = -1
        _revision, root = await self._call(new_method_call(address, "GetLayout", "iias", (0, everything, [])))
        return _entry(root)


def message_bus_call(member: str, signature: str, body: tuple[Any, ...]) -> Message:
    """A question to the bus itself."""
    address = DBusAddress(
        message_bus.object_path, bus_name=message_bus.bus_name, interface=message_bus.interface
    )
    return new_method_call(address, member, signature, body)


def _signal(
    path: str, interface: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()
) -> Message:
    return new_signal(DBusAddress(path, interface=interface), member, signature, body)


def _spelt(item: TrayItem) -> str:
    return item.connection + item.path


def _entry(layout: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> Entry:
    number, coded, children = layout
    values = {key: value for key, (_, value) in coded.items()}
    checked = values.get("toggle-state", -1)
    return Entry(
        id=number,
        label=re.sub(r"_(.)", r"\1", values.get("label", "")),
        enabled=values.get("enabled", True),
        visible=values.get("visible", True),
        checked=bool(checked) if "toggle-type" in values and checked in {0, 1} else None,
        separator=values.get("type") == "separator",
        children=tuple(_entry(child) for _, child in children),
    )


@pytest.fixture(scope="session", autouse=True)
def _tray_host() -> Iterator[TrayHost | None]:
    """There before the first QApplication, for Qt looks only once whether there is a tray."""
    if sys.platform != "linux" or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        yield None
        return
    host = TrayHost()
    host.start()
    yield host
    host.stop()


@pytest.fixture
def tray(_tray_host: TrayHost | None) -> TrayHost:
    """The tray and notification service, with nothing shown yet in this test."""
    need_session_bus()
    assert _tray_host is not None
    _tray_host.forget()
    return _tray_host
