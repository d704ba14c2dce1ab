"""How each run of a company ended, as two small files: a text for people and JSON, for whoever was not there."""

from pathlib import Path

import msgspec

from app import disk
from app.storage.folders import make
from app.storage.redact import redact

FOLDER = "results"
KEPT = 200  # runs; the ledger knows of all


def write(folder: Path, name: str, text: str, made: object) -> Path:
    """Write NAME.txt and NAME.json (of `made`) into the company's `results` folder, for this user only; what is too old
    goes. Returns the text's path. Secrets never come here; what looks like one is masked all the same.

    Raises Trouble(DISK)."""
    results = make(folder / FOLDER)
    path = results / f"{name}.txt"
    plain = _masked(msgspec.to_builtins(made))
    disk.write(results / f"{name}.json", msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n")
    disk.write(path, redact(text).encode())
    for old in sorted(results.glob("[0-9]*.txt"), reverse=True)[KEPT:]:
        for one in (old, old.with_suffix(".json")):
            disk.remove(one)
    return path


def _masked(value: object) -> object:
    """Every text in it redacted; what is around them stays JSON."""
    match value:
        case str():
            return redact(value)
        case dict():
            return {key: _masked(one) for key, one in value.items()}
        case list() | tuple():
            return [_masked(one) for one in value]
        case _:
            return value
