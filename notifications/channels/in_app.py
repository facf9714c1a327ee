"""Inside the application: the message itself is the delivery, so there is nothing to send and nothing to repeat."""

from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Channel, Outgoing


class InApp(Channel):
    code = "in_app"
    label = _("In the application")
    promises_once = True

    def check_address(self, address: str) -> str:
        return ""

    def send(self, message: Outgoing) -> None:
        return
