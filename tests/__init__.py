"""The tests: they mirror app/, and run it end to end."""
