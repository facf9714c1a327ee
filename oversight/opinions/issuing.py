"""An opinion is issued to member units, gets its cases, and takes its place in a bulletin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.database.bulk_sql import insert
from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Case, Person, Unit
from casework.models.unit import on_day
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from oversight.members.records import Mechanism
from oversight.members.rights import runs
from oversight.opinions.records import LEVELS_DOWN, Opinion, OpinionCase, Requirement
from oversight.opinions.reminding import remind_at
from oversight.opinions.telling import tell_issued

# What an opinion and its requirement take, in characters: a bulletin has four thousand.
LONGEST = 2000


@dataclass(frozen=True)
class Issued:
    """What an opinion says, to whom, until when, and how far down it goes."""

    words: str
    requirement: str
    deadline: date
    reaches: str
    addressees: Sequence[Unit]


@transaction.atomic
def issue_opinion(
    *, mechanism: Mechanism, issued: Issued, by: Person, at: datetime, bulletin_key: int | None = None
) -> Opinion:
    """Issue an opinion; each addressee has its requirement from now on, and is told. Two statements for all of them.

    Refuses whoever doesn't lead, a deadline that is past, no addressee, and one that is no member unit today.
    """
    _require_lead(by, mechanism, at)
    # One after the other, so that two at once don't get one number.
    Mechanism.objects.select_for_update().get(pk=mechanism.pk)
    refuse(_refusals(mechanism, issued, at=at))
    opinion = Opinion.objects.create(
        mechanism=mechanism,
        bulletin_key=bulletin_key,
        number=_next_number(mechanism, bulletin_key),
        words=issued.words.strip(),
        requirement=issued.requirement.strip(),
        deadline=issued.deadline,
        reaches=issued.reaches,
        by=by,
        at=at,
    )
    reminded = remind_at(opinion.deadline, at)
    rows = [
        Requirement(opinion=opinion, unit=unit, by=by, at=at, remind_at=reminded)
        for unit in dict.fromkeys(issued.addressees)
    ]
    insert(rows)
    tell_issued(rows, opinion, by=by, at=at)
    return opinion


@transaction.atomic
def link_case(*, opinion: Opinion, case: Case, by: Person, at: datetime) -> OpinionCase:
    """Say that a case belongs to an opinion: one that it is about, or that was reported because of it."""
    _require_lead(by, opinion.mechanism, at)
    Opinion.objects.select_for_update(no_key=True).get(pk=opinion.pk)
    if case.city_id != opinion.mechanism.lead_id or case.stage == Stage.REFERRED:
        raise unknown_case(case.number)
    if OpinionCase.objects.filter(opinion=opinion, case=case).exists():
        sentence = _("%(number)s belongs to this opinion already.") % {"number": case.number}
        raise Conflict("linked_already", sentence, field="case_number")
    return OpinionCase.objects.create(opinion=opinion, case=case, by=by, at=at)


def unknown_case(number: str) -> Invalid:
    sentence = _("No case of this city has the number %(number)s. Look at the number in the ledger.")
    return Invalid("case_unknown", sentence % {"number": number[:40]}, field="case_number")


@transaction.atomic
def put_into_bulletin(*, opinions: Sequence[Opinion], bulletin_key: int) -> None:
    """Give opinions their places in a bulletin, in this order, behind those that stand in it. Called by the verb that
    publishes or drafts it, which asks for the right. An opinion stands in one bulletin only.
    """
    locked = {one.pk: one for one in Opinion.objects.select_for_update().filter(pk__in=[one.pk for one in opinions])}
    if any(one.bulletin_key is not None for one in locked.values()):
        raise Conflict("in_a_bulletin", _("One of these opinions stands in a bulletin already. Open the page again."))
    first = _last_number(bulletin_key=bulletin_key) + 1
    for number, opinion in enumerate(opinions, start=first):
        Opinion.objects.filter(pk=opinion.pk).update(bulletin_key=bulletin_key, number=number)


def _require_lead(by: Person, mechanism: Mechanism, at: datetime) -> None:
    if not runs(by, mechanism, local_day(at)):
        raise NotAllowed("not_the_lead_office", _("Rectification opinions are issued by the lead office."))


def _refusals(mechanism: Mechanism, issued: Issued, *, at: datetime) -> list[Refusal]:
    on, found = local_day(at), list[Refusal]()
    for field, words, sentence in (
        ("words", issued.words, _("Write what is to be rectified.")),
        ("requirement", issued.requirement, _("Write what is required, so that each level can pass it on.")),
    ):
        if not words.strip():
            found.append(Invalid("words_missing", sentence, field=field))
        elif len(words) > LONGEST:
            sentence = _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
            found.append(Invalid("too_long", sentence % {"most": LONGEST, "count": len(words)}, field=field))
    if issued.deadline < on:
        found.append(
            Invalid("deadline_past", _("The deadline lies in the past. Choose a later day."), field="deadline")
        )
    elif (issued.deadline - on).days > 2 * 366:
        sentence = _("The deadline lies more than two years ahead. Please look at the year.")
        found.append(Invalid("deadline_far", sentence, field="deadline"))
    if issued.reaches not in LEVELS_DOWN:
        found.append(Invalid("level_unknown", _("Choose how far down it goes."), field="reaches"))
    return found + _addressee_refusals(mechanism, issued.addressees, on)


def _addressee_refusals(mechanism: Mechanism, addressees: Sequence[Unit], on: date) -> list[Refusal]:
    if not addressees:
        return [Invalid("nobody_addressed", _("Choose at least one member unit."), field="addressees")]
    members = set(mechanism.memberships.filter(on_day(on), unit__is_active=True).values_list("unit", flat=True))
    others = [unit.name for unit in addressees if unit.pk not in members]
    if not others:
        return []
    sentence = _("%(units)s is no member unit today. Choose among the members.") % {"units": "、".join(others)}
    return [Invalid("no_member", sentence, field="addressees")]


def _next_number(mechanism: Mechanism, bulletin_key: int | None) -> int:
    """The next place in the bulletin, or among those of the mechanism that stand in none."""
    if bulletin_key is not None:
        return _last_number(bulletin_key=bulletin_key) + 1
    return _last_number(mechanism=mechanism, bulletin_key=None) + 1


def _last_number(**where: object) -> int:
    last: int | None = Opinion.objects.filter(**where).aggregate(last=Max("number"))["last"]
    return last or 0
