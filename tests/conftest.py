"""What holds for every test."""

from hypothesis import HealthCheck, settings

# No example is held to a time: machines that run tests are shared, and a slow moment is no fault of the product.
settings.register_profile("offcut", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("offcut")
