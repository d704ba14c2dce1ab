"""The only place that knows every room: builds an engine from a profile."""
