"""The floor of the processes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlowsConfig(AppConfig):
    name = "flows"
    verbose_name = _("Flows")

    def ready(self) -> None:
        """Add the flows' own clock to those of the cases."""
        from casework.escalation.sweeping import CLOCKS
        from flows import look_back

        CLOCKS["look-backs"] = look_back.sweep
