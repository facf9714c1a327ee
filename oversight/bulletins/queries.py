"""Who reads which bulletin, and what a bulletin is about."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from casework.models import Case, Letter, LookBack, Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import Stage
from oversight.bulletins.facts import Facts, Span
from oversight.bulletins.figures import DEFINITIONS, fingerprint, name_of
from oversight.bulletins.records import Bulletin, BulletinState, Counted, Figure, Recipient
from oversight.reporting.records import ExpectedReport
from oversight.rights import mechanisms_led, mechanisms_over


def bulletins_seen_by(person: Person, on: date) -> QuerySet[Bulletin]:
    """Drafts and all that the own lead office writes; of the mechanism one works under what is published."""
    own = mechanisms_led(person, OfficeAction.WRITE_BULLETIN, on)
    under = Q(pk__in=())
    for action in (OfficeAction.SEE_MECHANISM, OfficeAction.REPORT_FOR_UNIT):
        under |= Q(mechanism__in=mechanisms_over(person, action, on))
    seen = Q(mechanism__in=own) | under & Q(state=BulletinState.PUBLISHED)
    return Bulletin.objects.filter(seen).select_related("mechanism__lead", "area")


def to_sign(person: Person, on: date) -> QuerySet[Recipient]:
    """What waits for the signature of one of this person's units, the oldest first."""
    units = units_signed_for(person, on)
    waiting = Recipient.objects.filter(unit__in=units, receipt=None) if units else Recipient.objects.none()
    return waiting.select_related("publication__bulletin", "publication__document").order_by("pk")


def units_signed_for(person: Person, on: date) -> list[int]:
    """The units for which this person signs."""
    return [held.unit_id for held in posts_for(person, OfficeAction.PASS_ON, on)]


def span_of(bulletin: Bulletin) -> Span:
    return Span(bulletin.mechanism, bulletin.area, bulletin.first_day, bulletin.last_day)


def units_of(span: Span) -> list[Unit]:
    """The members of one of the days in their order; of a county's bulletin the county alone."""
    lasted = Q(valid_until=None) | Q(valid_until__gte=span.first)
    members = span.mechanism.memberships.filter(lasted, valid_from__lte=span.last).select_related("unit")
    units = list({one.unit_id: one.unit for one in members.order_by("order", "pk")}.values())
    return units if span.is_whole else [unit for unit in units if unit.pk == span.area.pk]


def keys_of(figure: Figure) -> list[int]:
    """The records that a figure counted; where there were too many to keep, found again as of its moment."""
    return (
        list(figure.keys)
        if figure.keys is not None
        else keys_as_of(figure, Facts(span_of(figure.bulletin), figure.counted_at))
    )


def keys_as_of(figure: Figure, facts: Facts) -> list[int]:
    """The records that a figure's definition finds in these facts."""
    rows = DEFINITIONS[name_of(figure.key)].rows(facts)
    narrowed = figure.key.removeprefix(name_of(figure.key))
    if narrowed.startswith("@"):
        unit = Unit.objects.filter(code=narrowed[1:]).values_list("pk", flat=True).first()
        rows = [row for row in rows if unit in (row.unit, row.responsible)]
    elif narrowed:
        aspect = next((pk for pk, code in facts.aspect_codes.items() if code == narrowed[1:]), None)
        rows = [row for row in rows if facts.aspects.get(row.item) == aspect]
    return sorted(row.key for row in rows)


def still_counts(figure: Figure, facts: Facts) -> bool:
    """Whether the records, as of the figure's moment, still say what was frozen."""
    return fingerprint(keys_as_of(figure, facts)) == figure.sha256


# How a figure's records lead to the cases behind them; units, reports and visits are no cases.
TO_CASES = {
    Counted.CASE: lambda keys: Q(pk__in=keys),
    Counted.LOOK_BACK: lambda keys: Q(pk__in=LookBack.objects.filter(pk__in=keys).values("case")),
    Counted.LETTER: lambda keys: Q(pk__in=Letter.objects.filter(pk__in=keys).values("case")),
}


def cases_counted(figure: Figure) -> QuerySet[Case] | None:
    """The cases behind a figure, the newest first, without those that only the discipline office knows of by now; None
    where it counts something else.
    """
    to_cases = TO_CASES.get(Counted(figure.counts))
    if to_cases is None:
        return None
    return Case.objects.filter(to_cases(keys_of(figure))).exclude(stage=Stage.REFERRED).order_by("-pk")


def units_counted(figure: Figure) -> list[str]:
    """The names of the units behind a figure of units, reports or visits; of reports by the name of then."""
    keys = keys_of(figure)
    if figure.counts == Counted.REPORT:
        rows = ExpectedReport.objects.filter(pk__in=keys).order_by("period__first_day", "order", "pk")
        return list(rows.values_list("unit_name", flat=True))
    if figure.counts == Counted.UNIT:
        return list(Unit.objects.filter(pk__in=keys).order_by("path").values_list("name", flat=True))
    return []


def receipts_of(bulletins: Iterable[Bulletin]) -> dict[int, tuple[int, int]]:
    """By bulletin how many members signed for it, of how many. One query."""
    sent = Recipient.objects.filter(publication__bulletin__in=[one.pk for one in bulletins])
    counts = sent.order_by().values_list("publication__bulletin").annotate(signed=Count("receipt"), sent=Count("pk"))
    return {bulletin: (signed, all_of_them) for bulletin, signed, all_of_them in counts}
