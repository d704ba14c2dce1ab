"""The language that a person chose, read before anything else: the first word of the program is said in it."""

import json

from app.storage.folders import Folders

_FILE = "settings.json"  # that of `storage.settings`, which takes longer to import


def chosen(folders: Folders) -> str:
    """The name of the language, such as "fr"; "" for the system's, and where the settings cannot be read."""
    try:
        kept = json.loads((folders.config / _FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    name = kept.get("language") if isinstance(kept, dict) else ""
    return name if isinstance(name, str) else ""
