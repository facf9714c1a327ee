"""Group robots of WeCom and DingTalk: a unit's own address, given out by its group."""

import base64
import hmac
import time
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing, Passing, Permanent
from notifications.channels.http import post_json


class Robot(Channel):
    is_for_units = True
    path: str

    def host(self) -> str:
        raise NotImplementedError

    def check_address(self, address: str) -> str:
        beginning = f"{self.host()}{self.path}"
        if not address.startswith(beginning):
            raise Invalid(
                "robot_elsewhere",
                _("Copy the robot's address from its group; it begins with %(beginning)s.") % {"beginning": beginning},
                field="address",
            )
        return address

    def text_of(self, message: Outgoing) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": f"{message.subject}\n{message.text}\n{message.url}"}}


class WecomRobot(Robot):
    """developer.work.weixin.qq.com, group robots: 20 messages a minute."""

    code = "wecom_robot"
    label = _("WeCom group robot")
    path = "/cgi-bin/webhook/send?key="

    def host(self) -> str:
        return settings.WECOM_API

    def send(self, message: Outgoing) -> None:
        answer = post_json(message.address, self.text_of(message))
        code = answer.get("errcode", 0)
        if code in (45009, -1):
            raise Passing(f"WeCom is busy ({code})")
        if code:
            raise Permanent(f"WeCom refuses the robot ({code})")


class DingtalkRobot(Robot):
    """open.dingtalk.com, custom robots: signed with the secret, 20 messages a minute."""

    code = "dingtalk_robot"
    label = _("DingTalk group robot")
    path = "/robot/send?access_token="

    def host(self) -> str:
        return settings.DINGTALK_API

    def send(self, message: Outgoing) -> None:
        address = message.address
        if message.secret:
            at = str(round(time.time() * 1000))
            digest = hmac.digest(message.secret.encode(), f"{at}\n{message.secret}".encode(), "sha256")
            address += f"&timestamp={at}&sign={quote(base64.b64encode(digest), safe='')}"
        answer = post_json(address, self.text_of(message))
        code = answer.get("errcode", 0)
        if code in (130101, -1):
            raise Passing(f"DingTalk is busy ({code})")
        if code:
            raise Permanent(f"DingTalk refuses the robot ({code})")
