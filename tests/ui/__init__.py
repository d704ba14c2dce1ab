"""The window, with real parts."""
