"""A post passes from one holder to the next on a day, and a term that has not begun is called off."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person, Post, Term, Unit
from casework.models.history import stamped
from casework.models.post import LEVELS_OF_ROLE
from casework.models.unit import on_day
from casework.offices.next_holders import cases_left_behind, name_caretakers, require_next_holder
from casework.offices.terms import end_term, give_post, refusal_to_give, require_free
from casework.stages import Role
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import EARLIEST

# A term is planned ahead for at most two terms of a committee: a later day is a slip of the finger.
LONGEST_TERM = timedelta(days=10 * 366)


@transaction.atomic
def change_holder(
    *, post: Post, person: Person, valid_from: date, valid_until: date | None, by: Person, at: datetime
) -> Term:
    """Make a person the holder of a post from a day on; whoever holds it on that day ends the day before.

    A post that is not in the database yet is one more of its role: a free one of the unit is taken where there is one.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=post.unit_id)
    refused = refusal_to_give(post=post, person=person, by=by, at=at)
    if refused is not None:
        raise refused
    refuse(_unfit(unit, Role(post.role), person, valid_from, valid_until, on=local_day(at)))
    if post.pk is None:
        given = {"valid_from": valid_from, "valid_until": valid_until, "by": by, "at": at}
        return give_post(unit=unit, role=Role(post.role), person=person, **given)
    now = Term.objects.filter(on_day(valid_from), post=post).select_related("person").first()
    if now is not None:
        _require_another(now, person, valid_from)
    require_free(post, valid_from, valid_until, but=now.pk if now else None)
    theirs = Term.objects.filter(post__unit=unit, post__role=post.role, person=person)
    theirs = theirs.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from))
    if valid_until is not None:
        theirs = theirs.filter(Q(valid_from=None) | Q(valid_from__lte=valid_until))
    if theirs.exists():
        raise Invalid(
            "term_overlaps", _("%(name)s holds such a post in these days already.") % {"name": person}, field="person"
        )
    with stamped(step="change_holder", by=by, at=at):
        term = Term.objects.create(post=post, person=person, valid_from=valid_from, valid_until=valid_until)
    if now is not None:
        # Behind the next one's beginning: no open case is without a holder in between.
        end_term(term=now, valid_until=valid_from - timedelta(days=1), by=by, at=at)
    return term


def _unfit(
    unit: Unit, role: Role, person: Person, valid_from: date, valid_until: date | None, *, on: date
) -> list[Refusal]:
    found: list[Refusal] = []
    if not unit.is_active:
        found.append(Invalid("unit_unused", _("%(name)s is no longer in use.") % {"name": unit.name}))
    if unit.level not in LEVELS_OF_ROLE[role]:
        found.append(
            Invalid(
                "role_misfit",
                _("%(role)s is not a role at a unit of the level %(level)s.")
                % {"role": role.label, "level": unit.get_level_display()},
            )
        )
    if not person.is_active:
        found.append(
            Invalid(
                "account_off",
                _("The account of %(name)s is switched off. Switch it on first.") % {"name": person},
                field="person",
            )
        )
    for field, day in (("valid_from", valid_from), ("valid_until", valid_until)):
        if day is not None and not EARLIEST <= day <= on + LONGEST_TERM:
            found.append(
                Invalid(
                    "day_out_of_reach",
                    _("%(day)s lies too far away. Check the year.") % {"day": exact_day(day)},
                    field=field,
                )
            )
    return found


def _require_another(term: Term, person: Person, valid_from: date) -> None:
    if term.person_id == person.pk:
        raise Invalid(
            "same_holder",
            _("%(name)s holds this post on that day already. Choose somebody else, or set the last day.")
            % {"name": person},
            field="person",
        )
    if term.valid_from == valid_from:
        raise Invalid(
            "began_that_day",
            _("%(name)s holds this post from that day on. Choose a later day.") % {"name": term.person},
            field="valid_from",
        )


@transaction.atomic
def call_off_term(*, term: Term, by: Person, at: datetime, with_caretaker: bool = False) -> None:
    """Take a term away that has not begun, as if it had never been planned; its history stays. `with_caretaker` as in
    `end_term`.
    """
    locked = Term.objects.select_for_update(of=("self",)).select_related("post__unit", "person").get(pk=term.pk)
    refused = refusal_to_give(post=locked.post, person=locked.person, by=by, at=at)
    if refused is not None and refused.code != "own_post":
        raise refused
    if locked.valid_from is None or locked.valid_from <= local_day(at):
        raise Invalid("term_began", _("This term has begun. Set its last day instead."))
    # It may be what another term's end relied on.
    before = locked.valid_from - timedelta(days=1)
    if cases_left_behind([(locked, before)]):
        if not with_caretaker:
            require_next_holder(locked, before)
        name_caretakers(units=[locked.post.unit], valid_from=locked.valid_from, by=by, at=at)
    with stamped(step="call_off_term", by=by, at=at):
        locked.delete()
