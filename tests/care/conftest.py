"""How hard the property tests try: quick by default; CARE_THOROUGH=1 for thousands of examples, every clock change."""

import os

from hypothesis import HealthCheck, settings

from tests.care.zones import THOROUGH

_SLOW_IS_FINE = [HealthCheck.too_slow]

settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("thorough", max_examples=5000, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile("thorough" if THOROUGH else os.environ.get("HYPOTHESIS_PROFILE", "quick"))
