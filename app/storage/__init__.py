"""Settings, profiles, secrets, ledger."""
