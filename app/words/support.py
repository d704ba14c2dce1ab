"""A support file in words: what it holds, what was taken out of it, and where it was written."""

from collections.abc import Iterator

from app.domain.support import Bundle, Part, PartName
from app.words.language import N_, _, ngettext

_TITLES = {
    PartName.VERSIONS: N_("Versions"),
    PartName.PREFLIGHT: N_("Ready?"),
    PartName.RUNS: N_("The last runs"),
    PartName.OUTLINES: N_("Outlines of pages"),
    PartName.LOG: N_("Log"),
}
_ABOUT = {
    PartName.VERSIONS: N_("of this program, its parts, the system and the browsers that are installed"),
    PartName.PREFLIGHT: N_("what a run needs, looked at just now, with the sites' addresses"),
    PartName.RUNS: N_(
        "their events as the history keeps them, with job codes and names, who began them, and what proved the outcomes"
    ),
    PartName.OUTLINES: N_("roles and names of the controls where something was not found; no cell, no value"),
    PartName.LOG: N_("what this program did and met, with companies' names and addresses"),
}


def title(part: PartName) -> str:
    """What a part is called."""
    return _(_TITLES[part])


def about(part: PartName) -> str:
    """What a part holds, in a line."""
    return _(_ABOUT[part])


def heading(bundle: Bundle) -> str:
    """What is shown, and what becomes of it."""
    if bundle.profile:
        said = _(
            "This is everything that a support file of {company} would hold. Read it before you give it to anybody."
        )
        return said.format(company=bundle.profile)
    return _("This is everything that a support file would hold. Read it before you give it to anybody.")


def taken_out(bundle: Bundle) -> str:
    """What is not in it."""
    said = _("Passwords, keys and tokens were taken out. It holds no picture of the screen.")
    if bundle.by_text:
        return said
    more = _(
        "The keyring could not be opened, so secrets were looked for by their shape alone: read it with more care."
    )
    return f"{said} {more}"


def line(part: Part) -> str:
    """A part in the list of what the bundle holds."""
    count = ngettext("{n} line", "{n} lines", part.lines).format(n=f"{part.lines:,}")
    return _("{title} ({count}): {about}").format(title=title(part.name), count=count, about=about(part.name))


def contents(bundle: Bundle) -> Iterator[str]:
    """What the bundle holds, a part a line."""
    yield heading(bundle)
    yield taken_out(bundle)
    for part in bundle.parts:
        yield f"  {line(part)}"


def everything(bundle: Bundle) -> Iterator[str]:
    """The whole of it, as it is written."""
    for part in bundle.parts:
        yield f"==== {title(part.name)} ===="
        yield part.text


def gathering() -> str:
    """While it is gathered."""
    return _("Looking at everything that support may need to know…")


def ask(path: str) -> str:
    """The question before it is written."""
    return _("Write all of this to {file}?").format(file=path)


def written(path: str) -> str:
    """It was written."""
    return _("The support file was written to {file}. Nothing was sent to anybody.").format(file=path)


def file_name(bundle: Bundle) -> str:
    """A name for the file, without its folder."""
    stamp = bundle.at.astimezone().strftime("%Y-%m-%d-%H%M")
    return "-".join(["ondemand-sync-support", *bundle.profile.split(), stamp]) + ".zip"


def no_runs() -> str:
    """Instead of the runs."""
    return _("Nothing has run yet.")


def no_pages() -> str:
    """Instead of the outlines."""
    return _("No page was met on which something was not found.")


def too_late() -> str:
    """Instead of the preflight."""
    return _("It did not end in time.")
