"""One target under the coverage-guided fuzzer: `python -m tests.fuzz.guided TARGET FOUND [libFuzzer's options]`."""

import sys

import atheris


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
    # The fuzzer takes folders.
    words = [sys.argv[0], *options, found, *sorted({str(path.parent) for path in targets.seeds(name)})]
    atheris.Setup(words, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
