"""Every channel by its code: a new one is a file and a line here."""

from notifications.channels.base import Channel
from notifications.channels.dingtalk import Dingtalk
from notifications.channels.dingtalk_robot import DingtalkRobot
from notifications.channels.email import Email
from notifications.channels.sms import Sms
from notifications.channels.webhook import Webhook
from notifications.channels.wecom import Wecom
from notifications.channels.wecom_robot import WecomRobot

CHANNELS: dict[str, Channel] = {
    road.code: road for road in (Email(), Sms(), Wecom(), Dingtalk(), WecomRobot(), DingtalkRobot(), Webhook())
}


def channel(code: str) -> Channel:
    """The channel of this code; an unknown one is a slip and raises."""
    return CHANNELS[code]
