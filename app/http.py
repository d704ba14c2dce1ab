"""The one place that imports httpx, so that another library with its interface is one changed line."""

import httpx

__all__ = ["httpx"]
