"""The pages of the two sites, in the installed browser: driven by label, or assisted."""
