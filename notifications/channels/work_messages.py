"""Work messages of WeCom and DingTalk to one person's work account."""

import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing, Passing, Permanent
from notifications.channels.http import post_json

ACCOUNT = re.compile(r"^[\w.@\-]{1,64}$")
# A little less than the two hours that a token holds.
TOKEN_SECONDS = 7000


class WorkMessage(Channel):
    token_expired: tuple[int, ...]
    unknown_account: tuple[int, ...]
    busy: tuple[int, ...]

    def check_address(self, address: str) -> str:
        if not ACCOUNT.match(address):
            raise Invalid(
                "account_unreadable",
                _("Give the work account as your administrator knows it: letters and digits, no spaces."),
                field="address",
            )
        return address

    def fetch_token(self) -> str:
        raise NotImplementedError

    def post_message(self, token: str, message: Outgoing) -> dict[str, Any]:
        raise NotImplementedError

    def send(self, message: Outgoing) -> None:
        answer = self.post_message(self._token(), message)
        if answer.get("errcode") in self.token_expired:
            cache.delete(self._key())
            answer = self.post_message(self._token(), message)
        code = answer.get("errcode", 0)
        if code in self.unknown_account or answer.get("invaliduser"):
            raise Permanent(f"the account is not known ({code})")
        if code in self.busy:
            raise Passing(f"busy ({code})")
        if code:
            raise Passing(f"answered {code}: check the settings of {self.code}")

    def _key(self) -> str:
        return f"token of {self.code}"

    def _token(self) -> str:
        token = cache.get(self._key())
        if token is None:
            token = self.fetch_token()
            if not token:
                raise Passing(f"no token: check the settings of {self.code}")
            cache.set(self._key(), token, TOKEN_SECONDS)
        return str(token)


class Wecom(WorkMessage):
    code = "wecom"
    label = _("WeCom account")
    token_expired = (40014, 42001)
    unknown_account = (81013, 60111)
    busy = (45009, -1)

    def is_configured(self) -> bool:
        return bool(settings.WECOM_CORP_ID and settings.WECOM_SECRET)

    def fetch_token(self) -> str:
        answer = post_json(
            f"{settings.WECOM_API}/cgi-bin/gettoken?corpid={settings.WECOM_CORP_ID}&corpsecret={settings.WECOM_SECRET}",
            {},
        )
        return str(answer.get("access_token", ""))

    def post_message(self, token: str, message: Outgoing) -> dict[str, Any]:
        return post_json(
            f"{settings.WECOM_API}/cgi-bin/message/send?access_token={token}",
            {
                "touser": message.address,
                "msgtype": "text",
                "agentid": settings.WECOM_AGENT_ID,
                "text": {"content": f"{message.subject}\n{message.text}\n{message.url}"},
                # WeCom itself drops the same message within this many seconds.
                "enable_duplicate_check": 1,
                "duplicate_check_interval": 14400,
            },
        )


class Dingtalk(WorkMessage):
    code = "dingtalk"
    label = _("DingTalk account")
    token_expired = (40014, 42001, 88)
    unknown_account = (33012, 60121)
    busy = (90018, -1)

    def is_configured(self) -> bool:
        return bool(settings.DINGTALK_APP_KEY and settings.DINGTALK_APP_SECRET)

    def fetch_token(self) -> str:
        answer = post_json(
            f"{settings.DINGTALK_API}/gettoken?appkey={settings.DINGTALK_APP_KEY}"
            f"&appsecret={settings.DINGTALK_APP_SECRET}",
            {},
        )
        return str(answer.get("access_token", ""))

    def post_message(self, token: str, message: Outgoing) -> dict[str, Any]:
        return post_json(
            f"{settings.DINGTALK_API}/topapi/message/corpconversation/asyncsend_v2?access_token={token}",
            {
                "agent_id": settings.DINGTALK_AGENT_ID,
                "userid_list": message.address,
                "msg": {
                    "msgtype": "text",
                    "text": {"content": f"{message.subject}\n{message.text}\n{message.url}\n#{message.identifier}"},
                },
            },
        )
