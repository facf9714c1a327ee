"""What a committee's members get by SMS to sign in: a link that gives no right, and a one-time code.

Sent by a worker as soon as it is asked for, and never by the request: how long that takes would say whose number is
known. One that is lost is asked for again after a minute; so nothing here is kept or tried for long.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from casework.errors import Invalid
from casework.models import Person, SignInCode, SignInLink
from casework.offices.sign_in_codes import digits_of
from casework.offices.sign_in_links import handle_of
from notifications.channels import channel
from notifications.channels.base import ChannelError, Outgoing

log = logging.getLogger(__name__)


def send_code_by_sms(key: int, *, at: datetime) -> bool:
    """Send the code of this row to its person's own number; not when it is over or used."""
    code = (
        SignInCode.objects.select_related("person").filter(pk=key, used_at=None, given_by=None, ends_at__gt=at).first()
    )
    if code is None:
        return False
    with override(_language_of(code.person)):
        text = gettext("Your code to sign in: %(code)s. It holds ten minutes. Tell it to nobody.") % {
            "code": digits_of(code)
        }
        return _send(code.person, f"sign-in-code-{code.pk}", text)


def send_link_by_sms(key: int, *, at: datetime) -> bool:
    """Send a personal link to its person's own number; not when it is withdrawn or over."""
    link = (
        SignInLink.objects.select_related("person", "village").filter(pk=key, withdrawn_at=None, ends_at__gt=at).first()
    )
    if link is None or link.person is None:
        return False
    with override(_language_of(link.person)):
        text = gettext("Problems to put right in %(village)s: open %(url)s and ask there for a code.") % {
            "village": link.village.name,
            "url": settings.SITE_URL + reverse("sign_in_by_link", args=[handle_of(link)]),
        }
        return _send(link.person, f"sign-in-link-{link.pk}", text)


def _language_of(person: Person) -> str:
    return person.language or settings.LANGUAGE_CODE


def _send(person: Person, identifier: str, text: str) -> bool:
    sms = channel("sms")
    if not sms.is_configured() or not person.phone:
        return False
    try:
        sms.send(Outgoing(identifier, sms.check_address(person.phone), gettext("Problem rectification"), text))
    except (ChannelError, Invalid) as error:  # nobody waits here who could be told
        log.warning("%s was not sent: %s", identifier, error)
        return False
    return True
