"""Short reasons and causes, which events and problems carry as ids, as phrases of a sentence."""

from app.domain.problems import ProblemId
from app.words.language import N_, _

_PHRASES: dict[str, str] = {
    # why a tab ended as it did
    "busy": N_("it was being refreshed all the time"),
    "left-out": N_("left out, as you said"),
    "goes-on": N_("what was pressed goes on there by itself"),
    "not-begun": N_("not begun"),
    "no-jobs": N_("no job was chosen"),
    "no-movement": N_("no job's costs have moved"),
    "blind": N_("the page could not be read any more"),
    "queued": N_("it was accepted, and no end is shown"),
    "stale": N_("no end was reported"),
    "lost-answer": N_("the answer was lost, and nothing shows that it arrived"),
    "silent": N_("the page shows no change"),
    "no-end": N_("it showed no end in all the time"),
    # why an answer did not come
    "cut-off": N_("the program was cut off"),
    "no-answer": N_("no answer came"),
    "session": N_("the sign-in ended with it"),
    "timeout": N_("no answer came in time"),
    "ConnectError": N_("no connection could be made"),
    "ConnectTimeout": N_("no connection could be made in time"),
    "ReadTimeout": N_("no answer came in time"),
    "WriteTimeout": N_("it could not be sent in time"),
    "PoolTimeout": N_("no connection was free in time"),
    "ReadError": N_("the connection broke before the answer"),
    "WriteError": N_("the connection broke before it was sent"),
    "RemoteProtocolError": N_("the connection ended in the midst of the answer"),
    "ProxyError": N_("the proxy refused it"),
    # the same, as a browser names it
    "name-not-resolved": N_("the name of the site was not found"),
    "internet-disconnected": N_("this computer is not connected"),
    "address-unreachable": N_("there is no way to it"),
    "connection-refused": N_("the connection was refused"),
    "connection-reset": N_("the connection was broken off"),
    "connection-closed": N_("the connection was broken off"),
    "connection-aborted": N_("the connection was broken off"),
    "empty-response": N_("no answer came"),
    "incomplete-chunked-encoding": N_("the connection ended in the midst of the answer"),
    "content-length-mismatch": N_("the connection ended in the midst of the answer"),
    "connection-timed-out": N_("no connection could be made in time"),
    "timed-out": N_("no answer came in time"),
    "network-changed": N_("the network changed meanwhile"),
    "proxy-connection-failed": N_("the proxy does not answer"),
    "tunnel-connection-failed": N_("the proxy refused it"),
    "cert-authority-invalid": N_("this computer does not trust the certificate"),
    "cert-date-invalid": N_("the certificate has run out, or this computer's clock is wrong"),
    "cert-common-name-invalid": N_("the certificate belongs to another site"),
    "blocked-by-administrator": N_("a policy of your company forbids it"),
}


# What is wrong with a certificate, by a word of the system's own sentence about it.
_CERTIFICATE = "certificate: "
_UNTRUSTED = _PHRASES["cert-authority-invalid"]
_WRONG = {
    "expired": _PHRASES["cert-date-invalid"],
    "not yet valid": _PHRASES["cert-date-invalid"],
    "match": _PHRASES["cert-common-name-invalid"],
}


def reason(text: str) -> str:
    """The phrase for an id; what a site said stays as it is, a problem's id is said as what happened."""
    known = _PHRASES.get(text)
    if known is not None:
        return _(known)
    if text.startswith(_CERTIFICATE):
        return _(next((phrase for word, phrase in _WRONG.items() if word in text.lower()), _UNTRUSTED))
    if text.startswith("jobs-missing: "):
        return _("these jobs are not offered there: {jobs}").format(jobs=text.removeprefix("jobs-missing: "))
    if text in {problem.value for problem in ProblemId}:
        from app.domain.problems import Problem
        from app.words import problems  # the cards use these phrases too

        return problems.title(Problem(ProblemId(text))).rstrip(".")
    return text
