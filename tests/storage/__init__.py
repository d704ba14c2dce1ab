"""Tests of the room app.storage: on real files, real databases and a real keyring."""
