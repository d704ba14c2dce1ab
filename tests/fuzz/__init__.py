"""Bytes made to hurt, for every decoder."""
