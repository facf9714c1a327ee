"""A DingTalk group robot: open.dingtalk.com, custom robots; signed with its secret, 20 messages a minute."""

import base64
import hmac
import time
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Outgoing
from notifications.channels.robots import Robot


class DingtalkRobot(Robot):
    code = "dingtalk_robot"
    label = _("DingTalk group robot")
    path = "/robot/send?access_token="
    gone = (300005, 400013, 400101, 400102)
    busy = (-1,)
    too_many = (130101, 410100)
    largest = 15_000

    def host(self) -> str:
        return str(settings.DINGTALK_API)

    def signed(self, message: Outgoing) -> str:
        """A robot without a secret lets in by a keyword or the sender's address, and wants no signature."""
        if not message.secret:
            return message.address
        at = str(round(time.time() * 1000))
        digest = hmac.digest(message.secret.encode(), f"{at}\n{message.secret}".encode(), "sha256")
        return f"{message.address}&timestamp={at}&sign={quote(base64.b64encode(digest), safe='')}"
