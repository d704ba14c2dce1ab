"""Tests of the portals' room, by real pages in the installed browser."""
