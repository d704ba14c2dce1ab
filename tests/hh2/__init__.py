"""hh2's documented web services, against the training servers."""
