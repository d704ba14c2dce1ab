"""What must not stand in a log, found by its shape, and by its text where a secret is in memory."""

import re
from collections.abc import Iterable

from app.storage.secret_text import MASK

_NAMES = (
    r"password|passwd|passphrase|pwd|secret|client_secret|clientsecret|api_?key|apikey|api_?secret|apisecret"
    r"|access_?token|refresh_?token|id_?token|token|authorization|proxy-authorization|cookie|set-cookie"
    r"|\.aspxauth|applicationgatewayaffinity(?:cors)?|assertion|one_?time_?code|otp"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # a header or a list of headers: everything to the end of the line, or to the closing quote of a repr
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=,]\s*)(['\"]|b['\"])(?:\\.|(?!\3).)*"),
     rf"\1\2\3{MASK}"),
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^'\"\r\n][^\r\n]*"),
     rf"\1\2{MASK}"),
    # "name": "value", 'name': 'value', name="value"
    (re.compile(rf"(?i)(['\"]?(?:[\w.-]*[_.-])?(?:{_NAMES})['\"]?\s*[:=]\s*)(['\"])(?:\\.|(?!\2).)*\2"),
     rf"\1\2{MASK}\2"),
    # <password>value</password>, with or without a prefix
    (re.compile(rf"(?is)(<(?:\w+:)?(?:{_NAMES})\b[^>]*>).*?(</)"), rf"\1{MASK}\2"),
    # name=value in an address or a form, name: value
    (re.compile(rf"(?i)((?:^|[?&;\s{{(,])(?:[\w.-]*[_.-])?(?:{_NAMES})\s*[:=]\s*)(?!['\"]|{MASK})[^\s&;,'\"<>}})]+"),
     rf"\1{MASK}"),
    # the single-use code and the state of an OAuth redirect
    (re.compile(r"(?i)([?&](?:code|state)=)[^\s&'\"<>]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic|negotiate|ntlm)\s+[\w+/=.~-]{8,}"), rf"\1 {MASK}"),
    # a user name and password in front of a host
    (re.compile(r"(\w+://)[^\s/@'\"]+@"), rf"\1{MASK}@"),
    # a JSON web token, wherever it stands
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
)  # fmt: skip


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text without passwords, keys, tokens and cookies; `known` are secrets to be found by their very text."""
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
