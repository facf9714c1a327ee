"""Bulletins are drafted from what is counted at that moment, and edited by sections while they are drafts."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Aspect, Person, Unit
from casework.models.history import record_many, stamped
from casework.rights.office_table import OfficeAction
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import ONE_DAY, local_day
from casework.working_time.entered_days import of_the_past
from oversight.bulletins.comparison import compared
from oversight.bulletins.composing import area_in_words, composed, naming_sentence, title_of
from oversight.bulletins.facts import Facts, Span
from oversight.bulletins.figures import counted, freeze, frozen
from oversight.bulletins.queries import span_of, units_of
from oversight.bulletins.records import Bulletin, BulletinPart, BulletinSection, BulletinState, Naming
from oversight.bulletins.tokens import from_form
from oversight.documents.records import BaseDocument
from oversight.members.records import Mechanism
from oversight.reporting.records import Period
from oversight.rights import require_lead

LONGEST_SPAN = 366  # days
MOST_TEXT = 20_000  # characters of a section


@transaction.atomic
def draft_bulletin(
    *,
    mechanism: Mechanism,
    area: Unit,
    first_day: date,
    last_day: date,
    by: Person,
    at: datetime,
    cites: Sequence[BaseDocument] = (),
    corrects: Bulletin | None = None,
) -> Bulletin:
    """Count all figures of the span as of now and compose the text from them. Refuses a span that is not over, one in
    which a period is still open, an area that is not the mechanism's, and a second bulletin of the same span that does
    not correct the published one.
    """
    require_lead(by, mechanism, OfficeAction.WRITE_BULLETIN, at)
    span = Span(mechanism, area, first_day, last_day)
    refuse(_unfit(span, at))
    _require_first_or_correction(span, corrects)
    facts, units, aspects = Facts(span, at), units_of(span), list(Aspect.objects.all())
    figures = counted(facts, units, aspects)
    corrected = _corrected(corrects)
    parts = composed(facts, figures, aspects, cites, corrected)
    with stamped(step="draft_bulletin", by=by, at=at):
        bulletin = Bulletin.objects.create(
            mechanism=mechanism,
            area=area,
            first_day=first_day,
            last_day=last_day,
            title=title_of(span),
            addressed_to="各成员单位",
            corrects=corrects,
            counted_at=at,
            author=by,
            drafted_at=at,
        )
        bulletin.cites.set(cites)
        sections = [
            BulletinSection(
                bulletin=bulletin,
                kind=part.kind,
                order=order,
                heading=part.heading,
                text=part.text,
                edited_by=by,
                edited_at=at,
            )
            for order, part in enumerate(parts, start=1)
        ]
        record_many(BulletinSection.objects.bulk_create(sections), change="+")
    freeze(bulletin, figures, at=at)
    return bulletin


def _unfit(span: Span, at: datetime) -> list[Refusal]:
    if span.last < span.first:
        return [Invalid("days_swapped", _("The last day lies before the first one. Swap them."), field="last_day")]
    today = local_day(at)
    refused = [
        *of_the_past(
            span.last,
            on=today - ONE_DAY,
            field="last_day",
            code="span_not_over",
            sentence=_("These days are not over yet. Draft the bulletin once the last one has passed."),
        ),
        *of_the_past(
            span.first, on=today, field="first_day", code="span_not_over", sentence=_("This day has not come yet.")
        ),
    ]
    if refused:
        return refused
    if (span.last - span.first).days > LONGEST_SPAN:
        return [
            Invalid(
                "span_too_long",
                _("A bulletin is about a year at most. Check the year of both days."),
                field="first_day",
            )
        ]
    if not span.area.path.startswith(span.mechanism.lead.path):
        return [Invalid("area_unfit", _("Choose the city or one of its counties."), field="area")]
    open_ones = Period.objects.filter(
        mechanism=span.mechanism, first_day__lte=span.last, last_day__gte=span.first, closes_at__gt=at
    )
    still = open_ones.order_by("-closes_at").first()
    if still is None:
        return []
    return [
        Invalid(
            "period_open",
            _("Reports of %(first)s to %(last)s can still come in until %(until)s. Draft the bulletin after that.")
            % {
                "first": exact_day(still.first_day),
                "last": exact_day(still.last_day),
                "until": exact_day(local_day(still.closes_at)),
            },
            field="last_day",
        )
    ]


def _require_first_or_correction(span: Span, corrects: Bulletin | None) -> None:
    if corrects is not None:
        if corrects.state != BulletinState.PUBLISHED or corrects.mechanism_id != span.mechanism.pk:
            raise Conflict("nothing_to_correct", _("Only a published bulletin is corrected. Change the draft itself."))
        return
    same = Bulletin.objects.filter(
        mechanism=span.mechanism, area=span.area, first_day=span.first, last_day=span.last, corrects=None
    ).first()
    if same is not None:
        raise Invalid(
            "bulletin_exists",
            _("There is a bulletin of these days already: “%(title)s”. Open it; once published it can be corrected.")
            % {"title": same.title},
            field="last_day",
            values={"same": same},
        )


def _corrected(corrects: Bulletin | None) -> str:
    return f"《{corrects.title}》（{corrects.publication.document.number}）" if corrects else ""


@transaction.atomic
def edit_section(*, section: BulletinSection, text: str, version: int, by: Person, at: datetime) -> BulletinSection:
    """Put new words into a section. Refuses a figure that was typed over, a figure that is none of the bulletin's, and
    words that were written over an older text than the present one.
    """
    bulletin = draft_to_change(section.bulletin_id, by, at)
    section = BulletinSection.objects.select_for_update(no_key=True).get(pk=section.pk)
    if section.version != version:
        raise Conflict(
            "section_changed",
            _("%(name)s has changed this section meanwhile. Compare both texts below, then save again.")
            % {"name": section.edited_by},
            values={"version": section.version},
        )
    if len(text) > MOST_TEXT:
        raise Invalid(
            "text_too_long",
            _("A section has at most %(most)d characters, and these are %(count)d. Please shorten it.")
            % {"most": MOST_TEXT, "count": len(text)},
            field="text",
        )
    section.text = _without_blank_lines(from_form(text, frozen(bulletin)))
    return _save(section, "edit_section", by=by, at=at)


def _without_blank_lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _save(section: BulletinSection, step: str, *, by: Person, at: datetime) -> BulletinSection:
    section.version, section.edited_by, section.edited_at = section.version + 1, by, at
    with stamped(step=step, by=by, at=at):
        section.save()
    return section


@transaction.atomic
def change_head(
    *,
    bulletin: Bulletin,
    title: str,
    addressed_to: str,
    copied_to: str,
    cites: Sequence[BaseDocument],
    by: Person,
    at: datetime,
) -> Bulletin:
    """What stands above and below the text: title, addressees, copies, and the basis documents."""
    bulletin = draft_to_change(bulletin.pk, by, at)
    found: list[Refusal] = []
    if not title.strip():
        found.append(Invalid("title_missing", _("Write the bulletin's title."), field="title"))
    if not addressed_to.strip():
        found.append(Invalid("addressee_missing", _("Say whom it is addressed to."), field="addressed_to"))
    refuse(found)
    bulletin.title, bulletin.addressed_to = title.strip(), addressed_to.strip().rstrip("：:")
    bulletin.copied_to = copied_to.strip().rstrip("。")
    with stamped(step="change_head", by=by, at=at):
        bulletin.save()
        bulletin.cites.set(cites)
    return bulletin


@transaction.atomic
def count_again(*, bulletin: Bulletin, by: Person, at: datetime) -> Bulletin:
    """Count all figures of a draft anew, as of now. The words stay; the figures in them say what holds now."""
    bulletin = draft_to_change(bulletin.pk, by, at)
    if bulletin.counted_at == at:
        return bulletin
    span = span_of(bulletin)
    found = counted(Facts(span, at), units_of(span), list(Aspect.objects.all()))
    bulletin.counted_at = at
    with stamped(step="count_again", by=by, at=at):
        bulletin.save()
    freeze(bulletin, found, at=at)
    return bulletin


@transaction.atomic
def name_unit(*, bulletin: Bulletin, unit: Unit, by: Person, at: datetime) -> Naming:
    """Name a unit in the text, as a good example or as one that lags: a person decides what the comparison proposes.
    Refuses a unit whose share lies within the limits of chance, and one that is named already.
    """
    bulletin = draft_to_change(bulletin.pk, by, at)
    span = span_of(bulletin)
    one = next((one for one in compared(frozen(bulletin), units_of(span)) if one.unit.pk == unit.pk), None)
    if one is None or not one.stands_out or one.rate.low is None or one.rate.high is None:
        raise Invalid(
            "within_limits",
            _("The share of %(unit)s differs from the others' by no more than chance does. It is not named for it.")
            % {"unit": unit.name},
        )
    if Naming.objects.filter(bulletin=bulletin, unit=unit).exists():
        raise Conflict("named_already", _("%(unit)s is named in the text already.") % {"unit": unit.name})
    kind = BulletinPart.PROGRESS if one.is_good else BulletinPart.PROBLEMS
    section = BulletinSection.objects.select_for_update(no_key=True).get(bulletin=bulletin, kind=kind)
    sentence = naming_sentence(unit.name, unit.code, is_good=one.is_good, area=area_in_words(span))
    section.text = f"{section.text}\n{sentence}".strip()
    _save(section, "name_unit", by=by, at=at)
    return Naming.objects.create(
        bulletin=bulletin,
        unit=unit,
        is_good=one.is_good,
        part=one.rate.part,
        whole=one.rate.whole,
        low=one.rate.low,
        high=one.rate.high,
        usual=one.usual,
        by=by,
        at=at,
    )


def draft_to_change(pk: int, by: Person, at: datetime) -> Bulletin:
    """The bulletin, locked; refuses who doesn't write it, and one that is no draft any more."""
    bulletin = locked(pk)
    require_lead(by, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, at)
    if bulletin.state == BulletinState.PUBLISHED:
        raise Conflict(
            "published",
            _("A published bulletin stays as it is. Put it right by a correction, which is a new document."),
        )
    if bulletin.state != BulletinState.DRAFT:
        raise Conflict(
            "not_a_draft", _("It was handed in for approval. It can be changed once a colleague has returned it.")
        )
    return bulletin


def locked(pk: int) -> Bulletin:
    """The bulletin as it stands, until the end of the transaction."""
    found = Bulletin.objects.select_for_update(no_key=True, of=("self",)).select_related("mechanism__lead", "area")
    return found.get(pk=pk)
