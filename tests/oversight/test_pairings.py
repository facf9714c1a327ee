"""Paired assistance: a helper unit sees the assigned cases, hears of their reminders, and enters its visits."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, NotAllowed, Refusal
from casework.escalation.sweeping import sweep
from casework.lifecycle.exit import refer_case
from casework.models import Case, CaseEvent, Escalation, Pairing, Person
from casework.offices.pairings import end_pairing, move_pairings, pair_unit
from casework.queries import visible
from casework.rights.roles import may, may_view, terms_that_see
from casework.rights.table import Action
from casework.stages import Role, Stage
from casework.talk.commenting import write_comment
from casework.talk.mentions import readers_of
from flows import steps
from notifications.audience import listeners
from oversight.models import HelperVisit
from oversight.pairings.helping import enter_help, pairings_seen_by
from tests.cast import Cast
from tests.factories import holder, unit
from tests.walk import NOW, TODAY, case_at, reported


@pytest.fixture
def helper(cast: Cast) -> Person:
    """Somebody of a department that has no part in any case."""
    bureau = unit("department", cast.city, name="市水利局")
    return holder(Role.DEPARTMENT_MEMBER, bureau, "helper")


def bureau_of(person: Person) -> object:
    return person.terms.get().post.unit


@pytest.fixture
def pairing(cast: Cast, helper: Person) -> Pairing:
    return pair_unit(helper=bureau_of(helper), village=cast.willow, day=TODAY, by=cast.county_supervisor, at=NOW)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_a_helper_sees_what_is_assigned_in_its_village_and_decides_nothing(
    cast: Cast, helper: Person, pairing: Pairing
) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    early = reported(cast)
    elsewhere = reported(cast, village=cast.poplar)
    assert list(visible(helper, TODAY)) == [case]
    assert may_view(helper, case, TODAY) and not may_view(helper, early, TODAY)
    assert not may_view(helper, elsewhere, TODAY)
    assert helper.pk in terms_that_see(case, TODAY).values_list("person", flat=True)
    assert helper.pk not in terms_that_see(early, TODAY).values_list("person", flat=True)
    allowed = {action for action in Action if may(helper, action, case, TODAY)}
    assert allowed == {Action.VIEW, Action.COMMENT}


def test_a_pairing_of_one_case_shows_this_one_alone(cast: Cast, helper: Person) -> None:
    case, other = case_at(Stage.RECTIFICATION, cast), case_at(Stage.FIRST_REVIEW, cast)
    pair_unit(helper=bureau_of(helper), case=case, day=TODAY, by=cast.county_supervisor, at=NOW)
    assert list(visible(helper, TODAY)) == [case]
    assert not may_view(helper, other, TODAY)


@pytest.mark.parametrize(("first", "last", "sees"), [(0, None, True), (1, None, False), (-5, -1, False), (-5, 0, True)])
def test_it_holds_on_its_days(first: int, last: int | None, sees: bool, cast: Cast, helper: Person) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    by = {"by": cast.county_supervisor, "at": NOW}
    made = pair_unit(helper=bureau_of(helper), village=cast.willow, day=TODAY + timedelta(days=first), **by)
    if last is not None:
        end_pairing(pairing=made, day=TODAY + timedelta(days=last), **by)
    assert may_view(fresh(helper), case, TODAY) is sees
    assert visible(fresh(helper), TODAY).exists() is sees


def test_of_a_referred_case_the_helper_sees_nothing(cast: Cast, helper: Person, pairing: Pairing) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    case = Case.objects.get(pk=case.pk)
    assert not may_view(helper, case, TODAY) and not visible(helper, TODAY).exists()


def test_reminders_go_to_the_helper_too(cast: Cast, helper: Person, pairing: Pairing) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    assert case.due_on is not None
    after = NOW + (case.due_on - TODAY) + timedelta(days=5)
    sweep(at=after)
    taken = list(Escalation.objects.filter(case=case))
    assert taken and all([pairing.helper_id, [Role.DEPARTMENT_MEMBER]] in one.copies for one in taken)
    event = CaseEvent.objects.get(pk=taken[-1].event_id)
    heard = {one.person: one.is_copy for one in listeners([event], on=TODAY)[event.pk]}
    assert heard[helper.pk] is True


def test_without_a_pairing_nobody_else_hears(cast: Cast, helper: Person) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    assert case.due_on is not None
    sweep(at=NOW + (case.due_on - TODAY) + timedelta(days=5))
    units = {seat[0] for one in Escalation.objects.filter(case=case) for seat in (*one.to, *one.copies)}
    assert bureau_of(helper).pk not in units


def test_a_pairing_is_written_once_and_ends_once(cast: Cast, pairing: Pairing) -> None:
    by = {"by": cast.county_supervisor, "at": NOW}
    with pytest.raises(DatabaseError), transaction.atomic():
        Pairing.objects.update(valid_from=TODAY - timedelta(days=3))
    with pytest.raises(Refusal):
        end_pairing(pairing=pairing, day=TODAY - timedelta(days=1), **by)
    end_pairing(pairing=pairing, day=TODAY, **by)
    with pytest.raises(Conflict):
        end_pairing(pairing=pairing, day=TODAY, **by)
    with pytest.raises(DatabaseError), transaction.atomic():
        Pairing.objects.update(valid_until=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Pairing.objects.all()._raw_delete("default")


def test_what_can_be_no_helper_is_refused(cast: Cast, helper: Person, pairing: Pairing) -> None:
    by = {"by": cast.county_supervisor, "at": NOW}

    def code(**given: object) -> str:
        with pytest.raises(Refusal) as refused:
            pair_unit(**{"helper": bureau_of(helper), "day": TODAY, **given}, **by)
        return refused.value.code

    assert code() == "nothing_to_help"
    assert code(village=cast.willow) == "paired_already"
    assert code(village=cast.poplar, helper=cast.discipline_unit) == "no_helper"
    assert code(village=cast.poplar, helper=cast.town) == "no_helper"
    assert code(case=reported(cast)) == "case_not_open"
    assert code(village=cast.reed) == "not_your_village"
    for person in (cast.town_reviewer, cast.willow_head, helper):
        with pytest.raises(NotAllowed):
            pair_unit(helper=bureau_of(helper), village=cast.poplar, day=TODAY, by=person, at=NOW)


def test_a_visit_is_the_helpers_to_enter(cast: Cast, helper: Person, pairing: Pairing) -> None:
    said = {"pairing": pairing, "people": "祝望舒", "words": "核对票据", "at": NOW}
    visit = enter_help(**said, day=TODAY, by=helper)
    for person in (cast.department_member, cast.county_supervisor, cast.willow_head):
        with pytest.raises(NotAllowed):
            enter_help(**said, day=TODAY, by=person)
    for day, code in ((TODAY + timedelta(days=1), "day_ahead"), (TODAY - timedelta(days=1), "not_paired_then")):
        with pytest.raises(Refusal) as refused:
            enter_help(**said, day=day, by=helper)
        assert refused.value.code == code
    with pytest.raises(DatabaseError), transaction.atomic():
        HelperVisit.objects.filter(pk=visit.pk).delete()


def test_one_reads_the_pairings_of_ones_area(cast: Cast, helper: Person, pairing: Pairing) -> None:
    seen = [cast.willow_head, cast.town_reviewer, cast.county_supervisor, cast.city_supervisor, helper]
    assert all(pairings_seen_by(person, TODAY).count() == 1 for person in seen)
    others = [cast.poplar_head, cast.outsider_county, cast.outsider_head, cast.department_member, cast.inspector]
    assert not any(pairings_seen_by(person, TODAY).exists() for person in others)


def test_a_merged_village_keeps_its_helper(cast: Cast, helper: Person, pairing: Pairing) -> None:
    assert move_pairings(unit=cast.willow, successor=cast.poplar, by=cast.county_supervisor, at=NOW) == 1
    pairing.refresh_from_db()
    assert pairing.valid_until == TODAY
    after = Pairing.objects.get(valid_until=None)
    assert (after.village, after.helper, after.valid_from) == (cast.poplar, pairing.helper, TODAY + timedelta(days=1))


def test_who_is_in_no_department_asks_nothing_more(
    cast: Cast, pairing: Pairing, django_assert_num_queries: object
) -> None:
    person = fresh(cast.county_supervisor)
    with django_assert_num_queries(2):
        list(visible(person, TODAY))


def test_the_helper_unit_and_its_post_are_mentioned_as_long_as_it_helps(
    cast: Cast, helper: Person, pairing: Pairing
) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    bureau = pairing.helper
    for words in ("@市水利局 请看渠", f"@市水利局·{Role.DEPARTMENT_MEMBER.label} 请看渠"):
        comment = write_comment(case=case, words=words, by=cast.willow_head, at=NOW)
        assert [(row["unit"], row["roles"]) for row in comment.mentions] == [(bureau.pk, [Role.DEPARTMENT_MEMBER])]
        event = CaseEvent.objects.get(pk=comment.pk)
        assert helper.pk in {one.person for one in listeners([event], on=TODAY)[event.pk]}
    end_pairing(pairing=pairing, day=TODAY, by=cast.county_supervisor, at=NOW)
    tomorrow = TODAY + timedelta(days=1)
    assert "市水利局" not in {reader.name for reader in readers_of(case, tomorrow)}
    assert helper.pk not in {one.person for one in listeners([event], on=tomorrow)[event.pk]}


def test_before_its_village_knows_of_a_case_no_helper_is_mentioned(cast: Cast, pairing: Pairing) -> None:
    assert "市水利局" not in {reader.name for reader in readers_of(reported(cast), TODAY)}
