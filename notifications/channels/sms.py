"""SMS through a gateway of the office: one POST with phone, text and an identifier that drops repeats."""

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from urllib3.util import parse_url

from casework.errors import Invalid
from notifications.channels.base import Blocked, Channel, Outgoing, Permanent, Setting, quoting
from notifications.channels.http import as_json, post
from notifications.channels.offices_hosts import check_url, require_allowed

LONGEST = 200
MOBILE = re.compile(r"1[3-9][0-9]{9}")


class Sms(Channel):
    code = "sms"
    label = _("SMS")
    setup = (
        Setting("url", "SMS_GATEWAY_URL", _("Address of the gateway"), _("It begins with https://.")),
        Setting("token", "SMS_GATEWAY_TOKEN", _("Token of the gateway"), is_secret=True),
    )

    def is_configured(self) -> bool:
        return bool(self.value("url"))

    def check_setup(self, values: Mapping[str, str]) -> None:
        check_url(values["url"], field="url")

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
        is_own = self.own is not None
        if is_own:
            require_allowed(parse_url(self.value("url")).host or "")
        try:
            post(
                self.value("url"),
                as_json({"id": message.identifier, "phone": message.address, "text": text}),
                {"Authorization": f"Bearer {self.value('token')}"},
                guarded=is_own,
                is_ours=True,
            )
        except Permanent as error:
            # The gateway's address is the office's, and no reader's.
            raise (quoting(Blocked(str(error)), error.said) if is_own else error) from None
