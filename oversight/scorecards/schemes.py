"""A county's scheme: drafted, and published once its items sum to a hundred. Published it changes no more."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.scorecards.computed import COMPUTED
from oversight.scorecards.records import Grading, ItemMark, ScoreItem, ScoreItemKind, ScoreScheme

SUM = Decimal(100)
MOST_ITEMS = 30


@dataclass(frozen=True)
class ItemDraft:
    """An item as it was typed. `code` is a computed item's; `appraiser` the user name of whoever appraises instead."""

    name: str = ""
    code: str = ""
    appraiser: str = ""
    weight: str = "0"
    per_fault: str = ""
    mark: str = ItemMark.RESULT
    is_veto: bool = False

    @property
    def points(self) -> Decimal:
        return Decimal(self.weight)


def keeps_schemes(person: Person, county: Unit, at: datetime) -> bool:
    held = posts_for(person, OfficeAction.SCORE, local_day(at))
    return county.level == UnitLevel.COUNTY and any(one.unit_id == county.pk for one in held)


def require_keeper(person: Person, county: Unit, at: datetime) -> None:
    if not keeps_schemes(person, county, at):
        raise NotAllowed(
            "not_your_scheme", _("Scores of %(county)s are kept by its own office.") % {"county": county.name}
        )


@transaction.atomic
def draft_scheme(
    *, county: Unit, name: str, grading: str, items: Sequence[ItemDraft], by: Person, at: datetime
) -> ScoreScheme:
    """The next version, as a draft: its points need not sum up yet. Refuses what can be in no scheme."""
    require_keeper(by, county, at)
    refuse(_refusals(name, grading, items))
    Unit.objects.select_for_update(no_key=True).get(pk=county.pk)
    if county.score_schemes.filter(published_at=None).exists():
        raise Conflict("draft_open", _("There is a draft already. Change that one, or publish it."))
    last = county.score_schemes.order_by("-version").values_list("version", flat=True).first() or 0
    with stamped(step="draft_scheme", by=by, at=at):
        return ScoreScheme.objects.create(
            county=county,
            name=name.strip(),
            version=last + 1,
            grading=grading,
            draft=[asdict(one) for one in items],
            by=by,
            at=at,
        )


@transaction.atomic
def change_draft(
    *, scheme: ScoreScheme, name: str, grading: str, items: Sequence[ItemDraft], by: Person, at: datetime
) -> ScoreScheme:
    scheme = _locked_draft(scheme, by, at)
    refuse(_refusals(name, grading, items))
    scheme.name, scheme.grading, scheme.draft = name.strip(), grading, [asdict(one) for one in items]
    with stamped(step="change_draft", by=by, at=at):
        scheme.save()
    return scheme


@transaction.atomic
def publish_scheme(*, scheme: ScoreScheme, by: Person, at: datetime) -> ScoreScheme:
    """Refuses any sum but a hundred, and says which one it is."""
    scheme = _locked_draft(scheme, by, at)
    items = items_of(scheme)
    total = sum((one.points for one in items), Decimal(0))
    if total != SUM:
        sentence = _("The items sum to %(sum)s points, and a scheme has 100. Change the points of an item.")
        raise Invalid("wrong_sum", sentence % {"sum": in_words(total)})
    people = Person.objects.in_bulk([one.appraiser for one in items if one.appraiser], field_name="username")
    ScoreItem.objects.bulk_create(
        ScoreItem(
            scheme=scheme,
            order=number,
            name=one.name,
            kind=ScoreItemKind.COMPUTED if one.code else ScoreItemKind.APPRAISED,
            code=one.code,
            weight=one.points,
            per_fault=Decimal(one.per_fault) if one.per_fault else None,
            mark=one.mark,
            is_veto=one.is_veto,
            appraiser=people[one.appraiser] if one.appraiser else None,
        )
        for number, one in enumerate(items, start=1)
    )
    scheme.published_by, scheme.published_at = by, at
    with stamped(step="publish_scheme", by=by, at=at):
        scheme.save()
    return scheme


def items_of(scheme: ScoreScheme) -> list[ItemDraft]:
    """The items of a draft."""
    return [ItemDraft(**row) for row in scheme.draft]


def has_trace(items: Sequence[Any]) -> bool:
    return any(one.mark == ItemMark.TRACE for one in items)


def in_words(points: Decimal) -> str:
    return f"{points:f}".rstrip("0").rstrip(".") if "." in f"{points:f}" else f"{points:f}"


def _locked_draft(scheme: ScoreScheme, by: Person, at: datetime) -> ScoreScheme:
    require_keeper(by, scheme.county, at)
    scheme = ScoreScheme.objects.select_for_update(no_key=True).select_related("county").get(pk=scheme.pk)
    if scheme.published_at is not None:
        raise Conflict("scheme_published", _("This version is published and changes no more. Draft the next one."))
    return scheme


def _refusals(name: str, grading: str, items: Sequence[ItemDraft]) -> list[Refusal]:
    found: list[Refusal] = []
    if not name.strip():
        found.append(Invalid("name_missing", _("Give the scheme a name."), field="name"))
    if grading not in Grading.values:
        found.append(Invalid("grading_unknown", _("Choose grades or stars."), field="grading"))
    if not items:
        found.append(Invalid("no_items", _("A scheme needs at least one item.")))
    if len(items) > MOST_ITEMS:
        sentence = _("A scheme takes up to %(most)d items. Put some together.") % {"most": MOST_ITEMS}
        found.append(Invalid("too_many_items", sentence))
    names = {one.appraiser for one in items if one.appraiser}
    known = set(Person.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
    codes: set[str] = set()
    for place, one in enumerate(items):
        found += _refusals_of(one, f"items-{place}-", known)
        if one.code and one.code in codes:
            twice = _("This is computed in another item already. Each record costs points once.")
            found.append(Invalid("computed_twice", twice, field=f"items-{place}-code"))
        codes.add(one.code)
    return found


def _refusals_of(one: ItemDraft, field: str, known: set[str]) -> list[Refusal]:
    found: list[Refusal] = []
    if not one.name.strip():
        found.append(Invalid("item_nameless", _("Say what this item looks at."), field=f"{field}name"))
    if one.points <= 0:
        sentence = _("The points of an item are more than 0. Write how many it is worth.")
        found.append(Invalid("weight_not_positive", sentence, field=f"{field}weight"))
    if one.per_fault and Decimal(one.per_fault) <= 0:
        sentence = _("What a fault costs is more than 0, or stays empty: then the share of faults decides.")
        found.append(Invalid("cost_not_positive", sentence, field=f"{field}per_fault"))
    if one.code and one.code not in COMPUTED:
        found.append(Invalid("item_unknown", _("Choose what is computed from the list."), field=f"{field}code"))
    if bool(one.code) == bool(one.appraiser):
        sentence = _("Either it is computed, or a named person appraises it: choose one of both.")
        found.append(Invalid("computed_or_appraised", sentence, field=f"{field}code"))
    if one.appraiser and one.appraiser not in known:
        sentence = _("Nobody has the user name “%(name)s”. Write the user name of whoever appraises.")
        found.append(Invalid("appraiser_unknown", sentence % {"name": one.appraiser}, field=f"{field}appraiser"))
    if one.mark not in ItemMark.values:
        found.append(Invalid("mark_unknown", _("Choose result or trace."), field=f"{field}mark"))
    return found
