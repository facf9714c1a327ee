"""Who is given a post, by whom: one rule for every surface that gives one.

An administrator gives the posts at the own unit and below. Nobody gives a post to themselves, and a post of a discipline office is given by those who hold one there: an
administrator who reads everything else must not let anybody, least of all himself, into the referred cases. The first
holder of a discipline office comes in with `manage.py import_people`.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import Person, Post, Term, Unit
from casework.models.history import stamped
from casework.offices.next_holders import cases_left_behind, name_caretakers, require_next_holder
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import administers, may_do
from casework.stages import Role
from casework.working_time.deadlines import ONE_DAY, local_day


def refusal_to_give(*, post: Post, person: Person, by: Person, at: datetime) -> Refusal | None:
    """Why this person may not give this post to that one, or lengthen or shorten a term of theirs; None if they may."""
    on = local_day(at)
    if post.unit.is_discipline_office:
        if not any(held.unit_id == post.unit_id for held in posts_held(by, on)):
            return NotAllowed(
                "discipline_office",
                _("The posts of a discipline office are given by those who hold one there, on their own page."),
            )
    elif not may_do(by, OfficeAction.ADMINISTER, on):
        return NotAllowed("not_administrator", _("Posts are given by an administrator."))
    elif not administers(by, post.unit, on):
        return NotAllowed(
            "not_your_area",
            _("%(unit)s lies outside the area that you administer. Its own administrator gives its posts.")
            % {"unit": post.unit.name},
        )
    if person.pk == by.pk:
        return NotAllowed("own_post", _("Nobody gives a post to themselves. Ask another administrator."))
    return None


def unfit_days(valid_from: date | None, valid_until: date | None) -> Refusal | None:
    if valid_from and valid_until and valid_until < valid_from:
        return Invalid("term_backwards", _("The term ends before it begins."), field="valid_until")
    return None


def taken_by(post: Post, valid_from: date | None, valid_until: date | None, *, but: int | None = None) -> Person | None:
    """Who holds this post on one of these days; `but` is the key of the term that is being changed."""
    terms = Term.objects.filter(post=post) if post.pk else Term.objects.none()
    if but is not None:
        terms = terms.exclude(pk=but)
    if valid_until:
        terms = terms.filter(Q(valid_from=None) | Q(valid_from__lte=valid_until))
    if valid_from:
        terms = terms.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from))
    term = terms.select_related("person").first()
    return term.person if term else None


def require_free(post: Post, valid_from: date | None, valid_until: date | None, *, but: int | None = None) -> None:
    """Refuse days that run backwards, and days in which somebody holds the post already."""
    refused = unfit_days(valid_from, valid_until)
    if refused is not None:
        raise refused
    holder = taken_by(post, valid_from, valid_until, but=but)
    if holder is not None:
        raise Invalid(
            "post_taken",
            _("%(name)s holds this post in these days. End that term first, or give another post.") % {"name": holder},
            field="valid_from",
        )


@transaction.atomic
def give_post(
    *,
    unit: Unit,
    role: Role,
    person: Person,
    valid_from: date | None,
    valid_until: date | None,
    by: Person,
    at: datetime,
) -> Term:
    """Give a person a post of this role at this unit: one that is free in these days, or a new one."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    posts = list(Post.objects.filter(unit=unit, role=role).order_by("number"))
    new = Post(unit=unit, role=role, number=max((post.number for post in posts), default=0) + 1)
    refused = refusal_to_give(post=new, person=person, by=by, at=at) or unfit_days(valid_from, valid_until)
    if refused is not None:
        raise refused
    if any(taken_by(post, valid_from, valid_until) == person for post in posts):
        raise Invalid(
            "term_overlaps", _("%(name)s holds such a post in these days already.") % {"name": person}, field="person"
        )
    with stamped(step="give_post", by=by, at=at):
        post = next((one for one in posts if taken_by(one, valid_from, valid_until) is None), new)
        if post.pk is None:
            post.save()
        return Term.objects.create(post=post, person=person, valid_from=valid_from, valid_until=valid_until)


@transaction.atomic
def end_term(*, term: Term, valid_until: date, by: Person, at: datetime, with_caretaker: bool = False) -> Term:
    """Say until when, the last day included, somebody holds a post. One's own may be ended, and is not lengthened.

    Refused where it leaves an open case to nobody, with the cases by their numbers; `with_caretaker` names the office
    above as the one that looks after them, where there is no next holder yet.
    """
    locked = Term.objects.select_for_update(of=("self",)).select_related("post__unit", "person").get(pk=term.pk)
    refused = refusal_to_give(post=locked.post, person=locked.person, by=by, at=at)
    if refused is not None and not (refused.code == "own_post" and is_shorter(locked, valid_until)):
        raise refused
    require_free(locked.post, locked.valid_from, valid_until, but=locked.pk)
    # Whoever ends another term of the unit at this moment waits, and then sees this one ended.
    Unit.objects.select_for_update(no_key=True).get(pk=locked.post.unit_id)
    if is_shorter(locked, valid_until) and cases_left_behind([(locked, valid_until)]):
        if not with_caretaker:
            require_next_holder(locked, valid_until)
        name_caretakers(units=[locked.post.unit], valid_from=valid_until + ONE_DAY, by=by, at=at)
    locked.valid_until = valid_until
    with stamped(step="end_term", by=by, at=at):
        locked.save()
    return locked


def is_shorter(term: Term, valid_until: date | None) -> bool:
    return valid_until is not None and (term.valid_until is None or valid_until < term.valid_until)
