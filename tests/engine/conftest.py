"""The training servers and a house in which a person can answer."""

from tests.end_to_end.conftest import _admin, admin, anyio_backend, company, house

__all__ = ["_admin", "admin", "anyio_backend", "company", "house"]
