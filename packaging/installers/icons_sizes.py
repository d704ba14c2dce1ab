"""The sizes in which the program's icon is drawn, in pixels."""

DESKTOP = (16, 22, 24, 32, 48, 64, 128, 256)
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 256)
