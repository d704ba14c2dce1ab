"""Do they match? Snapshots, comparison, verdict, exports."""
