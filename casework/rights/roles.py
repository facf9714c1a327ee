"""Who may do what: predicates and the querysets that match them, from the same table.

A right is a pair (`table.py`): a role, and the unit of the case at which a post of that role counts. `may()` asks for
one case, `where()` gives the same answer as a condition for a query, so that a list and a button can't disagree. What
hangs on the person's part in the case (whoever rectified never reviews) stands in `own_hands()`.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.caching.read_once import read_once
from casework.errors import NotAllowed
from casework.models.case import Case, Source
from casework.models.look_back import LookBack, LookBackState
from casework.models.person import Person
from casework.models.post import Term
from casework.models.review import Outcome, Review
from casework.models.unit import Unit, on_day
from casework.rights.hands import RECTIFIED, had_a_hand, hands_of
from casework.rights.held_posts import Held, posts_held
from casework.rights.office_table import OFFICE_RIGHTS, OfficeAction
from casework.rights.pairings import HELPER_ROLE, helped_by, pairings_of
from casework.rights.table import FROM_ASSIGNMENT_ON, RIGHTS, Action
from casework.stages import DESK_ROLES, OPEN, REVIEWS, Level, Light, Role, Stage


def posts_for(person: Person, action: OfficeAction, on: date) -> list[Held]:
    """The posts by which this person may do what needs no case; it counts at their units and below."""
    return [held for held in posts_held(person, on) if held.role in OFFICE_RIGHTS[action]]


def may_do(person: Person, action: OfficeAction, on: date) -> bool:
    """Whether `posts_for` finds a post. Which villages it counts for says `territories.villages_of`."""
    return bool(posts_for(person, action, on))


def administers(person: Person, unit: Unit, on: date) -> bool:
    """Whether this person gives the posts of this unit: an administrator does at the own unit and below it."""
    return any(unit.path.startswith(held.unit_path) for held in posts_for(person, OfficeAction.ADMINISTER, on))


def post_for(person: Person, action: Action, case: Case, on: date) -> Held | None:
    """The post by which this person may do this to this case, ignoring stage and own hands; None without one."""
    for role, level in RIGHTS[action]:
        unit_id = getattr(case, f"{level}_id")
        if unit_id is None:
            continue
        for held in posts_held(person, on):
            if held.role == role and held.unit_id == unit_id:
                return held
    return None


def where(person: Person, action: Action, on: date) -> Q:
    """The cases on which `post_for` finds a post, as a condition for a query over `Case`."""
    return any_of(_units_of_posts(person, action, on))


def _units_of_posts(person: Person, action: Action, on: date) -> list[Q]:
    """The condition of `where` unit by unit: each asks one column for one value, and none repeats what another holds."""
    units: dict[tuple[Level, int], bool] = {}
    for held in posts_held(person, on):
        for role, level in RIGHTS[action]:
            if role == held.role:
                only_assigned = action == Action.VIEW and role in FROM_ASSIGNMENT_ON
                key = (level, held.unit_id)
                units[key] = units.get(key, True) and only_assigned
    return [
        Q(**{f"{level}_id": unit_id}) & (Q(assigned_at__isnull=False) if only_assigned else Q())
        for (level, unit_id), only_assigned in units.items()
    ]


def any_of(parts: Iterable[Q]) -> Q:
    """Whatever one of these conditions holds for; nothing where there is none."""
    condition = Q(pk__in=())
    for part in parts:
        condition |= part
    return condition


def visible_to(person: Person, on: date) -> Q:
    """The cases that this person may see today: the first link of every chain of queries."""
    return any_of(visible_parts(person, on))


def visible_parts(person: Person, on: date) -> list[Q]:
    """`visible_to` in parts, of which each reads one index in its order: for the first rows of a list, a database that
    is asked for all of them in one condition reads every open case of a city and sorts it.

    A referred case is seen by the discipline office it went to and by nobody else. Whoever reported a case sees it as
    long as a reporting post is held: a volunteer sees nothing but that.
    """
    seen = _units_of_posts(person, Action.VIEW, on)
    helped = helped_by(person, on)
    if helped.villages or helped.cases:
        seen.append(helped.condition())
    if may_do(person, OfficeAction.REPORT, on):
        seen.append(Q(reported_by=person))
    parts = [~Q(stage=Stage.REFERRED) & part for part in seen]
    if any(held.is_discipline_office for held in posts_held(person, on)):
        parts.append(referred_to(person, on))
    return parts


def referred_to(person: Person, on: date) -> Q:
    """The cases that went to a discipline office of this person's."""
    offices = [held.unit_id for held in posts_held(person, on) if held.is_discipline_office]
    return Q(stage=Stage.REFERRED, referral__to__in=offices)


def may_view(person: Person, case: Case, on: date) -> bool:
    """The predicate that matches `visible_to`."""
    if case.stage == Stage.REFERRED:
        return any(held.is_discipline_office and held.unit_id == case.referral.to_id for held in posts_held(person, on))
    if case.reported_by_id == person.pk and may_do(person, OfficeAction.REPORT, on):
        return True
    for role, level in RIGHTS[Action.VIEW]:
        if role in FROM_ASSIGNMENT_ON and case.assigned_at is None:
            continue
        unit_id = getattr(case, f"{level}_id")
        if unit_id is not None and any(h.role == role and h.unit_id == unit_id for h in posts_held(person, on)):
            return True
    return helped_by(person, on).has(case)


def terms_that_see(case: Case, on: date) -> QuerySet[Term]:
    """The terms by which somebody sees this case today: `may_view` asked the other way round, in one query."""
    if case.stage == Stage.REFERRED:
        seats = Q(post__unit=case.referral.to_id, post__unit__is_discipline_office=True)
    else:
        seats = Q(person=case.reported_by_id, post__role__in=OFFICE_RIGHTS[OfficeAction.REPORT])
        for role, level in RIGHTS[Action.VIEW]:
            unit_id = getattr(case, f"{level}_id")
            if unit_id is not None and (case.assigned_at is not None or role not in FROM_ASSIGNMENT_ON):
                seats |= Q(post__role=role, post__unit=unit_id)
        if case.assigned_at is not None:
            seats |= Q(post__role=HELPER_ROLE, post__unit__in=pairings_of([case], on).values("helper"))
    return Term.objects.filter(on_day(on), seats, person__is_active=True, post__unit__is_active=True)


def post_sees(case: Case, unit: int, role: str, *, helpers: Collection[int]) -> bool:
    """Whether a post of this role at this unit sees the case, whoever holds it; `helpers` are the case's helper units of
    today (`helpers_of`).
    """
    if case.stage == Stage.REFERRED:
        return unit == case.referral.to_id
    if role == HELPER_ROLE and unit in helpers and case.assigned_at is not None:
        return True
    return (case.assigned_at is not None or role not in FROM_ASSIGNMENT_ON) and any(
        role == right and unit == getattr(case, f"{level}_id") for right, level in RIGHTS[Action.VIEW]
    )


def sees_originals(person: Person, case: Case, on: date) -> bool:
    """Whether this person may open the untouched files of a case: a photo's own data says where and when it was taken.

    Whoever holds a post over the case may; who only reported it (a volunteer) sees the previews.
    """
    return may_view(person, case, on) and (
        case.stage == Stage.REFERRED or post_for(person, Action.VIEW, case, on) is not None
    )


def strike_off_action(case: Case) -> Action:
    """A case that the city reviews is struck off by the city."""
    return Action.CITY_STRIKE_OFF if case.needs_city_review else Action.STRIKE_OFF


def decides_extension(case: Case) -> tuple[Role, Level]:
    """One level above whoever asks: the town for a village, the county for a department."""
    if case.responsible_id == case.village_id and case.town_id is not None:
        return Role.TOWN_REVIEWER, Level.TOWN
    return Role.COUNTY_SUPERVISOR, Level.COUNTY


# The reviews below each: whoever passed the rectification there does not pass it a second time one level up.
REVIEWS_BELOW: dict[Action, tuple[Stage, ...]] = {
    Action.SECOND_REVIEW: (Stage.FIRST_REVIEW,),
    Action.CITY_REVIEW: (Stage.FIRST_REVIEW, Stage.SECOND_REVIEW),
}
ACCEPTING = (*REVIEWS, Action.STRIKE_OFF, Action.CITY_STRIKE_OFF, Action.DECIDE_EXTENSION)


def own_hands(person: Person, action: Action, case: Case, on: date) -> NotAllowed | None:
    """Why this person's own part in the case forbids this action: whoever rectified never accepts.

    Having planned, proved or submitted in any round counts, and so does having held a post in the committee or
    department that rectifies since it was assigned, also after changing posts. Whoever passed a review does not pass
    the next one up, and nobody screens a self-report of the own hand.
    """
    if action in ACCEPTING and had_a_hand(person, case, on=on, parts=RECTIFIED):
        return NotAllowed(
            "own_work", _("You took part in the rectification, so somebody else must review it. Ask a colleague.")
        )
    if action in REVIEWS_BELOW and _passed(person, REVIEWS_BELOW[action], case):
        return NotAllowed("own_review", _("You passed it one level below, so a colleague must decide here."))
    if (
        action in (Action.SCREENING, Action.CLASSIFY)
        and case.source == Source.SELF_CHECK
        and case.reported_by_id == person.pk
    ):
        return NotAllowed("own_report", _("You reported this self-check yourself, so a colleague must screen it."))
    return None


def _passed(person: Person, stages: tuple[Stage, ...], case: Case) -> bool:
    """Whether this person passed one of these reviews in the present round."""
    passed = Review.objects.filter(case=case, round=case.round, stage__in=stages, outcome=Outcome.PASSED, by=person)
    return read_once(case, ("passed by", person.pk, case.round, stages), passed.exists)


def refusal(person: Person, action: Action, case: Case, on: date) -> NotAllowed | None:
    """Why this person may not do this to this case, or None. The stage is not asked here: that is a conflict."""
    if action == Action.COMMENT:
        return None if may_view(person, case, on) else _unseen()
    wanted = strike_off_action(case) if action == Action.STRIKE_OFF else action
    held = post_for(person, wanted, case, on)
    if action == Action.DECIDE_EXTENSION and held is not None and (held.role != decides_extension(case)[0]):
        held = None
    if action == Action.ADD_PHOTO_BEFORE and case.reported_by_id == person.pk and may_view(person, case, on):
        return None  # whoever reported it adds what the camera saw
    if held is None:
        return NotAllowed(
            "not_your_case",
            _("Your posts do not allow this step for this case. It belongs to: %(who)s.")
            % {"who": whose(action, case)},
        )
    if action == Action.ENTER_FROM_PAPER and case.responsible_id != case.village_id:
        return NotAllowed("not_the_villages", _("Only what the village itself puts right is entered from its paper."))
    if case.stage == Stage.REFERRED:
        return NotAllowed("referred", _("The case was referred; only the discipline office sees it now."))
    return own_hands(person, action, case, on)


def _unseen() -> NotAllowed:
    return NotAllowed("not_seen", _("You may not see this case, so you can't write in it."))


def whose(action: Action, case: Case) -> str:
    """Who could do this to this case, in words: each role with the unit at which it counts."""
    wanted = strike_off_action(case) if action == Action.STRIKE_OFF else action
    rights = [decides_extension(case)] if action == Action.DECIDE_EXTENSION else RIGHTS[wanted]
    holders = [(role, getattr(case, level)) for role, level in rights]
    return "、".join(f"{unit} {role.label}" for role, unit in holders if unit is not None) or "–"


def may(person: Person, action: Action, case: Case, on: date) -> bool:
    """Whether `refusal` finds no reason."""
    return may_view(person, case, on) if action == Action.VIEW else refusal(person, action, case, on) is None


def may_set_rules(person: Person, city: Unit, on: date) -> bool:
    """Whether this person's office sets the ladder and the calendar of this city."""
    return any(held.unit_id == city.pk for held in posts_for(person, OfficeAction.SET_RULES, on))


def rules_city(person: Person, on: date) -> int | None:
    """The key of the city whose rules this person sets; None without any."""
    return next((held.unit_id for held in posts_for(person, OfficeAction.SET_RULES, on)), None)


def sees_unannounced(person: Person, case: Case, on: date) -> bool:
    """Whether this person may know of a look-back before it is done: inspectors and offices, not those looked at."""
    return any(post_for(person, action, case, on) is not None for action in (Action.LOOK_BACK, Action.VERDICT))


def inspectors_shown_to(person: Person, look_backs: Iterable[LookBack], on: date) -> set[int]:
    """The look-backs, by their keys, whose inspector this person may read.

    Until it is done the drawn one knows, and nobody whose work is looked at. Once it is long overdue an office must see
    that it is done: then those read the name who, by person and by post, had no hand in the case.
    """
    look_backs = list(look_backs)
    shown = {one.pk for one in look_backs if one.state == LookBackState.DONE or one.inspector_id == person.pk}
    late = [one for one in look_backs if one.pk not in shown and one.light == Light.RED]
    hands = hands_of({one.case_id for one in late}, on=on) if late else {}
    return shown | {one.pk for one in late if person.pk not in hands[one.case_id]}


def sees_flags(person: Person, case: Case, on: date) -> bool:
    """Whether this person reviews such cases: flags are for reviewers, not for those whose proof they are about."""
    reviews = (Action.FIRST_REVIEW, Action.SECOND_REVIEW, Action.CITY_REVIEW)
    return any(post_for(person, action, case, on) is not None for action in reviews)


def waiting(person: Person, on: date) -> Q:
    """The open cases whose turn is a post held by this person: rides the index `waits_at_unit`."""
    return Q(waits_at__in=_desks(person, on), stage__in=OPEN)


def waiting_parts(person: Person, on: date) -> list[Q]:
    """`waiting` desk by desk, each in the order of the index."""
    return [Q(waits_at=unit_id, stage__in=OPEN) for unit_id in _desks(person, on)]


def _desks(person: Person, on: date) -> list[int]:
    return sorted({held.unit_id for held in posts_held(person, on) if held.role in DESK_ROLES})
