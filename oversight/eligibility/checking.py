"""A nominee's check: nominated, an opinion of each department, a decision, elected; or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.working_time.deadlines import local_day
from oversight.eligibility.election_records import Election
from oversight.eligibility.elections import villages_of_election
from oversight.eligibility.lists import list_on
from oversight.eligibility.records import (
    DepartmentOpinion,
    Education,
    ElectedNominee,
    EligibilityAnswer,
    EligibilityDecision,
    EligibilityItem,
    EligibilityKind,
    Nominee,
)
from oversight.eligibility.rights import may_decide, may_nominate, require_other, signing_departments
from oversight.mechanisms.corrections import day_refusals, length_refusals

LONGEST_NAME, OLDEST, YOUNGEST, MOST_TERMS = 60, 100, 18, 20


@dataclass(frozen=True)
class Nominated:
    """Who is to stand. Everything but the name may be left out, and serves the structure of committees alone."""

    name: str
    birth_year: int | None = None
    education: str = ""
    is_party_member: bool | None = None
    terms_before: int | None = None


@dataclass(frozen=True)
class Answer:
    """Whether an item applies to the nominee; where it does, what is known."""

    applies: bool
    words: str = ""


@transaction.atomic
def nominate(*, election: Election, village: Unit, nominated: Nominated, by: Person, at: datetime) -> Nominee:
    """Enter who is to stand. Refuses other people, a village without this election, no list that holds on the day, and
    the same name twice in a village.
    """
    on = local_day(at)
    _require_nominator(by, village, on)
    _lock_village(village)
    if not villages_of_election(election, on).filter(pk=village.pk).exists():
        raise Invalid("other_village", _("This village has no part in this election."), field="village")
    refuse(_refusals(nominated, on=on))
    name = " ".join(nominated.name.split())
    if Nominee.objects.filter(election=election, village=village, name=name, withdrawn_at=None).exists():
        sentence = _("%(name)s is entered for %(village)s already. A namesake gets a word that tells them apart.")
        raise Conflict("nominated_already", sentence % {"name": name, "village": village.name}, field="name")
    held = list_on(village.path, on)
    if held is None:
        sentence = _("No eligibility list holds today. The city office publishes one first.")
        raise Invalid("no_list", sentence)
    return Nominee.objects.create(
        election=election,
        village=village,
        list=held,
        name=name,
        birth_year=nominated.birth_year,
        education=nominated.education,
        is_party_member=nominated.is_party_member,
        terms_before=nominated.terms_before,
        by=by,
        at=at,
    )


@transaction.atomic
def sign_opinion(
    *, nominee: Nominee, department: Unit, answers: Mapping[int, Answer], by: Person, at: datetime
) -> DepartmentOpinion:
    """Sign what a department says to each of its items. Refuses who holds no post there, the nominee themself, a second
    signature, an item without an answer, and one that applies without a word of what is known.
    """
    nominee = _locked(nominee)
    items = list(nominee.list.items.filter(department=department))
    if department.pk not in signing_departments(by, local_day(at)) or not items:
        sentence = _("This is signed by who holds a post at %(department)s.") % {"department": department.name}
        raise NotAllowed("not_your_department", sentence)
    require_other(by, nominee)
    if nominee.opinions.filter(department=department).exists():
        raise Conflict("signed_already", _("Your department signed for this nominee already, and signs once."))
    _require_undecided(nominee)
    refuse(_answer_refusals(items, answers))
    opinion = DepartmentOpinion.objects.create(nominee=nominee, department=department, by=by, at=at)
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(
            opinion=opinion, item=item, applies=answers[item.pk].applies, words=answers[item.pk].words.strip()
        )
        for item in items
    )
    return opinion


@transaction.atomic
def decide_eligibility(
    *, nominee: Nominee, is_eligible: bool, reason: str = "", by: Person, at: datetime
) -> EligibilityDecision:
    """Say whether a nominee may stand. Refuses other offices, the nominee themself, who signed an opinion on them, a
    second decision; to pass them while an opinion is missing or a barring item applies, and without a reason where a
    warning applies; and to refuse them without a reason.
    """
    nominee = _locked(nominee)
    if not may_decide(by, nominee, local_day(at)):
        sentence = _("Who may stand is decided by the office of the county of %(village)s, or by the city.")
        raise NotAllowed("not_your_decision", sentence % {"village": nominee.village.name})
    require_other(by, nominee)
    if nominee.opinions.filter(by=by).exists():
        raise NotAllowed("own_opinion", _("You signed an opinion on this nominee. Leave the decision to a colleague."))
    _require_undecided(nominee)
    reason = reason.strip()
    refuse(length_refusals(reason=reason))
    if is_eligible:
        _require_passable(nominee, reason)
    else:
        reason = require_words(reason, field="reason", sentence=_("Say why they may not stand."))
    return EligibilityDecision.objects.create(nominee=nominee, is_eligible=is_eligible, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_nominee(*, nominee: Nominee, reason: str, by: Person, at: datetime) -> Nominee:
    """Take a nominee back: it stays as it was, and counts no more. Refuses other people, no reason, who is elected."""
    nominee = _locked(nominee)
    _require_nominator(by, nominee.village, local_day(at))
    if nominee.withdrawn_at is not None:
        raise Conflict("withdrawn_already", _("This nominee was taken back."))
    if ElectedNominee.objects.filter(nominee=nominee).exists():
        raise Conflict("elected_already", _("Who is elected is not taken back."))
    reason = require_words(reason, field="reason", sentence=_("Say why the nominee is taken back."))
    refuse(length_refusals(reason=reason))
    nominee.withdrawn_at, nominee.withdrawn_by, nominee.withdrawn_reason = at, by, reason
    nominee.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return nominee


@transaction.atomic
def enter_elected(*, nominee: Nominee, elected_on: date, by: Person, at: datetime) -> ElectedNominee:
    """Enter that a nominee was elected. Refuses other people, the nominee themself, whoever may not stand, and a day
    ahead or before the election.
    """
    nominee = _locked(nominee)
    _require_nominator(by, nominee.village, local_day(at))
    require_other(by, nominee)
    if nominee.withdrawn_at is not None:
        raise Conflict("withdrawn_already", _("This nominee was taken back."))
    decision = EligibilityDecision.objects.filter(nominee=nominee).first()
    if decision is None or not decision.is_eligible:
        raise Conflict("not_eligible", _("Only who was found eligible can be elected. Look at the check first."))
    if ElectedNominee.objects.filter(nominee=nominee).exists():
        raise Conflict("elected_already", _("It is entered already that they were elected."))
    refuse(day_refusals(elected_on, at=at, field="elected_on"))
    if elected_on < nominee.election.begins_on:
        sentence = _("This day lies before the first day of the election. Look at it again.")
        raise Invalid("before_election", sentence, field="elected_on")
    return ElectedNominee.objects.create(nominee=nominee, elected_on=elected_on, by=by, at=at)


def missing_departments(nominee: Nominee) -> QuerySet[EligibilityItem]:
    """The items of this nominee's list whose department has not signed."""
    signed = DepartmentOpinion.objects.filter(nominee=nominee, department=OuterRef("department"))
    return nominee.list.items.exclude(Exists(signed))


def applying(nominee: Nominee) -> QuerySet[EligibilityAnswer]:
    """The answers by which an item applies to this nominee."""
    answers = EligibilityAnswer.objects.filter(opinion__nominee=nominee, applies=True)
    return answers.select_related("item").order_by("item__kind", "item__order")


def _require_passable(nominee: Nominee, reason: str) -> None:
    applies = [answer.item for answer in applying(nominee)]
    if barred := next((item for item in applies if item.kind == EligibilityKind.CANNOT), None):
        raise Invalid("barred", _("They cannot stand: “%(item)s” applies.") % {"item": barred.words})
    if missing := sorted({item.department_name for item in missing_departments(nominee)}):
        sentence = _("These opinions are still missing: %(departments)s. Without them nobody is passed.")
        raise Invalid("opinion_missing", sentence % {"departments": "、".join(missing)})
    if applies and not reason:
        sentence = _("“%(item)s” applies: say why they may stand all the same.")
        raise Invalid("reason_missing", sentence % {"item": applies[0].words}, field="reason")


def _require_undecided(nominee: Nominee) -> None:
    if nominee.withdrawn_at is not None:
        raise Conflict("withdrawn_already", _("This nominee was taken back."))
    if EligibilityDecision.objects.filter(nominee=nominee).exists():
        raise Conflict("decided_already", _("It is decided already whether they may stand."))


def _require_nominator(by: Person, village: Unit, on: date) -> None:
    if not may_nominate(by, village, on):
        sentence = _("Nominees of %(village)s are entered by its town, or by the offices above it.")
        raise NotAllowed("not_your_village", sentence % {"village": village.name})


def _refusals(nominated: Nominated, *, on: date) -> list[Refusal]:
    found: list[Refusal] = []
    name = " ".join(nominated.name.split())
    if not name:
        found.append(Invalid("words_missing", _("Write the name."), field="name"))
    if len(name) > LONGEST_NAME:
        long = _("At most %(most)d characters for a name.") % {"most": LONGEST_NAME}
        found.append(Invalid("name_long", long, field="name"))
    if any(letter.isdigit() for letter in name):
        sentence = _("A name without digits, please: no number of a person is kept here.")
        found.append(Invalid("name_with_digits", sentence, field="name"))
    born = nominated.birth_year
    if born is not None and not YOUNGEST <= on.year - born <= OLDEST:
        sentence = _("Please look at the year of birth: who stands is at least 18 years old.")
        found.append(Invalid("birth_year_odd", sentence, field="birth_year"))
    if nominated.education and nominated.education not in Education.values:
        found.append(Invalid("education_unknown", _("Choose the education again."), field="education"))
    if nominated.terms_before is not None and not 0 <= nominated.terms_before <= MOST_TERMS:
        found.append(Invalid("terms_odd", _("Please look at the number of terms."), field="terms_before"))
    return found


def _answer_refusals(items: list[EligibilityItem], answers: Mapping[int, Answer]) -> list[Refusal]:
    found: list[Refusal] = []
    for item in items:
        answer = answers.get(item.pk)
        if answer is None:
            sentence = _("Answer “%(item)s” as well: your department signs once, for all its items.")
            found.append(Invalid("answer_missing", sentence % {"item": item.words}, field=f"item-{item.pk}"))
        elif answer.applies and not answer.words.strip():
            sentence = _("Say what is known: “%(item)s” is said to apply.")
            found.append(Invalid("words_missing", sentence % {"item": item.words}, field=f"words-{item.pk}"))
        else:
            found += [
                Invalid(one.code, one.sentence, field=f"words-{item.pk}") for one in length_refusals(words=answer.words)
            ]
    return found


def _lock_village(village: Unit) -> None:
    """One nominee of a village at a time: who is there is looked at before it is written."""
    Unit.objects.select_for_update(no_key=True).get(pk=village.pk)


def _locked(nominee: Nominee) -> Nominee:
    _lock_village(nominee.village)
    return Nominee.objects.select_related("village", "election", "list").get(pk=nominee.pk)
