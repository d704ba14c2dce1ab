"""What is cut off: disks, power, parts of the program; `run.py crashes` runs them with the kill points."""
