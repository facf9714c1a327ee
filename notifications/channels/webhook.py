"""A webhook of a unit: JSON with an HMAC signature over the moment and the body."""

import hmac
import time
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing, Passing
from notifications.channels.http import PORTS, as_json, post
from notifications.channels.in_time import in_time, limit
from notifications.channels.open_net import addresses_of, is_allowed, is_public


class Webhook(Channel):
    """The receiver computes HMAC-SHA256 of `timestamp + "." + body` with the shared secret and compares; it refuses an
    old timestamp, and drops an identifier that it has seen. Without a secret there is no signature.
    """

    code = "webhook"
    label = _("Webhook")
    is_for_units = True

    def check_address(self, address: str) -> str:
        """What the name resolves to now; `send` asks again, for it may change."""
        url = _parse(address)
        host = url.host or ""
        if is_allowed(host):
            return address
        try:
            found = in_time(lambda: addresses_of(host, PORTS["https"]), until=limit())
        except Passing:
            found = []
        if not found:
            raise Invalid(
                "webhook_unknown",
                _("Nobody knows the host %(host)s. Check how it is written.") % {"host": host},
                field="address",
            )
        if not all(is_public(each) for each in found):
            raise Invalid(
                "webhook_internal",
                _("This address lies in an internal net. Ask the administrator to allow the host."),
                field="address",
            )
        return address

    def send(self, message: Outgoing) -> None:
        at = int(time.time())
        body = as_json(
            {
                "id": message.identifier,
                "subject": message.subject,
                "text": message.text,
                "url": message.url,
                "sent_at": datetime.fromtimestamp(at, UTC).isoformat(),
            }
        )
        headers = {"X-Message-Id": message.identifier, "X-Signature-Timestamp": str(at)}
        if message.secret:
            signature = hmac.new(message.secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
            headers["X-Signature"] = f"sha256={signature}"
        post(message.address, body, headers, guarded=True)


def _parse(address: str) -> Url:
    try:
        url = parse_url(address)
    except LocationParseError:
        url = Url()
    allowed = PORTS if is_allowed(url.host or "") else ("https",)
    if not url.host or url.auth or url.scheme not in allowed:
        raise Invalid("webhook_unreadable", _("Give an address that begins with https://."), field="address")
    return url
