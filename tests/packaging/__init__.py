"""The parts of packaging/ that decide, without a machine to set up."""
