"""Carries a run out on the background thread, through ports that other rooms fulfil."""
