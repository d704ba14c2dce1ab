"""The small parts that pages are made of: each one takes a skin and words, and gives HTML."""

import functools
from collections.abc import Sequence
from html import escape

from app.resources import resource
from app.training.pages.skins import Skin


@functools.cache
def part(name: str) -> str:
    """A script or a style sheet of the training pages."""
    return resource("portals", "training", name).read_text(encoding="utf-8")


def attributes(**values: str | bool | None) -> str:
    """` name="value"` for each; True stands alone, None and False are left out; `aria_label` is `aria-label`."""
    parts = []
    for name, value in values.items():
        shown = name.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(f" {shown}")
        elif value not in (None, False):
            parts.append(f' {shown}="{escape(str(value))}"')
    return "".join(parts)


def tag(name: str, /, *inner: str, **values: str | bool | None) -> str:
    """An element; what is inside is HTML already."""
    return f"<{name}{attributes(**values)}>{''.join(inner)}</{name}>"


def text(name: str, words: str, /, **values: str | bool | None) -> str:
    """An element with words."""
    return tag(name, escape(words), **values)


def button(skin: Skin, words: str, *, id_: str = "", off: bool = False, submit: bool = True) -> str:
    """What a person presses: a button, a link or an element with the role of one."""
    if skin.press == "button":
        return text("button", words, id=id_ or None, type="submit" if submit else "button", disabled=off)
    href = None if skin.press == "role" else "#"
    role = "button" if skin.press == "role" else None
    return text(
        "a" if href else "div",
        words,
        id=id_ or None,
        href=href,
        role=role,
        tabindex="0",
        data_submit=submit,
        aria_disabled="true" if off else None,
    )


def field(skin: Skin, label: str, id_: str, *, kind: str = "text", hint: str = "") -> str:
    """A field to type in, with its label the skin's way."""
    values = {"id": id_, "name": id_, "type": kind, "autocomplete": hint or "off"}
    if skin.label == "wrap":
        return tag("label", text("span", label), f"<input{attributes(**values)}>")
    if skin.label == "aria":
        return f"<input{attributes(**values, aria_label=label)}>"
    if skin.label == "near":
        return tag("p", text("span", label), f" <input{attributes(**values)}>")
    return tag("p", text("label", label, for_=id_), f" <input{attributes(**values)}>")


def choice(skin: Skin, label: str, id_: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """A choice of one among options (value, words), the skin's way."""
    if skin.choice == "radio":
        inner = [
            tag(
                "label",
                f"<input{attributes(type='radio', name=id_, value=value, checked=value == chosen)}> ",
                escape(words),
            )
            for value, words in options
        ]
        return tag("fieldset", text("legend", label), *inner, id=id_)
    if skin.choice == "listbox":
        shown = next((words for value, words in options if value == chosen), "")
        inner = [
            text(
                "li",
                words,
                role="option",
                data_value=value,
                tabindex="-1",
                aria_selected=str(value == chosen).lower(),
            )
            for value, words in options
        ]
        popup = tag("ul", *inner, role="listbox", id=f"{id_}-list", hidden=True, aria_label=label)
        opener = text(
            "button",
            shown,
            type="button",
            id=id_,
            role="combobox",
            aria_haspopup="listbox",
            aria_expanded="false",
            aria_controls=f"{id_}-list",
            aria_label=label,
            data_value=chosen,
        )
        return tag("div", text("span", label, class_="label"), opener, popup, class_="choice")
    inner = [text("option", words, value=value, selected=value == chosen) for value, words in options]
    select = tag("select", *inner, id=id_, name=id_, aria_label=label if skin.label == "aria" else None)
    if skin.label == "wrap":
        return tag("label", text("span", label), select)
    if skin.label == "for":
        return tag("p", text("label", label, for_=id_), " ", select)
    return tag("p", text("span", label) if skin.label == "near" else "", " ", select)


def page(skin: Skin, title: str, *body: str, code: str = "") -> str:
    """A whole document. It names no other host, and tells everybody that nothing here is real."""
    head = tag(
        "head",
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        text("title", title),
        tag("style", part("page.css")),
    )
    script = tag("script", code) if code else ""
    return f"<!DOCTYPE html>{tag('html', head, tag('body', *body, script), lang=skin.language)}"
