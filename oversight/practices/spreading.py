"""A good practice is described by whoever began or collected it; a county says that it took it over, with evidence."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.talk.attachments import AttachedFile
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import day_refusals, file_refusals, length_refusals
from oversight.practices.queries import practices_seen_by
from oversight.practices.records import Practice, PracticeAdoption

LONGEST_TITLE = 80


@transaction.atomic
def describe_practice(
    *, unit: Unit, title: str, words: str, day: date, by: Person, at: datetime, files: Sequence[AttachedFile] = ()
) -> Practice:
    """Enter a way of working that others may take over. Refuses other people, and the same title twice in one unit."""
    if not may_at(by, unit, OfficeAction.DESCRIBE_PRACTICE, local_day(at)):
        not_theirs = _("Practices of %(unit)s are described by its own office.") % {"unit": unit.name}
        raise NotAllowed("not_your_unit", not_theirs)
    # Two at once: the second one sees the first one's title.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    title, words = " ".join(title.split()), words.strip()
    refuse(practice_refusals(unit, title=title, words=words, day=day, at=at) + file_refusals(files))
    rows = [file.as_row() for file in files]
    with stamped(step="describe_practice", by=by, at=at):
        return Practice.objects.create(unit=unit, title=title, words=words, day=day, files=rows, by=by, at=at)


def practice_refusals(
    unit: Unit, *, title: str, words: str, day: date, at: datetime, own: Practice | None = None
) -> list[Refusal]:
    """What can't be said of a practice; `own` is the one that is put right."""
    found = day_refusals(day, at=at, field="day") + length_refusals(words=words)
    if not title:
        found.append(Invalid("title_missing", _("Give it a short name."), field="title"))
    if len(title) > LONGEST_TITLE:
        found.append(Invalid("too_long", _("Shorten the name to 80 characters."), field="title"))
    if not words:
        sentence = _("Describe what is done and how others can take it over.")
        found.append(Invalid("words_missing", sentence, field="words"))
    others = Practice.objects.filter(unit=unit, title=title).exclude(pk=own.pk if own else 0)
    if title and others.exists():
        taken = _("“%(title)s” is described already. Open it, or give this one another name.") % {"title": title}
        found.append(Invalid("title_taken", taken, field="title"))
    return found


@transaction.atomic
def adopt_practice(
    *,
    practice: Practice,
    county: Unit,
    day: date,
    words: str,
    files: Sequence[AttachedFile],
    by: Person,
    at: datetime,
) -> PracticeAdoption:
    """Say that a county took a practice over on a day. Refuses without evidence, before the practice began, in the
    county where it began, and a second time.
    """
    is_seen = practices_seen_by(by, local_day(at)).filter(pk=practice.pk).exists()
    is_own = county.level == UnitLevel.COUNTY and may_at(by, county, OfficeAction.ADOPT_PRACTICE, local_day(at))
    if not is_own or not is_seen:
        sentence = _("That a county took a practice over is entered by its own supervision office.")
        raise NotAllowed("not_your_county", sentence)
    practice = Practice.objects.select_for_update(no_key=True, of=("self",)).get(pk=practice.pk)
    if practice.unit_id == county.pk:
        own = _("It began in %(county)s; others take it over.") % {"county": county.name}
        raise Conflict("began_here", own, field="county")
    earlier = PracticeAdoption.objects.filter(practice=practice, county=county).first()
    if earlier is not None:
        sentence = _("%(county)s took it over on %(day)s already; the evidence stands with it.")
        raise Conflict("adopted_already", sentence % {"county": county.name, "day": exact_day(earlier.day)})
    words = words.strip()
    found = adoption_refusals(practice, day=day, words=words, at=at) + file_refusals(files)
    if not files:
        sentence = _("Add at least one file that shows it: a document, a photo, a table.")
        found.append(Invalid("evidence_missing", sentence, field="uploads"))
    refuse(found)
    rows = [file.as_row() for file in files]
    with stamped(step="adopt_practice", by=by, at=at):
        return PracticeAdoption.objects.create(
            practice=practice, county=county, day=day, words=words, files=rows, by=by, at=at
        )


def adoption_refusals(practice: Practice, *, day: date, words: str, at: datetime) -> list[Refusal]:
    """What can't be said of an adoption."""
    found = day_refusals(day, at=at, field="day") + length_refusals(words=words)
    if day < practice.day:
        sentence = _("The practice began on %(day)s; it can't be taken over before.")
        found.append(Invalid("before_it_began", sentence % {"day": exact_day(practice.day)}, field="day"))
    if not words:
        sentence = _("Say where and how it is used in the county.")
        found.append(Invalid("words_missing", sentence, field="words"))
    return found


def may_at(person: Person, unit: Unit, action: OfficeAction, on: date) -> bool:
    """Whether this person does this by a post at the unit itself."""
    return any(held.unit_id == unit.pk for held in posts_for(person, action, on))
