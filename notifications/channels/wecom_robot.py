"""A WeCom group robot: developer.work.weixin.qq.com/document/path/91770, 20 messages a minute."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.robots import Robot


class WecomRobot(Robot):
    code = "wecom_robot"
    label = _("WeCom group robot")
    path = "/cgi-bin/webhook/send?key="
    gone = (93000, 93004, 93008)
    busy = (-1,)
    too_many = (45009, 45033)
    largest = 2048

    def host(self) -> str:
        return str(settings.WECOM_API)
