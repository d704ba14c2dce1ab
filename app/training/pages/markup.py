"""The small parts that pages are made of: elements, their attributes, a whole document."""

import functools
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


def page(look: Skin, title: str, *body: str, code: str = "") -> str:
    """A whole document. It names no other host, and tells everybody that nothing here is real."""
    head = tag(
        "head",
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        text("title", title),
        tag("style", part("page.css")),
    )
    script = tag("script", code) if code else ""
    dress = " ".join(name for name in ("upper", "narrow") if getattr(look, name))
    return f"<!DOCTYPE html>{tag('html', head, tag('body', *body, script, class_=dress or None), lang=look.language)}"
