"""What an ended term leaves is frozen into its pack: by the clock, on the morning after the last day, once a term.

Every surface that ends a term comes by here: one page, an import of a whole election, a term whose last day was set
years ago. Nothing of a case changes: its owner is the post, and its clock runs on.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from casework.database.bulk_sql import insert
from casework.models import Assignment, Extension, Letter, Post, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import on_day
from casework.office_events import record_office_events
from casework.offices.next_holders import name_caretakers, offices_above
from casework.rights.territories import lines_above
from casework.stages import OPEN, RESPONSIBLE_ROLES, Role, Watch
from casework.working_time.deadlines import ONE_DAY, local_day, midnight
from oversight.handover.records import HandoverLine, HandoverPack, LineKind
from oversight.opinions.queries import unsettled_rows
from oversight.opinions.records import Requirement

BATCH = 500
# So many days all three have for their signatures; our own proposal. Then the ladder begins.
DAYS_TO_SIGN = timedelta(days=7)
# A term that ended longer ago, and is entered only now, is not handed over any more.
LOOKED_BACK = timedelta(days=60)
STILL_OPEN = Q(case__stage__in=OPEN) | Q(case__watch=Watch.WATCHED)


def ended_terms(on: date) -> QuerySet[Term]:
    """The terms that have ended and have no pack yet. Of a committee's head always; of a member or of a department's
    post where something is assigned to it, because three signatures under nothing are work for nobody. Who holds the
    post again without a break hands nothing over.
    """
    assigned = Assignment.objects.filter(
        STILL_OPEN, post=OuterRef("post"), ended_at=None, assigned_at__date__lte=OuterRef("valid_until")
    )
    following = Term.objects.filter(post=OuterRef("post"), valid_from__gt=OuterRef("valid_until"))
    return (
        Term.objects.alias(next_person=Subquery(following.order_by("valid_from").values("person")[:1]))
        .filter(
            Q(post__role=Role.COMMITTEE_HEAD) | Exists(assigned),
            Q(next_person=None) | ~Q(next_person=F("person")),
            valid_until__lt=on,
            valid_until__gte=on - LOOKED_BACK,
            post__role__in=RESPONSIBLE_ROLES,
            post__unit__is_active=True,
            handover=None,
        )
        .order_by("id")
    )


def freeze(terms: Sequence[Term], *, at: datetime, receiving: dict[int, Post] | None = None) -> list[HandoverPack]:
    """A pack for each of these terms that has none; some ten queries, however many they are. `receiving` names other
    posts that take over, by the terms' keys. Belongs inside a transaction that holds the terms.
    """
    on = local_day(at)
    # Asked anew, with the terms locked: whoever was here a moment before has written them already.
    there = set(HandoverPack.objects.filter(term__in=[term.pk for term in terms]).values_list("term", flat=True))
    terms = [term for term in terms if term.pk not in there]
    units = list({term.post.unit_id: term.post.unit for term in terms}.values())
    witnesses, lines = offices_above(units, on=on), lines_above(units, on=on)
    packs = [
        HandoverPack(
            term_id=term.pk,
            unit_id=term.post.unit_id,
            unit_name=term.post.unit.name,
            role=term.post.role,
            outgoing_id=term.person_id,
            outgoing_name=term.person.name,
            receiving_id=((receiving or {}).get(term.pk) or term.post).pk,
            witness_unit_id=witnesses[term.post.unit_id].pk,
            county_id=county.pk if (county := lines[term.post.unit_id].county) else None,
            began_on=term.valid_from,
            ended_on=term.valid_until or on,
            made_at=at,
            sign_by=on + DAYS_TO_SIGN,
            settled_at=None,
            climb_at=midnight(on + DAYS_TO_SIGN + ONE_DAY),
            climbed=0,
        )
        for term in terms
    ]
    insert(packs)
    insert(_lines_of(packs, {term.pk: term.post_id for term in terms}))
    takes_over = {term.pk: ((receiving or {}).get(term.pk) or term.post).unit_id for term in terms}
    told = [(takes_over[pack.term_id], pack.pk, f"{pack.unit_name} {pack.get_role_display()}") for pack in packs]
    record_office_events(kind=OfficeEventKind.HANDOVER_BEGUN, told=told, by=None, at=at)
    _care_for_vacant(units, at=at)
    return packs


def _lines_of(packs: Sequence[HandoverPack], posts: dict[int, int]) -> list[HandoverLine]:
    """All that is open at these posts, and of a head's unit what is addressed to the unit. Four queries."""
    by_post = {posts[pack.term_id]: pack for pack in packs}
    by_unit = {pack.unit_id: pack for pack in packs if pack.role == Role.COMMITTEE_HEAD}
    found: dict[int, list[HandoverLine]] = defaultdict(list)
    assigned = Assignment.objects.filter(STILL_OPEN, post__in=by_post, ended_at=None).select_related("case")
    pack_of: dict[int, HandoverPack] = {}
    for assignment in assigned.order_by("case__due_on", "case"):
        case, pack = assignment.case, by_post[assignment.post_id]
        pack_of[case.pk] = pack
        is_open = case.stage in OPEN
        found[pack.pk].append(
            HandoverLine(
                kind=LineKind.CASE if is_open else LineKind.WATCHED,
                case_id=case.pk,
                number=case.number,
                words=_first_words(case.description),
                stage=case.stage,
                light=case.light if is_open else "",
                due_on=case.due_on if is_open else case.watched_until,
            )
        )
    for extension in Extension.objects.filter(case__in=pack_of, decided_at=None).select_related("case"):
        found[pack_of[extension.case_id].pk].append(
            HandoverLine(
                kind=LineKind.EXTENSION,
                case_id=extension.case_id,
                number=extension.case.number,
                words=_first_words(extension.reason),
                due_on=extension.due_on,
            )
        )
    letters = Letter.objects.filter(addressee__in=by_unit, receipt=None, case__stage__in=OPEN)
    for letter in letters.order_by("issued_on", "id"):
        found[by_unit[letter.addressee_id].pk].append(
            HandoverLine(
                kind=LineKind.LETTER,
                case_id=letter.case_id,
                number=letter.number,
                words=_first_words(letter.matter),
                due_on=letter.deadline,
            )
        )
    requirements = unsettled_rows(Requirement.objects.filter(unit__in=by_unit)).select_related("opinion")
    for one in requirements.order_by("opinion__deadline", "id"):
        found[by_unit[one.unit_id].pk].append(
            HandoverLine(
                kind=LineKind.REQUIREMENT,
                words=_first_words(one.opinion.requirement),
                due_on=one.opinion.deadline,
            )
        )
    order = list(LineKind)
    for pack_key, lines in found.items():
        lines.sort(key=lambda line: order.index(LineKind(line.kind)))
        for place, line in enumerate(lines, start=1):
            line.pack_id, line.order = pack_key, place
    return [line for lines in found.values() for line in lines]


def _first_words(words: str) -> str:
    first = words.strip().splitlines()[0] if words.strip() else ""
    return first[:199] + "…" if len(first) > 200 else first


def _care_for_vacant(units: Sequence[Unit], *, at: datetime) -> None:
    """A term can run out by itself, and no database refuses that a day comes: where open cases then have no hands, the
    office above is their caretaker from that day on.
    """
    on = local_day(at)
    held = Term.objects.filter(
        on_day(on), post__unit=OuterRef("pk"), post__role__in=RESPONSIBLE_ROLES, person__is_active=True
    )
    waiting = Assignment.objects.filter(post__unit=OuterRef("pk"), ended_at=None, case__stage__in=OPEN)
    vacant = Unit.objects.filter(~Exists(held), Exists(waiting), pk__in=[unit.pk for unit in units])
    found = list(vacant.select_related("parent"))
    if found:
        name_caretakers(units=found, valid_from=on, by=None, at=at)
