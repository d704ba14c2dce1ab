"""The facts that each problem may carry, by name: one contract for the rooms that raise and the words that tell.

A name means the same wherever it stands. `why` is the id of a cause, said as a phrase by `app.words`; `text` is what a
site, the system or the browser itself said, as it stands there, short and never a secret. A fact may be left out, or
be None or "": the card then says the sentence that does not need it. tests/test_facts.py holds rooms and cards to this.
"""

from app.domain.problems import ProblemId as P

_SITE = {"site": "hh2 or procore"}
_TAB = {"tab": "the tab, by its id: vendors, sub-jobs, …"}
_JOB = {"job": "the code of the job, for Job Costs"}
_TEXT = {"text": "what the site says, as it stands there"}
_USER = {"user": "the user name that was signed in with; never a password"}
_WAITED = {"waited": "how long was waited, in seconds"}
_REFUSED = {
    "refused_before": "true: the site refused it earlier, it was not sent again",
    "secret": "which secret, by its id: hh2-password, …",
}
_DOWN = {
    "status": "the HTTP status of the answer",
    "why": "page: none came that could be read; or the browser's own word for a lost answer",
}
_ANSWER = {
    "what": "what came, or which part was not understood, in a word: broken JSON, status 400, filters, …",
    **_TEXT,
}
_LABEL = {
    "action": "what was looked for, by its id in resources/portals: start-sync, tab-vendors, depth:deep, …",
    "found": "how many fitted: 0, or more than one; 1 where the one that fits may not be used",
    "why": "not-reachable, not-shown, not-offered, forbidden, elsewhere; none: not found, or several",
    "host": "whose frame it stood in, where that is not the site's",
    "company": "the company number that the page should have shown",
}

FACTS: dict[P, dict[str, str]] = {
    P.NET: {
        **_SITE,
        "host": "the host that was not reached",
        "why": "timeout, no-answer, name-not-resolved, …; or what is wrong with the certificate",
        "issuer": "who issued a certificate that this computer does not trust, as it names itself",
    },
    P.HH2_LOGIN: {**_USER, **_REFUSED},
    P.HH2_LOCKED: _USER,
    P.HH2_CLIENT: {**_USER, **_REFUSED},
    P.HH2_DOWN: _DOWN,
    P.HH2_BUSY: {**_TEXT, **_WAITED},
    P.HH2_OFFLINE: _TEXT,
    P.HH2_LONG: {
        "usual": "how long it usually takes, in seconds",
        "took": "how long it has taken, in seconds",
    },
    P.HH2_FAILED: {
        "n": "how many failures hh2 shows",
        "first": "the first of them, as it stands there",
        **_TEXT,
    },
    P.HH2_UNSURE: {"why": "why it is not proven: silent, stale, no-end, cut-off, …", **_TEXT},
    P.HH2_SVC: {"service": "the Windows service that does not run, as Windows shows it"},
    P.HH2_STALE: {
        "at": "when Sage's database was started, in UTC (ISO 8601)",
        "since": "since when hh2's service runs, in UTC (ISO 8601)",
    },
    P.ACTIAN: {"service": "the Windows services that do not run, as Windows shows them"},
    P.CLOCK: {
        "host": "the host whose clock was compared",
        "ahead": "by how many seconds this computer's clock is ahead",
        "behind": "by how many seconds it is behind",
    },
    P.HH2_LABEL: _LABEL,
    P.HH2_ANSWER: _ANSWER,
    P.SESSION: {**_SITE, "again": "true: it ended a second time in this run"},
    P.MFA: {
        **_SITE,
        "why": "what the page asks for: code, captcha, person, elsewhere, form-elsewhere",
        "host": "the host that asks, or that the page went to",
    },
    P.PRO_LOGIN: {**_USER, **_REFUSED, "why": "OAuth's own word: invalid_client, …"},
    P.PRO_CONNECT: {
        "why": "not-connected, lost-refresh, refused, lost-code, code-refused, wrong-state, no-code, denied, given-up",
        "text": "OAuth's own word for a refusal",
    },
    P.PRO_PERM: {
        **_TAB,
        "why": "what is missing: button, tab, tool, level",
        "level": "the account's level on ERP Integrations, as Procore names it",
        "n": "for how many of the chosen tabs a right is missing",
        "action": "what was looked for, by its id in resources/portals",
        **_TEXT,
    },
    P.PRO_BUSY: {**_TAB, **_TEXT, **_WAITED},
    P.PRO_FAILED: {**_TAB, **_JOB, **_TEXT},
    P.PRO_STALE: {**_TAB, **_JOB, "why": "queued, stale, lost-answer, silent, no-end, cut-off"},
    P.PRO_LABEL: _LABEL,
    P.PRO_DOWN: _DOWN,
    P.PRO_ANSWER: _ANSWER,
    P.Q_IMPORT: {**_TAB, "n": "how many records wait in Ready to Import"},
    P.Q_FAILED: {
        **_TAB,
        "n": "how many records stand in Failed to Export",
        "first": "the reason of the first, as it stands there",
    },
    P.LIMIT: {
        **_SITE,
        "until": "when we go on, in UTC (ISO 8601)",
        "seconds": "how long the site asks us to wait",
    },
    P.SAFE: {
        "what": "which records: vendors, jobs, …",
        "before": "how many there were last time",
        "now": "how many there are",
    },
    P.INTERRUPTED: {"step": "during what it was cut off, as a phrase in the person's language"},
    P.BROWSER: {
        "why": "none-found, forbidden, not-installed (the part that drives it), not-started, closed, no-display",
        "browser": "the browser's name",
        "text": "what the browser said",
        "policy": "for forbidden, where the policy stands: its file, or its key of the registry",
    },
    P.NO_MATCH_SOURCE: {**_SITE, "what": "which list: vendors, jobs, …"},
    P.KEYRING: {
        "why": "no-service, locked, timeout, error",
        "kind": "the kind of error, without its text, which could hold a secret",
    },
    P.PROOF_OLD: {"minutes": "how old a proof may be"},
    P.NOT_PRESSED: {
        **_SITE,
        "action": "what was to be pressed, by its id in resources/portals",
        "why": "nobody, left-out, other (it was pressed for another job), stopped",
    },
    P.SECRET_MISSING: {
        **_SITE,
        "secret": "which secret, by its id: hh2-password, …",
        "why": "no-address: the profile has none that it could be bound to",
    },
    P.DISK: {
        "file": "the file or folder, with its path",
        "why": "full, read-only, not-allowed, missing, too-long, in-use, not-ours, in-the-way, failed, other",
        "text": "what the system said",
        "free_mb": "how much room is left, in MB",
    },
    P.FILE_BROKEN: {
        "file": "the file, with its path; the profile's name where there is no file",
        "line": "the line of the fault",
        "what": "the setting that is wrong, dotted: run.poll; of a table why it is none: empty, too-large, not-text, …",
        "value": "what stands there",
        "expected": "what was expected, by its id: whole-number, one-of, toml, …",
        "choices": "the values that are allowed, with commas",
        "more": "how many more faults there are",
        "copy": "the name of the copy that was kept aside",
        "newer": "true: a newer version of this program wrote it",
        "version": "the version that it says it has",
        "missing": "true: there is no company of this name",
        "ledger": "true: it is a company's ledger, in whose place a person may begin a new one",
    },
    P.IN_USE: {
        "who": "the person who works with the company",
        "since": "since when, in UTC (ISO 8601)",
        "face": "window or command line",
        "host": "the computer",
        "pid": "the number of the process there",
    },
    P.INTERNAL: {
        "what": "the kind of fault, without its text",
        "exit": "the exit code of a part that ended early",
    },
}
