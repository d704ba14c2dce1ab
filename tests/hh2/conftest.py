"""The training servers, for this room's tests."""

from tests.training.servers import _admin, admin, anyio_backend, company

__all__ = ["_admin", "admin", "anyio_backend", "company"]
