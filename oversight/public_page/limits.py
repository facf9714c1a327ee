"""How often somebody who is not signed in may send something: from one line, and about one case."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from oversight.public_page.records import PublicUse

SPAN = timedelta(hours=1)
# A village shares one line behind its carrier; a case that twenty say is not put right was said enough for an hour.
MOST_OF_ADDRESS, MOST_OF_CASE = 10, 20
# Phones of a whole county may share one line of their carrier; each person's own codes are counted as well.
MOST_CODES = 60
# A platform that sends its backlog takes some hours for it; keys are guessed from one address so many times.
MOST_CLUES, MOST_WRONG_KEYS = 600, 60


class TooOften(Refusal):
    """It was sent too often for now; later it may be sent again."""

    status = 429


def count_address(address: str, *, at: datetime) -> None:
    """Count something that came from this address. Refuses once it was too often within the hour."""
    sentence = _(
        "Too much came from your line within an hour. Please send it again later, or tell the village committee."
    )
    _count(f"address {address}", MOST_OF_ADDRESS, sentence, at=at)


def count_password_request(address: str, *, at: datetime) -> None:
    """Count a request for a forgotten password. Refuses once there were too many from this address within the hour."""
    sentence = _("Too many requests came from your line within an hour. Please call your office, or try again later.")
    _count(f"password {address}", MOST_OF_ADDRESS, sentence, at=at)


def count_case(case: int, *, at: datetime) -> None:
    """Count a statement about this case. Refuses once there were too many within the hour."""
    sentence = _("Many have said so within this hour. The office looks at it; there is no need to send it again.")
    _count(f"case {case}", MOST_OF_CASE, sentence, at=at)


def count_code(address: str, *, at: datetime) -> None:
    """Count that a one-time code was asked for from this address. Refuses once it was too often within the hour."""
    sentence = _("Too many codes were asked for from your line within an hour. Ask your town for a code.")
    _count(f"code {address}", MOST_CODES, sentence, at=at)


def count_clue(platform: int, *, at: datetime) -> None:
    """Count a clue of this platform. Refuses once there were too many within the hour."""
    sentence = _("This platform sent more than %(most)d clues within an hour. Go on in the next hour.")
    _count(f"clue {platform}", MOST_CLUES, sentence % {"most": MOST_CLUES}, at=at)


def count_wrong_key(address: str, *, at: datetime) -> None:
    """Count a key that is none from this address. Refuses once there were too many within the hour."""
    sentence = _("Too many wrong keys came from this address within an hour. Try again in the next hour.")
    _count(f"clue key {address}", MOST_WRONG_KEYS, sentence, at=at)


def _count(what: str, most: int, sentence: object, *, at: datetime) -> None:
    """One conditional update, so that twenty at the same moment are counted as twenty."""
    PublicUse.objects.filter(ends_at__lte=at).delete()
    begins = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    words = f"{begins.isoformat()} {what}".encode()
    key = hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()
    PublicUse.objects.get_or_create(key=key, defaults={"ends_at": begins + SPAN})
    if not PublicUse.objects.filter(key=key, count__lt=most).update(count=F("count") + 1):
        raise TooOften("too_often", sentence)
