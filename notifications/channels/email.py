"""E-mail, by the server that the office has set up."""

import smtplib
import socket
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels import base
from notifications.channels.base import Channel, Outgoing, Passing
from notifications.channels.in_time import in_time, limit
from notifications.channels.smtp_replies import error_of_exchange


class Email(Channel):
    code = "email"
    label = _("E-mail")

    def is_configured(self) -> bool:
        return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")

    def check_address(self, address: str) -> str:
        try:
            validate_email(address)
        except ValidationError:
            raise Invalid(
                "email_unreadable", _("This is no e-mail address. It looks like name@example.cn."), field="address"
            )
        return address

    def send(self, message: Outgoing) -> None:
        connection = get_connection(timeout=base.SECONDS_TO_SEND)
        mail = _letter(message, connection)
        # The errors are not chained: they quote the address and the server's words about it.
        try:
            in_time(mail.send, until=limit(), cut=lambda: _cut(connection))
        except smtplib.SMTPException as error:
            raise error_of_exchange(error) from None
        except OSError as error:
            raise Passing(f"the mail server is away ({type(error).__name__})") from None


def _letter(message: Outgoing, connection: Any) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    return EmailMessage(
        subject=" ".join(message.subject.split()),
        body=f"{message.text}\n\n{message.url}".strip(),
        to=[message.address],
        # The same at every try: the reader's mailbox can drop a repeat.
        headers={"Message-ID": f"<{message.identifier}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _cut(connection: Any) -> None:
    """Only the SMTP backend has a line, and only once the server has greeted."""
    line = getattr(getattr(connection, "connection", None), "sock", None)
    if line is not None:
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)
