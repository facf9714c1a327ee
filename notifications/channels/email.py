"""E-mail, by the server that the office has set up."""

import smtplib
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels import base
from notifications.channels.base import Blocked, Channel, Outgoing, Passing, Setting, quoting
from notifications.channels.in_time import in_time, limit
from notifications.channels.offices_hosts import InternalHost, OwnServer, check_host, require_allowed
from notifications.channels.smtp_replies import error_of_exchange, words_of_exchange


class Email(Channel):
    code = "email"
    label = _("E-mail")
    setup = (
        Setting("host", "EMAIL_HOST", _("Mail server"), _("Such as smtp.example.cn.")),
        Setting("port", "EMAIL_PORT", _("Port"), choices=(("465", _("465 (TLS)")), ("587", _("587 (STARTTLS)")))),
        Setting("sender", "DEFAULT_FROM_EMAIL", _("Sender"), _("The e-mail address that readers see.")),
        Setting("user", "EMAIL_HOST_USER", _("Account at the mail server")),
        Setting("password", "EMAIL_HOST_PASSWORD", _("Password or authorisation code"), is_secret=True),
    )

    def is_configured(self) -> bool:
        if self.own is not None:
            return bool(self.value("host"))
        return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")

    def check_setup(self, values: Mapping[str, str]) -> None:
        try:
            validate_email(values["sender"])
        except ValidationError:
            raise Invalid(
                "email_unreadable", _("This is no e-mail address. It looks like name@example.cn."), field="sender"
            )
        check_host(values["host"], int(values["port"]), field="host")

    def check_address(self, address: str) -> str:
        try:
            validate_email(address)
        except ValidationError:
            raise Invalid(
                "email_unreadable", _("This is no e-mail address. It looks like name@example.cn."), field="address"
            )
        return address

    def send(self, message: Outgoing) -> None:
        connection = self._connection()
        mail = _letter(message, connection, self.value("sender"))
        # The errors are not chained: they quote the address and the server's words about it.
        try:
            in_time(mail.send, until=limit(), cut=lambda: _cut(connection))
        except smtplib.SMTPException as error:
            raise quoting(error_of_exchange(error), words_of_exchange(error)) from None
        except InternalHost:
            raise Blocked("the mail server lies in an internal net") from None
        except OSError as error:
            raise Passing(f"the mail server is away ({type(error).__name__})") from None

    def _connection(self) -> Any:
        if self.own is None:
            return get_connection(timeout=base.SECONDS_TO_SEND)
        require_allowed(self.value("host"))
        return OwnServer(
            host=self.value("host"),
            port=int(self.value("port")),
            username=self.value("user"),
            password=self.value("password"),
            use_ssl=self.value("port") == "465",
            use_tls=self.value("port") != "465",
            timeout=base.SECONDS_TO_SEND,
        )


def _letter(message: Outgoing, connection: Any, sender: str) -> EmailMessage:
    domain = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    return EmailMessage(
        subject=" ".join(message.subject.split()),
        body=f"{message.text}\n\n{message.url}".strip(),
        from_email=sender,
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
