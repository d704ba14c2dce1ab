"""The files that are not code are found by one function."""

import pytest

from app.resources import ResourceMissing, resource


def test_the_icon_is_there() -> None:
    assert resource("icons", "ondemand-sync.svg").read_text(encoding="utf-8").startswith("<svg")


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(ResourceMissing, match=r"icons/nothing\.svg is not among the resources"):
        resource("icons", "nothing.svg")
