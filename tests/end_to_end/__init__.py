"""Runs through the whole program: engine, storage and drivers against the training servers, over real sockets."""
