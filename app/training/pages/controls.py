"""What a person presses on a training page: buttons as the skin makes them, in a row's menu, and those beside them."""

from app.training.pages import dress
from app.training.pages.markup import tag, text
from app.training.pages.skins import Skin


def button(
    look: Skin,
    words: str,
    *,
    id_: str = "",
    off: bool = False,
    busy: bool = False,
    submit: bool = True,
    count: int | None = None,
    asks: str = "",
    never: str = "",
    role: str = "",
    class_: str = "",
) -> str:
    """A button, a link or an element with the role of one, as the skin has it.

    `asks` is the question that a press asks first; `never` is where a press is told that this program must not make;
    `role` is another role than a button's."""
    values: dict[str, str | bool | None] = {
        "id": id_ or None,
        "class_": class_ or None,
        "data_press": True,
        "data_asks": asks or None,
        "data_never": never or None,
        "aria_busy": "true" if busy else None,
    }
    label = dress.pressed(look, words, count)
    if look.press == "button":
        kind = "submit" if submit else "button"
        return tag("button", label, type=kind, role=role or None, disabled=off, **values)
    values |= {"tabindex": "0", "data_submit": submit, "aria_disabled": "true" if off else None}
    if look.press == "link":
        return tag("a", label, href="#", role=role or None, **values)
    return tag("div", label, role=role or "button", **values)


def with_twins(look: Skin, words: str, shown: str, never: str) -> str:
    """A button, and where the skin says so one of its name that is not laid out before it, and one unseen behind it."""
    if not look.hidden_twin:
        return shown
    gone, unseen = (
        button(look, words, submit=False, never=never, class_=kind) for kind in ("gone", "unseen")
    )
    return gone + shown + unseen


def in_row(
    look: Skin, title: str, shown: str, id_: str, words: dict[str, str], never: str, busy: bool
) -> str:
    """A button as the skin places it: as it is, or as an item of the menu in a row. `shown` then has that role."""
    if not look.row_menu:
        return shown
    menu = f"{id_}-menu"
    opener = tag(
        "button",
        dress.pressed(look, words["actions"]),
        type="button",
        aria_haspopup="menu",
        aria_expanded="false",
        aria_controls=menu,
        aria_busy="true" if busy else None,
        data_toggle=menu,
    )
    other = button(look, words["archive"], submit=False, never=never, role="menuitem")
    items = [tag("li", one, role="none") for one in (shown, other)]
    cells = [
        tag("td", dress.plain(look, title)),
        tag("td", opener, tag("ul", *items, role="menu", id=menu, hidden=True)),
    ]
    return tag("table", tag("tbody", tag("tr", *cells)), class_="row-menu")


def same_name(look: Skin, title: str, words: str, about: str, never: str, view: str | None = None) -> str:
    """Another section with a button of the same name; "" where the skin has none."""
    if not look.same_name:
        return ""
    return tag(
        "section",
        tag("h2", dress.plain(look, title)),
        text("p", about),
        tag("div", button(look, words, submit=False, never=never), class_="tools"),
        class_="other",
        data_view=view,
        hidden=view is not None,
    )
