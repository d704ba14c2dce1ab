"""The only place that knows every room: builds what the faces ask for from a profile."""
