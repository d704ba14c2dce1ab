"""Addresses as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.addresses import hh2_site, is_loopback_origin, origin

SITES = st.from_regex(r"[a-z0-9](?:[a-z0-9_-]{0,20}[a-z0-9])?", fullmatch=True)


@given(
    SITES,
    st.sampled_from(
        [
            "{}",
            "https://{}.hh2.com",
            "HTTPS://{}.HH2.com/",
            "http://{}.hh2.com/#login",
            "{}.hh2.com",
            " {}.hh2.com/Quick?x=1 ",
            "<https://{}.hh2.com>",
            "https:{}.hh2.com",
            "{}.hh2.com.",
        ]
    ),
)
def test_every_form_of_a_site_gives_the_same_site(site: str, form: str) -> None:
    assert hh2_site(form.format(site)) == site
    assert hh2_site(form.format(site.upper())) == site


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "  ",
        "https://",
        "not a site!",
        "acme corp",
        "-acme",
        "acme.example.com",
        "acme.hh2.com.evil.example",
        "ac/me?x",
        "é.hh2.com",
        "a" * 70,
    ],
)
def test_what_is_no_site_is_refused_or_never_becomes_another_one(pasted: str) -> None:
    if pasted == "ac/me?x":  # what stands before the first slash is a site, as in any address
        assert hh2_site(pasted) == "ac"
        return
    with pytest.raises(ValueError, match="hh2-site"):
        hh2_site(pasted)


@pytest.mark.parametrize(
    ("address", "exact"),
    [
        ("https://Acme.hh2.com/", "https://acme.hh2.com"),
        ("https://acme.hh2.com:443/x", "https://acme.hh2.com"),
        ("https://acme.hh2.com:8443", "https://acme.hh2.com:8443"),
        ("http://127.0.0.2:38221", "http://127.0.0.2:38221"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://localhost:8000/a", "http://localhost:8000"),
    ],
)
def test_an_origin_is_made_exact(address: str, exact: str) -> None:
    assert origin(address) == exact


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.hh2.com",
        "ftp://acme.hh2.com",
        "acme.hh2.com",
        "https://",
        "https://dana:secret@acme.hh2.com",
        "http://127.0.0.1.evil.example",
        "https://acme .hh2.com",
        "javascript:alert(1)",
    ],
)
def test_only_https_or_loopback_is_an_origin(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin(address)


def test_loopback_is_this_computer_only() -> None:
    assert is_loopback_origin("http://127.0.0.3:1")
    assert not is_loopback_origin("https://acme.hh2.com")
    assert not is_loopback_origin("http://127.0.0.1.evil.example")
