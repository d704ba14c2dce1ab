"""The command line as a person or a script uses it: processes, exit codes, JSON lines."""
