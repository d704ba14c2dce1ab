"""Procore's public REST: OAuth, permissions, paging, limits, reads."""
