"""Settings of every test: examples have no deadline, since a busy machine is no defect."""

from hypothesis import HealthCheck, settings

settings.register_profile("paybatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("paybatch")
