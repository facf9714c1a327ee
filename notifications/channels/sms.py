"""SMS through a gateway of the office: one POST with phone, text and an identifier that drops repeats."""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing
from notifications.channels.http import post_json

LONGEST = 200
MOBILE = re.compile(r"1[3-9][0-9]{9}")


class Sms(Channel):
    code = "sms"
    label = _("SMS")

    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    def check_address(self, address: str) -> str:
        # A Chinese keyboard types digits, dashes and plus signs of full width.
        number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", address)).removeprefix("+86")
        if not MOBILE.fullmatch(number):
            raise Invalid(
                "mobile_unreadable", _("Give a mobile number with 11 digits that begins with 1."), field="address"
            )
        return number

    def send(self, message: Outgoing) -> None:
        text = " ".join(f"{message.subject} {message.text}".split())[:LONGEST]
        post_json(
            settings.SMS_GATEWAY_URL,
            {"id": message.identifier, "phone": message.address, "text": text},
            {"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
        )
