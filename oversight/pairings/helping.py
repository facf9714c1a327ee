"""A helper unit enters its visits; and who reads of which pairing."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal, refuse
from casework.models import Pairing, Person
from casework.models.history import stamped
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_of
from casework.talk.attachments import AttachedFile
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import day_refusals, file_refusals
from oversight.pairings.records import HelperVisit

LONGEST_PEOPLE, LONGEST = 200, 2_000


def pairings_seen_by(person: Person, on: date) -> QuerySet[Pairing]:
    """Those of one's own department, and of the villages below one's posts; of a referred case nobody reads one."""
    held = posts_for(person, OfficeAction.SEE_PAIRINGS, on)
    own = Q(helper__in={one.unit_id for one in held})
    villages = villages_of(person, OfficeAction.PAIR_UNITS, on=on) | villages_of(
        person, OfficeAction.ENTER_FOR_VILLAGE, on=on
    )
    there = Q(village__in=villages) | Q(case__village__in=villages, case__assigned_at__isnull=False)
    return (
        Pairing.objects.filter(own | there)
        .exclude(case__stage="referred")
        .select_related("helper", "village__parent__parent", "case__village__parent__parent", "by")
        .annotate(visit_count=Count("visits"), last_visit=Max("visits__day"))
        .order_by("-valid_until", "helper__path", "-id")
    )


def helps_by(person: Person, pairing: Pairing, on: date) -> bool:
    """Whether this person enters visits of the helper unit."""
    held = posts_for(person, OfficeAction.ENTER_HELP, on)
    return any(one.unit_id == pairing.helper_id for one in held)


@transaction.atomic
def enter_help(
    *,
    pairing: Pairing,
    day: date,
    people: str,
    words: str,
    by: Person,
    at: datetime,
    files: Sequence[AttachedFile] = (),
) -> HelperVisit:
    """Say that the helper unit was there on a day. Refuses a day on which the pairing does not hold."""
    if not helps_by(by, pairing, local_day(at)):
        raise NotAllowed(
            "not_the_helper", _("A visit is entered by the helper unit: %(unit)s.") % {"unit": pairing.helper}
        )
    people, words = clean_text(people).strip(), clean_text(words).strip()
    refuse(visit_refusals(pairing, day=day, people=people, words=words, at=at) + file_refusals(files))
    with stamped(step="enter_help", by=by, at=at):
        return HelperVisit.objects.create(
            pairing=pairing,
            day=day,
            people=people,
            words=words,
            files=[file.as_row() for file in files],
            by=by,
            at=at,
        )


def visit_refusals(pairing: Pairing, *, day: date, people: str, words: str, at: datetime) -> list[Refusal]:
    """What can't be said of a visit."""
    found = day_refusals(day, at=at, field="day")
    if day < pairing.valid_from or (pairing.valid_until is not None and day > pairing.valid_until):
        sentence = _("On this day the unit did not help there. Look at the day.")
        found.append(Invalid("not_paired_then", sentence, field="day"))
    if not people or len(people) > LONGEST_PEOPLE:
        found.append(Invalid("people_missing", _("Say who was there, in at most 200 characters."), field="people"))
    if not words or len(words) > LONGEST:
        found.append(Invalid("words_missing", _("Say what was done, in at most 2,000 characters."), field="words"))
    return found
