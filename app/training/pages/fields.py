"""What a person fills in or chooses on a training page, with its label as the skin has it."""

from collections.abc import Sequence

from app.training.pages import dress
from app.training.pages.markup import attributes, tag
from app.training.pages.skins import Skin

Options = Sequence[tuple[str, str]]


def field(look: Skin, label: str, id_: str, *, kind: str = "text", hint: str = "") -> str:
    """A field to type in."""
    own: dict[str, str | bool | None] = {"id": id_, "name": id_, "type": kind, "autocomplete": hint or "off"}
    own["aria_label"] = dress.spaced(look, label) if look.label == "aria" else None
    return _labelled(look, label, id_, f"<input{attributes(**own)}>")


def _labelled(look: Skin, label: str, id_: str, control: str) -> str:
    """A control with the label beside it, around it, or as mere text."""
    words = dress.plain(look, label)
    if look.label == "wrap":
        return tag("label", tag("span", words), " ", control)
    if look.label == "for":
        return tag("p", tag("label", words, for_=id_), " ", control)
    # What is named by aria-label shows the same words to who sees, and to nobody else.
    hidden = "true" if look.label == "aria" else None
    return tag("p", tag("span", words, aria_hidden=hidden), " ", control)


def choice(look: Skin, label: str, id_: str, options: Options, chosen: str) -> str:
    """A choice of one among options (value, words): a drop-down, radio buttons or a list of the page's own.

    An option without a value is no choice but an invitation to make one; radio buttons do without it."""
    if look.choice == "radio":
        return _radios(look, label, id_, [one for one in options if one[0]], chosen)
    if look.choice == "listbox":
        return _listbox(look, label, id_, options, chosen)
    inner = [
        tag("option", dress.plain(look, words), value=value, selected=value == chosen)
        for value, words in options
    ]
    named = dress.spaced(look, label) if look.label == "aria" else None
    return _labelled(look, label, id_, tag("select", *inner, id=id_, name=id_, aria_label=named))


def _radios(look: Skin, label: str, id_: str, options: Options, chosen: str) -> str:
    inner = []
    for number, (value, words) in enumerate(options):
        own: dict[str, str | bool | None] = {"type": "radio", "name": id_, "value": value}
        own |= {"checked": value == chosen, "id": f"{id_}-{number}"}
        if look.label == "aria":
            own["aria_label"] = dress.spaced(look, words)
        one, shown = f"<input{attributes(**own)}> ", dress.plain(look, words)
        if look.label == "wrap":
            inner.append(tag("label", one, shown))
        elif look.label == "for":
            inner.append(tag("div", one, tag("label", shown, for_=f"{id_}-{number}")))
        else:
            hidden = "true" if look.label == "aria" else None
            inner.append(tag("div", one, tag("span", shown, aria_hidden=hidden)))
    named = dress.plain(look, label)
    if look.label == "near":
        return tag("p", tag("span", named)) + tag("div", *inner, id=id_, class_="radios")
    if look.label == "aria":
        heard = dress.spaced(look, label)
        group = tag("div", *inner, id=id_, class_="radios", role="radiogroup", aria_label=heard)
        return tag("p", tag("span", named, aria_hidden="true")) + group
    return tag("fieldset", tag("legend", named), *inner, id=id_, class_="radios")


def _listbox(look: Skin, label: str, id_: str, options: Options, chosen: str) -> str:
    shown = next((words for value, words in options if value == chosen), "")
    inner = [
        tag(
            "li",
            dress.plain(look, words),
            role="option",
            data_value=value,
            tabindex="-1",
            aria_selected=str(value == chosen).lower(),
        )
        for value, words in options
        if value
    ]
    named = dress.spaced(look, label) if look.label == "aria" else None
    opener = tag(
        "button",
        dress.plain(look, shown),
        type="button",
        id=id_,
        role="combobox",
        aria_haspopup="listbox",
        aria_expanded="false",
        aria_controls=f"{id_}-list",
        aria_label=named,
        data_value=chosen,
    )
    # What a form sends of it.
    sent = f"<input{attributes(type='hidden', name=id_, value=chosen)}>"
    popup = tag("ul", *inner, role="listbox", id=f"{id_}-list", hidden=True, aria_label=named)
    return tag("div", _labelled(look, label, id_, opener), popup, sent, class_="choice")
