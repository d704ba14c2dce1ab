"""A training company and a house with a profile for it."""

from tests.end_to_end.conftest import house
from tests.training.servers import _admin, admin, anyio_backend, company
from tests.ui.conftest import acme

__all__ = ["_admin", "acme", "admin", "anyio_backend", "company", "house"]
