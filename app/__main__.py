"""Window or command line: decides, imports nothing heavy."""
