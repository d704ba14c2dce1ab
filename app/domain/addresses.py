"""Addresses as people paste them, made exact: an hh2 site, an origin, and which origins may be used at all."""

import re
from urllib.parse import urlsplit

_SITE = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LOOPBACK = re.compile(r"127(?:\.\d{1,3}){3}")


def hh2_site(pasted: str) -> str:
    """The identifier of an hh2 site from any form of its address; raises ValueError when there is none.

    The identifier is what stands between `https://` and `.hh2.com`; letters, digits, hyphen
    and underscore occur. [C]"""
    text = pasted.strip().strip("<>\"'").strip().lower()
    text = re.sub(r"^[a-z][a-z0-9+.-]*:/*", "", text)  # any scheme, with however many slashes
    text = text.rpartition("@")[2] if "@" in text.split("/")[0] else text
    host = re.split(r"[/?#]", text, maxsplit=1)[0].split(":")[0].rstrip(".")
    site = host.removesuffix(".hh2.com").removeprefix("www.")
    if not _SITE.fullmatch(site):
        raise ValueError("hh2-site")
    return site


def origin(address: str) -> str:
    """`https://host[:port]` of an address, in lower case and without a default port.

    Raises ValueError unless it is https, or http on loopback, with no user name in it."""
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").lower()
    if parts.username or parts.password or not host or not re.fullmatch(r"[a-z0-9.:_-]+", host):
        raise ValueError("address")
    if parts.scheme not in ("http", "https") or (parts.scheme == "http" and not is_loopback(host)):
        raise ValueError("address")
    shown = f"[{host}]" if ":" in host else host
    default = 443 if parts.scheme == "https" else 80
    port = parts.port if parts.port not in (None, default) else None
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def is_loopback(host: str) -> bool:
    """True for this computer's own addresses."""
    return host in ("localhost", "::1") or _LOOPBACK.fullmatch(host) is not None


def is_loopback_origin(address: str) -> bool:
    """True when an address stays on this computer."""
    try:
        return is_loopback((urlsplit(address).hostname or "").lower())
    except ValueError:  # no address at all, such as "http://["
        return False
