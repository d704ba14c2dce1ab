"""The person at this computer, for ledger, lock and log."""

import getpass


def who() -> str:
    """The name of the account; "unknown" where it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
