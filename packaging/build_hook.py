"""A wheel takes the catalogues as the program reads them; they are made when it is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))


class Catalogues(BuildHookInterface):  # type: ignore[misc]
    """Makes each .mo beside its .po before the resources are taken in."""

    PLUGIN_NAME = "catalogues"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        import words

        words.build()
