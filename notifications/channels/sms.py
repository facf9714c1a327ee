"""SMS through a gateway of the office: one POST with phone, text and an identifier that drops repeats."""

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing
from notifications.channels.http import post_json

LONGEST = 200
MOBILE = re.compile(r"^1[3-9]\d{9}$")


class Sms(Channel):
    code = "sms"
    label = _("SMS")
    promises_once = True  # the gateway drops an identifier that it has sent

    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    def check_address(self, address: str) -> str:
        number = re.sub(r"[\s\-]", "", address).removeprefix("+86")
        if not MOBILE.match(number):
            raise Invalid(
                "mobile_unreadable", _("Give a mobile number with 11 digits that begins with 1."), field="address"
            )
        return number

    def send(self, message: Outgoing) -> None:
        text = f"{message.subject} {message.text}".replace("\n", " ")[:LONGEST]
        post_json(
            settings.SMS_GATEWAY_URL,
            {"id": message.identifier, "phone": message.address, "text": text},
            {"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
        )
