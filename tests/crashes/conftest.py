"""A training company and a house with a profile for it, for what is cut off."""

from tests.end_to_end.conftest import house
from tests.training.servers import _admin, admin, anyio_backend, company

__all__ = ["_admin", "admin", "anyio_backend", "company", "house"]
