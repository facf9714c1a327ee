"""A work message to a person's WeCom account: developer.work.weixin.qq.com/document/path/90236."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Outgoing, Setting
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
    setup = (
        Setting("corp_id", "WECOM_CORP_ID", _("CorpID"), _("In WeCom's console under “My company”.")),
        Setting("agent_id", "WECOM_AGENT_ID", _("AgentId of the app"), _("Digits, on the page of the app.")),
        Setting("secret", "WECOM_SECRET", _("Secret of the app"), is_secret=True),
    )
    numbers = ("agent_id",)

    def host(self) -> str:
        return str(settings.WECOM_API)

    def token_request(self) -> tuple[str, dict[str, str]]:
        return "/cgi-bin/gettoken", {"corpid": self.value("corp_id"), "corpsecret": self.value("secret")}

    def message_request(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        return "/cgi-bin/message/send", {
            "touser": message.address,
            "msgtype": "text",
            "agentid": int(self.value("agent_id") or 0),
            "text": {"content": message.as_text(largest=2048)},
            # The longest that WeCom itself drops the same message: four hours.
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
