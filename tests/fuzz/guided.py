"""One target under the coverage-guided fuzzer: `python -m tests.fuzz.guided TARGET FOUND [libFuzzer's options]`."""

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent


def main() -> None:
    name, found, *options = sys.argv[1:]
    with atheris.instrument_imports(
        include=["app", "openpyxl", "csv", "zipfile", "xml", "defusedxml", "tomllib"]
    ):
        import defusedxml.ElementTree
        import openpyxl  # both are imported late by the program: then they would not be watched

        from tests.fuzz import targets
    del defusedxml, openpyxl
    target = targets.ALL[name]
    seeds = HERE / "corpus" / name
    words = [sys.argv[0], *options, found, *([str(seeds)] if seeds.is_dir() else [])]
    atheris.Setup(words, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
