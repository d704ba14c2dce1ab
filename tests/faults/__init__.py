"""The fault matrix: every kind of request with every fault, over real sockets; `packaging/run.py faults`."""
