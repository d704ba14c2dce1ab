"""The pages of the help: their names, their order, and their text in the person's language."""

from app.resources import ResourceMissing, resource
from app.words import language
from app.words.language import N_, _

# In the order of the contents.
_TITLES = {
    "procedure": N_("How a sync goes"),
    "first-time": N_("The first time"),
    "troubles": N_("Troubles"),
    "who": N_("Who can do what"),
    "match": N_("Do they match?"),
    "month-end": N_("Month end"),
    "history": N_("The history"),
    "privacy": N_("Privacy"),
    "training": N_("Training"),
    "what-lies-where": N_("What lies where"),
    "what-is-known": N_("What is known of the real sites"),
}


def pages() -> tuple[str, ...]:
    """The names of the pages, in the order of the contents."""
    return tuple(_TITLES)


def title(name: str) -> str:
    """The title of a page in the contents."""
    return _(_TITLES[name])


def text(name: str) -> str:
    """A page as Markdown, in the person's language or else in English. Raises ResourceMissing."""
    spoken = language.language().partition("_")[0]
    for parts in ((spoken, f"{name}.md"), (language.SOURCE, f"{name}.md")):
        try:
            return resource("help", *parts).read_text(encoding="utf-8")
        except ResourceMissing:
            continue
    raise ResourceMissing(f"help page {name}")
