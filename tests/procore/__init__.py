"""Procore's OAuth and REST, against the training servers."""
