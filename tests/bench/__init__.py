"""The meters: what the program costs, measured against a floor in the same run. Started by packaging/run.py bench."""
