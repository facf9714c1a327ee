"""A work message to a person's WeCom account: developer.work.weixin.qq.com/document/path/90236."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Outgoing
from notifications.channels.work_messages import WorkMessage


class Wecom(WorkMessage):
    code = "wecom"
    label = _("WeCom account")
    token_expired = (40014, 42001)
    unknown_account = (81013, 60111)
    # Its kind, its size, its words.
    refused_letter = (40008, 40058, 44004, 45002)
    busy = (-1,)
    too_many = (45009, 45033)

    def is_configured(self) -> bool:
        return bool(settings.WECOM_CORP_ID and settings.WECOM_SECRET and settings.WECOM_AGENT_ID)

    def host(self) -> str:
        return str(settings.WECOM_API)

    def token_request(self) -> tuple[str, dict[str, str]]:
        return "/cgi-bin/gettoken", {"corpid": settings.WECOM_CORP_ID, "corpsecret": settings.WECOM_SECRET}

    def message_request(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        return "/cgi-bin/message/send", {
            "touser": message.address,
            "msgtype": "text",
            "agentid": settings.WECOM_AGENT_ID,
            "text": {"content": message.as_text(largest=2048)},
            # The longest that WeCom itself drops the same message: four hours.
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
