"""Tests of matching: snapshots, comparison, reasons, files, exports."""
