"""What named people give: never for the unit in which they hold a post themselves, and only until the score is published."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Term, Unit
from oversight.scorecards.publishing import LEVELS, span_refusals
from oversight.scorecards.records import Appraisal, ScoreItem, ScoreItemKind, ScoreSheet


def items_appraised_by(person: Person) -> QuerySet[ScoreItem]:
    """The items of published schemes that name this person."""
    items = ScoreItem.objects.filter(kind=ScoreItemKind.APPRAISED, appraiser=person)
    return items.select_related("scheme__county").order_by("-scheme__version", "order")


@transaction.atomic
def appraise(
    *, item: ScoreItem, unit: Unit, first: date, last: date, points: Decimal, words: str, by: Person, at: datetime
) -> Appraisal:
    """Refuses anybody else, the appraised themselves, a unit outside the county, more points than there are, fewer
    without a reason, a period that is still open and one that is published.
    """
    if item.appraiser_id != by.pk:
        raise NotAllowed("not_your_item", _("This item is appraised by somebody else, whom the scheme names."))
    county = item.scheme.county
    if unit.level not in LEVELS or not unit.path.startswith(county.path):
        sentence = _("%(unit)s is no village or town of %(county)s. Choose one of this county.")
        raise Invalid("outside_the_area", sentence % {"unit": unit.name, "county": county.name}, field="unit")
    held = Term.objects.filter(person=by, post__unit=unit).exclude(valid_until__lt=first).exclude(valid_from__gt=last)
    if held.exists():
        raise NotAllowed(
            "own_unit",
            _("You held a post at %(unit)s in this period. Somebody else must appraise it.") % {"unit": unit.name},
        )
    refuse([*span_refusals(unit.level, first, last, at=at), *_refusals(item, points, words)])
    Unit.objects.select_for_update(no_key=True).get(pk=county.pk)
    if ScoreSheet.objects.filter(unit=unit, first_day__lte=last, last_day__gte=first).exists():
        raise Conflict("scored_already", _("These days are scored already. Published scores stay as they are."))
    return Appraisal.objects.create(
        item=item, unit=unit, first_day=first, last_day=last, points=points, words=words.strip(), by=by, at=at
    )


def _refusals(item: ScoreItem, points: Decimal, words: str) -> list[Refusal]:
    found: list[Refusal] = []
    if not 0 <= points <= item.weight:
        sentence = _("This item has from 0 to %(most)s points.") % {"most": item.weight}
        found.append(Invalid("points_out_of_range", sentence, field="points"))
    elif points < item.weight and not words.strip():
        found.append(Invalid("words_missing", _("Say why points are lost: the unit will read it."), field="words"))
    return found
