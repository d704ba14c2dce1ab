"""What the window, the command line and the reports say, in the person's language."""
