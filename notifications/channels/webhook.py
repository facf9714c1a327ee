"""A webhook of a unit: JSON with an HMAC signature over the moment and the body."""

import hmac
import ipaddress
import json
import time
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Channel, Outgoing
from notifications.channels.http import is_allowed, is_public, post


class Webhook(Channel):
    """The receiver computes HMAC-SHA256 of `timestamp + "." + body` with the shared secret and compares; it refuses an
    old timestamp, and drops an identifier that it has seen.
    """

    code = "webhook"
    label = _("Webhook")
    is_for_units = True

    def check_address(self, address: str) -> str:
        parts = _parts(address)
        host = parts.hostname or ""
        if is_allowed(host) and parts.scheme in ("http", "https"):
            return address
        if parts.scheme != "https" or not host or parts.username:
            raise Invalid("webhook_unreadable", _("Give an address that begins with https://."), field="address")
        if _is_literal(host) and not is_public(host):
            raise Invalid(
                "webhook_internal",
                _("This address lies in an internal net. Ask the administrator to allow the host."),
                field="address",
            )
        return address

    def send(self, message: Outgoing) -> None:
        body = json.dumps(
            {"id": message.identifier, "subject": message.subject, "text": message.text, "url": message.url},
            ensure_ascii=False,
        ).encode()
        at = str(int(time.time()))
        signature = hmac.new(message.secret.encode(), at.encode() + b"." + body, "sha256").hexdigest()
        headers = {
            "X-Message-Id": message.identifier,
            "X-Signature-Timestamp": at,
            "X-Signature": f"sha256={signature}",
        }
        post(message.address, body, headers, guarded=True)


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise Invalid("webhook_unreadable", _("Give an address that begins with https://."), field="address")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
