"""A village comes under another town, a unit is retired: its open cases go along, whoever does it is asked first."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from casework.errors import Invalid
from casework.escalation.chasing import find_vacancies
from casework.escalation.escalation import sweep_ladder
from casework.lifecycle.assignment import transfer_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.letters import sign_letter
from casework.models import Assignment, Case, CaseEvent, CaseMove, Escalation, Letter, Person, Post, Unit
from casework.models.case_event import EventKind
from casework.models.unit import UnitLevel
from casework.offices.retiring import retire_unit
from casework.offices.units import import_units
from casework.proofs.verification import verify_history
from casework.queries import extensions_to_decide, visible, waiting_for
from casework.rights.letter_rights import letters_to_answer, may_sign_letter
from casework.stages import Role, Stage
from casework.tables.outcome import Outcome
from casework.tables.parsing import read_table
from casework.working_time.deadlines import add_working_days, local_day, midnight
from flows import steps
from notifications.audience import listeners
from tests.cast import Cast
from tests.factories import holder, unit
from tests.walk import NOW, TODAY, assigned, case_at, closed, planned, rectified, reported, reviewed, screened

HEADER = "code,name,parent_code,level\n"


@pytest.fixture
def elm_reviewer(cast: Cast) -> Person:
    return holder(Role.TOWN_REVIEWER, cast.elm.parent, "elm_reviewer")


def row(village: Unit, parent: Unit) -> str:
    return f"{village.code},{village.name},{parent.code},village\n"


def read(text: str, **options: object) -> Outcome:
    return import_units(read_table((HEADER + text).encode()), by=None, at=NOW, **options)


def moved(cast: Cast, case: Case) -> Case:
    """Willow comes under Elm's town, with its open cases."""
    read(row(cast.willow, cast.elm.parent), moves_cases=True)
    return Case.objects.get(pk=case.pk)


def heard(case: Case) -> set[str]:
    event = CaseEvent.objects.select_related("case").get(case=case, kind=EventKind.MOVED)
    people = [one.person for one in listeners([event], on=TODAY)[event.pk]]
    return set(Person.objects.filter(pk__in=people).values_list("name", flat=True))


class TestAskedFirst:
    def test_without_the_word_the_row_is_refused_and_names_the_open_cases(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        outcome = read(row(cast.willow, cast.elm.parent) + row(cast.poplar, cast.elm.parent))
        assert outcome.summary() == "0 added, 1 changed, 0 unchanged, 1 refused"
        assert case.number in outcome.refused[0][1]
        assert Unit.objects.get(pk=cast.willow.pk).parent == cast.town
        assert Case.objects.get(pk=case.pk).town == cast.town

    def test_a_village_whose_cases_have_all_ended_moves_without_a_question(self, cast: Cast) -> None:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        assert read(row(cast.willow, cast.elm.parent)).summary() == "0 added, 1 changed, 0 unchanged, 0 refused"
        case.refresh_from_db()
        assert case.town == cast.town
        assert not CaseMove.objects.exists()

    def test_the_command_asks_by_a_flag(self, cast: Cast, tmp_path: object) -> None:
        case = case_at(Stage.PLANNING, cast)
        path = tmp_path / "units.csv"
        path.write_text(HEADER + row(cast.willow, cast.elm.parent))
        for flag, refused in ((False, 1), (True, 0)):
            out = StringIO()
            call_command("import_units", str(path), stdout=out, move_cases=flag)
            assert out.getvalue().splitlines()[-1].endswith(f"{refused} refused")
        assert Case.objects.get(pk=case.pk).town == cast.elm.parent

    def test_nothing_comes_under_a_unit_that_is_no_longer_in_use(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        Unit.objects.filter(pk=cast.elm.parent.pk).update(is_active=False)
        outcome = read(row(cast.willow, cast.elm.parent), moves_cases=True)
        assert "榆林镇" in outcome.refused[0][1]
        assert Unit.objects.get(pk=cast.willow.pk).parent == cast.town


class TestGoesAlong:
    def test_desk_and_sight_are_the_new_towns(self, cast: Cast, elm_reviewer: Person) -> None:
        case = moved(cast, case_at(Stage.FIRST_REVIEW, cast))
        assert (case.town, case.county, case.waits_at) == (cast.elm.parent, cast.county, cast.elm.parent)
        assert list(waiting_for(elm_reviewer, TODAY)) == [case]
        assert not visible(cast.town_reviewer, TODAY).exists()
        reviewed(case, elm_reviewer)
        assert Case.objects.get(pk=case.pk).stage == Stage.SECOND_REVIEW

    def test_its_history_keeps_the_old_town_and_its_seals(self, cast: Cast) -> None:
        case = moved(cast, case_at(Stage.PLANNING, cast))
        last, before = list(case.history.order_by("-history_id")[:2])
        assert (before.town_id, last.town_id, last.history_step) == (cast.town.pk, cast.elm.parent.pk, "import_units")
        assert [flaw for flaw in verify_history() if flaw] == []

    def test_both_towns_the_village_and_the_office_are_told(self, cast: Cast, elm_reviewer: Person) -> None:
        case = moved(cast, case_at(Stage.RECTIFICATION, cast))
        assert heard(case) == {"town_reviewer", "elm_reviewer", "willow_head", "willow_member", "county_supervisor"}

    def test_before_the_assignment_the_village_is_told_nothing(self, cast: Cast, elm_reviewer: Person) -> None:
        case = moved(cast, reported(cast))
        assert heard(case) == {"town_reviewer", "elm_reviewer", "county_supervisor"}

    def test_an_extension_is_decided_by_the_new_town(self, cast: Cast, elm_reviewer: Person) -> None:
        case = case_at(Stage.PLANNING, cast)
        asked = {"due_on": add_working_days(TODAY, 20), "reason": "下雨", "progress": "已备料"}
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, **asked)
        case = moved(cast, case)
        assert list(extensions_to_decide(elm_reviewer, TODAY)) == [case]
        assert not extensions_to_decide(cast.town_reviewer, TODAY).exists()
        case = steps.take(decide_extension, case=case, by=elm_reviewer, at=NOW, grant=True)
        assert case.due_on == asked["due_on"]

    def test_a_letter_that_the_old_town_has_not_signed_is_the_new_towns(self, cast: Cast, elm_reviewer: Person) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        for late in (1, 5):
            sweep_ladder(at=midnight(add_working_days(case.due_on, late)))
        letter = Letter.objects.select_related("case").get(kind="letter")
        at = midnight(add_working_days(case.due_on, 5)) + timedelta(hours=9)
        on = local_day(at)
        case = moved(cast, case)
        letter.refresh_from_db()
        assert letter.addressee == cast.town
        assert [may_sign_letter(one, letter, on) for one in (cast.town_reviewer, elm_reviewer)] == [False, True]
        assert list(Letter.objects.filter(letters_to_answer(elm_reviewer, on), receipt=None)) == [letter]
        assert letter not in Letter.objects.filter(letters_to_answer(cast.town_reviewer, on), receipt=None)
        steps.take(sign_letter, case=case, letter=letter, name="榆", by=elm_reviewer, at=at)
        event = CaseEvent.objects.get(kind=EventKind.LETTER_SIGNED)
        assert (event.by_role, event.by_unit) == (Role.TOWN_REVIEWER, cast.elm.parent)

    def test_the_next_notice_goes_to_the_new_town(self, cast: Cast) -> None:
        case = moved(cast, case_at(Stage.RECTIFICATION, cast))
        sweep_ladder(at=midnight(add_working_days(case.due_on, 1)))
        notice = Escalation.objects.get(kind="notice")
        assert [unit for unit, _roles in notice.copies] == [cast.elm.parent.pk]

    def test_a_moved_town_brings_its_villages_cases_to_the_other_county(self, cast: Cast) -> None:
        case = case_at(Stage.SECOND_REVIEW, cast)
        text = f"{cast.town.code},{cast.town.name},{cast.other_county.code},street\n"
        assert len(read(text).refused) == 1
        read(text, moves_cases=True)
        case.refresh_from_db()
        assert (case.town, case.county, case.waits_at) == (cast.town, cast.other_county, cast.other_county)

    def test_a_county_that_an_office_had_chosen_stays(self, cast: Cast) -> None:
        case = screened(cast, reported(cast))
        case = steps.take(
            transfer_case, case=case, by=cast.county_supervisor, at=NOW, county=cast.other_county, reason="属另一县"
        )
        case = moved(cast, case)
        assert (case.town, case.county) == (cast.elm.parent, cast.other_county)

    def test_its_queries_do_not_grow_with_the_cases(self, cast: Cast, django_assert_max_num_queries: object) -> None:
        for _ in range(4):
            reported(cast)
        with django_assert_max_num_queries(40):
            read(row(cast.willow, cast.elm.parent), moves_cases=True)
        assert CaseMove.objects.count() == 4


class TestRetired:
    def test_open_cases_need_a_successor_and_its_word(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        for given, code in (({}, "successor_missing"), ({"successor": cast.poplar}, "retires_open_cases")):
            with pytest.raises(Invalid) as refused:
                retire_unit(unit=cast.willow, by=None, at=NOW, **given)
            assert refused.value.code == code
            assert case.number in str(refused.value)
        assert Unit.objects.get(pk=cast.willow.pk).is_active

    @pytest.mark.parametrize("name", ["willow", "town", "department"])
    def test_the_successor_is_another_unit_of_the_same_level(self, name: str, cast: Cast) -> None:
        case_at(Stage.RECTIFICATION, cast)
        with pytest.raises(Invalid) as refused:
            retire_unit(unit=cast.willow, successor=getattr(cast, name), moves_cases=True, by=None, at=NOW)
        assert refused.value.code == "successor_unfit"

    def test_a_merged_villages_cases_are_the_successors(self, cast: Cast) -> None:
        case = planned(cast, assigned(cast, screened(cast, reported(cast, object_name="西侧明白墙"))))
        assert retire_unit(unit=cast.willow, successor=cast.elm, moves_cases=True, by=None, at=NOW) == 1
        case.refresh_from_db()
        assert (case.village, case.responsible, case.waits_at, case.town) == (
            cast.elm,
            cast.elm,
            cast.elm,
            cast.elm.parent,
        )
        assert (case.object.name, case.object.village) == ("西侧明白墙", cast.elm)
        now = Assignment.objects.get(case=case, ended_at=None)
        assert (now.post.unit, now.due_on) == (cast.elm, case.due_on)
        assert Assignment.objects.filter(case=case).count() == 2
        assert [flaw for flaw in verify_history() if flaw] == []

    def test_the_successors_committee_goes_on_with_it(self, cast: Cast) -> None:
        case = planned(cast, assigned(cast, screened(cast, reported(cast))))
        retire_unit(unit=cast.willow, successor=cast.poplar, moves_cases=True, by=None, at=NOW)
        case = rectified(cast, Case.objects.get(pk=case.pk), by=cast.poplar_head)
        assert case.stage == Stage.FIRST_REVIEW
        assert not waiting_for(cast.willow_head, TODAY).exists()

    def test_where_the_successor_has_no_such_post_one_is_made_and_its_vacancy_told(self, cast: Cast) -> None:
        empty = unit(UnitLevel.VILLAGE, cast.town, name="新村")
        case = assigned(cast, screened(cast, reported(cast)))
        retire_unit(unit=cast.willow, successor=empty, moves_cases=True, by=None, at=NOW)
        assert Post.objects.get(unit=empty).role == Role.COMMITTEE_HEAD
        assert find_vacancies(at=NOW) == 1
        assert Escalation.objects.get(kind="vacancy").case == case

    def test_a_unit_with_units_below_it_stays(self, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused:
            retire_unit(unit=cast.town, successor=cast.elm.parent, moves_cases=True, by=None, at=NOW)
        assert refused.value.code == "unit_has_children"

    def test_a_departments_part_goes_to_its_successor(self, cast: Cast) -> None:
        other = unit(UnitLevel.DEPARTMENT, cast.city, name="市自然资源局")
        case = screened(cast, reported(cast))
        post = Post.objects.get(unit=cast.department)
        case = assigned(cast, case, post=post)
        retire_unit(unit=cast.department, successor=other, moves_cases=True, by=None, at=NOW)
        case.refresh_from_db()
        assert (case.responsible, case.waits_at, case.village) == (other, other, cast.willow)

    def test_without_open_cases_it_retires_alone_and_struck_off_cases_stay(self, cast: Cast) -> None:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        assert retire_unit(unit=cast.willow, by=None, at=NOW) == 0
        case.refresh_from_db()
        assert case.village == cast.willow
        assert not Unit.objects.get(pk=cast.willow.pk).is_active

    def test_a_retired_units_holder_is_nobody(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        Unit.objects.filter(pk=cast.willow.pk).update(is_active=False)
        assert find_vacancies(at=NOW) == 1


class TestRetiredByTheAdministrator:
    def posted(self, cast: Cast, **more: str) -> object:
        page = f"/admin/casework/unit/{cast.willow.pk}/change/"
        client = Client()
        client.force_login(cast.administrator)
        return client.post(page, {"has_committee": "on", **more})

    def test_the_form_asks_as_the_command_does(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        for more in ({}, {"successor": cast.poplar.code}):
            answer = self.posted(cast, **more)
            assert answer.status_code == 200
            assert case.number in answer.content.decode()
        assert self.posted(cast, successor="0").status_code == 200
        assert Unit.objects.get(pk=cast.willow.pk).is_active
        assert self.posted(cast, successor=cast.poplar.code, moves_cases="on").status_code == 302
        case.refresh_from_db()
        assert (case.village, Unit.objects.get(pk=cast.willow.pk).is_active) == (cast.poplar, False)
        assert CaseEvent.objects.get(kind=EventKind.MOVED).by == cast.administrator

    def test_a_flag_is_changed_without_a_question(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        assert self.posted(cast, is_active="on", is_key_village="on").status_code == 302
        assert Case.objects.get(pk=case.pk).village == cast.willow
