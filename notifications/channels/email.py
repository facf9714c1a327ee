"""E-mail, by the server that the office has set up."""

import smtplib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels import base
from notifications.channels.base import Channel, Outgoing, Passing, Permanent


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
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        mail = EmailMessage(
            subject=" ".join(message.subject.split()),
            body=f"{message.text}\n\n{message.url}",
            to=[message.address],
            # The same at every try: the reader's mailbox can drop a repeat.
            headers={"Message-ID": f"<{message.identifier}@{domain}>", "Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=base.SECONDS_TO_SEND),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise Permanent(f"the server refuses this address (status {codes[0]})") from error
            raise Passing("the server does not take this address now") from error
        except smtplib.SMTPAuthenticationError as error:
            raise Passing("the mail server refuses the office's account: check EMAIL_HOST_USER") from error
        except smtplib.SMTPResponseException as error:
            kind = Permanent if error.smtp_code >= 500 else Passing
            raise kind(f"the mail server answers {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Passing(f"the mail server is away ({type(error).__name__})") from error
