"""The label tables of the two sites (resources/portals/*.toml): loaded, checked, and ready to be compared."""

import functools
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

from app.domain.decoding import toml
from app.domain.events import Site
from app.domain.looks import Phase
from app.domain.taught import BUTTON_LIKE, LONGEST_NAME, Taught, Unfit
from app.portals.folding import fold, phrase_pattern, split_count
from app.resources import resource


class Mark(StrEnum):
    """How sure an entry is."""

    CONFIRMED = "C"
    THIRD_PARTY = "C3"
    INFERRED = "I"
    UNKNOWN = "?"


class Language(StrEnum):
    """The languages of the pages."""

    ENGLISH = "en"
    FRENCH = "fr"


class Label(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One text that a page may show, with its mark."""

    mark: Mark
    language: Language
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[Label, ...]


class _Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    roles: tuple[str, ...]
    names: tuple[Label, ...] = ()
    names_of: str = ""
    section: str = ""
    press: bool = False
    ids: tuple[str, ...] = ()
    dialogs: tuple[Label, ...] = ()
    options: dict[str, tuple[Label, ...]] = {}


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    offline: tuple[Label, ...]
    failed: tuple[Label, ...]
    stale: tuple[Label, ...]
    running: tuple[Label, ...]
    queued: tuple[Label, ...]
    done: tuple[Label, ...]
    nothing: tuple[Label, ...]
    busy: tuple[Label, ...]
    applied: tuple[Label, ...]
    refused: tuple[Label, ...]
    locked: tuple[Label, ...]
    code: tuple[Label, ...]
    captcha: tuple[Label, ...]
    forbidden: tuple[Label, ...]
    ages: tuple[Label, ...]
    empty: tuple[Label, ...]
    notice: tuple[Label, ...]
    synced: tuple[Label, ...]
    client: tuple[Label, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    site: Site
    sections: dict[str, _Names]
    controls: dict[str, _Control]
    said: _Said
    never: _Names


class Control(msgspec.Struct, frozen=True):
    """One element the program looks for: its roles, its folded names, and the section it must stand in ("" anywhere).

    `press` False: it is read or filled, and never pressed. `dialogs` find the questions that may be answered yes."""

    action: str
    roles: frozenset[str]
    names: frozenset[str]
    section: frozenset[str]
    press: bool
    ids: frozenset[str]
    dialogs: tuple[re.Pattern[str], ...]
    options: dict[str, frozenset[str]]
    # The names of the sections that its own section stands in.
    around: frozenset[str] = frozenset()
    # The names of the table's other sections: what stands in one of them is not in this one's.
    beside: frozenset[str] = frozenset()
    # Each folded name, those of the options too, as the table has it, with its mark.
    texts: dict[str, Label] = {}
    # Role and folded name of what a person of the company pointed at.
    taught: frozenset[tuple[str, str]] = frozenset()

    def label_of(self, name: str) -> Label | None:
        """The entry of the table that this name is one of; None for a name of another source."""
        folded = fold(name)
        return self.texts.get(folded) or self.texts.get(split_count(folded)[0])

    def is_taught(self, role: str, name: str) -> bool:
        """Did a person teach that a control of this role and name is the one?"""
        folded = fold(name)
        return (role, folded) in self.taught or (role, split_count(folded)[0]) in self.taught

    def bears(self, name: str) -> bool:
        """Is this one of the control's names, perhaps with a count behind it ("Vendors (3)")?"""
        folded = fold(name)
        return folded in self.names or split_count(folded)[0] in self.names


# Where several kinds fit one sentence the first counts: "completed with 3 errors" is a failure.
_PHASES: tuple[tuple[Phase, str], ...] = (
    (Phase.OFFLINE, "offline"),
    (Phase.FAILED, "failed"),
    (Phase.STALE, "stale"),
    (Phase.QUEUED, "queued"),
    (Phase.RUNNING, "running"),
    (Phase.DONE, "done"),
)


_REMEMBERED = 5000


class Table(msgspec.Struct, frozen=True):
    """The labels of one site."""

    site: Site
    controls: dict[str, Control]
    sections: dict[str, frozenset[str]]
    said: dict[str, tuple[re.Pattern[str], ...]]
    never: frozenset[str]
    names: frozenset[str]
    # What a person taught a whole sentence to mean, where the table reads nothing in it.
    ends: tuple[tuple[re.Pattern[str], Phase], ...] = ()
    told: dict[str, Phase | None] = msgspec.field(default_factory=dict)  # sentences that were judged already

    def phase_of(self, text: str) -> Phase | None:
        """What a sentence of the page says of a sync or a refresh; None where it says nothing of one.

        The name of a control, such as the filter "Failed to Export (3)", says nothing."""
        if text not in self.told:
            if len(self.told) > _REMEMBERED:
                self.told.clear()
            self.told[text] = self._phase_of(fold(text)) or self._taught_end(text)
        return self.told[text]

    def _taught_end(self, text: str) -> Phase | None:
        if not self.ends or fold(text) in self.names:
            return None
        plain = self.without_ages(text)
        means = {phase for pattern, phase in self.ends if pattern.fullmatch(plain)}
        return means.pop() if len(means) == 1 else None

    def _phase_of(self, folded: str) -> Phase | None:
        if folded in self.names or split_count(folded)[0] in self.names:
            return None
        if _any(self.said["busy"], folded):
            return Phase.RUNNING
        for phase, kind in _PHASES:
            if phase is Phase.DONE:
                return phase if _said_plainly(self.said[kind], folded) else None
            if _any(self.said[kind], folded):
                return phase
        return None

    def says(self, kind: str, text: str) -> bool:
        """Does the text say this ("refused", "locked", "code", "applied", "nothing"…)?"""
        return _any(self.said[kind], fold(text))

    def without_ages(self, text: str) -> str:
        """The folded text without relative ages, which change by themselves."""
        folded = fold(text)
        for pattern in self.said["ages"]:
            folded = pattern.sub("", folded)
        return " ".join(folded.split())


def _any(patterns: tuple[re.Pattern[str], ...], folded: str) -> bool:
    return any(pattern.search(folded) for pattern in patterns)


# A word of success counts for nothing behind one of these: "not yet completed", "when it has finished".
_HEDGE = re.compile(
    r"(?<!\w)(?:not|never|no|until|when|once|if|unless|will|to be|before|ne|n'|pas|jamais|non|lorsque|lorsqu'|quand"
    r"|si|sera|seront|avant|apres|jusqu'a)(?!\w)(?:\s+\S+){0,3}\s*$"
)


def _said_plainly(patterns: tuple[re.Pattern[str], ...], folded: str) -> bool:
    return any(
        not _HEDGE.search(folded[: found.start()])
        for pattern in patterns
        for found in pattern.finditer(folded)
    )


class LabelsBroken(Exception):
    """A label table cannot be used; the text says which entry and why."""


@functools.cache
def labels(site: Site) -> Table:
    """The table of one site. Raises LabelsBroken, or ResourceMissing where it was not installed."""
    return read_labels(resource("portals", f"{site.value}.toml").read_bytes())


def read_labels(data: bytes) -> Table:
    """A table from the bytes of its TOML file, every entry checked. Raises LabelsBroken."""
    try:
        file = msgspec.convert(toml(data.decode()), _File)
    except (msgspec.ValidationError, ValueError) as error:
        raise LabelsBroken(str(error)) from None
    sections = {name: _folded(section.names) for name, section in file.sections.items()}
    controls = {action: _control(action, control, file) for action, control in file.controls.items()}
    said = {
        kind: tuple(phrase_pattern(label.text) for label in getattr(file.said, kind))
        for kind in _Said.__struct_fields__
    }
    never = _folded(file.never.names)
    names = frozenset().union(never, *sections.values(), *(control.names for control in controls.values()))
    table = Table(file.site, controls, sections, said, never, names)
    for control in controls.values():
        clash = control.names & table.never
        if control.press and clash:
            raise LabelsBroken(
                f"{control.action}: {', '.join(sorted(clash))} is among the names never pressed"
            )
    return table


def with_taught(table: Table, taught: Iterable[Taught]) -> Table:
    """The table with what a person taught for its site. What may not be taught is left out, whoever wrote it down."""
    for one in taught:
        if one.site is not table.site or unfit_label(table, one) is not None:
            continue
        control = table.controls[one.action]
        name = split_count(fold(one.name))[0]
        controls = {
            **table.controls,
            one.action: msgspec.structs.replace(control, taught=control.taught | {(one.role, name)}),
        }
        table = msgspec.structs.replace(table, controls=controls, names=table.names | {name}, told={})
    return table


def unfit_label(table: Table, label: Taught) -> Unfit | None:
    """Why this label may not be taught, as far as the label alone tells; None where it may."""
    control = table.controls.get(label.action)
    if control is None or not control.press:
        return Unfit.NOT_TAUGHT
    if label.role not in BUTTON_LIKE:
        return Unfit.ROLE
    folded = fold(label.name)
    plain = split_count(folded)[0]
    if not plain or len(label.name) > LONGEST_NAME:
        return Unfit.NO_NAME
    if {plain, folded} & table.never:
        return Unfit.FORBIDDEN
    if control.bears(label.name):
        return Unfit.KNOWN
    for other in table.controls.values():
        if other.action == control.action:
            continue
        if other.bears(label.name):
            return Unfit.ANOTHER
        meet = not (other.section and control.section) or bool(other.section & control.section)
        if meet and any(name == plain for _, name in other.taught):
            return Unfit.ANOTHER
    return None


def _control(action: str, control: _Control, file: _File) -> Control:
    sections = file.sections
    for name in filter(None, (control.section, control.names_of)):
        if name not in sections:
            raise LabelsBroken(f"{action}: there is no section {name}")
    labels = (*control.names, *(sections[control.names_of].names if control.names_of else ()))
    names = _folded(labels)
    if not names:
        raise LabelsBroken(f"{action}: it has no names")
    section = _folded(sections[control.section].names) if control.section else frozenset()
    # Who bears a section's name leads to it, and stands in what surrounds it.
    leading = [
        one.section for one in file.controls.values() if control.section and one.names_of == control.section
    ]
    around = frozenset().union(*(_folded(sections[name].names) for name in leading if name in sections))
    return Control(
        action,
        frozenset(control.roles),
        names,
        section,
        control.press,
        frozenset(control.ids),
        tuple(phrase_pattern(label.text) for label in control.dialogs),
        {option: _folded(texts) for option, texts in control.options.items()},
        around,
        frozenset().union(*(_folded(one.names) for one in sections.values())) - section - around,
        _texts(labels, *control.options.values()),
    )


def _texts(*lists: tuple[Label, ...]) -> dict[str, Label]:
    """Each folded name with its entry; of two that read alike the first."""
    texts: dict[str, Label] = {}
    for one in lists:
        for label in one:
            texts.setdefault(fold(label.text), label)
    return texts


def _folded(texts: tuple[Label, ...]) -> frozenset[str]:
    return frozenset(fold(label.text) for label in texts)
