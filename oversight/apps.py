"""The room of the offices' view over many cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "oversight"
    verbose_name = _("Oversight")

    def ready(self) -> None:
        """Add the clock of the figures to those of the cases."""
        from casework.escalation.sweeping import CLOCKS
        from oversight import tallies

        CLOCKS["figures brought up to date"] = tallies.refresh
