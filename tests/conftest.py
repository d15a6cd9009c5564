"""What holds for every test."""

import pytest
from hypothesis import HealthCheck, settings

# No example is held to a time: machines that run tests are shared, and a slow moment is no fault of the product.
settings.register_profile("offcut", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("offcut")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all", action="store_true", help="also run what is marked nightly: more photos, every combination"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "smoke: shows within a minute that the page works")
    config.addinivalue_line(
        "markers", "nightly: runs with --all alone; a shorter test of the same promise runs each time"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for --all."""
    if config.getoption("--all"):
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=nightly)
    items[:] = [item for item in items if item not in nightly]
