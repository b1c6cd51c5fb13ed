"""What every test obeys: the database it needs, and templates where nothing is undefined."""

import pytest
from django.db import connection


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Concurrent connections are judged on PostgreSQL; journeys run only when tests/e2e is asked for."""
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker("e2e")
        if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="connexions concurrentes : PostgreSQL seulement"))
