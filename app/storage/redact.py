"""What must not stand in a log, found by its shape, and by its text where a secret is in memory."""

import re
from collections.abc import Iterable

from app.storage.secret_text import MASK

_NAMES = (
    r"password|passwd|passphrase|pwd|secret|client_secret|clientsecret|api_?key|apikey|api_?secret|apisecret"
    r"|access_?token|refresh_?token|id_?token|token|authorization|proxy-authorization|cookie|set-cookie"
    r"|\.aspxauth|applicationgatewayaffinity(?:cors)?|assertion|one_?time_?code|otp"
)
# A line without any of these holds nothing that a rule could find; most lines do not.
_WORDS = (
    "pass", "pwd", "secret", "token", "key", "auth", "cookie", "affinity", "assertion", "code", "otp", "state=",
    "bearer", "basic", "negotiate", "ntlm", "://", "eyj",
)  # fmt: skip
# Every rule begins with something that stands rarely: a log line of any length is gone through once.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # a header or a list of headers: everything to the end of the line, or to the closing quote of a repr
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=,]\s*b?)(['\"])(?:\\.|(?!\3).)*"),
     rf"\1\2\3{MASK}"),
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^'\"\r\n][^\r\n]*"),
     rf"\1\2{MASK}"),
    # "name": "value", 'name': 'value', name="value"; also where the end of the value was cut off
    (re.compile(rf"(?i)((?:{_NAMES})['\"]?\s*[:=]\s*)(['\"])(?:\\.|(?!\2).)*"), rf"\1\2{MASK}"),
    # <password>value</password>, with or without a prefix
    (re.compile(rf"(?is)(<(?:\w{{1,20}}:)?(?:{_NAMES})\b[^>]*>).*?(</|\Z)"), rf"\1{MASK}\2"),
    # name=value in an address or a form, name: value
    (re.compile(rf"(?i)((?:{_NAMES})\s*[:=]\s*)(?!['\"]|{MASK})[^\s&;,'\"<>}})]+"), rf"\1{MASK}"),
    # the single-use code and the state of an OAuth redirect
    (re.compile(r"(?i)([?&](?:code|state)=)[^\s&'\"<>]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic|negotiate|ntlm)\s+[\w+/=.~-]{8,}"), rf"\1 {MASK}"),
    # a user name and password in front of a host
    (re.compile(r"(\b[a-z][\w+.-]{0,20}://)[^\s/@'\"]{1,400}@"), rf"\1{MASK}@"),
    # a JSON web token, wherever it stands
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
)  # fmt: skip


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text without passwords, keys, tokens and cookies; `known` are secrets to be found by their very text."""
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    low = text.lower()
    if not any(word in low for word in _WORDS):
        return text
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
