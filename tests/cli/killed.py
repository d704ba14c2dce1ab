"""The command line in a process that kills itself at one point: `python -m tests.cli.killed after write:X 1 sync …`."""

import sys

from app.__main__ import main
from tests.end_to_end.cut_off import arm

if __name__ == "__main__":
    arm(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.exit(main(sys.argv[4:]))
