"""What every test obeys: the database it needs, and templates where nothing is undefined."""

import pytest
from django.db import connection


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Concurrent connections are judged on PostgreSQL; journeys run only when tests/e2e is asked for."""
    parcours = [item for item in items if "e2e" in item.path.parts]
    for item in parcours:
        item.add_marker("e2e")
    if not any("e2e" in argument for argument in [*config.args, config.option.markexpr]):
        items[:] = [item for item in items if item not in parcours]
        config.hook.pytest_deselected(items=parcours)
    for item in items:
        if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="connexions concurrentes : PostgreSQL seulement"))
