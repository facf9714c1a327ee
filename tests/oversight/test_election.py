"""A change of terms in 1,334 villages by one import: no case without owner or deadline, each pack made once."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef

from casework.models import Assignment, Case, Person, Term
from casework.models.unit import on_day
from casework.offices.people import import_people
from casework.stages import OPEN, Stage
from casework.tables.parsing import read_table
from oversight.handover.clock import keep_handovers
from oversight.handover.records import HandoverLine, HandoverPack
from tests.benchmarks.city import VILLAGES
from tests.cast import Cast
from tests.oversight.election import OPEN_EACH, a_city_before_its_election, elected
from tests.walk import NOW, TODAY, case_at

FIRST = TODAY + timedelta(days=1)
MORNING = NOW + timedelta(days=1)
HEADER = "姓名,手机号,单位代码,角色,任期起,任期止\n"
OF_A_CASE = ("pk", "due_on", "responsible", "waits_at", "next_step_at", "ladder_round", "ladder_since")


@pytest.mark.django_db
def test_an_election_of_a_whole_city_by_one_import(is_postgres: bool, django_assert_max_num_queries: object) -> None:
    most = 60 if is_postgres else 300  # SQLite takes fewer values a statement
    villages = a_city_before_its_election(at=NOW, villages=VILLAGES)
    cases = list(Case.objects.order_by("pk").values_list(*OF_A_CASE))
    owners = list(Assignment.objects.order_by("pk").values_list("post", "due_on", "ended_at"))
    table = elected(villages, FIRST)
    with django_assert_max_num_queries(most):
        outcome = import_people(table, by=None, at=NOW, is_election=True).outcome
    assert outcome.summary() == f"{VILLAGES} added, 0 changed, 0 unchanged, 0 refused"
    with django_assert_max_num_queries(most):
        assert keep_handovers(at=MORNING) == VILLAGES
    assert list(Case.objects.order_by("pk").values_list(*OF_A_CASE)) == cases
    assert list(Assignment.objects.order_by("pk").values_list("post", "due_on", "ended_at")) == owners
    held = Term.objects.filter(on_day(FIRST), post=OuterRef("post"), person__is_active=True)
    assert not Assignment.objects.filter(~Exists(held), ended_at=None, case__stage__in=OPEN).exists()
    assert HandoverPack.objects.count() == VILLAGES
    assert HandoverLine.objects.count() == VILLAGES * (OPEN_EACH + 1)
    # The same file, and the clock, again: nothing twice.
    assert import_people(table, by=None, at=MORNING, is_election=True).outcome.unchanged == VILLAGES
    assert keep_handovers(at=MORNING + timedelta(hours=1)) == 0
    assert HandoverPack.objects.count() == VILLAGES


class TestRows:
    def read(self, *lines: str, **options: bool) -> object:
        table = read_table((HEADER + "\n".join(lines) + "\n").encode())
        return import_people(table, by=None, at=NOW, **options).outcome

    def known(self, cast: Cast) -> str:
        Term.objects.filter(person=cast.willow_member).update(valid_until=TODAY - timedelta(days=9))
        Person.objects.filter(pk=cast.willow_head.pk).update(phone="13900000001")
        return f"willow_head,13900000001,{cast.willow.code},committee_head,,{TODAY}"

    def test_an_end_without_a_next_holder_is_refused_and_names_the_cases(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        outcome = self.read(self.known(cast), f"甲,13900000002,{cast.elm.code},committee_head,{FIRST},")
        assert outcome.summary() == "1 added, 0 changed, 0 unchanged, 1 refused"
        assert case.number in outcome.refused[0][1]
        assert Term.objects.get(person=cast.willow_head).valid_until is None

    def test_the_next_holder_may_stand_anywhere_in_the_file(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        outcome = self.read(self.known(cast), f"乙,13900000003,{cast.willow.code},committee_head,{FIRST},")
        assert outcome.summary() == "1 added, 1 changed, 0 unchanged, 0 refused"

    def test_whoever_is_elected_again_keeps_the_post(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        self.known(cast)
        line = f"willow_head,13900000001,{cast.willow.code},committee_head,{FIRST},"
        assert self.read(line, is_election=True).summary() == "1 added, 0 changed, 0 unchanged, 0 refused"
        terms = Term.objects.filter(person=cast.willow_head).order_by("pk").values_list("valid_from", "valid_until")
        assert list(terms) == [(None, TODAY), (FIRST, None)]
        assert keep_handovers(at=MORNING) == 0
