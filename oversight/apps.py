"""The room of the offices' view over many cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "oversight"
    verbose_name = _("Oversight")

    def ready(self) -> None:
        """Say to the lists of cases, a floor below, what is known here of where a case was found."""
        from casework.lists import filters
        from oversight.spot_checks.found import found_on

        filters.KNOWN_ABOVE["visit"] = found_on
