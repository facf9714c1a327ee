"""A work notification to a person's DingTalk account: open.dingtalk.com, corpconversation/asyncsend_v2.

DingTalk takes it at once and delivers it later: "sent" means that DingTalk has it.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Outgoing, Setting
from notifications.channels.work_messages import WorkMessage


class Dingtalk(WorkMessage):
    code = "dingtalk"
    label = _("DingTalk account")
    token_expired = (40014, 42001)
    unknown_account = (33012, 60121)
    # Its kind or its words.
    refused_letter = (40035,)
    busy = (-1,)
    too_many = (90018,)
    setup = (
        Setting("app_key", "DINGTALK_APP_KEY", _("AppKey"), _("In DingTalk's console, on the page of the app.")),
        Setting("agent_id", "DINGTALK_AGENT_ID", _("AgentId of the app"), _("Digits, on the page of the app.")),
        Setting("secret", "DINGTALK_APP_SECRET", _("AppSecret"), is_secret=True),
    )
    numbers = ("agent_id",)

    def host(self) -> str:
        return str(settings.DINGTALK_API)

    def token_request(self) -> tuple[str, dict[str, str]]:
        return "/gettoken", {"appkey": self.value("app_key"), "appsecret": self.value("secret")}

    def message_request(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        # DingTalk shows a person the same words once a day: so a repeat is dropped, and the identifier keeps two
        # messages with the same words apart. 2048 bytes are for the whole of `msg`.
        words = message.as_text(largest=1800)
        return "/topapi/message/corpconversation/asyncsend_v2", {
            "agent_id": int(self.value("agent_id") or 0),
            "userid_list": message.address,
            "msg": {"msgtype": "text", "text": {"content": f"{words}\n#{message.identifier}"}},
        }
