"""What a member has to do in the mechanism: written anew from a day on, never changed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, refuse
from casework.models import Person
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.members.joining import of_a_beginning
from oversight.members.records import DutySheet, Membership
from oversight.members.rights import require_lead

LONGEST = 2000


@transaction.atomic
def write_duty_sheet(*, membership: Membership, words: str, valid_from: date, by: Person, at: datetime) -> DutySheet:
    """Write a member's duties from a day on. Refuses nothing to read, and too much of it."""
    require_lead(by, membership.mechanism, at)
    words = clean_text(words).strip()
    if not words:
        raise Invalid("words_missing", _("Write what this member has to do."), field="words")
    if len(words) > LONGEST:
        raise Invalid(
            "too_long",
            _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
            % {"most": LONGEST, "count": len(words)},
            field="words",
        )
    refuse([*of_a_beginning(valid_from, on=local_day(at))])
    return DutySheet.objects.create(membership=membership, words=words, valid_from=valid_from, by=by, at=at)
