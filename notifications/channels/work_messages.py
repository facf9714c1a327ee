"""What work messages to one person's account have in common: a token of the office's app, and codes in the answers."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Blocked, Channel, ChannelError, Outgoing, Passing, Permanent, Refused, quoting
from notifications.channels.http import get, post_json
from notifications.channels.in_time import limit

ACCOUNT = re.compile(r"[A-Za-z0-9_.@\-]{1,64}")
# Given up this much before it runs out, so that it doesn't run out on the way.
SPARE_SECONDS = 200


class WorkMessage(Channel):
    token_expired: tuple[int, ...]
    unknown_account: tuple[int, ...]
    refused_letter: tuple[int, ...]
    busy: tuple[int, ...]
    too_many: tuple[int, ...]
    # Settings that are whole numbers.
    numbers: tuple[str, ...] = ()

    def is_configured(self) -> bool:
        return all(self.value(setting.name) for setting in self.setup)

    def check_setup(self, values: Mapping[str, str]) -> None:
        for name in self.numbers:
            if not (values[name].isascii() and values[name].isdecimal() and len(values[name]) <= 18):
                raise Invalid("no_number", _("Write a whole number in digits."), field=name)

    def host(self) -> str:
        raise NotImplementedError

    def token_request(self) -> tuple[str, dict[str, str]]:
        """The path at which a token is given, and the office's credentials."""
        raise NotImplementedError

    def message_request(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        """The path at which a message is taken, and its body."""
        raise NotImplementedError

    def check_address(self, address: str) -> str:
        if not ACCOUNT.fullmatch(address):
            raise Invalid(
                "account_unreadable",
                _("Give the work account as your administrator knows it: letters and digits, no spaces."),
                field="address",
            )
        return address

    def send(self, message: Outgoing) -> None:
        until = limit()
        try:
            code, answer = self._post(message, self._token(until), until)
            if code in self.token_expired:
                # Somebody may have asked for one by hand, and that ends ours.
                cache.delete(self._key())
                code, answer = self._post(message, self._token(until), until)
        except Permanent as error:
            # What is refused here is the office's app or its way out, and no person's account.
            raise quoting(Blocked(f"{error}: check the settings of {self.code}"), error.said) from None
        try:
            if code in self.unknown_account or (code == 0 and answer.get("invaliduser")):
                raise Permanent(f"the account is not known (errcode {code})")
            if code in self.refused_letter:
                raise Refused(f"the message is refused (errcode {code})")
            self._require_taken(code)
        except ChannelError as error:
            raise quoting(error, answer.get("errmsg", ""))

    def _post(self, message: Outgoing, token: str, until: float) -> tuple[int, dict[str, Any]]:
        path, said = self.message_request(message)
        answer = post_json(f"{self.host()}{path}?{urlencode({'access_token': token})}", said, until=until)
        return self._code(answer), answer

    def _token(self, until: float) -> str:
        kept = cache.get(self._key())
        if kept is not None:
            return str(kept)
        path, credentials = self.token_request()
        answer = get(f"{self.host()}{path}?{urlencode(credentials)}", until=until)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            code = self._code(answer)
            try:
                self._require_taken(code)
                raise Blocked(f"no token (errcode {code}): check the settings of {self.code}")
            except ChannelError as error:
                raise quoting(error, answer.get("errmsg", ""))
        cache.set(self._key(), token, max(1, int(answer.get("expires_in", 7200)) - SPARE_SECONDS))
        return str(token)

    def _require_taken(self, code: int) -> None:
        """Whatever else is refused is refused to the office's app: its secret, its rights, its address, its rate."""
        if code in self.busy:
            raise Passing(f"busy (errcode {code})")
        if code in self.too_many:
            raise Blocked(f"too many at once (errcode {code})")
        if code:
            raise Blocked(f"errcode {code}: check the settings of {self.code}")

    def _key(self) -> str:
        """Another app or secret has another token."""
        credentials = repr((self.host(), self.token_request()))
        return f"{self.code}-token-{hashlib.sha256(credentials.encode()).hexdigest()[:16]}"

    def _code(self, answer: Any) -> int:
        """A proxy's page is an answer too, and no proof that anybody was told anything."""
        try:
            code, below = int(answer["errcode"]), str(answer.get("sub_code", ""))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Passing(f"the answer is none of {self.code}") from None
        # DingTalk wraps the codes of its gates: 88 with the true one below.
        return int(below) if code == 88 and below.isdecimal() else code
