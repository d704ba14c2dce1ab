"""What eight hours, ten thousand runs and a thousand events a second do to the program: `run.py load`."""
