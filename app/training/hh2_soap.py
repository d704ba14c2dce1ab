"""The training hh2's older sign-in: Microsoft's stock authentication service in SOAP. [C1] hh2-wire.md, "Sign-in B"."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import Response

from app.training.stage import stage_of

NAMESPACE = "http://asp.net/ApplicationServices/v200"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


async def authentication(request: Request) -> Response:
    """`Login`, `IsLoggedIn` and `Logout`; true or false with HTTP 200 in both cases [I]."""
    stage = stage_of(request)
    action = request.headers.get("soapaction", "").strip('"').rpartition("/")[2]
    kind = request.headers.get("content-type", "")
    try:
        call = fromstring(await request.body()).find(f".//{{{NAMESPACE}}}{action}")
    except (ParseError, DefusedXmlException, ValueError):
        call = None
    if call is None or not kind.startswith("text/xml"):
        fault = "<s:Fault><faultcode>s:Client</faultcode><faultstring>Bad request</faultstring></s:Fault>"
        return _envelope(fault, 500)
    match action:
        case "Login":
            verdict = stage.hh2_verdict(_text(call, "username"), _text(call, "password"))
            response = _envelope(_result("Login", verdict == 5))
            if verdict == 5:
                stage.hh2_sessions.open(stage.papers.hh2_user, response)
            return response
        case "IsLoggedIn":
            return _envelope(_result("IsLoggedIn", stage.hh2_sessions.user(request) is not None))
        case _:
            stage.hh2_sessions.end(request)
            return _envelope(f'<LogoutResponse xmlns="{NAMESPACE}"/>')


def _text(call: Element, name: str) -> str:
    return call.findtext(f"{{{NAMESPACE}}}{name}") or ""


def _result(name: str, value: bool) -> str:
    word = "true" if value else "false"
    return f'<{name}Response xmlns="{NAMESPACE}"><{name}Result>{word}</{name}Result></{name}Response>'


def _envelope(inner: str, status: int = 200) -> Response:
    body = f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body>{inner}</s:Body></s:Envelope>'
    return Response(body, status, media_type="text/xml")
