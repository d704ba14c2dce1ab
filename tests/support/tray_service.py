"""The process behind `tray`: a StatusNotifierWatcher and a notification service on the real session bus.

A process of its own, because Qt waits for the answer to a notification with Python standing still. It takes one JSON
request a line on standard input and answers each with one line on standard output."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
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

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
NOTICES = "org.freedesktop.Notifications"
NOTICES_PATH = "/org/freedesktop/Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"
EVERYTHING = -1


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
    icon_sizes: list[tuple[int, int]]
    icon_pixels: list[bytes]
    """ARGB, one for each size"""
    tooltip_title: str
    tooltip_text: str
    menu: str


@dataclass(frozen=True)
class Entry:
    """One entry of a tray menu. A separator has no words; `checked` is None where nothing can be ticked."""

    id: int
    label: str
    """Without the underlines of its keys"""
    enabled: bool
    visible: bool
    checked: bool | None
    separator: bool
    children: list["Entry"] = field(default_factory=list)


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
    actions: list[str]
    hints: dict[str, Any]
    expires_ms: int


@dataclass
class Seen:
    """What is in the tray now, and what was shown since the test began."""

    items: list[TrayItem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


class Request(msgspec.Struct):
    """What the tests ask for: the name of a method of Service, and its arguments."""

    do: str
    item: TrayItem | None = None
    number: int = 0
    words: str = ""


class Reply(msgspec.Struct):
    """The answer, or why there is none."""

    error: str = ""
    seen: Seen | None = None
    look: Look | None = None
    menu: Entry | None = None


# The answer to a method: its signature and body, and a signal to send after it
Answer = tuple[str | None, tuple[Any, ...], Message | None]


class Service:
    """Answers programs on the bus, and the tests."""

    def __init__(self, router: DBusRouter) -> None:
        self.router = router
        self.seen = Seen()
        self.last_notice = 0

    async def call(self, message: Message) -> tuple[Any, ...]:
        reply = await asyncio.wait_for(self.router.send_and_get_reply(message), 5)
        if reply.header.message_type is MessageType.error:
            name = reply.header.fields.get(HeaderFields.error_name, "")
            raise RuntimeError(f"{name}: {' '.join(map(str, reply.body))}")
        return tuple(reply.body)

    # -------------------------------------------------------------- programs on the bus

    async def answer_programs(self, calls: "asyncio.Queue[Message]") -> None:
        known: dict[tuple[str, str], Callable[[Message], Answer]] = {
            (WATCHER, "RegisterStatusNotifierItem"): self._register,
            (WATCHER, "RegisterStatusNotifierHost"): lambda _: (None, (), None),
            (PROPERTIES, "Get"): lambda call: ("v", (self._properties()[call.body[1]],), None),
            (PROPERTIES, "GetAll"): lambda _: ("a{sv}", (self._properties(),), None),
            (NOTICES, "Notify"): self._notify,
            (NOTICES, "CloseNotification"): self._close,
            (NOTICES, "GetCapabilities"): lambda _: ("as", (["body", "actions", "persistence"],), None),
            (NOTICES, "GetServerInformation"): lambda _: ("ssss", ("tests", "tests", "1", "1.2"), None),
        }
        while True:
            call = await calls.get()
            fields = call.header.fields
            handler = known.get((fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")))
            if handler is None:
                await self.router.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
                continue
            signature, body, after = handler(call)
            await self.router.send(new_method_return(call, signature, body))
            if after is not None:
                await self.router.send(after)

    async def forget_those_who_leave(self, changes: "asyncio.Queue[Message]") -> None:
        while True:
            name, _old, new = (await changes.get()).body
            if not new:
                self.seen.items = [item for item in self.seen.items if item.connection != name]

    def _register(self, call: Message) -> Answer:
        sender = call.header.fields[HeaderFields.sender]
        given = call.body[0]
        # Qt names a connection, others the path of an object on the connection that calls
        item = TrayItem(sender, given if given.startswith("/") else "/StatusNotifierItem")
        self.seen.items.append(item)
        after = _signal(
            WATCHER_PATH, WATCHER, "StatusNotifierItemRegistered", "s", (item.connection + item.path,)
        )
        return None, (), after

    def _properties(self) -> dict[str, tuple[str, Any]]:
        return {
            "RegisteredStatusNotifierItems": (
                "as",
                [item.connection + item.path for item in self.seen.items],
            ),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }

    def _notify(self, call: Message) -> Answer:
        program, replaces, icon, summary, body, actions, hints, expires = call.body
        self.last_notice += 1
        number = replaces or self.last_notice
        sender = call.header.fields[HeaderFields.sender]
        plain = {key: value for key, (_, value) in hints.items()}
        self.seen.notices.append(
            Notice(number, sender, program, replaces, icon, summary, body, list(actions), plain, expires)
        )
        return "u", (number,), None

    def _close(self, call: Message) -> Answer:
        number = call.body[0]
        self.seen.closed.append(number)
        by_the_program = 3
        return None, (), _signal(NOTICES_PATH, NOTICES, "NotificationClosed", "uu", (number, by_the_program))

    # -------------------------------------------------------------- the tests

    async def answer_tests(self, lines: asyncio.StreamReader) -> None:
        """Until standard input ends. Each request is a task: an icon whose program is busy holds up nobody else."""
        async with asyncio.TaskGroup() as tasks:
            while line := await lines.readline():
                tasks.create_task(self._answer_test(msgspec.json.decode(line, type=Request)))

    async def _answer_test(self, request: Request) -> None:
        doers: dict[str, Callable[[Request], Awaitable[Reply]]] = {
            "see": self._see,
            "forget": self._forget,
            "look": self._look,
            "menu": self._menu,
            "click": self._click,
            "activate": self._activate,
            "press": self._press,
            "dismiss": self._dismiss,
            "leave": self._leave,
            "return": self._return,
        }
        try:
            reply = await doers[request.do](request)
        except (RuntimeError, TimeoutError) as error:
            reply = Reply(error=f"{type(error).__name__}: {error}")
        sys.stdout.buffer.write(msgspec.json.encode(reply) + b"\n")
        sys.stdout.buffer.flush()

    async def _see(self, _: Request) -> Reply:
        return Reply(seen=self.seen)

    async def _forget(self, _: Request) -> Reply:
        self.seen.notices.clear()
        self.seen.closed.clear()
        return Reply()

    async def _look(self, request: Request) -> Reply:
        (got,) = await self.call(Properties(_address(request.item, ITEM)).get_all())
        values = {key: value for key, (_, value) in got.items()}
        pixmaps = values.get("IconPixmap", [])
        _icon, _pixmaps, title, text = values.get("ToolTip", ("", [], "", ""))
        look = Look(
            id=values.get("Id", ""),
            title=values.get("Title", ""),
            status=values.get("Status", ""),
            icon_name=values.get("IconName", ""),
            attention_icon_name=values.get("AttentionIconName", ""),
            icon_sizes=[(width, height) for width, height, _ in pixmaps],
            icon_pixels=[bytes(data) for _, _, data in pixmaps],
            tooltip_title=title,
            tooltip_text=text,
            menu=values.get("Menu", ""),
        )
        return Reply(look=look)

    async def _menu_address(self, request: Request) -> DBusAddress:
        look = (await self._look(request)).look
        if look is None or look.menu in {"", "/NO_DBUSMENU"}:
            raise RuntimeError("the icon has no menu")
        return _address(request.item, MENU, look.menu)

    async def _menu(self, request: Request) -> Reply:
        address = await self._menu_address(request)
        await self.call(new_method_call(address, "AboutToShow", "i", (0,)))
        layout = new_method_call(address, "GetLayout", "iias", (0, EVERYTHING, []))
        _revision, root = await self.call(layout)
        return Reply(menu=_entry(root))

    async def _click(self, request: Request) -> Reply:
        address = await self._menu_address(request)
        body = (request.number, "clicked", ("i", 0), 0)
        await self.call(new_method_call(address, "Event", "isvu", body))
        return Reply()

    async def _activate(self, request: Request) -> Reply:
        await self.call(new_method_call(_address(request.item, ITEM), "Activate", "ii", (0, 0)))
        return Reply()

    async def _press(self, request: Request) -> Reply:
        body = (request.number, request.words)
        await self.router.send(_signal(NOTICES_PATH, NOTICES, "ActionInvoked", "us", body))
        return Reply()

    async def _dismiss(self, request: Request) -> Reply:
        by_a_person = 2
        body = (request.number, by_a_person)
        await self.router.send(_signal(NOTICES_PATH, NOTICES, "NotificationClosed", "uu", body))
        return Reply()

    async def _leave(self, _: Request) -> Reply:
        await self.call(_bus("ReleaseName", "s", (WATCHER,)))
        self.seen.items.clear()
        return Reply()

    async def _return(self, _: Request) -> Reply:
        await self.take(WATCHER)
        await self.router.send(_signal(WATCHER_PATH, WATCHER, "StatusNotifierHostRegistered"))
        return Reply()

    async def take(self, name: str) -> None:
        do_not_queue = 4
        owner_now, owner_already = 1, 4
        (answer,) = await self.call(_bus("RequestName", "su", (name, do_not_queue)))
        if answer not in {owner_now, owner_already}:
            raise RuntimeError(f"another program is {name} on this bus")


def _bus(member: str, signature: str, body: tuple[Any, ...]) -> Message:
    """A question to the bus itself."""
    address = DBusAddress(
        message_bus.object_path, bus_name=message_bus.bus_name, interface=message_bus.interface
    )
    return new_method_call(address, member, signature, body)


def _signal(
    path: str, interface: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()
) -> Message:
    return new_signal(DBusAddress(path, interface=interface), member, signature, body)


def _address(item: TrayItem | None, interface: str, path: str = "") -> DBusAddress:
    if item is None:
        raise RuntimeError("no icon was named")
    return DBusAddress(path or item.path, bus_name=item.connection, interface=interface)


def _entry(layout: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> Entry:
    number, coded, children = layout
    values = {key: value for key, (_, value) in coded.items()}
    return Entry(
        id=number,
        label=re.sub(r"_(.)", r"\1", values.get("label", "")),
        enabled=values.get("enabled", True),
        visible=values.get("visible", True),
        checked=values.get("toggle-state") == 1 if values.get("toggle-type") else None,
        separator=values.get("type") == "separator",
        children=[_entry(child) for _, child in children],
    )


async def serve() -> None:
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin.buffer
    )
    async with await open_dbus_connection("SESSION") as connection, DBusRouter(connection) as router:
        service = Service(router)
        leaving = MatchRule(
            type="signal",
            interface=message_bus.interface,
            member="NameOwnerChanged",
            path=message_bus.object_path,
        )
        await service.call(_bus("AddMatch", "s", (leaving.serialise(),)))
        calls: asyncio.Queue[Message] = asyncio.Queue()
        changes: asyncio.Queue[Message] = asyncio.Queue()
        with (
            router.filter(MatchRule(type="method_call"), queue=calls),
            router.filter(leaving, queue=changes),
        ):
            programs = asyncio.create_task(service.answer_programs(calls))
            leavers = asyncio.create_task(service.forget_those_who_leave(changes))
            await service.take(WATCHER)
            await service.take(NOTICES)
            await router.send(_signal(WATCHER_PATH, WATCHER, "StatusNotifierHostRegistered"))
            print("ready", flush=True)
            await service.answer_tests(lines)
            programs.cancel()
            leavers.cancel()


if __name__ == "__main__":
    asyncio.run(serve())
