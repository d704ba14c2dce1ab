"""A small change of the program at a time: some test has to fail for it."""
